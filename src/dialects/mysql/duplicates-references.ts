import type { IncomingReference, Table } from '../../model/catalog.js'
import type { DuplicateCounts } from '../../model/duplicates.js'
import type { DeclaredReference } from '../../model/keyset.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { partitionBy, type Rows, whereClause } from './duplicates-exact.js'
import type { CountedKeySet } from './duplicates-key.js'
import { overBudget, tableLabel } from './duplicates-refused.js'
import { said } from './errors.js'
import { prettyIdentifier, quoteIdentifier, quoteLiteral, quoteRelation, sameName } from './sql-text.js'

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
  const found = await findReferences(transaction, counted, budget)
  const notes = [...found.notes]
  if (counted.resolved.keySet.resolution.survivor === 'most-referenced')
    return together(transaction, counted, rows, found)
  const each: { from: string; rows: number }[] = []
  for (const reference of found.references) {
    const answer = await transaction.attempt(referencesSql(counted, rows, reference, found.references))
    if ('error' in answer) notes.push(notCounted(reference.label, said(answer.error)))
    else each.push({ from: reference.named, rows: Number(answer.rows[0]?.total) })
  }
  const total = each.reduce((sum, one) => sum + one.rows, 0)
  return { rows: notes.length === 0 ? total : null, notes, by: mostFirst(each) }
}

/** Those without rows left out, most rows first. */
function mostFirst(
  all: readonly { readonly from: string; readonly rows: number }[],
): NonNullable<ReferenceCount['by']> {
  return all.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows)
}

interface FoundReferences {
  readonly references: readonly Reference[]
  readonly notes: readonly string[]
}

/** The survivor depends on all of them. */
async function together(
  { attempt }: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  { references, notes }: FoundReferences,
): Promise<ReferenceCount> {
  if (references.length === 0) return { rows: notes.length === 0 ? 0 : null, notes }
  const answer = await attempt(weighedSql(counted, rows, references))
  if (!('error' in answer)) return { rows: notes.length === 0 ? Number(answer.rows[0]?.total) : null, notes }
  const refused: string[] = []
  for (const reference of references) {
    const alone = await attempt(weighedSql(counted, { condition: 'FALSE' }, [reference]))
    if ('error' in alone) refused.push(notCounted(reference.label, said(alone.error)))
  }
  const others = refused.length > 0 ? refused : [whyNone(answer.error)]
  return { rows: null, notes: [...notes, ...others] }
}

const notCounted = (label: string, why: string): string => `References from ${label} were not counted: ${why}.`
const whyNone = (error: DatabaseError): string => `References to surplus rows were not counted: ${said(error)}.`

async function findReferences(
  transaction: ReadTransaction,
  { table, resolved }: CountedKeySet,
  budget: CountOptions['budget'],
): Promise<FoundReferences> {
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
    const label = [declared.table.schema, declared.table.name]
      .flatMap((name) => (name == null ? [] : prettyIdentifier(name)))
      .join('.')
    const place = { schema: declared.table.schema ?? table.schema, name: declared.table.name }
    const size = await sizeOf(transaction, place)
    const over = size === null ? null : overBudget(size, budget)
    if (size === null) notes.push(notCounted(label, 'there is no such table'))
    else if (over !== null) notes.push(notCounted(label, `it ${over}`))
    else if (declared.columns.length !== table.primaryKey.length)
      notes.push(notCounted(label, `${tableLabel(table)} has a primary key of ${table.primaryKey.length} columns`))
    else references.push(declaredReference(table, declared, label, quoteRelation(place)))
  }
  return { references, notes }
}

async function sizeOf(
  { query }: ReadTransaction,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<{ readonly estimatedRows: number | null; readonly bytes: number | null } | null> {
  const [row] = await query<{ size: number | string | null; bytes: number | string | null }>(
    `SELECT TABLE_ROWS AS size, DATA_LENGTH AS bytes FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${quoteLiteral(schema)} AND TABLE_NAME = ${quoteLiteral(name)}`,
  )
  const number = (value: number | string | null) => (value === null ? null : Number(value))
  return row === undefined ? null : { estimatedRows: number(row.size), bytes: number(row.bytes) }
}

function foreignKey(key: IncomingReference, label: string): Reference {
  return {
    label,
    named: `${label}(${key.columns.map(prettyIdentifier).join(', ')})`,
    from: quoteRelation({ schema: key.schema, name: key.table }),
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
    columns: declared.columns.map(asText),
    targets: table.primaryKey.map(asText),
    where: declared.where ?? null,
  }
}

const asText = (name: string): string =>
  `CAST(${quoteIdentifier(name)} AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin`

/** A declared reference may only tell how to merge the children of a foreign key. */
function isForeignKey(table: Table, { table: child, columns }: DeclaredReference): boolean {
  return table.references.some(
    (key) =>
      sameName(key.table, child.name) &&
      (child.schema === undefined || sameName(key.schema, child.schema)) &&
      key.columns.length === columns.length &&
      columns.every((name) => key.columns.some((column) => sameName(column, name))),
  )
}

/** Rows of the child that point to a row which isn't the first of its group. */
function referencesSql(
  counted: CountedKeySet,
  rows: Rows,
  reference: Reference,
  references: readonly Reference[],
): string {
  const { lookup: key } = counted
  const { columns, targets } = reference
  const place = placeOf(partitionBy(key, rows), survivorOrder(counted, references))
  const list = targets.map((sql, n) => `${sql} AS goc_r${n}`)
  const equal = columns.map((_, n) => `c.goc_t${n} = s.goc_r${n}`)
  return `SELECT COUNT(*) AS total FROM (
      SELECT * FROM (
        SELECT ${list.join(', ')}, ${place} AS goc_place FROM ${key.from} ${whereClause(key, rows)}
      ) AS m WHERE m.goc_place > 1
    ) AS s JOIN ${childRows(reference)} AS c ON ${equal.join(' AND ')}`
}

const placeOf = (partition: readonly string[], order: string): string =>
  `ROW_NUMBER() OVER (PARTITION BY ${partition.join(', ')} ORDER BY ${order})`

function childRows({ from, columns, where }: Reference): string {
  const own = columns.map((sql, n) => `${sql} AS goc_t${n}`).join(', ')
  return `(SELECT ${own} FROM ${from}${where === null ? '' : ` WHERE (${where}\n)`})`
}

/** The same where the row with most references is the survivor. */
function weighedSql(counted: CountedKeySet, rows: Rows, references: readonly Reference[]): string {
  const { lookup: key } = counted
  const partition = partitionBy(key, rows).map((sql, at) => `${sql} AS goc_w${at}`)
  const targets = references.flatMap(({ targets: sqls }, at) => sqls.map((sql, n) => `${sql} AS goc_r${at}_${n}`))
  const ties = `ROW_NUMBER() OVER (ORDER BY ${survivorOrder(counted, references)})`
  const members = `SELECT ${[...partition, ...targets, `${ties} AS goc_tie`].join(', ')} FROM ${key.from} ${whereClause(key, rows)}`
  const joins = references.map((reference, at) => {
    const names = reference.targets.map((_, n) => `goc_r${at}_${n}`)
    const wanted = `SELECT DISTINCT ${reference.targets.map((sql, n) => `${sql} AS ${names[n]}`).join(', ')} FROM ${key.from} ${whereClause(key, rows)}`
    const equal = names.map((name, n) => `c.goc_t${n} = d.${name}`).join(' AND ')
    const list = names.map((name) => `d.${name}`).join(', ')
    const counts = `SELECT ${list}, COUNT(*) AS n FROM (${wanted}) AS d JOIN ${childRows(reference)} AS c ON ${equal} GROUP BY ${list}`
    return `LEFT JOIN (${counts}) AS n${at} ON ${names.map((name) => `n${at}.${name} = m.${name}`).join(' AND ')}`
  })
  const weight = references.map((_, at) => `COALESCE(n${at}.n, 0)`).join(' + ')
  const names = partition.map((_, at) => `w.goc_w${at}`)
  return `SELECT COALESCE(SUM(IF(p.goc_place > 1, p.goc_n, 0)), 0) AS total FROM (
      SELECT w.goc_n, ${placeOf(names, 'w.goc_n DESC, w.goc_tie')} AS goc_place FROM (
        SELECT m.*, ${weight} AS goc_n FROM (${members}) AS m ${joins.join(' ')}
      ) AS w
    ) AS p`
}

/** Best row first, and the same order each time. */
function survivorOrder({ table, resolved }: CountedKeySet, references: readonly Reference[]): string {
  const { survivor } = resolved.keySet.resolution
  const direction = survivor === 'newest' ? ' DESC' : ''
  const unique =
    table.primaryKey.length > 0 ? table.primaryKey.map(quoteIdentifier) : references.flatMap(({ targets }) => targets)
  const ties = (unique.length > 0 ? unique : ['NULL']).map((sql) => `${sql}${direction}`)
  switch (survivor) {
    case 'oldest':
    case 'newest':
    case 'most-referenced':
      return ties.join(', ')
    case 'most-complete':
      return [nullCount(table), ...ties].join(', ')
    default:
      return [`${survivor}\n`, ...ties].join(', ')
  }
}

function nullCount({ columns, unreadableColumns }: Table): string {
  return columns
    .flatMap(({ name }) => (unreadableColumns.includes(name) ? [] : `(${quoteIdentifier(name)} IS NULL)`))
    .join(' + ')
}
