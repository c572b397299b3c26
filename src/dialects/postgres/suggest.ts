import { createHash } from 'node:crypto'
import type { Remedy } from '../../model/audit.js'
import type { Facts, LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import { prettyIdentifier } from './sql-text.js'

/** PostgreSQL cuts names at this many bytes; a name that we make is cut by us, with a hash, so that it stays unique. */
const NAME_BYTES = 63

const RUN_ALONE =
  'run each statement by itself, outside a transaction; a CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind: drop it before you try again'

/** How uniqueness can be had for a key set, in the user's own names. `serverVersion` as in server_version_num. */
export function suggest(resolved: ResolvedKeySet, facts: Facts, serverVersion: number): Remedy {
  const { table, parts } = resolved
  if (facts.unjudgeable !== null) return { kind: 'none', sql: [], note: null }
  const name = (label: string) => prettyIdentifier(label)
  const keyParts = parts.filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')
  const untyped = keyParts
    .map((part) => table.columns.find((column) => column.name === part.column))
    .find((column) => column !== undefined && !column.hasEquality)
  if (untyped !== undefined) {
    return {
      kind: 'none',
      sql: [],
      note: `${untyped.name} is of type ${untyped.type}, which has no equality: it can't be compared, grouped or made unique. Store it as ${untyped.baseType === 'json' ? 'jsonb' : 'another type'}, or look up an expression over it such as (${untyped.name}::text)`,
    }
  }
  const relation = `${name(table.schema)}.${name(table.name)}`
  const key =
    keyParts.length === 0 ? nothingButNull(parts) : keyParts.map((part) => keyExpression(part, resolved)).join(', ')
  const where = resolved.predicate === null ? '' : ` WHERE ${resolved.predicate}`
  if (table.inheritanceChildren > 0)
    return sideTable(resolved, `A unique index on ${relation} does not see the rows of the tables that inherit from it`)
  if (table.partitioning !== null) return partitioned(resolved, facts, relation, key, where)
  const index = indexName(resolved)
  const nulls = keyParts.filter((part) => part.nullLookedUp === 'also')
  const leftovers = facts.indexes
    .filter(({ index: found }) => found.unique && !found.valid && found.attached === null)
    .map(({ index: found }) => `DROP INDEX CONCURRENTLY ${name(found.schema)}.${name(found.name)};`)
  if (nulls.length > 0 && serverVersion < 150000) return nullTwins(resolved, relation, leftovers)
  const distinct = nulls.length > 0 ? ' NULLS NOT DISTINCT' : ''
  const create = `CREATE UNIQUE INDEX CONCURRENTLY ${name(index)} ON ${relation} (${key})${distinct}${where};`
  const plain =
    where === '' &&
    keyParts.every((part) => part.column !== null && keyExpression(part, resolved) === name(part.column))
  if (!plain) return { kind: where === '' ? 'expression' : 'partial', sql: [...leftovers, create], note: RUN_ALONE }
  return {
    kind: nulls.length > 0 ? 'nulls-not-distinct' : 'plain',
    sql: [
      ...leftovers,
      create,
      `ALTER TABLE ${relation} ADD CONSTRAINT ${name(index)} UNIQUE USING INDEX ${name(index)};`,
    ],
    note: RUN_ALONE,
  }
}

/** The index member under which the index calls equal just what the lookup does. */
function keyExpression(part: LookupPart, { keySet, table }: ResolvedKeySet): string {
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
  const taken = table.indexes.some((index) => index.name === plain)
  return predicate === null && !taken && Buffer.byteLength(plain) <= NAME_BYTES ? plain : hashed(plain, id)
}

function wordsOf(sql: string): string {
  return sql.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_|_$/g, '')
}

function hashed(name: string, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8)
  let cut = name
  while (Buffer.byteLength(cut) > NAME_BYTES - 9) cut = [...cut].slice(0, -1).join('')
  return `${cut}_${hash}`
}

/** Before 15 there is no NULLS NOT DISTINCT: one partial index for values, one for NULL. */
function nullTwins(resolved: ResolvedKeySet, relation: string, leftovers: readonly string[]): Remedy {
  const keyParts = resolved.parts.filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')
  const nullable = keyParts.filter((part) => part.nullLookedUp === 'also')
  const also = resolved.predicate === null ? '' : ` AND ${resolved.predicate}`
  const index = indexName(resolved)
  const combinations = nullable.reduce<readonly (readonly LookupPart[])[]>(
    (sets, part) => sets.flatMap((set) => [set, [...set, part]]),
    [[]],
  )
  const sql = combinations.map((nulls, at) => {
    const rest = keyParts.filter((part) => !nulls.includes(part))
    const key = rest.length === 0 ? nothingButNull(nulls) : rest.map((part) => keyExpression(part, resolved)).join(', ')
    const tests = nullable.map(
      (part) =>
        `${part.column === null ? `(${part.label})` : prettyIdentifier(part.column)} IS ${nulls.includes(part) ? '' : 'NOT '}NULL`,
    )
    const name = at === 0 ? index : `${index.slice(0, NAME_BYTES - 3)}_n${at}`
    return `CREATE UNIQUE INDEX CONCURRENTLY ${prettyIdentifier(name)} ON ${relation} (${key}) WHERE ${tests.join(' AND ')}${also};`
  })
  return {
    kind: 'partial',
    sql: [...leftovers, ...sql],
    note: 'before PostgreSQL 15 a unique index takes every NULL for a different value, so that values and NULL need an index each',
  }
}

function partitioned(resolved: ResolvedKeySet, facts: Facts, relation: string, key: string, where: string): Remedy {
  const { table, parts } = resolved
  const partition = table.partitioning
  const exact = parts.filter((part) => part.match === 'exact').map((part) => part.column)
  const missing = (partition?.columns ?? []).filter((column) => !exact.includes(column))
  if (partition?.byExpression === true)
    return sideTable(resolved, `${relation} is partitioned by an expression, so no unique constraint is possible on it`)
  if (missing.length > 0)
    return sideTable(
      resolved,
      `${relation} is partitioned by ${missing.join(', ')}, which the lookup doesn't contain, so no unique constraint on it can span the partitions`,
    )
  const begun = facts.indexes.find(
    ({ index: found, parts: compared }) =>
      found.unique && found.attached !== null && !found.valid && compared.every((fact) => fact.relation === 'same'),
  )
  const index = prettyIdentifier(begun?.index.name ?? indexName(resolved))
  const create = begun === undefined ? [`CREATE UNIQUE INDEX ${index} ON ONLY ${relation} (${key})${where};`] : []
  return {
    kind: 'partitioned',
    sql: [
      ...create,
      `-- for each partition p that has no such index attached:`,
      `-- CREATE UNIQUE INDEX CONCURRENTLY ${index}_p ON p (${key})${where};`,
      `-- ALTER INDEX ${prettyIdentifier(table.schema)}.${index} ATTACH PARTITION ${index}_p;`,
    ],
    note: 'the parent index becomes valid, and the guarantee whole, with the last partition attached',
  }
}

/** A table of keys: its primary key is what the audited table can't have. */
function sideTable(resolved: ResolvedKeySet, why: string): Remedy {
  const { table, parts } = resolved
  const columns = parts.flatMap((part) => {
    const column = table.columns.find((candidate) => candidate.name === part.column)
    return part.origin === 'declared' && column !== undefined ? [column] : []
  })
  const name = `${prettyIdentifier(table.schema)}.${prettyIdentifier(`${table.name}_key`.slice(0, NAME_BYTES))}`
  const list = columns.map((column) => `${prettyIdentifier(column.name)} ${column.type}`).join(', ')
  return {
    kind: 'side-table',
    sql: [
      `CREATE TABLE ${name} (${list}, PRIMARY KEY (${columns.map((column) => prettyIdentifier(column.name)).join(', ')}));`,
    ],
    note: `${why}. Use a side table of keys: INSERT INTO ${name} first, in the same transaction, and let its primary key decide who creates the row`,
  }
}
