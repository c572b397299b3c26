import { describe, expect, test } from 'vitest'
import { adviceFor } from '../../../src/report/fix-advice.js'
import { fixJson } from '../../../src/report/fix-json.js'
import {
  declaredTag,
  fixReport,
  nothingPlanned,
  plannedFix,
  sqlFiles,
  undecidedGroups,
  undecidedTables,
} from '../../support/planned-fix.js'
import { schemaErrors } from '../../support/schemas.js'

describe('fix --json', () => {
  test.each([
    ['a plan', fixReport()],
    ['a plan that was written', fixReport(plannedFix(), { emitted: sqlFiles })],
    ['nothing to do', fixReport(plannedFix({ ...nothingPlanned, undecided: [], refused: [] }))],
  ])('%s fits the schema', (_, report) => {
    expect(schemaErrors('fix', fixJson(report))).toEqual([])
  })

  test('the schema refuses what it does not know', () => {
    expect(schemaErrors('fix', { ...fixJson(fixReport()), more: 1 })).not.toEqual([])
  })

  test('steps come kind by kind, with the rows that they affect', () => {
    const { steps } = fixJson(fixReport())
    const kinds = steps.map(({ kind, table }) => `${kind} ${table}`)
    expect(kinds).toEqual([
      ...['archive cart', 'archive cart_item', 'archive visit', 'merge cart', 'merge cart'],
      ...['repoint cart_item', 'repoint visit', 'repoint visit', 'remove cart', 'remove cart_item', 'constrain cart'],
    ])
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'archive', removedRows: 104, changedRows: 99 }))
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'repoint', table: 'cart_item', rows: 2 }))
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'remove', rows: 104, tableRows: 12_000 }))
  })

  test('values are masked unless they are asked for', () => {
    const masked = JSON.stringify(fixJson(fixReport()))
    expect(masked).not.toMatch(/Ann|High Street|ABC|a00/)
    expect(masked).toContain('"note":"xxx xxx, 9 xxxx xxxxxx"')
    expect(JSON.stringify(fixJson(fixReport(plannedFix(), { showValues: true })))).toContain('Ann Lee, 1 High Street')
  })

  test('differing columns are told from the values, not from their masks', () => {
    const [remove] = fixJson(fixReport()).steps.filter((step) => step.kind === 'remove')
    expect(remove?.samples[0]?.differingColumns).toEqual(['id', 'quantity', 'note', 'created_at'])
  })
})

test('the word for a key set is the worst that holds', () => {
  const both = { keySet: 'public.tag(name)', reason: 'too many', advice: '' }
  const { keySets } = fixReport(plannedFix({ refused: [both, both] }))
  expect(keySets).toEqual([
    { id: 'public.cart(session_id)', outcome: 'fixed' },
    { id: 'public.tag(name)', outcome: 'refused' },
    { id: 'public.users(lower(email))', outcome: 'protected' },
  ])
})

test('stopped rows that no key set can be blamed for are counted once', () => {
  const groups = [undecidedGroups({ keySet: null })]
  const undecided = ['public.a(b)', 'public.c(d)'].map((keySet) => ({ keySet, groups, problems: [] }))
  const { tables } = fixReport(plannedFix({ undecided }))
  expect(tables.map(({ table, stoppedRows }) => `${table} ${stoppedRows}`)).toEqual([
    'cart 0',
    'cart_item 0',
    'visit 0',
    'tag 5',
  ])
})

describe('advice', () => {
  const { keySet } = declaredTag
  const yaml = (table: string, columns: readonly string[], declared = declaredTag) =>
    adviceFor([undecidedGroups({ table, columns, samples: [] })], declared, undecidedTables)

  test('for its own rows: a policy per column, the first value where some rows have none', () => {
    expect(adviceFor([undecidedGroups()], declaredTag, undecidedTables)).toEqual([
      { place: 'key-set', yaml: 'merge: { color: latest, label: first-non-null }' },
    ])
  })

  test('keeps the policies that are there, and quotes names as the file wants them', () => {
    const resolution = { ...keySet.resolution, merge: { size: 'max' } as const }
    const declared = { ...declaredTag, keySet: { ...keySet, resolution } }
    expect(yaml('tag', ['Odd "name"', 'null'], declared)).toEqual([
      { place: 'key-set', yaml: `merge: { size: max, '"Odd ""name"""': latest, "null": latest }` },
    ])
  })

  test('for children of a foreign key: an entry of `references`', () => {
    expect(yaml('tagging', ['weight'])).toEqual([
      {
        place: 'key-set',
        yaml: 'references:\n  - { table: tagging, columns: [tag_id], merge: { weight: latest } }',
      },
    ])
  })

  test('for children of a declared reference: the same entry, with more in it', () => {
    const reference = { table: { schema: 'public', name: 'vote' }, columns: ['tag'], where: "kind = 't'", merge: {} }
    const resolution = { ...keySet.resolution, references: [reference] }
    expect(yaml('vote', ['score'], { ...declaredTag, keySet: { ...keySet, resolution } })).toEqual([
      {
        place: 'key-set',
        yaml: `references:\n  - { table: public.vote, columns: [tag], where: kind = 't', merge: { score: latest } }`,
      },
    ])
  })

  test('for tables further down: a key set of their own', () => {
    expect(yaml('vote', ['score'])).toEqual([
      {
        place: 'keysets',
        yaml: `- { table: public.vote, columns: [tagging_id, '"Voter"'], merge: { score: latest } }`,
      },
    ])
  })

  test('none where nothing in the file would decide it', () => {
    expect(yaml('elsewhere', ['score'])).toEqual([])
  })
})
