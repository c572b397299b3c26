import type { Table } from '../../../model/catalog.js'
import { type Name, readAllNames } from '../catalog-queries.js'
import type { Query, ReadTransaction } from '../driver.js'
import { quoteLiteral, quoteRelation } from '../sql-text.js'

/** Queries of the facts that `fix` needs beside the catalog. One per database, as in ../catalog-queries.ts. */

export interface TriggerName extends Name {
  readonly trigger: string
}

/** Triggers that fire when rows are changed or removed. Shown to users with the TRIGGER privilege only. */
export async function readRowTriggers(query: Query, schemas: readonly string[]): Promise<TriggerName[]> {
  const rows: TriggerName[] = []
  for (const schema of schemas)
    rows.push(
      ...(await query<TriggerName & Record<string, unknown>>(
        `SELECT EVENT_OBJECT_SCHEMA AS \`schema\`, EVENT_OBJECT_TABLE AS name, TRIGGER_NAME AS \`trigger\`
         FROM information_schema.TRIGGERS
         WHERE EVENT_OBJECT_SCHEMA = ${quoteLiteral(schema)} AND EVENT_MANIPULATION IN ('UPDATE', 'DELETE')
         ORDER BY TRIGGER_NAME`,
      )),
    )
  return rows
}

export interface ColumnName extends Name {
  readonly column: string
  readonly type: string
  readonly baseType: string
  readonly collation: string | null
  /** Part of a foreign key. */
  readonly refers: boolean
}

/** The columns of all tables in these databases. */
export async function readAllColumns(query: Query, schemas: readonly string[]): Promise<ColumnName[]> {
  const tables = new Set((await readAllNames(query)).flatMap((row) => (row.type.endsWith('VIEW') ? [] : [place(row)])))
  const columns: ColumnName[] = []
  for (const schema of schemas) {
    const within = quoteLiteral(schema)
    const referring = await query<Name & { column: string } & Record<string, unknown>>(
      `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, COLUMN_NAME AS \`column\`
       FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = ${within} AND REFERENCED_TABLE_NAME IS NOT NULL`,
    )
    const refers = new Set(referring.map((row) => JSON.stringify([place(row), row.column])))
    const rows = await query<Omit<ColumnName, 'refers'> & Record<string, unknown>>(
      `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name, COLUMN_NAME AS \`column\`, COLUMN_TYPE AS type,
         DATA_TYPE AS baseType, COLLATION_NAME AS collation
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${within} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    )
    for (const row of rows)
      if (tables.has(place(row))) columns.push({ ...row, refers: refers.has(JSON.stringify([place(row), row.column])) })
  }
  return columns
}

/** Columns on which our user has no right at all are in no catalog. */
export async function readableTables(
  { attempt }: Pick<ReadTransaction, 'attempt'>,
  tables: readonly Table[],
): Promise<ReadonlySet<Table>> {
  const readable = new Set<Table>()
  for (const table of tables) {
    const answer = await attempt(`SELECT * FROM ${quoteRelation(table)} LIMIT 0`)
    if ('rows' in answer) readable.add(table)
  }
  return readable
}

export const place = ({ schema, name }: Name): string => JSON.stringify([schema, name])

/** What is done with changes once they are made. */
export interface LogSettings {
  readonly logs: boolean
  /** ROW, MIXED or STATEMENT; '' where it isn't known. */
  readonly format: string
  readonly gtids: boolean
  /** Members of a cluster apply changes as they commit: Galera's, or group replication's. */
  readonly cluster: string | null
}

export async function readLogSettings({ query }: Pick<ReadTransaction, 'query'>): Promise<LogSettings> {
  const rows = await query<{ name: string; value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN
       ('log_bin', 'binlog_format', 'gtid_mode', 'gtid_strict_mode', 'wsrep_on', 'group_replication_group_name')`,
  )
  const values = new Map(rows.map((row) => Object.values(row).map(String) as [string, string]))
  const isOn = (name: string) => /^(on|1)/i.test(values.get(name) ?? '')
  return {
    logs: isOn('log_bin'),
    format: (values.get('binlog_format') ?? '').toUpperCase(),
    gtids: isOn('gtid_mode') || isOn('gtid_strict_mode'),
    cluster: isOn('wsrep_on') ? 'Galera' : values.get('group_replication_group_name') ? 'Group Replication' : null,
  }
}
