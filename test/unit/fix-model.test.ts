import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fix, keySet, reference, table, unique, type Value } from '../support/fix-by-hand.js'
import { keepValid } from '../support/fix-example-rows.js'
import { uniqueOn } from '../support/fix-example-tables.js'
import { fixExamples } from '../support/fix-examples.js'
import { modelFix } from '../support/fix-model.js'

const people = (...rows: Value[][]) => table('person', 'id name', rows)
const twins = people([1, 'a'], [2, 'a'])

describe('one table', () => {
  test('keeps the oldest row of a group', () => {
    const after = fix([people([3, 'a'], [1, 'a'], [2, 'b'], [4, null], [5, null])], [], keySet('person.name'))
    expect(after.rows('person')).toEqual(['1 a', '2 b', '4 NULL', '5 NULL'])
    expect(after.tables.get('person')?.removed).toEqual([
      { row: { id: '3', name: 'a' }, survivor: { id: '1', name: 'a' } },
    ])
    expect(after.tables.get('person')?.changed).toEqual([])
    expect(after.fixed).toEqual(['person.name'])
  })

  test('groups NULLs, folds, and leaves alone what does not meet the condition', () => {
    const rows = [
      [1, null, 'x'],
      [2, null, 'x'],
      [3, 'A', null],
      [4, 'a', 'x'],
      [5, 'A', 'x'],
    ]
    const how = {
      parts: [{ column: 'name', fold: true, expression: false }],
      where: { column: 'kind', test: { equals: 'x' } },
      groupsNulls: true,
    }
    expect(fix([table('t', 'id name kind', rows)], [], keySet('t.name', how)).ids('t')).toEqual(['1', '3', '4'])
  })

  test('merges texts that an expression calls equal only if it need not lose one', () => {
    const key = keySet('t.name', { parts: [{ column: 'name', fold: true, expression: true }] })
    const t = table('t', 'id name', [
      [1, 'a'],
      [2, 'A'],
    ])
    expect(fix([t], [], key).undecided).toEqual(['t.name'])
    expect(fix([t], [], { ...key, merge: { name: 'keep' } }).rows('t')).toEqual(['1 a'])
  })

  test.each([
    ['oldest', '1'],
    ['newest', '4'],
    ['most-complete', '2'],
    [[{ column: 'n', descending: false }], '3'],
    [[{ column: 'n', descending: true }], '1'],
    [[{ column: 'n', descending: true, nulls: 'last' }], '2'],
  ] as const)('keeps the row by %j', (survivor, kept) => {
    const t = table('t', 'id name n:integer note', [
      [1, 'a', null, null],
      [2, 'a', 9, 'x'],
      [3, 'a', 2, null],
      [4, 'a', 9, null],
    ])
    expect(fix([t], [], keySet('t.name', { survivor, divergent: 'keep-survivor' })).ids('t')).toEqual([kept])
  })

  test('merges values', () => {
    const t = table('t', 'id name sum:numeric min:integer first cat all:boolean some:boolean latest created_at', [
      [1, 'a', '1.5', 3, null, 'x', 'true', null, 'old', '2024-01-02 00:00:00+00'],
      [2, 'a', '1.25', null, null, null, 'false', 'false', null, '2024-01-03 00:00:00+00'],
      [3, 'a', null, -7, 'c', 'y', null, 'true', 'new', '2024-01-03 00:00:00+00'],
      [4, 'a', '2', 2, 'd', 'x', 'true', null, 'none', null],
    ])
    const merge = {
      sum: 'sum',
      min: 'min',
      first: 'first-non-null',
      cat: 'concat',
      all: 'and',
      some: 'or',
      latest: 'latest',
    } as const
    expect(fix([t], [], keySet('t.name', { merge })).rows('t')).toEqual([
      '1 a 4.75 -7 c x\ny false true new 2024-01-02 00:00:00+00',
    ])
  })

  test('leaves out a key set whose rows differ, and not another', () => {
    const t = table('t', 'id name kind n:numeric', [
      [1, 'a', 'x', '1'],
      [2, 'a', 'x', '1.0'],
      [3, 'b', 'x', '1'],
    ])
    const after = fix([t], [], keySet('t.kind'), keySet('t.name'))
    expect([after.undecided, after.fixed]).toEqual([['t.kind'], ['t.name']])
    expect(after.ids('t')).toEqual(['1', '3'])
  })

  test('merges by one key set what another has merged already', () => {
    const t = table('t', 'id name kind n:integer', [
      [1, 'a', 'x', 1],
      [2, 'b', 'x', 2],
      [3, 'a', 'y', 4],
      [4, 'c', 'y', 8],
    ])
    const how = { divergent: 'keep-survivor', merge: { n: 'sum' } } as const
    const after = fix([t], [], keySet('t.name+kind', how), keySet('t.kind', how), keySet('t.name', how))
    expect(after.rows('t')).toEqual(['1 a x 15'])
    expect(after.tables.get('t')?.removed.map(({ survivor }) => survivor.id)).toEqual(['1', '1', '1'])
  })
})

describe('references', () => {
  const ofPerson = reference('order.person_id', 'person')
  const orders = (key: string | null, ...rows: Value[][]) =>
    table('order', 'id person_id note', rows, key === null ? {} : unique(key))

  test('follow a row that is merged', () => {
    const tables = [twins, orders(null, [7, 2, 'x'], [8, 1, 'x'], [9, null, 'x'])]
    const after = fix(tables, [ofPerson], keySet('person.name'))
    expect(after.rows('order')).toEqual(['7 1 x', '8 1 x', '9 NULL x'])
    expect(after.tables.get('order')?.changed).toEqual([
      { before: { id: '7', person_id: '2', note: 'x' }, after: { id: '7', person_id: '1', note: 'x' } },
    ])
  })

  test('collide two levels deep', () => {
    const rows = [
      [7, 'p'],
      [8, 'p'],
      [8, 'q'],
    ]
    const lines = table('line', 'order_id item', rows, { primaryKey: ['order_id', 'item'] })
    const tables = [twins, orders('person_id', [7, 2, 'x'], [8, 1, 'x']), lines]
    const after = fix(tables, [ofPerson, reference('line.order_id', 'order')], keySet('person.name'))
    expect(after.rows('order')).toEqual(['7 1 x'])
    expect(after.rows('line')).toEqual(['7 p', '7 q'])
  })

  test('of two losers collide with each other where the survivor has no such child', () => {
    const parents = people([1, 'a'], [2, 'a'], [3, 'a'])
    const tables = [parents, orders('person_id+note', [7, 3, 'x'], [8, 2, 'x'], [9, 1, 'y'])]
    expect(fix(tables, [ofPerson], keySet('person.name')).rows('order')).toEqual(['7 1 x', '9 1 y'])
  })

  test('whose rows differ leave the key set of the ancestor out, unless something says how to merge them', () => {
    const tables = [twins, orders('person_id', [7, 2, 'x'], [8, 1, 'y'])]
    const left = fix(tables, [ofPerson], keySet('person.name'))
    expect(left.undecided).toEqual(['person.name'])
    expect(left.rows('person')).toEqual(['1 a', '2 a'])
    const entry = { table: 'order', columns: ['person_id'], where: null, merge: { note: 'concat' } } as const
    const after = fix(tables, [ofPerson], keySet('person.name', { references: [entry] }))
    expect(after.rows('order')).toEqual(['7 1 x\ny'])
  })

  test('that only the configuration knows are followed where their condition is met', () => {
    const tags = table('tag', 'id kind owner', [
      [1, 'person', '2'],
      [2, 'order', '2'],
      [3, 'person', '99'],
    ])
    const where = { column: 'kind', test: { equals: 'person' } }
    const references = [{ table: 'tag', columns: ['owner'], where, merge: {} }]
    const after = fix([twins, tags], [], keySet('person.name', { references }))
    expect(after.rows('tag')).toEqual(['1 person 1', '2 order 2', '3 person 99'])
  })

  test('of several columns share one with another reference', () => {
    const rows = {
      tenant: [
        [1, 't'],
        [2, 't'],
      ],
      person: [
        [5, 1, 'a'],
        [6, 2, 'a'],
      ],
      task: [
        [7, 2, 6],
        [8, 1, 5],
      ],
    }
    const tables = [
      table('tenant', 'id name', rows.tenant),
      table('person', 'id tenant_id name', rows.person, unique('tenant_id+id')),
      table('task', 'id tenant_id person_id', rows.task),
    ]
    const foreignKeys = [
      reference('person.tenant_id', 'tenant'),
      reference('task.tenant_id', 'tenant'),
      reference('task.tenant_id+person_id', 'person.tenant_id+id'),
    ]
    const newest = keySet('tenant.name', { survivor: 'newest' })
    const after = fix(tables, foreignKeys, newest, keySet('person.tenant_id+name'))
    expect(after.rows('person')).toEqual(['6 2 a'])
    expect(after.rows('task')).toEqual(['7 2 6', '8 2 6'])
  })

  test('keep the row by whose key they find it, where another row would only become it', () => {
    const members = table('member', 'person_id since', [
      [1, 'then'],
      [2, 'now'],
    ])
    const foreignKeys = [reference('member.person_id', 'person'), reference('badge.member_id', 'member.person_id')]
    const badges = table('badge', 'id member_id', [[7, 1]])
    const entry = { table: 'member', columns: ['person_id'], where: null, merge: { since: 'keep' } } as const
    const newest = keySet('person.name', { survivor: 'newest', references: [entry] })
    const after = fix([twins, members, badges], foreignKeys, newest)
    expect(after.rows('member')).toEqual(['2 now'])
    expect(after.rows('badge')).toEqual(['7 2'])
  })

  test('say which row is the most referenced', () => {
    const tables = [twins, orders(null, [7, 2, 'x'], [8, 1, 'x'], [9, 2, 'x'])]
    const after = fix(tables, [ofPerson], keySet('person.name', { survivor: 'most-referenced' }))
    expect(after.rows('person')).toEqual(['2 a'])
  })
})

describe('a table that refers to itself', () => {
  const ofNode = reference('node.parent_id', 'node')
  const nodes = (...rows: Value[][]) => table('node', 'id parent_id name', rows)

  test('merges level by level', () => {
    const tree = nodes(
      [1, null, 'root'],
      [2, 1, 'a'],
      [3, 1, 'a'],
      [4, 2, 'b'],
      [5, 3, 'b'],
      [6, 4, 'c'],
      [7, 5, 'c'],
      [8, 5, 'd'],
    )
    const after = fix([tree], [ofNode], keySet('node.parent_id+name'))
    expect(after.rows('node')).toEqual(['1 NULL root', '2 1 a', '4 2 b', '6 4 c', '8 4 d'])
  })

  test('takes the parent from a row that would become its own', () => {
    const tree = nodes([1, 2, 'a'], [2, null, 'a'], [3, 2, 'b'])
    const after = fix([tree], [ofNode], keySet('node.name', { divergent: 'keep-survivor' }))
    expect(after.rows('node')).toEqual(['1 NULL a', '3 1 b'])
  })

  test('takes it too from a row that only becomes the parent', () => {
    const members = table('member', 'person_id parent_id', [
      [2, 3],
      [3, null],
    ])
    const foreignKeys = [reference('member.person_id', 'person'), reference('member.parent_id', 'member.person_id')]
    const after = fix([people([1, 'a'], [2, 'a'], [3, 'a']), members], foreignKeys, keySet('person.name'))
    expect(after.rows('member')).toEqual(['1 NULL'])
  })
})

test('what is left fits all constraints and the key sets that are fixed', () => {
  fc.assert(
    fc.property(fixExamples({ nulls: true }), ({ tables, foreignKeys, declared }) => {
      const result = modelFix({ tables, foreignKeys, declared })
      const after = tables.map((each) => ({ ...each, rows: result.tables.get(each.name)?.rows ?? [] }))
      expect(keepValid(after, foreignKeys)).toEqual(after)
      for (const { id, table: name, parts, where, groupsNulls } of declared) {
        const key = uniqueOn([], { parts, where, groupsNulls })
        const keyed = after.map((each) => (each.name === name ? { ...each, uniqueKeys: [key] } : each))
        if (result.fixed.includes(id)) expect(keepValid(keyed, [])).toEqual(keyed)
      }
    }),
    { numRuns: 100, seed: Number(process.env.GOC_AUDIT_TEST_SEED ?? 1) },
  )
})
