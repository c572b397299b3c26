import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/coverage/judge.js'
import { ORDER } from '../../../src/coverage/judge-index.js'
import type { Index, Table } from '../../../src/model/catalog.js'
import type { Facts, IndexFacts, LookupPart, ResolvedKeySet } from '../../../src/model/verdict.js'

const table: Table = {
  id: '1',
  schema: 'public',
  name: 't',
  kind: 'table',
  temporary: false,
  isPartition: false,
  inheritanceChildren: 0,
  partitioning: null,
  estimatedRows: 0,
  bytes: 0,
  columns: [],
  primaryKey: [],
  indexes: [],
  references: [],
  rowSecurity: 'off',
  unreadableColumns: [],
  insertTriggers: [],
  base: null,
}

const lookupPart: fc.Arbitrary<LookupPart> = fc.record({
  label: fc.constantFrom('a', 'b', 'c'),
  column: fc.constantFrom('a', 'b', 'c'),
  columns: fc.constant([]),
  match: fc.constantFrom('exact', 'lower'),
  nullable: fc.boolean(),
  origin: fc.constantFrom('declared', 'fixed'),
  nullLookedUp: fc.constantFrom('never', 'also', 'always'),
})

const answer = fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const)

function indexFacts(lookupParts: number, cases: number): fc.Arbitrary<IndexFacts> {
  return fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 4 }),
      unique: fc.boolean(),
      exclusion: fc.boolean(),
      deferrable: fc.boolean(),
      valid: fc.boolean(),
      ready: fc.boolean(),
      nullsNotDistinct: fc.boolean(),
      partitionLocal: fc.boolean(),
      attached: fc.option(fc.record({ partitions: fc.nat(3), of: fc.constant(3) })),
      parts: fc.array(
        fc.record({
          lookupParts: fc.uniqueArray(fc.nat(lookupParts - 1), { maxLength: 2 }),
          relation: fc.constantFrom('same', 'coarser', 'finer', 'incomparable', 'unknown'),
          cause: fc.constantFrom('collation', 'expression', 'bound-type', 'operator-class', 'match', null),
          detail: fc.constant(null),
          null: fc.constantFrom('never', 'with-input', 'possible'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      implied: fc.array(answer, { minLength: cases, maxLength: cases }),
      overlaps: fc.array(answer, { minLength: cases, maxLength: cases }),
      pinnedParts: fc.uniqueArray(fc.nat(lookupParts - 1), { maxLength: 1 }),
      unguarded: fc.array(
        fc.record({
          condition: fc.constant('x'),
          lookupPart: fc.option(fc.nat(lookupParts - 1)),
          certain: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
    })
    .map(({ parts, implied, overlaps, pinnedParts, unguarded, ...flags }): IndexFacts => {
      const index: Index = {
        ...flags,
        schema: 'public',
        table: 't',
        primary: false,
        period: false,
        constraint: null,
        method: 'btree',
        parts: parts.map((_, at) => ({
          column: `c${at}`,
          expression: null,
          equality: { kind: 'default', operator: '=', operatorClass: null, collation: null, deterministic: true },
        })),
        predicate: implied.every((one) => one === 'yes') ? null : 'x',
        pinned: false,
      }
      return {
        index,
        parts: parts.map((part, indexPart) => ({ ...part, indexPart })),
        implied,
        overlaps,
        pinnedParts,
        unguarded,
      }
    })
}

const situation = fc
  .record({ parts: fc.array(lookupPart, { minLength: 1, maxLength: 3 }), cases: fc.integer({ min: 1, max: 3 }) })
  .chain(({ parts, cases }) =>
    fc.record({
      parts: fc.constant(parts),
      cases: fc.array(
        fc.record({
          label: fc.constant('case'),
          nullParts: fc.uniqueArray(fc.nat(parts.length - 1), { maxLength: 2 }),
        }),
        { minLength: cases, maxLength: cases },
      ),
      indexes: fc.uniqueArray(indexFacts(parts.length, cases), { maxLength: 5, selector: ({ index }) => index.name }),
    }),
  )

function verdict(parts: readonly LookupPart[], facts: Pick<Facts, 'cases' | 'indexes'>) {
  const resolved = {
    keySet: { idiom: 'select-insert' },
    id: 'public.t(a)',
    relation: table,
    table,
    parts,
    predicate: null,
  } as unknown as ResolvedKeySet
  return judge(resolved, { ...facts, writeMismatches: [], unjudgeable: null })
}

describe('coverage', () => {
  test('does not depend on the order of the indexes', () => {
    fc.assert(
      fc.property(situation, fc.infiniteStream(fc.nat()), ({ parts, cases, indexes }, keys) => {
        const shuffled = indexes
          .map((index) => ({ index, key: keys.next().value }))
          .sort((a, b) => Number(a.key) - Number(b.key))
          .map(({ index }) => index)
        expect(verdict(parts, { cases, indexes: shuffled })).toEqual(verdict(parts, { cases, indexes }))
      }),
      { numRuns: 2000 },
    )
  })

  test('is not lowered by one more index', () => {
    fc.assert(
      fc.property(situation, ({ parts, cases, indexes }) => {
        const ranks = indexes.map((_, at) =>
          ORDER.indexOf(verdict(parts, { cases, indexes: indexes.slice(0, at) }).protection),
        )
        expect([...ranks].sort((a, b) => a - b)).toEqual(ranks)
      }),
      { numRuns: 2000 },
    )
  })

  test('is nothing without an index', () => {
    expect(verdict([], { cases: [{ label: null, nullParts: [] }], indexes: [] })).toMatchObject({
      protection: 'none',
      coveredBy: [],
      reasons: [],
    })
  })
})
