import type { IncomingReference, Table } from '../../model/catalog.js'
import type { DuplicateCounts } from '../../model/duplicates.js'
import type { DeclaredReference } from '../../model/keyset.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { type Rows, whereClause } from './duplicates-exact.js'
import type { CountedKeySet } from './duplicates-key.js'
import { overBudget, tableLabel } from './duplicates-refused.js'
import { prettyIdentifier, quoteIdentifier } from './sql-text.js'

/** Columns of a child that hold values of columns of the counted table. */
interface Reference {
  readonly label: string
  /** With its columns, as SQL writes them. */
  readonly named: string
  readonly from: string
  readonly columns: readonly string[]
  readonly targets: readonly string[]
  readonly where: string | null
}

export interface ReferenceCount {
  /** Null where some reference was not counted; `notes` say which and why. */
  readonly rows: number | null
  readonly notes: readonly string[]
  /** Those that there are any rows of, most first; absent where that isn't known one by one. */
  readonly by?: NonNullable<DuplicateCounts['references']>
}

/** Rows elsewhere that point to a surplus row, which is any but its group's survivor. */
export async function countReferences(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  budget: CountOptions['budget'],
): Promise<ReferenceCount> {
  const { references, notes } = await findReferences(transaction, counted, budget)
  if (references.length === 0) return { rows: notes.length === 0 ? 0 : null, notes }
  const together = await countFor(transaction, counted, rows, references)
  if (Array.isArray(together)) {
    const each = together.map((count, at) => ({ from: references[at]?.named ?? '', rows: count }))
    const total = together.reduce((sum, count) => sum + count, 0)
    return { rows: notes.length === 0 ? total : null, notes, by: mostFirst(each) }
  }
  return { rows: null, notes: [...notes, ...(await findRefused(transaction, counted, references, together))] }
}

/** Those without rows left out, most rows first. */
function mostFirst(
  all: readonly { readonly from: string; readonly rows: number }[],
): NonNullable<ReferenceCount['by']> {
  return all.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows)
}

async function findRefused(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  references: readonly Reference[],
  error: DatabaseError,
): Promise<string[]> {
  const notes: string[] = []
  for (const reference of references) {
    const alone = await countFor(transaction, counted, { condition: 'false', values: [] }, [reference])
    if (!Array.isArray(alone)) notes.push(notCounted(reference.label, alone.message))
  }
  return notes.length > 0 ? notes : [`References to surplus rows were not counted: ${error.message}.`]
}

const notCounted = (label: string, why: string): string => `References from ${label} were not counted: ${why}.`

async function findReferences(
  { query }: ReadTransaction,
  { table, resolved }: CountedKeySet,
  budget: CountOptions['budget'],
): Promise<{ readonly references: readonly Reference[]; readonly notes: readonly string[] }> {
  const references: Reference[] = []
  const notes: string[] = []
  for (const key of table.references) {
    const over = overBudget(key, budget)
    const label = tableLabel({ schema: key.schema, name: key.table })
    if (over !== null) notes.push(notCounted(label, `it ${over}`))
    else references.push(foreignKey(key, label))
  }
  for (const declared of resolved.keySet.resolution.references) {
    if (isForeignKey(table, declared)) continue
    const names = [declared.table.schema, declared.table.name].flatMap((name) => name ?? [])
    const label = names.map(prettyIdentifier).join('.')
    const from = names.map(quoteIdentifier).join('.')
    const [size] = await query<{ found: boolean; rows: string; bytes: string }>(
      `SELECT to_regclass($1) IS NOT NULL AS found, c.reltuples::text AS rows, pg_relation_size(c.oid)::text AS bytes
       FROM (SELECT 1) AS one LEFT JOIN pg_class c ON c.oid = to_regclass($1)`,
      [from],
    )
    const over = overBudget({ estimatedRows: Number(size?.rows), bytes: Number(size?.bytes) }, budget)
    if (size?.found !== true) notes.push(notCounted(label, 'there is no such table'))
    else if (over !== null) notes.push(notCounted(label, `it ${over}`))
    else if (declared.columns.length !== table.primaryKey.length)
      notes.push(notCounted(label, `${tableLabel(table)} has a primary key of ${table.primaryKey.length} columns`))
    else references.push(declaredReference(table, declared, label, from))
  }
  return { references, notes }
}

function foreignKey(key: IncomingReference, label: string): Reference {
  return {
    label,
    named: `${label}(${key.columns.map(prettyIdentifier).join(', ')})`,
    from: `${quoteIdentifier(key.schema)}.${quoteIdentifier(key.table)}`,
    columns: key.columns.map(quoteIdentifier),
    targets: key.targetColumns.map(quoteIdentifier),
    where: null,
  }
}

/** Without a foreign key the types may differ, so texts are compared. */
function declaredReference(table: Table, declared: DeclaredReference, label: string, from: string): Reference {
  return {
    label,
    named: `${label}(${declared.columns.map(prettyIdentifier).join(', ')})`,
    from,
    columns: declared.columns.map((name) => `${quoteIdentifier(name)}::text`),
    targets: table.primaryKey.map((name) => `${quoteIdentifier(name)}::text`),
    where: declared.where ?? null,
  }
}

/** A declared reference may only tell how to merge the children of a foreign key. */
function isForeignKey(table: Table, { table: child, columns }: DeclaredReference): boolean {
  return table.references.some(
    (key) =>
      key.table === child.name &&
      (child.schema === undefined || key.schema === child.schema) &&
      key.columns.length === columns.length &&
      columns.every((name) => key.columns.includes(name)),
  )
}

/** For each of the references. */
async function countFor(
  { attempt }: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  references: readonly Reference[],
): Promise<number[] | DatabaseError> {
  const answer = await attempt<{ references: string[] }>(referencesSql(counted, rows, references), rows.values)
  return 'error' in answer ? answer.error : (answer.rows[0]?.references ?? []).map(Number)
}

function referencesSql(counted: CountedKeySet, rows: Rows, references: readonly Reference[]): string {
  const { lookup: key, resolved, table } = counted
  const by = key.values.map(({ sql }) => sql).join(', ')
  const targets = references.flatMap(({ targets: sqls }, at) => sqls.map((sql, n) => `${sql} AS r${at}_${n}`))
  const { survivor } = resolved.keySet.resolution
  const counts = references.map((reference, at) => childCounts(reference, at))
  const joins = references.map(
    ({ columns }, at) =>
      `LEFT JOIN child${at} ON ${columns.map((_, n) => `child${at}.t${n} = member.r${at}_${n}`).join(' AND ')}`,
  )
  const weights = references.map((_, at) => `coalesce(child${at}.n, 0)`)
  const weight = weights.join(' + ')
  const sums = weights.map((_, at) => `coalesce(sum(n${at}) FILTER (WHERE rank > 1), 0)`)
  const rank =
    survivor === 'most-referenced'
      ? `row_number() OVER (PARTITION BY member.g ORDER BY ${weight} DESC, member.place)`
      : 'member.place'
  return `WITH member AS MATERIALIZED (
      SELECT * FROM (
        SELECT dense_rank() OVER (ORDER BY ${by}) AS g, count(*) OVER (PARTITION BY ${by}) AS n,
               row_number() OVER (PARTITION BY ${by} ORDER BY ${survivorOrder(table, survivor)}) AS place,
               ${targets.join(', ')}
        FROM ${key.from} ${whereClause(key, rows)}
      ) AS m WHERE n > 1
    ), ${counts.join(', ')}
    SELECT ARRAY[${sums.join(', ')}]::text[] AS "references"
    FROM (SELECT ${weights.map((sql, at) => `${sql} AS n${at}`).join(', ')}, ${rank} AS rank FROM member ${joins.join(' ')}) AS ranked`
}

function childCounts({ from, columns, where }: Reference, at: number): string {
  const own = columns.map((sql, n) => `${sql} AS t${n}`).join(', ')
  const names = columns.map((_, n) => `t${n}`).join(', ')
  const wanted = columns.map((_, n) => `r${at}_${n}`).join(', ')
  const condition = where === null ? '' : `(${where}\n) AND `
  return `child${at} AS (
      SELECT ${columns.map((_, n) => `t${n}`).join(', ')}, count(*) AS n
      FROM (SELECT ${own} FROM ${from} WHERE ${condition}(${columns.join(', ')}) IN (SELECT ${wanted} FROM member)) AS c
      GROUP BY ${names})`
}

/** Best row first, and the same order each time. */
function survivorOrder(table: Table, survivor: string): string {
  const direction = survivor === 'newest' ? ' DESC' : ''
  const places = ['table', 'partitioned-table', 'materialized-view'].includes(table.kind) ? ['tableoid', 'ctid'] : ['1']
  const ties = (table.primaryKey.length > 0 ? table.primaryKey.map(quoteIdentifier) : places).map(
    (sql) => `${sql}${direction}`,
  )
  switch (survivor) {
    case 'oldest':
    case 'newest':
    case 'most-referenced':
      return ties.join(', ')
    case 'most-complete':
      return [`${nullCount(table)}`, ...ties].join(', ')
    default:
      return [`${survivor}\n`, ...ties].join(', ')
  }
}

/** In pieces, since a function takes 100 arguments. */
function nullCount({ columns, unreadableColumns }: Table): string {
  const names = columns.flatMap(({ name }) => (unreadableColumns.includes(name) ? [] : quoteIdentifier(name)))
  const pieces: string[] = []
  for (let at = 0; at < names.length; at += 90) pieces.push(`num_nulls(${names.slice(at, at + 90).join(', ')})`)
  return pieces.join(' + ')
}
