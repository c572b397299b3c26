import type { Column, Table } from '../../model/catalog.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { hashOf, type Kind, kindOfExpression, type Weights, weightsOf } from './duplicates-hash.js'
import { isText } from './oracle.js'
import { plainColumn, quoteIdentifier, quoteRelation, sameName } from './sql-text.js'

/** One value that rows of a group share. */
export interface KeyValue {
  /** As shown to people; null for one that only tells apart what the others call equal. */
  readonly label: string | null
  /** SQL over the table's columns; grouped by the equality of its own type and collation. */
  readonly sql: string
  /** The same as a person should see it, before anything is made of it for comparing. */
  readonly shown: string
  /** It is nothing but a column. */
  readonly isColumn: boolean
  /** Whether NULL is a value like others; otherwise rows with NULL belong to no group. */
  readonly groupsNulls: boolean
  readonly nullable: boolean
  readonly kind: Kind
}

/** Rows to be grouped: which, and by what. */
export interface Key {
  readonly values: readonly KeyValue[]
  readonly from: string
  /** Conditions that a row must meet, each complete in itself. */
  readonly conditions: readonly string[]
  /** A number made of all values together: different ones mean different keys. Null where some value has none. */
  readonly hash: string | null
}

/** Everything about one key set that statements are made from. */
export interface CountedKeySet {
  readonly resolved: ResolvedKeySet
  readonly table: Table
  /** By lookup semantics. */
  readonly lookup: Key
  /** By constraint semantics, where that isn't the same query. */
  readonly constraint: Key | null
  readonly compared: readonly Column[]
  /** Column with the time of creation, or null. */
  readonly stamp: Column | null
  readonly notes: readonly string[]
}

/** The predicate alone is the key: all its rows are one group. */
const everyRow: KeyValue = {
  label: 'true',
  sql: '1',
  shown: '1',
  isColumn: false,
  groupsNulls: false,
  nullable: false,
  kind: { type: 'integer' },
}

const NUMERIC =
  /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|dec|float|double|real|bool|boolean|bit)\b/i
const REAL = /^(float|double|real)\b/i
const BYTES = /^(binary|varbinary|(?:tiny|medium|long)?blob)|_bin\b/i

/** Asks the server how texts weigh, and what the types of expressions are. */
export async function prepareKeySet(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  weights: Weights,
): Promise<CountedKeySet> {
  const { table } = resolved
  const parts = resolved.parts.filter(({ origin }) => origin === 'declared')
  const lookup: KeyValue[] = []
  const constraint: KeyValue[] = []
  for (const part of parts) {
    const own = await ownValue(transaction, table, part, weights)
    const [looked, indexed] = bounded(own, part, resolved)
    lookup.push(...looked)
    constraint.push(indexed)
  }
  const key = (values: readonly KeyValue[]) => makeKey(resolved, values.length > 0 ? values : [everyRow])
  const differs = lookup.length !== constraint.length || lookup.some(({ sql }, at) => sql !== constraint[at]?.sql)
  return {
    resolved,
    table,
    lookup: key(lookup),
    constraint: differs ? key(constraint) : null,
    compared: comparedColumns(resolved),
    stamp: creationStamp(table),
    notes: unreadableNote(table),
  }
}

function makeKey({ table, predicate }: ResolvedKeySet, values: readonly KeyValue[]): Key {
  const filled = values.flatMap(({ sql, nullable, groupsNulls }) =>
    nullable && !groupsNulls ? [`(${sql}) IS NOT NULL`] : [],
  )
  return {
    values,
    from: quoteRelation(table),
    conditions: [...(predicate === null ? [] : [`(${predicate})`]), ...filled],
    hash: hashOf(values),
  }
}

/** What the lookup compares, before the bound value's type changes anything. */
async function ownValue(
  transaction: ReadTransaction,
  table: Table,
  part: LookupPart,
  weights: Weights,
): Promise<KeyValue> {
  const { label, nullable, match } = part
  const groupsNulls = part.nullLookedUp !== 'never'
  const common = { label, nullable, groupsNulls }
  const column = table.columns.find(({ name }) => name === part.column)
  if (column === undefined) {
    const sql = `(${label}\n)`
    const kind = await kindOfExpression(transaction, table, sql, weights)
    return { ...common, sql, shown: sql, isColumn: false, kind }
  }
  const shown = quoteIdentifier(column.name)
  const kind = await kindOfColumn(transaction, column, weights)
  if (isText(column) && (match === 'lower' || match === 'upper'))
    return { ...common, sql: `${match}(${shown})`, shown: `${match}(${shown})`, isColumn: false, kind }
  if (isText(column) && match === 'binary') return asBytes({ ...common, sql: shown, shown, isColumn: false, kind })
  // Zero and minus zero are equal, and not always one group.
  const sql = kind.type === 'double' ? `IF(${shown} = 0, 0, ${shown})` : shown
  return { ...common, sql, shown, isColumn: true, kind }
}

const asBytes = (value: KeyValue): KeyValue => ({
  ...value,
  sql: `CAST(${value.sql} AS BINARY)`,
  isColumn: false,
  kind: { type: 'bytes' },
})

/** What the lookup makes of a value, and what an index would. */
function bounded(own: KeyValue, part: LookupPart, resolved: ResolvedKeySet): [readonly KeyValue[], KeyValue] {
  const column = resolved.table.columns.find(({ name }) => name === part.column)
  if (column === undefined || (part.match !== 'exact' && part.match !== 'like')) return [[own], own]
  const bound = boundType(part, resolved) ?? ''
  if (isText(column) && BYTES.test(bound) && part.match === 'exact') return [[asBytes(own)], asBytes(own)]
  const asNumber = isText(column) ? NUMERIC.test(bound) : REAL.test(bound) && /^(bigint|decimal)$/.test(column.baseType)
  if (asNumber) {
    const number = `(${own.sql} + 0e0)`
    const sql = `IF(${number} = 0, 0e0, ${number})`
    return [[{ ...own, sql, isColumn: false, kind: { type: 'double' } }], own]
  }
  if (isText(column) && part.match === 'like') {
    // LIKE goes by characters, without padding and expansions.
    const length: KeyValue = {
      ...own,
      label: null,
      sql: `CHAR_LENGTH(${own.sql})`,
      isColumn: false,
      kind: { type: 'integer' },
    }
    return [[own, length], own]
  }
  return [[own], own]
}

function boundType(part: LookupPart, { keySet, relation, table }: ResolvedKeySet): string | undefined {
  const names = table.columns.map(({ name }) => name)
  const base = (name: string) => (relation.base === null ? name : plainColumn(relation.base.columns[name] ?? '', names))
  const declared = Object.keys(keySet.boundAs).find((name) => {
    const own = base(name)
    return own !== null && part.column !== null && sameName(own, part.column)
  })
  return declared === undefined ? undefined : keySet.boundAs[declared]
}

async function kindOfColumn(transaction: ReadTransaction, column: Column, weights: Weights): Promise<Kind> {
  const { baseType, collation } = column
  // Members of these are numbers, whatever their texts.
  if (/^(enum|set)$/.test(baseType)) return { type: 'plain' }
  if (isText(column)) return { type: 'text', weigh: await weightsOf(transaction, collation, weights) }
  if (/^(tinyint|smallint|mediumint|int|bigint|year)$/.test(baseType)) return { type: 'integer' }
  if (/^(float|double)$/.test(baseType)) return { type: 'double' }
  if (/^(binary|varbinary|(tiny|medium|long)?blob|bit)$/.test(baseType)) return { type: 'bytes' }
  if (/^(decimal|date|time|datetime|timestamp|uuid|inet4|inet6)$/.test(baseType)) return { type: 'plain' }
  return { type: 'opaque' }
}

/**
 * What makes a group divergent: columns that are neither key, primary key, creation stamp nor under a merge policy.
 * Generated ones only follow from others. A column that an expression of the key reads is more than the key.
 */
function comparedColumns({ keySet, table, parts }: ResolvedKeySet): Column[] {
  const key = new Set(parts.flatMap((part) => part.column ?? []))
  return table.columns.filter(
    ({ name, isCreationStamp, generated }) =>
      !key.has(name) &&
      !table.primaryKey.includes(name) &&
      !isCreationStamp &&
      generated === null &&
      keySet.resolution.merge[name] === undefined &&
      !table.unreadableColumns.includes(name),
  )
}

function creationStamp(table: Table): Column | null {
  const stamps = table.columns.filter(
    (column) => column.isCreationStamp && !table.unreadableColumns.includes(column.name),
  )
  return stamps.find((column) => column.baseType !== 'date') ?? stamps[0] ?? null
}

function unreadableNote({ unreadableColumns }: Table): string[] {
  if (unreadableColumns.length === 0) return []
  const names = unreadableColumns.map((name) => `"${name}"`).join(', ')
  return [`Groups may also differ in ${names}, which this user may not read.`]
}
