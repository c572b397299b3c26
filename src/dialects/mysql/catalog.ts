import type { IncomingReference, Index, ReferentialAction, RelationKind, Table } from '../../model/catalog.js'
import { toColumn } from './catalog-columns.js'
import { isPinned, toIndexes } from './catalog-indexes.js'
import {
  type ColumnRow,
  type ForeignKeyRow,
  type IndexRow,
  type Name,
  type Of,
  type PartitionRow,
  type RelationRow,
  readColumnRows,
  readForeignKeyRows,
  readGrantedByColumn,
  readIndexRows,
  readPartitionRows,
  readRelationRows,
  readRuleRows,
  readTriggerRows,
  readViewRows,
  type TriggerRow,
  type ViewRow,
} from './catalog-queries.js'
import type { ReadTransaction, ServerInfo } from './driver.js'
import { columnsIn, nameOf, quoteRelation, sameName, words } from './sql-text.js'

export interface RawCatalog {
  /** By `keyOf` their name. */
  readonly tables: ReadonlyMap<string, Table>
  readonly views: ReadonlyMap<string, ViewRow>
}

/** Tables are told apart by case where the server does so. */
export function keyOf(
  { schema, name }: Name,
  { lowerCaseTableNames }: Pick<ServerInfo, 'lowerCaseTableNames'>,
): string {
  const key = quoteRelation({ schema, name })
  return lowerCaseTableNames === 0 ? key : key.toLowerCase()
}

/** A foreign key with its columns together. */
export interface ForeignKey {
  readonly name: string
  readonly child: Name
  readonly columns: readonly string[]
  readonly parent: Name
  readonly targetColumns: readonly string[]
}

type Grouped<Row> = ReadonlyMap<string, readonly Row[]>

/** All that was read, by `keyOf` the table. */
interface Rows {
  readonly columns: Grouped<ColumnRow>
  readonly indexes: Grouped<Of<IndexRow>>
  readonly partitions: Grouped<PartitionRow>
  readonly triggers: Grouped<TriggerRow>
  readonly references: Grouped<IncomingReference>
  /** Columns of the foreign keys that the table has. */
  readonly outgoing: Grouped<ForeignKey>
  readonly hidden: ReadonlySet<string>
}

/** Reads the named relations in ten queries for each database that they are in. */
export async function readRelations(transaction: ReadTransaction, names: readonly Name[]): Promise<RawCatalog> {
  const { query, server } = transaction
  const grouped = <Row>(rows: readonly Of<Row>[]) => groupBy(rows, (row) => keyOf(row, server))
  const relations = await readRelationRows(query, names)
  const foreignKeys = toForeignKeys(await readForeignKeyRows(query, names))
  const rows: Rows = {
    columns: grouped(await readColumnRows(query, names)),
    indexes: grouped(await readIndexRows(query, names, server)),
    partitions: grouped(await readPartitionRows(query, names)),
    triggers: grouped(await readTriggerRows(query, names)),
    references: await readReferences(transaction, names, foreignKeys),
    outgoing: groupBy(foreignKeys, ({ child }) => keyOf(child, server)),
    hidden: await partlyHidden(transaction, names),
  }
  const views = grouped(await readViewRows(query, names))
  const wanted = new Set(names.map((name) => keyOf(name, server)))
  return {
    tables: new Map(
      relations
        .filter((row) => wanted.has(keyOf(row, server)))
        .map((row) => [keyOf(row, server), toTable(row, rows, server)]),
    ),
    views: new Map([...views].flatMap(([key, [view]]) => (view === undefined ? [] : [[key, view] as const]))),
  }
}

function toTable(row: Of<RelationRow>, rows: Rows, server: ServerInfo): Table {
  const key = keyOf(row, server)
  const columnRows = rows.columns.get(key) ?? []
  const names = columnRows.map(({ column }) => column)
  const columns = columnRows.map((column) => toColumn(column, server))
  const indexes = toIndexes(rows.indexes.get(key) ?? [], columns)
  const references = rows.references.get(key) ?? []
  const [partition] = rows.partitions.get(key) ?? []
  const needed = [
    ...(rows.outgoing.get(key) ?? []).map((foreignKey) => foreignKey.columns),
    ...references.map((reference) => reference.targetColumns),
  ]
  const primaryKey = indexes.find((index) => index.primary)?.parts.flatMap((part) => part.column ?? []) ?? []
  return {
    id: quoteRelation(row),
    schema: row.schema,
    ...(isOwn(row, server) ? { schemaImplied: true } : {}),
    name: row.name,
    kind: kindOf(row, partition),
    ...(row.engine === null ? {} : { engine: row.engine }),
    ...(/^(compact|redundant)$/i.test(row.rowFormat ?? '') && row.engine === 'InnoDB' ? { indexColumnBytes: 767 } : {}),
    ...(row.type === 'SYSTEM VERSIONED' ? { systemVersioned: true } : {}),
    temporary: false,
    isPartition: false,
    inheritanceChildren: 0,
    partitioning: toPartitioning(partition, names, primaryKey),
    estimatedRows: row.rows === null ? null : Number(row.rows),
    bytes: row.bytes === null ? null : Number(row.bytes),
    columns,
    primaryKey,
    indexes: indexes.map((index): Index => ({ ...index, pinned: isPinned(index, indexes, needed) })),
    references,
    rowSecurity: 'off',
    unreadableColumns: columnRows.filter((column) => !canSelect(column)).map(({ column }) => column),
    ...(rows.hidden.has(key) ? { partlyHidden: true } : {}),
    insertTriggers: (rows.triggers.get(key) ?? []).map(({ trigger, body }) => ({
      name: trigger,
      assigns: names.filter((column) => assigns(body, column)),
    })),
    base: null,
  }
}

const isOwn = ({ schema }: Name, server: ServerInfo): boolean =>
  keyOf({ schema, name: '' }, server) === keyOf({ schema: server.database, name: '' }, server)

/** Of the tables that our user may read by column, those that it may not read all of. */
async function partlyHidden({ query, attempt, server }: ReadTransaction, names: readonly Name[]): Promise<Set<string>> {
  const hidden = new Set<string>()
  for (const name of await readGrantedByColumn(query, names)) {
    const answer = await attempt(`EXPLAIN SELECT * FROM ${quoteRelation(name)}`)
    if ('error' in answer && [1142, 1143].includes(answer.error.errno ?? 0)) hidden.add(keyOf(name, server))
  }
  return hidden
}

const canSelect = ({ privileges }: { readonly privileges: string }): boolean => privileges.split(',').includes('select')

export function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group === undefined) groups.set(key(row), [row])
    else group.push(row)
  }
  return groups
}

function kindOf({ type }: RelationRow, partition: PartitionRow | undefined): RelationKind {
  if (type.endsWith('VIEW')) return 'view'
  return partition === undefined || isBySystemTime(partition) ? 'table' : 'partitioned-table'
}

/** Old versions of rows apart from the current ones: unique indexes span the current rows of all partitions. */
const isBySystemTime = ({ method }: PartitionRow): boolean => method === 'SYSTEM_TIME'

function toPartitioning(
  row: PartitionRow | undefined,
  known: readonly string[],
  primaryKey: readonly string[],
): Table['partitioning'] {
  if (row === undefined || isBySystemTime(row)) return null
  const expressions = [row.expression ?? '', row.subexpression ?? '']
  // PARTITION BY KEY () is by the primary key.
  const columns = /\S/.test(row.expression ?? '') ? columnsIn(expressions.join(','), known) : primaryKey
  const byExpression = expressions.some((sql) => words(sql).some(({ kind, text }) => kind !== 'quoted' && text !== ','))
  return { columns, byExpression, partitions: Number(row.partitions) }
}

export function toForeignKeys(rows: readonly ForeignKeyRow[]): ForeignKey[] {
  const groups = groupBy(rows, (row) => `${quoteRelation(row)}.${row.constraint}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return [
      {
        name: first.constraint,
        child: { schema: first.schema, name: first.name },
        columns: group.map((row) => row.column),
        parent: { schema: first.targetSchema, name: first.targetName },
        targetColumns: group.map((row) => row.target),
      },
    ]
  })
}

/** By the table that they point at. */
async function readReferences(
  { query, server }: ReadTransaction,
  names: readonly Name[],
  foreignKeys: readonly ForeignKey[],
): Promise<ReadonlyMap<string, readonly IncomingReference[]>> {
  const wanted = new Set(names.map((name) => keyOf(name, server)))
  const incoming = foreignKeys.filter(({ parent }) => wanted.has(keyOf(parent, server)))
  const children = [...new Map(incoming.map(({ child }) => [keyOf(child, server), child])).values()]
  const sizes = groupBy(await readRelationRows(query, children), (row) => keyOf(row, server))
  const rules = groupBy(await readRuleRows(query, children), (row) => `${keyOf(row, server)}.${row.constraint}`)
  const references = incoming.map(({ name, child, columns, parent, targetColumns }) => {
    const [size] = sizes.get(keyOf(child, server)) ?? []
    const [rule] = rules.get(`${keyOf(child, server)}.${name}`) ?? []
    const reference: IncomingReference = {
      name,
      schema: child.schema,
      table: child.name,
      columns,
      targetColumns,
      onDelete: actionOf(rule?.onDelete),
      onUpdate: actionOf(rule?.onUpdate),
      estimatedRows: Number(size?.rows ?? 0),
      bytes: Number(size?.bytes ?? 0),
    }
    return { parent: keyOf(parent, server), reference }
  })
  return new Map(
    [...groupBy(references, ({ parent }) => parent)].map(([parent, group]) => [
      parent,
      group.map(({ reference }) => reference),
    ]),
  )
}

const ACTIONS: readonly ReferentialAction[] = ['no action', 'restrict', 'cascade', 'set null', 'set default']

const actionOf = (rule: string | undefined): ReferentialAction =>
  ACTIONS.find((action) => action === rule?.toLowerCase()) ?? 'restrict'

/** Whether a trigger's body stores something of its own in NEW.column: by SET, or by INTO. */
function assigns(body: string, column: string): boolean {
  const list = words(body)
  let storing = false
  for (const [at, { kind, text }] of list.entries()) {
    if (kind === 'word' && /^(set|into)$/i.test(text)) storing = true
    if (text === ';' || (kind === 'word' && /^(from|where|then|do|begin)$/i.test(text))) storing = false
    const [name, next] = [list[at + 2], list[at + 3]]
    if (!storing || !/^new$/i.test(nameOf({ kind, text })) || list[at + 1]?.text !== '.' || name === undefined) continue
    const target = /^(set|,|into)$/i.test(list[at - 1]?.text ?? '')
    const stored = next === undefined || ['=', ':=', ',', ';'].includes(next.text) || /^from$/i.test(next.text)
    if (target && stored && sameName(nameOf(name), column)) return true
  }
  return false
}
