import { stringify } from 'yaml'
import type { Table } from '../model/catalog.js'
import type { DeclaredReference, KeySet, MergePolicy } from '../model/keyset.js'
import { quoted } from '../model/keyset-id.js'
import type { UndecidedGroups } from '../model/rehearsal.js'

/** A key set of the configuration, with the table that it was found to mean. */
export interface DeclaredKeySet {
  readonly id: string
  readonly keySet: KeySet
  readonly table: Table
}

/** How undecided groups could be decided, in the configuration's own form and the user's own names. */
export interface Advice {
  /** `key-set`: keys to add to the key set. `keysets`: further key sets, which only say how rows are merged. */
  readonly place: 'key-set' | 'keysets'
  readonly yaml: string
}

/**
 * Each column in which the rows differ gets a policy: the first value where only some rows have one, else the latest.
 * `tables`: of the groups, where they aren't the key set's own.
 */
export function adviceFor(
  groups: readonly UndecidedGroups[],
  declared: DeclaredKeySet,
  tables: readonly Table[],
): Advice[] {
  const places = [...new Map(groups.map((each) => [JSON.stringify([each.schema, each.table]), each])).values()]
  const merge: string[] = []
  const references: string[] = []
  const keySets: string[] = []
  for (const place of places) {
    const alike = groups.filter((each) => isAt(each, place))
    const columns = referenceColumns(place, declared)
    if (declared.table.schema === place.schema && declared.table.name === place.table)
      merge.push(`merge: ${flow(mergeOf(alike, declared.keySet.resolution.merge))}`)
    else if (columns !== null) references.push(`  - ${reference(alike, place, declared, columns)}`)
    else keySets.push(...furtherKeySet(alike, place, tables))
  }
  const own = [...merge, ...(references.length === 0 ? [] : ['references:', ...references])]
  return [
    ...(own.length === 0 ? [] : [{ place: 'key-set' as const, yaml: own.join('\n') }]),
    ...(keySets.length === 0 ? [] : [{ place: 'keysets' as const, yaml: keySets.join('\n') }]),
  ]
}

type Place = Pick<UndecidedGroups, 'schema' | 'table'>

const isAt = (a: Place, b: Place): boolean => a.schema === b.schema && a.table === b.table

/** What the child's rows hold of the key set's table. */
function referenceColumns(place: Place, { keySet, table }: DeclaredKeySet): readonly string[] | null {
  return entryFor(place, keySet)?.columns ?? table.references.find((each) => isAt(each, place))?.columns ?? null
}

function entryFor({ schema, table: name }: Place, { resolution }: KeySet): DeclaredReference | undefined {
  return resolution.references.find(({ table }) => table.name === name && (table.schema ?? schema) === schema)
}

function reference(
  groups: readonly UndecidedGroups[],
  place: Place,
  { keySet }: DeclaredKeySet,
  columns: readonly string[],
): string {
  const entry = entryFor(place, keySet)
  return flow({
    table: written(place, (entry ?? keySet).table.schema !== undefined),
    columns: columns.map(quoted),
    ...(entry?.where !== undefined && { where: entry.where }),
    merge: mergeOf(groups, entry?.merge ?? {}),
  })
}

/** For a table further down, whose rows collide in a unique index of its own. */
function furtherKeySet(groups: readonly UndecidedGroups[], place: Place, tables: readonly Table[]): string[] {
  const table = tables.find(({ schema, name }) => schema === place.schema && name === place.table)
  const key = table?.indexes.find(
    ({ unique, primary, predicate, parts }) =>
      unique && !primary && predicate === null && parts.every(({ column }) => column !== null),
  )
  if (key === undefined) return []
  const columns = key.parts.flatMap(({ column }) => (column === null ? [] : [quoted(column)]))
  return [`- ${flow({ table: written(place, true), columns, merge: mergeOf(groups, {}) })}`]
}

const written = ({ schema, table }: Place, withSchema: boolean): string =>
  withSchema ? `${quoted(schema)}.${quoted(table)}` : quoted(table)

function mergeOf(
  groups: readonly UndecidedGroups[],
  known: Readonly<Record<string, MergePolicy>>,
): Record<string, MergePolicy> {
  const columns = [...new Set(groups.flatMap((each) => each.columns))]
  const rows = groups.flatMap(({ samples }) => samples.flatMap(({ shown }) => shown))
  const added = columns.map((column): [string, MergePolicy] => [
    column,
    rows.some((row) => row[column] === null) ? 'first-non-null' : 'latest',
  ])
  return Object.fromEntries([...Object.entries(known), ...added].map(([column, policy]) => [quoted(column), policy]))
}

type Plain = string | readonly Plain[] | { readonly [key: string]: Plain }

/** On one line, spaced as people write it. */
export function flow(value: Plain): string {
  if (typeof value === 'string') return scalar(value)
  if (isList(value)) return `[${value.map(flow).join(', ')}]`
  const entries = Object.entries(value).map(([key, each]) => `${scalar(key)}: ${flow(each)}`)
  return `{ ${entries.join(', ')} }`
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** Quoted where it would mean something else inside of brackets. */
function scalar(text: string): string {
  const list = stringify([text], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
  return list.trimEnd().slice(1, -1)
}
