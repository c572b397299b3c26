import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemaErrors } from '../support/schemas.js'
import { onOneOfEach, openShop, type Shop } from '../support/shop.js'

const KEY_SETS = 'keysets:\n  - { table: cart, columns: [session_id] }\n  - { table: tag, columns: [name] }\n'
const COUPON = '  - { table: coupon, columns: [code] }\n'
const BASELINE = 'baseline: .goc-audit-baseline.json\n'

interface Finding {
  readonly id: string
  readonly status?: string
  readonly change?: string
}

onOneOfEach((server) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(server)
  })
  afterAll(() => shop.close())

  const file = () => readFileSync(join(shop.directory, '.goc-audit-baseline.json'), 'utf8')
  const ids = () =>
    (JSON.parse(file()) as { keySets: { id: string }[] }).keySets.map(({ id }) => id.replace('public.', ''))
  const text = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await shop.run('scan', ...args)
    expect(stderr).toBe('')
    return { code, text: stdout.replaceAll('public.', '').replaceAll(/\s+/g, ' ') }
  }
  const json = async (...args: readonly string[]) => {
    const { code, stdout } = await shop.run('scan', '--json', ...args)
    const report = JSON.parse(stdout) as { findings: Finding[]; baseline: Record<string, unknown>; trends: unknown }
    expect(schemaErrors('scan', report)).toEqual([])
    const findings = report.findings.map(({ id, status, change }) => [id.replace('public.', ''), status, change])
    return { code, findings, report }
  }

  test('from the first day to the day when all is fixed', async () => {
    shop.configure(KEY_SETS + BASELINE)
    const before = await text()
    expect(before.code).toBe(1)
    expect(before.text).toContain('It does not exist yet, so every finding is new.')

    const first = await text('--update-baseline', '--history', 'history.jsonl')
    expect(first.code).toBe(0)
    expect(first.text).toContain('2 findings are known, 0 new, 0 worse. Written: 1 key set.')
    expect(file()).not.toContain('secret')
    expect(schemaErrors('baseline', JSON.parse(file()))).toEqual([])
    expect(await text()).toMatchObject({ code: 0, text: expect.not.stringContaining('What to do') })

    shop.configure(KEY_SETS + COUPON + BASELINE)
    const fresh = await json()
    expect(fresh.code).toBe(1)
    expect(fresh.findings).toEqual([
      ['missing-unique:cart(session_id)', 'known', undefined],
      ['duplicate-rows:cart(session_id)', 'known', undefined],
      ['missing-unique:coupon(code)', 'new', undefined],
    ])
    expect((await text()).text).not.toContain('error duplicate-rows')
    shop.configure(KEY_SETS + BASELINE)

    await shop.sql("INSERT INTO cart VALUES (4, 'secret-a'), (5, 'secret-b')")
    const worse = await json('--history', 'history.jsonl')
    expect(worse.code).toBe(1)
    expect(worse.findings).toContainEqual(['duplicate-rows:cart(session_id)', 'worse', 'from 1 to 3 surplus rows'])
    expect(worse.report.trends).toMatchObject({
      total: { sinceLast: 'growing', points: [{ surplusRows: 1 }, { surplusRows: 3 }] },
    })
    expect((await text('--tolerance', '2')).code).toBe(0)
    expect((await text('--tolerance', '100%')).code).toBe(1)
    expect((await text()).text).toContain('error duplicate-rows worse: from 1 to 3 surplus rows')

    await shop.sql('DELETE FROM cart WHERE id IN (2, 4, 5)')
    await shop.sql('CREATE UNIQUE INDEX uq_cart ON cart (session_id)')
    const fixed = await text('--history', 'history.jsonl')
    expect(fixed.code).toBe(0)
    expect(fixed.text).toMatch(/cart\(session_id\): fixed\. .*--prune-baseline .*▄█▁ 0 surplus rows, shrinking from 3/)
    expect(ids()).toEqual(['cart(session_id)'])
    const pruned = await text('--prune-baseline')
    expect(pruned).toMatchObject({ code: 0, text: expect.stringContaining('Pruned: 0 key sets.') })
    expect(ids()).toEqual([])
    await shop.sql(`DROP INDEX uq_cart${server.kind === 'postgres' ? '' : ' ON cart'}`)
    expect((await json()).findings).toEqual([['missing-unique:cart(session_id)', 'new', undefined]])
  })

  test('an ignore entry that has ended makes its finding new again, and is itself told', async () => {
    const ignore = (until: string) =>
      `ignore:\n  - { keyset: "*coupon(code)", rule: missing-unique, reason: "soon gone", until: ${until} }\n`
    shop.configure(`keysets:\n${COUPON}${BASELINE}${ignore('2999-01-01')}`)
    expect((await text('--update-baseline')).code).toBe(0)
    expect(ids()).toEqual([])
    shop.configure(`keysets:\n${COUPON}${BASELINE}${ignore('2020-01-01')}`)
    const { code, findings } = await json()
    expect(code).toBe(1)
    expect(findings).toEqual([
      ['missing-unique:coupon(code)', 'new', undefined],
      ['stale-ignore:*coupon(code)', undefined, undefined],
    ])
  })

  test('what could not be looked at is neither claimed nor dropped', async () => {
    shop.configure(KEY_SETS + COUPON + BASELINE)
    await text('--update-baseline')
    const before = ids()
    shop.configure(`${KEY_SETS}  - { table: copuon, columns: [code] }\n${BASELINE}`)
    const { code, text: shown } = await text('--prune-baseline')
    expect(code).toBe(2)
    expect(shown).not.toMatch(/fixed|no such key set/)
    expect(ids()).toEqual(before)
    shop.configure(KEY_SETS + BASELINE)
    expect((await text('--only', 'tag', '--prune-baseline')).text).not.toContain('no such key set')
    expect(ids()).toEqual(before)
    expect((await text('--prune-baseline')).text).toContain('the configuration has no such key set any more')
  })

  test('a baseline of something else is told, and not emptied', async () => {
    shop.configure(KEY_SETS)
    const other =
      '{"schemaVersion":1,"keySets":[{"id":"x(y)","rules":[],"protection":"none","hazards":[],"groups":0,"surplusRows":0,"divergentGroups":0}]}'
    writeFileSync(join(shop.directory, 'other.json'), other)
    const { text: shown } = await text('--baseline', 'other.json', '--prune-baseline')
    expect(shown).toContain('it may belong to another database or configuration. Nothing was dropped.')
    expect(readFileSync(join(shop.directory, 'other.json'), 'utf8')).toContain('x(y)')
  })

  test.each([
    [['--baseline', 'none.json'], /There is no baseline none\.json\./],
    [['--baseline', 'broken.json'], /broken\.json:2:1: This is no valid JSON\. It has the marks of a merge conflict/],
    [['--update-baseline'], /No baseline is named\. Pass --baseline FILE/],
    [['--baseline', 'x.json', '--update-baseline', '--prune-baseline'], /--prune-baseline/],
    [['--no-baseline', '--baseline', 'x.json'], /--no-baseline stands beside another flag/],
    [['--tolerance', 'many'], /--tolerance: "many" is neither rows nor a percentage\./],
    [['--history', 'none/h.jsonl'], /The history none\/h\.jsonl can't be written/],
  ])('%j is an error', async (args, message) => {
    shop.configure(KEY_SETS)
    writeFileSync(join(shop.directory, 'broken.json'), '{\n<<<<<<< ours\n')
    const { code, stderr } = await shop.run('scan', ...args)
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(code).toBe(2)
  })
})
