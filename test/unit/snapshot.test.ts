import { describe, expect, test } from 'vitest'
import { replay } from '../../src/audit/replay.js'
import { conclude } from '../../src/audit/scan.js'
import type { AuditedKeySet, Examination } from '../../src/model/audit.js'
import { explainKeySet } from '../../src/report/explanation.js'
import { parseSnapshot, snapshotText } from '../../src/snapshot/file.js'
import { snapshotJsonSchema } from '../../src/snapshot/schema.js'
import { sampleAudit } from '../support/audit-samples.js'
import { audited, counts, part, table } from '../support/audited.js'
import { samples } from '../support/audited-samples.js'
import { schemaErrors } from '../support/schemas.js'

const tool = { name: 'goc-audit', version: '0.1.0' }
const takenAt = '2026-05-01T08:00:00.000Z'

function text(...databases: readonly Examination[]): string {
  return snapshotText({
    tool,
    takenAt,
    several: false,
    databases: databases.map((one) => ({ name: null, examination: one })),
  })
}

function again(examination: Examination): Examination {
  const [one] = parseSnapshot(text(examination), 's.json').databases
  if (one === undefined) throw new Error('no database')
  return one.examination
}

/** Without what was read from rows, and what only `fix` needs. */
function withoutRows(one: AuditedKeySet): AuditedKeySet {
  const { resolved, duplicates } = one
  const resolution = { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] } as const
  return {
    ...one,
    resolved: { ...resolved, keySet: { ...resolved.keySet, resolution } },
    duplicates: duplicates.counted ? { ...duplicates, samples: [], firstSeen: null, lastSeen: null } : duplicates,
  }
}

test.each(Object.entries(samples))('%s comes back as it was, but for what was read from rows', (_, sample) => {
  expect(again(sampleAudit({ keySets: [sample] })).keySets).toEqual([withoutRows(sample)])
  expect(schemaErrors('snapshot', JSON.parse(text(sampleAudit({ keySets: [sample] }))))).toEqual([])
})

test('a view and the table under it stay one', () => {
  const under = table({ name: 'cart' })
  const view = table({ name: 'live', kind: 'view', base: { table: under, columns: { a: 'a' }, predicate: 'x' } })
  const one = audited()
  const keySets = [{ ...one, resolved: { ...one.resolved, relation: view, table: under } }, one]
  const [first] = again(sampleAudit({ keySets })).keySets
  expect(first?.resolved.relation.base?.table).toBe(first?.resolved.table)
  expect(first?.resolved.relation).toEqual(view)
})

test('findings and explanations are those of the scan', () => {
  const examination = sampleAudit()
  const options = { ignores: [], only: [], today: '2026-05-01' }
  const ids = (one: Examination) => conclude(one, options).findings.map(({ id, severity }) => `${severity} ${id}`)
  expect(ids(again(examination))).toEqual(ids(examination))
  for (const [at, one] of again(examination).keySets.entries()) {
    const before = withoutRows(examination.keySets[at] as AuditedKeySet)
    expect(explainKeySet(sampleAudit(), one, { showValues: true })).toEqual(
      explainKeySet(sampleAudit(), before, { showValues: true }),
    )
  }
})

test('no value of a row is in it, nor anything that the schema does not know', () => {
  const sample = { key: { email: 'ann@example.org' }, rows: 2, differingColumns: ['note'] }
  const found = counts(1, 1, { samples: [sample], firstSeen: '2026-01-03T10:00:00Z', lastSeen: '2026-01-04T10:00:00Z' })
  const duplicates = { ...found, peek: 'ann' }
  const written = text(sampleAudit({ keySets: [audited({ duplicates })] }))
  expect(written).not.toMatch(/ann|2026-01-0|peek|samples/)
})

test('it has a schema that is shipped', async () => {
  await expect(snapshotJsonSchema()).toMatchFileSnapshot('../../schemas/snapshot.schema.json')
})

describe('a file that is no snapshot is refused with its place', () => {
  const good = text(sampleAudit())
  test.each([
    ['{"schemaVersion": 1,', 1, 21, 'snapshot-invalid'],
    [good.replace('"schemaVersion": 1', '"schemaVersion": 2'), 2, 19, 'snapshot-too-new'],
    [good.replace('"takenAt": "2026', '"takenAt": "soon'), 7, 13, 'snapshot-invalid'],
    [good.replace('"relation": 0', '"relation": 77'), expect.any(Number), expect.any(Number), 'snapshot-invalid'],
    ['{"schemaVersion":1,"keySets":[]}', 1, 1, 'snapshot-invalid'],
  ])('%#', (written, line, column, code) => {
    expect(() => parseSnapshot(written, 's.json')).toThrow(
      expect.objectContaining({ code, location: { file: 's.json', line, column } }),
    )
  })

  test('cut anywhere', () => {
    for (let at = 0; at < good.length - 2; at += 97)
      expect(() => parseSnapshot(good.slice(0, at), 's.json')).toThrow(
        expect.objectContaining({ code: 'snapshot-invalid' }),
      )
  })
})

describe('for the configuration of now', () => {
  const [one] = sampleAudit().keySets
  if (one === undefined) throw new Error('no key set')
  const { keySet } = one.resolved
  const examination = sampleAudit({ keySets: [one] })
  const answer = (...declared: Parameters<typeof replay>[1]) => replay(examination, declared, [], 'the snapshot s.json')

  test('a key set has the place where it stands now', () => {
    const location = { file: 'new.yml', line: 2, column: 3 }
    expect(answer({ ...keySet, location })).toMatchObject({
      complete: true,
      failures: [],
      keySets: [{ resolved: { keySet: { location } } }],
    })
  })

  test('a table may have its schema written or not', () => {
    for (const name of [{ name: 'cart' }, { schema: 'public', name: 'cart' }])
      expect(answer({ ...keySet, table: name }).complete).toBe(true)
    expect(answer({ ...keySet, table: { schema: 'other', name: 'cart' } }).complete).toBe(false)
  })

  test('what the snapshot does not have is told as not analysed', () => {
    expect(answer(keySet, { ...keySet, where: 'deleted_at IS NULL' })).toMatchObject({
      complete: false,
      failures: [expect.stringContaining('cart(session_id)[deleted_at IS NULL] is not in the snapshot s.json.')],
      notAnalysed: expect.arrayContaining([expect.objectContaining({ reason: 'not-in-snapshot', count: 1 })]),
    })
  })

  test('what is declared otherwise now is not taken for judged', () => {
    expect(answer({ ...keySet, nulls: 'looked-up' })).toMatchObject({
      complete: false,
      notAnalysed: expect.arrayContaining([expect.objectContaining({ reason: 'declared-anew' })]),
    })
  })

  test('what is not declared any more is left out, and said', () => {
    const both = sampleAudit({ keySets: [one, audited({ table: { name: 'tag' }, parts: [part('name')] })] })
    const two = replay(both, [keySet], [], 'the snapshot s.json')
    expect(two.keySets).toHaveLength(1)
    expect(two.notes).toEqual(['1 key set of the snapshot s.json is not declared any more.'])
  })

  test('without key sets there is all of it, and --only chooses', () => {
    expect(replay(sampleAudit(), [], [], 's').keySets).toHaveLength(5)
    expect(replay(sampleAudit(), [], ['tag'], 's').keySets).toHaveLength(1)
    expect(() => replay(sampleAudit(), [], ['nothing'], 's')).toThrow('No key set matches --only nothing.')
  })
})
