import { createHash } from 'node:crypto'
import type { KeySql } from '../../model/plan.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import { columnsIn, prettyIdentifier } from './sql-text.js'

/** PostgreSQL cuts names at this many bytes; a name that we make is cut by us, with a hash, so that it stays unique. */
export const NAME_BYTES = 63

/** A unique index that would call equal just what the lookup does. */
export interface IndexDefinition {
  readonly name: string
  /** What stands between the parentheses of CREATE UNIQUE INDEX … (…). */
  readonly members: string
  readonly nullsNotDistinct: boolean
  /** Condition of a partial index; null for all rows. */
  readonly predicate: string | null
  /** Plain columns and all rows, so that a constraint can be made of it. */
  readonly attachable: boolean
}

/** Members of the key that an index must have. */
export function keyPartsOf({ parts }: ResolvedKeySet): LookupPart[] {
  return parts.filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')
}

/** The index that protects a key set; several where NULL needs one of its own. `serverVersion` as in server_version_num. */
export function indexesFor(resolved: ResolvedKeySet, serverVersion: number): IndexDefinition[] {
  const keyParts = keyPartsOf(resolved)
  const nulls = keyParts.filter((part) => part.nullLookedUp === 'also')
  if (nulls.length > 0 && serverVersion < 150000) return nullTwins(resolved, keyParts, nulls)
  return [
    {
      name: indexName(resolved),
      members: membersOf(keyParts, resolved),
      nullsNotDistinct: nulls.length > 0,
      predicate: resolved.predicate,
      attachable:
        resolved.predicate === null &&
        keyParts.length > 0 &&
        keyParts.every((part) => part.column !== null && keyMember(part, resolved) === prettyIdentifier(part.column)),
    },
  ]
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
  const values = keyParts.map((part) => ({
    sql: keyMember(part, resolved),
    groupsNulls: part.nullLookedUp === 'also',
  }))
  const filled = keyParts.flatMap((part, at) =>
    part.nullable && part.nullLookedUp !== 'also' ? [`(${values[at]?.sql}) IS DISTINCT FROM NULL`] : [],
  )
  return { values, conditions: [...conditions, ...filled], columns }
}

/** Before 15 there is no NULLS NOT DISTINCT: one partial index for values, one for each way of being NULL. */
function nullTwins(
  resolved: ResolvedKeySet,
  keyParts: readonly LookupPart[],
  nullable: readonly LookupPart[],
): IndexDefinition[] {
  const index = indexName(resolved)
  const combinations = nullable.reduce<readonly (readonly LookupPart[])[]>(
    (sets, part) => sets.flatMap((set) => [set, [...set, part]]),
    [[]],
  )
  return combinations.map((nulls, at) => {
    const rest = keyParts.filter((part) => !nulls.includes(part))
    const tests = nullable.map(
      (part) =>
        `${part.column === null ? `(${part.label})` : prettyIdentifier(part.column)} IS ${nulls.includes(part) ? '' : 'NOT '}NULL`,
    )
    return {
      name: at === 0 ? index : `${index.slice(0, NAME_BYTES - 3)}_n${at}`,
      members: rest.length === 0 ? nothingButNull(nulls) : membersOf(rest, resolved),
      nullsNotDistinct: false,
      predicate: [...tests, ...(resolved.predicate === null ? [] : [resolved.predicate])].join(' AND '),
      attachable: false,
    }
  })
}

function membersOf(keyParts: readonly LookupPart[], resolved: ResolvedKeySet): string {
  return keyParts.length === 0
    ? nothingButNull(resolved.parts)
    : keyParts.map((part) => keyMember(part, resolved)).join(', ')
}

/** The index member under which the index calls equal just what the lookup does. */
function keyMember(part: LookupPart, { keySet, table }: ResolvedKeySet): string {
  if (part.column === null) return `(${part.label})`
  const column = prettyIdentifier(part.column)
  if (part.match === 'lower' || part.match === 'upper') return `${part.match}(${column})`
  if (part.match === 'binary') return `${column} COLLATE "C"`
  const bound = keySet.boundAs[part.column]
  const type = table.columns.find((candidate) => candidate.name === part.column)?.baseType ?? ''
  const asText =
    bound !== undefined && /^(text|character varying|varchar)/.test(bound) && /(^|\.)citext$|^character$/.test(type)
  return asText ? `(${column}::text)` : column
}

/** The member of an index over rows whose whole key is NULL: the same for all of them, so that one may exist. */
function nothingButNull(parts: readonly LookupPart[]): string {
  const [first] = parts
  return first === undefined
    ? '(true)'
    : `((${first.column === null ? first.label : prettyIdentifier(first.column)}) IS NULL)`
}

/** `uq_table_columns`; with a predicate, or where that name is taken, a hash of the key set at its end. */
function indexName({ id, table, parts, predicate }: ResolvedKeySet): string {
  const columns = parts.filter((part) => part.origin === 'declared').map((part) => part.column ?? wordsOf(part.label))
  const plain = ['uq', table.name, ...columns].join('_')
  // An invalid leftover of that name is dropped first.
  const taken = table.indexes.some((index) => index.name === plain && index.valid)
  return predicate === null && !taken ? shortName(plain, id) : hashedName(plain, id)
}

function wordsOf(sql: string): string {
  return sql.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_|_$/g, '')
}

/** The name itself where it fits; cut, with a hash of `of` at its end, where it doesn't. */
export function shortName(name: string, of: string): string {
  return Buffer.byteLength(name) <= NAME_BYTES ? name : hashedName(name, of)
}

/** Cut, with a hash of `of` at its end. */
export function hashedName(name: string, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, 8)
  let cut = name
  while (Buffer.byteLength(cut) > NAME_BYTES - 9) cut = [...cut].slice(0, -1).join('')
  return `${cut}_${hash}`
}
