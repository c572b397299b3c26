import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { schemaErrors } from '../support/schemas.js'
import { onOneOfEach, openShop, type Shop } from '../support/shop.js'

const KEY_SETS = 'keysets:\n  - { table: cart, columns: [session_id] }\n  - { table: tag, columns: [name] }\n'

onOneOfEach((server) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(server)
    shop.configure(KEY_SETS)
    expect((await shop.run('scan', '--snapshot', 'snapshot.json')).code).toBe(1)
  })
  afterAll(() => shop.close())

  // No DATABASE_URL: nothing to connect to.
  const outside = (...args: readonly string[]) => runCli(args, { cwd: shop.directory })
  const read = () => readFileSync(join(shop.directory, 'snapshot.json'), 'utf8')

  test('holds no value of a row, and fits its schema', () => {
    expect(read()).not.toContain('secret')
    expect(schemaErrors('snapshot', JSON.parse(read()))).toEqual([])
  })

  test('gives the same findings without the database', async () => {
    const [there, here] = [
      await shop.run('scan', '--json'),
      await outside('scan', '--json', '--from-snapshot', 'snapshot.json'),
    ]
    expect(here.code).toBe(1)
    const [live, kept] = [JSON.parse(there.stdout), JSON.parse(here.stdout)]
    expect(schemaErrors('scan', kept)).toEqual([])
    expect(kept.findings).toEqual(live.findings)
    expect(kept.summary).toEqual(live.summary)
  })

  test('is explained, compared with a baseline, and recorded once however often it is read', async () => {
    const explained = await outside('explain', 'cart', '--from-snapshot', 'snapshot.json')
    expect(explained).toMatchObject({ code: 0, stdout: expect.stringContaining('Verdict: unsafe') })
    const from = ['scan', '--from-snapshot', 'snapshot.json', '--baseline', 'b.json', '--history', 'h.jsonl']
    expect((await outside(...from, '--update-baseline')).code).toBe(0)
    expect((await outside(...from)).code).toBe(0)
    expect(readFileSync(join(shop.directory, 'h.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1)
    const live = await shop.run('scan', '--baseline', 'b.json', '--history', 'h.jsonl')
    expect(live).toMatchObject({ code: 0, stdout: expect.stringContaining('2 scans since') })
  })

  test('obeys the configuration: --only, ignore, fail_on, and what it never saw', async () => {
    const from = ['scan', '--from-snapshot', 'snapshot.json']
    expect((await outside(...from, '--only', 'tag')).code).toBe(0)
    shop.configure(`${KEY_SETS}ignore:\n  - { keyset: "*cart(session_id)", reason: "known" }\n`)
    expect((await outside(...from)).code).toBe(0)
    shop.configure(`${KEY_SETS}  - { table: coupon, columns: [code] }\n`)
    const { code, stdout } = await outside(...from)
    expect(code).toBe(2)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('coupon(code) is not in the snapshot snapshot.json.')
    shop.configure(KEY_SETS)
  })

  test.each([
    ['none.json', null, /The snapshot none\.json can't be read/],
    ['newer.json', '{"schemaVersion": 7}', /newer\.json:1:19: This snapshot has version 7/],
    ['broken.json', '{"schemaVersion": 1,\n "tool": [}', /broken\.json:2:11: This is no valid JSON\./],
  ])('%s is refused', async (name, content, message) => {
    if (content !== null) writeFileSync(join(shop.directory, name), content)
    const { code, stderr } = await outside('scan', '--from-snapshot', name)
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(code).toBe(2)
  })
})
