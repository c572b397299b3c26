import type { Column, IncomingReference, Index, IndexPart, RelationKind, Table } from '../../model/catalog.js'
import { COLUMNS, INDEXES, INSERT_TRIGGERS, REFERENCES, RELATIONS } from './catalog-queries.js'
import type { Query } from './driver.js'

type Of<Row> = Row & { readonly relation: string }

interface RelationRow {
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  readonly temporary: boolean
  readonly isPartition: boolean
  readonly estimatedRows: number | null
  readonly bytes: number | null
  readonly inheritanceChildren: number
  readonly partitions: number
  readonly partitionColumns: readonly string[]
  readonly partitionByExpression: boolean
  readonly rowSecurity: boolean
  readonly rowSecurityActive: boolean
  readonly readable: boolean
  readonly insertable: boolean | null
  readonly readsFrom: readonly string[] | null
}

type ColumnRow = Of<Omit<Column, 'isCreationStamp'> & { readonly defaultsToNow: boolean; readonly readable: boolean }>

interface PartRow {
  readonly column: string | null
  readonly expression: string | null
  readonly operator: string | null
  readonly operatorClass: string | null
  readonly isDefault: boolean
  readonly sameCollation: boolean
  readonly collation: string | null
  readonly deterministic: boolean
}

type IndexRow = Of<Omit<Index, 'parts'> & { readonly parts: readonly PartRow[] }>

/** What a view reads, before its own definition is looked at. */
export interface RawView {
  readonly insertable: boolean
  readonly readsFrom: readonly string[]
}

export interface RawCatalog {
  readonly tables: ReadonlyMap<string, Table>
  readonly views: ReadonlyMap<string, RawView>
}

const KINDS: Record<RelationRow['kind'], RelationKind> = {
  r: 'table',
  p: 'partitioned-table',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign-table',
}

/** Each row as one JSON text: the same for every driver, whatever its type parsers. */
export async function jsonRows<Row>(query: Query, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const rows = await query<{ row: string }>(`SELECT to_jsonb(q)::text AS row FROM (${sql}) AS q`, values)
  return rows.map(({ row }) => JSON.parse(row) as Row)
}

/** Rows by the relation (oid) that they belong to. */
export function byRelation<Row extends { readonly relation: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.relation)
    if (group === undefined) groups.set(row.relation, [row])
    else group.push(row)
  }
  return groups
}

/** Reads the named relations (by oid) in six queries. */
export async function readRelations(query: Query, ids: readonly string[]): Promise<RawCatalog> {
  const [relations, columns, indexes, references, triggers] = [
    await jsonRows<RelationRow>(query, RELATIONS, [ids]),
    byRelation(await jsonRows<ColumnRow>(query, COLUMNS, [ids])),
    byRelation(await jsonRows<IndexRow>(query, INDEXES, [ids])),
    byRelation(await jsonRows<Of<IncomingReference>>(query, REFERENCES, [ids])),
    byRelation(await jsonRows<Of<{ name: string; body: string }>>(query, INSERT_TRIGGERS, [ids])),
  ]
  const tables = new Map<string, Table>()
  const views = new Map<string, RawView>()
  for (const row of relations) {
    const rowColumns = columns.get(row.id) ?? []
    const rowIndexes = (indexes.get(row.id) ?? []).map(toIndex)
    tables.set(row.id, {
      id: row.id,
      schema: row.schema,
      name: row.name,
      kind: KINDS[row.kind],
      temporary: row.temporary,
      isPartition: row.isPartition,
      inheritanceChildren: row.inheritanceChildren,
      partitioning:
        row.kind === 'p'
          ? { columns: row.partitionColumns, byExpression: row.partitionByExpression, partitions: row.partitions }
          : null,
      estimatedRows: row.estimatedRows,
      bytes: row.bytes,
      columns: rowColumns.map(toColumn),
      primaryKey: rowIndexes.find((index) => index.primary)?.parts.flatMap((part) => part.column ?? []) ?? [],
      indexes: rowIndexes,
      references: (references.get(row.id) ?? []).map(({ relation: _, ...reference }) => reference),
      rowSecurity: row.rowSecurity ? (row.rowSecurityActive ? 'filters' : 'bypassed') : 'off',
      unreadableColumns: row.readable
        ? []
        : rowColumns.filter((column) => !column.readable).map((column) => column.name),
      insertTriggers: (triggers.get(row.id) ?? []).map(({ name, body }) => ({
        name,
        assigns: rowColumns.map((column) => column.name).filter((column) => assigns(body, column)),
      })),
      base: null,
    })
    if (row.kind === 'v') views.set(row.id, { insertable: row.insertable === true, readsFrom: row.readsFrom ?? [] })
  }
  return { tables, views }
}

function toColumn({ relation: _, defaultsToNow, readable: __, ...row }: ColumnRow): Column {
  const named = /^(created|inserted)|^date_joined$/i.test(row.name)
  return { ...row, isCreationStamp: row.isTimestamp && (defaultsToNow || named) }
}

function toIndex({ relation: _, parts, ...row }: IndexRow): Index {
  return { ...row, parts: parts.map(toPart) }
}

function toPart(row: PartRow): IndexPart {
  return {
    column: row.column,
    expression: row.expression,
    equality: {
      kind: row.isDefault ? 'default' : row.operator === '&&' ? 'overlap' : 'other',
      operator: row.operator ?? '=',
      operatorClass: row.operatorClass,
      collation: row.sameCollation ? null : row.collation,
      deterministic: row.deterministic,
    },
  }
}

/** Whether a trigger function's body stores something of its own in NEW.column (comparisons don't count). */
function assigns(body: string, column: string): boolean {
  const code = body.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
  const plain = column.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const target = String.raw`NEW\s*\.\s*(?:${plain}|"${plain.replaceAll('"', '""')}")(?![\w"$])`
  const statement = String.raw`(?:^|;|\bbegin|\bthen|\belse|\bloop|>>)\s*${target}\s*=`
  return new RegExp(
    String.raw`${target}\s*:=|${statement}|\binto\s+(?:strict\s+)?(?:[\w."]+\s*,\s*)*${target}`,
    'i',
  ).test(code)
}
