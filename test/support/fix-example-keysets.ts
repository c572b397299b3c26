import type { MergePolicy } from '../../src/model/keyset.js'
import type { SurvivorBlueprint } from './fix-blueprint.js'
import { addUniqueKeys, type Lookup, lookupsOf, referencesOf } from './fix-example-keys.js'
import { type Draft, pick } from './fix-example-tables.js'
import type { ExampleWriter } from './fix-examples.js'
import {
  columnsOf,
  type DeclaredKeySet,
  type Merge,
  type Ordering,
  type ReferenceEntry,
  type Survivor,
  type Type,
} from './fix-schema.js'

const tablesWithKeySets = 3

const policies: Readonly<Record<Type, readonly MergePolicy[]>> = {
  integer: ['sum', 'min', 'max', 'first-non-null', 'latest'],
  bigint: ['max', 'sum', 'min', 'first-non-null', 'latest'],
  // Of two values that are equal, min and max may take either, 1.0 or 1.00.
  numeric: ['sum', 'first-non-null', 'latest'],
  'numeric(6,2)': ['min', 'sum', 'max', 'latest'],
  boolean: ['or', 'and', 'first-non-null', 'latest'],
  text: ['first-non-null', 'concat', 'latest'],
  timestamptz: ['max', 'min', 'first-non-null', 'latest'],
  jsonb: ['first-non-null', 'latest'],
}

/** Policies whose value doesn't depend on which row is the survivor, or on the order of the rows. */
const symmetric: readonly MergePolicy[] = ['sum', 'min', 'max', 'or', 'and']
/** Policies that depend on the survivor order, which must be the same then for all keys that may make a group. */
const ordered: readonly MergePolicy[] = ['first-non-null', 'concat']

/** Gives the tables their unique keys, and the configuration its key sets. */
export function declareKeySets(drafts: readonly Draft[], nulls: boolean, idOf: ExampleWriter['id']): DeclaredKeySet[] {
  const all = drafts.map((draft) => ({ draft, lookups: lookupsOf(draft, nulls) }))
  const kept = new Set(all.filter(({ lookups }) => lookups.length > 0).slice(0, tablesWithKeySets))
  const tables = all.map((each) => (kept.has(each) ? each : { ...each, lookups: [] }))
  for (const { draft, lookups } of tables) addUniqueKeys(draft, lookups, nulls)
  return tables.flatMap(({ draft, lookups }) =>
    lookups.map((lookup, number): DeclaredKeySet => {
      const keySet = { ...resolutionOf(draft, lookup, lookups), table: draft.name, ...partsOf(lookup) }
      const references = number === 0 ? entriesOf(draft, tables) : []
      return { ...keySet, id: idOf(keySet), references }
    }),
  )
}

const partsOf = ({ parts, where, groupsNulls }: Lookup) => ({ parts, where, groupsNulls })

function resolutionOf(draft: Draft, { blueprint }: Lookup, lookups: readonly Lookup[]) {
  const { survivor, divergent } = draft.blueprint
  const merge = mergeOf(draft, lookups)
  const own = mayVary(draft, lookups) ? blueprint : { survivor: null, divergent: null }
  // Without a primary key nothing says which of two rows is kept, so they must be equal.
  if (draft.primaryKey.length === 0) return { survivor: 'oldest', divergent: 'stop', merge } as const
  return {
    survivor: survivorOf(draft, own.survivor ?? survivor, merge),
    divergent: own.divergent ?? divergent,
    merge,
  }
}

/** Which of a table's key sets has a say when its rows collide in another key would be anyone's guess. */
function mayVary(draft: Draft, lookups: readonly Lookup[]): boolean {
  const repointed = referencesOf(draft).flatMap(({ columns }) => columns)
  const keys = [...draft.primaryKey, ...draft.uniqueKeys.flatMap(columnsOf)]
  return lookups.length > 1 && !keys.some((name) => repointed.includes(name))
}

/** How rows are merged in columns that nothing is looked up by: what a key holds must stay what it was. */
function mergeOf(draft: Draft, lookups: readonly Lookup[]): Merge {
  const inKeySets = lookups.flatMap(columnsOf)
  const members = [
    ...draft.primaryKey,
    ...draft.uniqueKeys.flatMap(columnsOf),
    ...referencesOf(draft).flatMap(({ columns, where }) => [...columns, ...(where === null ? [] : [where.column])]),
  ]
  const mayKeep = draft.primaryKey.length > 0
  const merge: Record<string, MergePolicy> = {}
  for (const [number, { name, type, generated }] of draft.columns.entries()) {
    const choice = draft.own.get(name)?.policy ?? draft.blueprint.style + number
    if (inKeySets.includes(name) || draft.primaryKey.includes(name) || generated !== null) continue
    const policy = draft.own.has(name) && !members.includes(name) ? policyOf(draft, type, choice, lookups) : null
    if (policy !== null) merge[name] = policy
    else if (mayKeep && choice % 4 !== 0) merge[name] = 'keep'
  }
  return merge
}

function policyOf(draft: Draft, type: Type, choice: number, lookups: readonly Lookup[]) {
  const hasStamp = draft.columns.some(({ stamp }) => stamp !== null)
  const varies = mayVary(draft, lookups)
  const open = policies[type].filter(
    (policy) =>
      (draft.primaryKey.length > 0 || symmetric.includes(policy)) &&
      !(varies && ordered.includes(policy)) &&
      !(policy === 'latest' && !hasStamp),
  )
  return open[choice] ?? null
}

function survivorOf(draft: Draft, { word, list }: SurvivorBlueprint, merge: Merge): Survivor {
  if (word !== 'list' && word !== 'most-complete') return word
  // Whether a generated column counts as it was or as it will be is open.
  const generated = draft.columns.some((column) => column.generated !== null && column.generated.from in merge)
  if (word === 'most-complete') return generated ? 'oldest' : word
  const columns = draft.columns.filter(
    ({ name, type, stamp }) => (draft.own.has(name) || stamp !== null) && type !== 'text' && type !== 'jsonb',
  )
  if (columns.length === 0) return 'newest'
  return list.map(({ column, descending, nulls }): Ordering => {
    const { name } = pick(columns, column)
    return nulls === null ? { column: name, descending } : { column: name, descending, nulls }
  })
}

interface Keyed {
  readonly draft: Draft
  readonly lookups: readonly Lookup[]
}

/** What the first key set of a table says about tables that refer to it. */
function entriesOf(parent: Draft, tables: readonly Keyed[]): ReferenceEntry[] {
  return tables.flatMap(({ draft, lookups }) => {
    const merge = lookups.length === 0 ? mergeOf(draft, []) : {}
    const declared = draft.declared.filter((each) => each.parent === parent.name)
    const [foreignKey] = draft.foreignKeys.filter((each) => isKeyed(tables, each.parent))
    const named = draft.blueprint.entry && lookups.length === 0 && foreignKey?.parent === parent.name
    return [
      ...(named && Object.keys(merge).length > 0 ? [{ ...foreignKey, merge }] : []),
      ...declared.map((reference) => ({ ...reference, merge: {} })),
    ].map(({ table, columns, where, merge: how }) => ({ table, columns, where, merge: how }))
  })
}

function isKeyed(tables: readonly Keyed[], parent: string): boolean {
  return tables.some(({ draft, lookups }) => draft.name === parent && lookups.length > 0)
}
