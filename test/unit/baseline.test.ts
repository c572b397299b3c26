import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { baselineText, parseBaseline } from '../../src/baseline/file.js'
import {
  entriesOf,
  isForeign,
  NO_TOLERANCE,
  pruned,
  readBaseline,
  type Scope,
  see,
  settledBy,
  standing,
  updated,
  writeBaseline,
} from '../../src/baseline/index.js'
import { baselineJsonSchema } from '../../src/baseline/schema.js'
import type { BaselineEntry, DatabaseState, KeySetState } from '../../src/model/baseline.js'

const WHOLE: Scope = { allDatabases: true, allKeySets: true, selects: () => true }

function state(changes: Partial<KeySetState> & { readonly surplus?: number | null } = {}): KeySetState {
  const { surplus = 3, ...rest } = changes
  const rules = ['missing-unique', ...(surplus ? ['duplicate-rows'] : [])]
  return {
    id: 'public.cart(session_id)',
    pattern: null,
    schema: 'public',
    protection: 'none',
    hazards: [],
    counts: surplus === null ? null : { groups: surplus, surplusRows: surplus, divergentGroups: 0, exact: true },
    findings: rules.map((rule) => ({ rule, severity: 'error' })),
    ignored: false,
    ...rest,
  }
}

const SAFE = { protection: 'full', surplus: 0, findings: [] } as const

function database(keySets: readonly KeySetState[], changes: Partial<DatabaseState> = {}): DatabaseState {
  return { name: null, complete: true, keySets, ...changes }
}

/** What `--update-baseline` writes of a database. */
function accepted(...databases: readonly DatabaseState[]): BaselineEntry[] {
  return updated([], databases, WHOLE)
}

function settle(baseline: readonly BaselineEntry[], databases: readonly DatabaseState[], scope = WHOLE) {
  return see(baseline, databases).flatMap((one) => settledBy(one, scope) ?? [])
}

function stand(rule: string, before: KeySetState | null, now: KeySetState, tolerance = NO_TOLERANCE) {
  const entries = entriesOf(before === null ? [] : accepted(database([before])))
  const { status, change } = standing(rule, database([now]), now, entries, tolerance)
  return change === null ? status : `${status}: ${change}`
}

describe('a finding', () => {
  const duplicates = { rule: 'duplicate-rows', severity: 'error' } as const
  const missing = { rule: 'missing-unique', severity: 'error' } as const
  const retry = { rule: 'stale-retry', severity: 'warning' } as const

  test.each([
    ['of a key set that is not in the baseline', 'missing-unique', null, state(), 'new'],
    ['that was accepted', 'missing-unique', state(), state(), 'known'],
    ['of another rule for the same defect', 'expression-mismatch', state(), state(), 'known'],
    ['with as many rows', 'duplicate-rows', state(), state(), 'known'],
    ['with fewer', 'duplicate-rows', state(), state({ surplus: 1 }), 'known'],
    ['with more', 'duplicate-rows', state(), state({ surplus: 1234 }), 'worse: from 3 to 1,234 surplus rows'],
    [
      'with the first',
      'duplicate-rows',
      state({ surplus: 0 }),
      state({ surplus: 1 }),
      'worse: from 0 to 1 surplus row',
    ],
    ['with rows that were not counted', 'duplicate-rows', state({ surplus: null }), state(), 'new'],
    ['with rows that are not counted now', 'duplicate-rows', state(), state({ surplus: null }), 'known'],
    [
      'with rows that were ignored',
      'duplicate-rows',
      state({ findings: [missing], ignored: true }),
      state({ findings: [missing, duplicates] }),
      'new',
    ],
    ['that was ignored', 'missing-unique', state({ findings: [duplicates], ignored: true }), state(), 'new'],
    [
      'with less protection',
      'missing-unique',
      state({ protection: 'conditional' }),
      state(),
      'worse: from protection conditional to none',
    ],
    ['with more protection', 'partial-unique-only', state(), state({ protection: 'conditional' }), 'known'],
    [
      'that lost its index',
      'missing-unique',
      state({ ...SAFE, findings: [{ rule: 'redundant-index', severity: 'note' }] }),
      state(),
      'worse: from protection full to none',
    ],
    ['that can not be judged now', 'not-analysed', state(), state({ protection: 'unknown' }), 'known'],
    [
      'that can be judged now',
      'missing-unique',
      state({ protection: 'unknown', findings: [{ rule: 'not-analysed', severity: 'note' }] }),
      state(),
      'worse: from protection unknown to none',
    ],
    [
      'about a hazard that is new',
      'stale-retry',
      state(),
      state({ hazards: ['stale-retry'], findings: [missing, retry] }),
      'worse: hazard stale-retry has come',
    ],
    [
      'about a hazard that comes with an index',
      'stale-retry',
      state(),
      state({ ...SAFE, hazards: ['stale-retry'], findings: [retry] }),
      'known',
    ],
    ['that is only a note about other indexes', 'redundant-index', state(), state(), 'known'],
  ])('%s', (_, rule, before, now, wanted) => {
    expect(stand(rule, before, now)).toBe(wanted)
  })

  test('after --exists says no more than it knows', () => {
    const counts = { groups: 1, surplusRows: 1, divergentGroups: 0, exact: false }
    expect(stand('duplicate-rows', state({ surplus: 0 }), state({ counts }))).toBe(
      'worse: from 0 to at least 1 surplus row',
    )
    expect(stand('duplicate-rows', state(), state({ counts }))).toBe('known')
  })

  test.each([
    [{ rows: 2, share: 0 }, 102, 'known'],
    [{ rows: 2, share: 0 }, 103, 'worse: from 100 to 103 surplus rows'],
    [{ rows: 0, share: 0.02 }, 102, 'known'],
    [{ rows: 0, share: 0.025 }, 103, 'worse: from 100 to 103 surplus rows'],
  ])('may grow by %j', (tolerance, surplus, wanted) => {
    expect(stand('duplicate-rows', state({ surplus: 100 }), state({ surplus }), tolerance)).toBe(wanted)
  })
})

describe('what is better', () => {
  test('is told, and dropped by pruning only', () => {
    const baseline = accepted(database([state(), state({ id: 'b(x)' }), state({ id: 'c(x)' })]))
    const now = [database([state(SAFE), state({ id: 'b(x)', surplus: 1 })])]
    expect(settle(baseline, now)).toEqual([
      { database: null, id: 'public.cart(session_id)', how: 'fixed', surplusRows: null, protection: null },
      { database: null, id: 'b(x)', how: 'improved', surplusRows: { from: 3, to: 1 }, protection: null },
      { database: null, id: 'c(x)', how: 'undeclared', surplusRows: null, protection: null },
    ])
    expect(pruned(see(baseline, now), WHOLE)).toEqual([{ ...baseline[1], groups: 1, surplusRows: 1 }])
  })

  test('in protection alone makes the entry stricter', () => {
    const baseline = accepted(database([state()]))
    const partial = state({
      protection: 'conditional',
      surplus: 0,
      findings: [{ rule: 'partial-unique-only', severity: 'error' }],
    })
    const [entry] = pruned(see(baseline, [database([partial])]), WHOLE)
    expect(entry).toMatchObject({ protection: 'conditional', surplusRows: 0, rules: ['partial-unique-only'] })
  })

  test.each([
    ['in an incomplete scan', [database([state(SAFE)], { complete: false })], WHOLE],
    ['of key sets that --only leaves out', [database([])], { ...WHOLE, allKeySets: false, selects: () => false }],
    ['of databases that were left out', [database([state(SAFE)], { name: 'b' })], { ...WHOLE, allDatabases: false }],
    ['of rows that were not counted', [database([state({ ...SAFE, surplus: null })])], WHOLE],
    ['of what is ignored now', [database([state({ findings: [], ignored: true })])], WHOLE],
  ])('is not claimed %s', (_, now, scope) => {
    const baseline = accepted(database([state()]))
    expect(settle(baseline, now, scope)).toEqual([])
    expect(pruned(see(baseline, now), scope)).toEqual(baseline)
  })

  test('pruning never accepts anything', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(5), fc.boolean(), (before, after, safe) => {
        const baseline = accepted(database([state({ surplus: before })]))
        const now = [database([safe ? state(SAFE) : state({ surplus: after })])]
        const [entry] = pruned(see(baseline, now), WHOLE)
        if (safe) expect(entry).toBeUndefined()
        else expect(entry?.surplusRows).toBe(Math.min(before, after))
      }),
    )
  })
})

describe('updating', () => {
  test('accepts all that is there, and then all of it is known', () => {
    const now = database([state(), state({ id: 'b(x)', surplus: 0 }), state({ id: 'c(x)', ...SAFE })])
    const baseline = accepted(now)
    expect(baseline.map(({ id }) => id)).toEqual(['public.cart(session_id)', 'b(x)'])
    for (const one of now.keySets)
      for (const { rule } of one.findings)
        expect(standing(rule, now, one, entriesOf(baseline), NO_TOLERANCE).status).toBe('known')
  })

  test('keeps what could not be looked at', () => {
    const baseline = accepted(database([state(), state({ id: 'b(x)' })]))
    const incomplete = [database([state({ surplus: 5 })], { complete: false })]
    const next = updated(see(baseline, incomplete), incomplete, WHOLE)
    expect(next.map(({ id, surplusRows }) => [id, surplusRows])).toEqual([
      ['public.cart(session_id)', 5],
      ['b(x)', 3],
    ])
    const uncounted = [database([state({ surplus: null }), state({ id: 'b(x)', ...SAFE })])]
    expect(updated(see(baseline, uncounted), uncounted, WHOLE)).toMatchObject([{ surplusRows: 3 }])
  })

  test('with --only leaves the others alone', () => {
    const baseline = accepted(database([state(), state({ id: 'b(x)' })]))
    const scope = { ...WHOLE, allKeySets: false, selects: (id: string) => id === 'b(x)' }
    const now = [database([state({ id: 'b(x)', surplus: 9 })])]
    expect(updated(see(baseline, now), now, scope).map(({ id, surplusRows }) => [id, surplusRows])).toEqual([
      ['b(x)', 9],
      ['public.cart(session_id)', 3],
    ])
  })

  test('is by database', () => {
    const baseline = accepted(database([state()], { name: 'eu' }), database([state({ surplus: 1 })], { name: 'us' }))
    expect(baseline).toMatchObject([
      { database: 'eu', surplusRows: 3 },
      { database: 'us', surplusRows: 1 },
    ])
    const us = database([state({ surplus: 2 })], { name: 'us' })
    const [now] = us.keySets
    if (now === undefined) throw new Error('no key set')
    expect(standing('duplicate-rows', us, now, entriesOf(baseline), NO_TOLERANCE).change).toBe(
      'from 1 to 2 surplus rows',
    )
  })

  test('of another database is noticed', () => {
    const baseline = accepted(database([state()]))
    expect(isForeign(see(baseline, [database([state({ id: 'x(y)' })])]), [database([state({ id: 'x(y)' })])])).toBe(
      true,
    )
    expect(isForeign(see(baseline, [database([state(SAFE)])]), [database([state(SAFE)])])).toBe(false)
  })
})

describe('a key set of several schemas', () => {
  const tenant = (schema: string, surplus: number, more: Partial<KeySetState> = {}) =>
    state({ id: `${schema}.cart(session_id)`, pattern: '*.cart(session_id)', schema, surplus, ...more })
  const baseline = accepted(database([tenant('a', 3), tenant('b', 0)]))
  const stands = (now: KeySetState) =>
    standing('duplicate-rows', database([now]), now, entriesOf(baseline), NO_TOLERANCE)

  test('has one entry, with the rows of each', () => {
    expect(baseline).toMatchObject([{ id: '*.cart(session_id)', surplusRows: 3, schemas: { a: 3 } }])
  })

  test('is known in a schema that is new, until rows come there', () => {
    const fresh = tenant('c', 0)
    expect(standing('missing-unique', database([fresh]), fresh, entriesOf(baseline), NO_TOLERANCE).status).toBe('known')
    expect(stands(tenant('c', 1)).change).toBe('from 0 to 1 surplus row')
  })

  test('is worse where one schema grows while another shrinks', () => {
    expect(stands(tenant('a', 1)).status).toBe('known')
    expect(stands(tenant('b', 1)).change).toBe('from 0 to 1 surplus row')
  })

  test('is fixed when it is in all of them', () => {
    expect(settle(baseline, [database([tenant('a', 0, SAFE), tenant('b', 0)])])).toMatchObject([{ how: 'improved' }])
    expect(settle(baseline, [database([tenant('a', 0, SAFE), tenant('b', 0, SAFE)])])).toMatchObject([{ how: 'fixed' }])
  })
})

describe('the file', () => {
  const entries = accepted(
    database([state({ id: 'z(x)' }), state({ id: 'a("ü",b)', surplus: null })], { name: 'eu' }),
    database([state()], { name: 'asia' }),
  )

  test('has a line for each key set, sorted', () => {
    const text = baselineText(entries)
    expect(text.split('\n').filter((line) => line.includes('"id"'))).toHaveLength(3)
    expect(parseBaseline(text, 'b.json').map(({ database: name, id }) => `${name} ${id}`)).toEqual([
      'asia public.cart(session_id)',
      'eu a("ü",b)',
      'eu z(x)',
    ])
    expect(baselineText([...entries].reverse())).toBe(text)
    expect(baselineText(parseBaseline(text, 'b.json'))).toBe(text)
  })

  test('has a schema that is shipped', async () => {
    await expect(baselineJsonSchema()).toMatchFileSnapshot('../../schemas/baseline.schema.json')
  })

  const good = baselineText(accepted(database([state()])))
  test.each([
    ['{\n  "schemaVersion": 1,\n  "keySets": [,]\n}', 3, 15, 'This is no valid JSON.'],
    ['', 1, 1, 'This is no valid JSON.'],
    ['[]', 1, 1, 'This is no baseline: expected object, received array.'],
    [good.replace('"groups":3', '"groups":"3"'), 4, 123, '`groups` is not as a baseline has it:'],
    [good.replace('"schemaVersion": 1', '"schemaVersion": 2'), 2, 20, 'This baseline has version 2'],
    [good.replace(/( {4}\{.*\})/, '$1,\n$1'), 5, 5, 'public.cart(session_id) is in the baseline twice.'],
    [good.replace(/( {4}\{.*\})/, '<<<<<<< ours\n$1\n=======\n$1\n>>>>>>> theirs'), 4, 1, 'This is no valid JSON.'],
  ])('is refused with its place: %j', (text, line, column, message) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        location: { file: 'b.json', line, column },
        suggestions: [expect.any(String)],
      }),
    )
  })

  test('is replaced as a whole, and only when it changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'goc-audit-baseline-'))
    const path = join(folder, 'b.json')
    expect(await readBaseline(path, 'b.json')).toBeNull()
    expect(await writeBaseline(path, 'b.json', entries)).toBe(true)
    expect(await writeBaseline(path, 'b.json', entries)).toBe(false)
    expect(readdirSync(folder)).toEqual(['b.json'])
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'))
    expect(await readBaseline(path, 'b.json')).toHaveLength(3)
    await expect(writeBaseline(join(folder, 'none/b.json'), 'none/b.json', [])).rejects.toMatchObject({
      code: 'baseline-unwritable',
    })
    await expect(readBaseline(folder, 'folder')).rejects.toMatchObject({ code: 'baseline-unreadable' })
  })
})
