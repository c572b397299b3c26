import type { Column, Table } from '../../model/catalog.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { type KnownTypes, type TypeFacts, textFacts, typesOf } from './duplicates-types.js'
import { castFor } from './equality.js'
import { plainColumn, quoteIdentifier } from './sql-text.js'

/** One value that rows of a group share. */
export interface KeyValue {
  /** As shown to people. */
  readonly label: string
  /** SQL over the table's columns; its type's own equality is the one to group by. */
  readonly sql: string
  /** Columns that it is computed from. */
  readonly columns: readonly string[]
  /** It is nothing but a column. */
  readonly isColumn: boolean
  /** Whether NULL is a value like others; otherwise rows with NULL belong to no group. */
  readonly groupsNulls: boolean
  readonly type: TypeFacts
}

/** Rows to be grouped: which, and by what. */
export interface Key {
  readonly values: readonly KeyValue[]
  /** FROM item. */
  readonly from: string
  /** Conditions that a row must meet, each complete in itself. */
  readonly conditions: readonly string[]
  /** Those of them that the hash doesn't make superfluous by being NULL. */
  readonly hashConditions: readonly string[]
  /** Null where some type can't be hashed. */
  readonly hash: KeyHash | null
}

/**
 * A bigint made of all values together: different ones mean different keys, equal ones mostly the same key. NULL where a
 * value is NULL that belongs to no group.
 */
export interface KeyHash {
  readonly sql: string
  /** More than columns alone are hashed, so that each time it costs something. */
  readonly isComputed: boolean
  /** Condition over the bigint, here named h, that about one half of the keys meet. */
  readonly half: string
  /** Condition that about one key in sixteen meets. */
  readonly sixteenth: string
}

/** A column by which rows of a group are told apart. */
export interface ComparedColumn {
  readonly name: string
  readonly sql: string
  readonly notNull: boolean
  readonly type: TypeFacts
}

/** Everything about one key set that statements are made from. */
export interface CountedKeySet {
  readonly resolved: ResolvedKeySet
  readonly table: Table
  /** By lookup semantics. */
  readonly lookup: Key
  /** By constraint semantics, where that isn't the same query. */
  readonly constraint: Key | null
  readonly compared: readonly ComparedColumn[]
  /** Column with the time of creation, or null. */
  readonly stamp: Column | null
  readonly notes: readonly string[]
}

/** The predicate alone is the key: all its rows are one group. */
const everyRow: LookupPart = {
  label: 'true',
  column: null,
  columns: [],
  match: 'exact',
  nullable: false,
  origin: 'fixed',
  nullLookedUp: 'never',
}

const TEXTS = /^(text|character varying|character|name|(.*\.)?citext)$/

/** Asks the server for types and casts. Returns its error where the key can't even be spelled for this role. */
export async function prepareKeySet(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  known: KnownTypes,
): Promise<CountedKeySet | DatabaseError> {
  const { table } = resolved
  const declared = resolved.parts.filter((part) => part.origin === 'declared')
  const parts = declared.length > 0 ? declared : [everyRow]
  const lookups: string[] = []
  const constraints: string[] = []
  for (const part of parts) {
    const own = matched(part, table)
    const cast = await boundCast(transaction, resolved, part)
    constraints.push(own)
    lookups.push(cast === null ? own : `(${own})::${cast}`)
  }
  const columns = comparedColumns(resolved)
  const from = fromItem(table, false)
  const expressions = [...lookups, ...constraints, ...columns.map((column) => quoteIdentifier(column.name))]
  const types = await typesOf(transaction, from, expressions, known)
  if (types instanceof Error) return types
  const key = (sqls: readonly string[], offset: number, item: string) =>
    makeKey(resolved, parts, sqls, types.slice(offset), item)
  const differs = table.inheritanceChildren > 0 || lookups.some((sql, at) => sql !== constraints[at])
  return {
    resolved,
    table,
    lookup: key(lookups, 0, from),
    constraint: differs ? key(constraints, parts.length, fromItem(table, table.inheritanceChildren > 0)) : null,
    compared: columns.map((column, at) => compared(column, types[2 * parts.length + at] as TypeFacts)),
    stamp: creationStamp(table),
    notes: unreadableNote(table),
  }
}

function makeKey(
  { predicate }: ResolvedKeySet,
  parts: readonly LookupPart[],
  sqls: readonly string[],
  types: readonly TypeFacts[],
  from: string,
): Key {
  const hashConditions = predicate === null ? [] : [`(${predicate})`]
  const conditions = [...hashConditions]
  const values = parts.map((part, at): KeyValue => {
    const { sql, type } = sortable(sqls[at] as string, types[at] as TypeFacts)
    const groupsNulls = part.nullLookedUp !== 'never'
    // Not `IS NOT NULL`, which is false for a row value with a NULL inside.
    if (part.nullable && !groupsNulls) conditions.push(`(${sql}) IS DISTINCT FROM NULL`)
    const isColumn = part.column !== null && sql === quoteIdentifier(part.column)
    return { label: part.label, sql, columns: part.columns, isColumn, groupsNulls, type }
  })
  return { values, from, conditions, hashConditions, hash: hashOf(values) }
}

/** A type that has equality but no order (xid, aclitem) can't be used in a window; its text is as good. */
function sortable(sql: string, type: TypeFacts): { readonly sql: string; readonly type: TypeFacts } {
  return type.sorts || !type.groups ? { sql, type } : { sql: `(${sql})::text`, type: textFacts }
}

/** Each value's hash is the seed of the next one's; a NULL that counts as a value stands for a number. */
function hashOf(values: readonly KeyValue[]): KeyHash | null {
  const [only] = values
  const isComputed = values.some(({ isColumn }) => !isColumn)
  if (only !== undefined && values.length === 1 && only.type.isInteger && !only.groupsNulls) {
    // Remainders by a prime, since integers are often multiples of something.
    return { sql: `(${only.sql})::bigint`, isComputed, half: 'h % 61 < 31', sixteenth: 'h % 61 < 4' }
  }
  let sql = '0'
  for (const { sql: value, groupsNulls, type } of values) {
    if (type.hash === null) return null
    sql = groupsNulls
      ? `pg_catalog.hashint8extended(coalesce(${type.hash(`(${value})`, '1')}, 2), ${sql})`
      : type.hash(`(${value})`, sql)
  }
  return { sql, isComputed, half: 'h < 0', sixteenth: 'h & 15 = 0' }
}

function fromItem(table: Table, only: boolean): string {
  return `${only ? 'ONLY ' : ''}${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
}

/** What the lookup compares, before the bound value's type changes anything. */
function matched(part: LookupPart, table: Table): string {
  if (part.column === null) return `(${part.label}\n)`
  const sql = quoteIdentifier(part.column)
  const type = table.columns.find((column) => column.name === part.column)?.baseType ?? ''
  if (part.match === 'lower' || part.match === 'upper') return `${part.match}(${sql})`
  if (part.match === 'binary' && TEXTS.test(type)) return `(${sql}::text COLLATE "C")`
  return sql
}

async function boundCast(
  transaction: ReadTransaction,
  { keySet, relation, table }: ResolvedKeySet,
  part: LookupPart,
): Promise<string | null> {
  if (part.match !== 'exact' && part.match !== 'like') return null
  const names = table.columns.map((column) => column.name)
  const base = (name: string) => (relation.base === null ? name : plainColumn(relation.base.columns[name] ?? '', names))
  const declared = Object.keys(keySet.boundAs).find((name) => base(name) === part.column)
  const column = table.columns.find((candidate) => candidate.name === part.column)
  const bound = declared === undefined ? undefined : keySet.boundAs[declared]
  return column === undefined || bound === undefined ? null : castFor(transaction, column, bound)
}

/**
 * What makes a group divergent: columns that are neither key, primary key, creation stamp nor under a merge policy.
 * Generated ones only follow from others. A column that an expression of the key reads is more than the key.
 */
function comparedColumns({ keySet, table, parts }: ResolvedKeySet): Column[] {
  const key = new Set(parts.flatMap((part) => part.column ?? []))
  return table.columns.filter(
    (column) =>
      !key.has(column.name) &&
      !table.primaryKey.includes(column.name) &&
      !column.isCreationStamp &&
      column.generated === null &&
      keySet.resolution.merge[column.name] === undefined &&
      !table.unreadableColumns.includes(column.name),
  )
}

function compared({ name, notNull, hasEquality }: Column, type: TypeFacts): ComparedColumn {
  const column = { name, notNull, sql: quoteIdentifier(name), type }
  // Equality without order, of xid for one, can't be had in one GROUP BY with equality without a hash, of money for one.
  return hasEquality && type.groups && type.sorts ? column : textual(column)
}

/** The column compared by its text. */
export function textual({ name, notNull }: ComparedColumn): ComparedColumn {
  return { name, notNull, sql: `${quoteIdentifier(name)}::text`, type: textFacts }
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
  return [`Groups may also differ in ${names}, which this role may not read.`]
}
