import { createHash } from 'node:crypto'
import type { Column, Table } from '../../model/catalog.js'
import type { KeySql } from '../../model/plan.js'
import type { Refusal } from '../../model/plan-facts.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'
import { unpadded } from './expression-types.js'
import { type Computed, computedMember, keyBytes, wordsOf } from './key-members.js'
import { columnsIn, prettyIdentifier, quoteIdentifier, sameName } from './sql-text.js'

/** Names are cut at this many characters; a name that we make is cut by us, with a hash, so that it stays unique. */
export const NAME_CHARACTERS = 64

/** Bytes of an index key, at most. */
const MAX_KEY_BYTES = 3072

/** A unique index that would call equal just what the lookup does. */
export interface IndexDefinition {
  readonly name: string
  /** What stands between the parentheses of ADD UNIQUE KEY … (…). */
  readonly members: string
  /** To be added first, each by `ADD COLUMN name definition`. */
  readonly generatedColumns: readonly { readonly name: string; readonly definition: string }[]
  /** False where the server copies the table for the columns, and lets nobody write meanwhile. */
  readonly columnsOnline: boolean
  /** The same of the index. */
  readonly online: boolean
}

/** Members of the key that an index must have. */
export function keyPartsOf({ parts }: ResolvedKeySet): LookupPart[] {
  return parts.filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')
}

/** The index that protects a key set, or why there can be none. */
export function indexFor(resolved: ResolvedKeySet, server: ServerInfo): IndexDefinition | Refusal {
  const { predicate } = resolved
  const name = indexName(resolved)
  const members = keyPartsOf(resolved).map((part) => memberOf(part, resolved, server))
  const refused = members.find((member): member is Refusal => 'refused' in member)
  if (refused !== undefined) return refused
  const chosen = withinLimit(
    members.filter((member): member is Member => 'column' in member),
    resolved.table,
  )
  if ('refused' in chosen) return chosen
  if (predicate === null && members.length > 0) return withColumns(name, chosen, resolved, server)
  const condition = predicate ?? nothingButNull(resolved.parts)
  const sql = `IF(${unpadded(condition, resolved.table, server)}, 1, NULL)`
  const only: Computed = { suffix: `${name}_if`, type: 'tinyint(1)', sql }
  const last: Member = { column: null, computed: [only], bytes: 1, digest: [only] }
  return withColumns(name, [...chosen, last], resolved, server)
}

interface Member {
  readonly column: Column | null
  /** Empty where the column itself is the member. */
  readonly computed: readonly Computed[]
  readonly bytes: number
  /** Instead of the member, where the key would be too long. */
  readonly digest: readonly Computed[] | Refusal
}

function memberOf(part: LookupPart, resolved: ResolvedKeySet, server: ServerInfo): Member | Refusal {
  const { table, keySet } = resolved
  const column = table.columns.find((candidate) => candidate.name === part.column) ?? null
  const bound = column === null ? undefined : keySet.boundAs[column.name]
  const options = { part, column, bound, table, server }
  const whole = computedMember({ ...options, digest: false })
  if ('refused' in whole) return whole
  const digest = computedMember({ ...options, digest: true })
  return {
    column,
    computed: whole,
    bytes:
      whole.length === 0 && column !== null
        ? keyBytes(column)
        : whole.reduce((sum, one) => sum + typeBytes(one, column), 0),
    digest,
  }
}

/** Of what is computed from a column: as long as its type says. */
function typeBytes({ type }: Computed, column: Column | null): number {
  const isLong = type !== null && /^(var)?(char|binary)|text|blob/.test(type)
  if (!isLong || type.startsWith('binary(32)')) return 40
  return keyBytes({ type, baseType: type.replace(/\W.*$/s, ''), collation: column?.collation ?? 'utf8mb4' })
}

/** Digests instead of the longest members until the key, and each column of it, is short enough. */
function withinLimit(members: readonly Member[], { indexColumnBytes = MAX_KEY_BYTES }: Table): Member[] | Refusal {
  const chosen = [...members]
  for (;;) {
    const total = chosen.reduce((sum, { bytes }) => sum + bytes, 0)
    const longest = chosen.reduce((best, one, at) => (one.bytes > (chosen[best]?.bytes ?? 0) ? at : best), 0)
    const member = chosen[longest]
    if (total <= MAX_KEY_BYTES && (member?.bytes ?? 0) <= indexColumnBytes) return chosen
    if (member === undefined || member.bytes <= 64)
      return { refused: 'its key is too long for an index', advice: 'Look up fewer columns, or shorter ones' }
    if ('refused' in member.digest) return member.digest
    chosen[longest] = { ...member, computed: member.digest, bytes: 64 }
  }
}

/** An index on generated columns is built while others write; one on expressions isn't. */
function withColumns(
  name: string,
  chosen: readonly Member[],
  { table }: ResolvedKeySet,
  server: ServerInfo,
): IndexDefinition {
  const canHide = server.flavour === 'mariadb' || server.number >= 80023
  const generatedColumns: { name: string; definition: string }[] = []
  const add = (one: Computed): string => {
    if (one.type === null || !canHide) return `(${one.sql})`
    const column = columnName(one, table)
    const definition = `${one.type} GENERATED ALWAYS AS (${one.sql}) VIRTUAL INVISIBLE`
    generatedColumns.push({ name: column, definition })
    return prettyIdentifier(column)
  }
  const members = chosen.flatMap(({ column, computed }) =>
    computed.length === 0 && column !== null ? [prettyIdentifier(column.name)] : computed.map(add),
  )
  const functional = members.some((member) => member.startsWith('('))
  const inPlace = table.engine === undefined || /^innodb$/i.test(table.engine)
  return {
    name,
    members: members.join(', '),
    generatedColumns,
    columnsOnline: inPlace && addsInPlace(table, server),
    online: inPlace && !functional,
  }
}

/** Whether a virtual column can be added without a copy. */
function addsInPlace({ partitioning, indexes }: Table, { flavour }: ServerInfo): boolean {
  // MySQL keeps hidden virtual columns for the expressions of indexes.
  return flavour === 'mysql'
    ? !indexes.some(({ parts }) => parts.some((part) => part.column === null))
    : partitioning === null
}

function columnName({ suffix, sql }: Computed, table: Table): string {
  const name = shortName(suffix, sql)
  return table.columns.some((column) => sameName(column.name, name)) ? hashedName(suffix, sql) : name
}

/** The same as values to group by, with the conditions that a row must meet to be in a group. */
export function keySqlFor(resolved: ResolvedKeySet): KeySql & { readonly columns: readonly string[] } {
  const keyParts = keyPartsOf(resolved)
  const names = resolved.table.columns.map(({ name }) => name)
  const inPredicate = resolved.predicate === null ? [] : columnsIn(resolved.predicate, names)
  const columns = [...new Set([...resolved.parts.flatMap((part) => part.columns), ...inPredicate])]
  const conditions = resolved.predicate === null ? [] : [`(${resolved.predicate})`]
  if (keyParts.length === 0)
    return { values: [{ sql: nothingButNull(resolved.parts), groupsNulls: true }], conditions, columns }
  const values = keyParts.map((part) => ({ sql: comparedValue(part), groupsNulls: part.nullLookedUp === 'also' }))
  const filled = keyParts.flatMap((part, at) =>
    part.nullable && part.nullLookedUp !== 'also' ? [`(${values[at]?.sql}) IS NOT NULL`] : [],
  )
  return { values, conditions: [...conditions, ...filled], columns }
}

/** What the index compares, as one value. */
function comparedValue(part: LookupPart): string {
  if (part.column === null) return `(${part.label})`
  const column = quoteIdentifier(part.column)
  if (part.match === 'lower' || part.match === 'upper') return `${part.match}(${column})`
  return part.match === 'binary' ? `CAST(${column} AS BINARY)` : column
}

/** The member of an index over rows whose whole key is NULL: the same for all of them, so that one may exist. */
function nothingButNull(parts: readonly LookupPart[]): string {
  const [first] = parts
  if (first === undefined) return '(TRUE)'
  return `(${first.column === null ? `(${first.label})` : quoteIdentifier(first.column)} IS NULL)`
}

/** `uq_table_columns`; with a hash of the key set at its end where it is on more than columns, or where that name is taken. */
function indexName({ id, keySet, table, parts, predicate }: ResolvedKeySet): string {
  const columns = parts.filter((part) => part.origin === 'declared').map((part) => part.column ?? wordsOf(part.label))
  const plain = ['uq', table.name, ...columns].join('_')
  const taken = table.indexes.some((index) => sameName(index.name, plain))
  const exact = parts.every(
    ({ column, match }) => match === 'exact' && (column === null || !(column in keySet.boundAs)),
  )
  return predicate === null && exact && !taken ? shortName(plain, id) : hashedName(plain, id)
}

/** The name itself where it fits; cut, with a hash of `of` at its end, where it doesn't. */
export function shortName(name: string, of: string): string {
  return [...name].length <= NAME_CHARACTERS && isBasic(name) ? name : hashedName(name, of)
}

/** Cut, with a hash of `of` at its end. */
export function hashedName(name: string, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, 8)
  // Names hold no characters beyond the basic plane.
  const basic = [...name].filter(isBasic)
  return `${basic.slice(0, NAME_CHARACTERS - 9).join('')}_${hash}`
}

const isBasic = (text: string): boolean => !/[\u{10000}-\u{10ffff}]/u.test(text)
