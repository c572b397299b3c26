import type { Query, ServerInfo } from '../driver.js'

interface Row extends Record<string, unknown> {
  readonly version: string
  readonly comment: string
  readonly db: string | null
  readonly mode: string
  readonly lower: number
  readonly readOnly: number
}

export async function readServer(query: Query): Promise<ServerInfo> {
  const [row] = await query<Row>(
    'SELECT VERSION() AS version, @@version_comment AS comment, DATABASE() AS db, @@global.sql_mode AS mode, @@lower_case_table_names AS lower, @@global.read_only AS readOnly',
  )
  if (row === undefined) throw new Error('the server did not tell its version')
  const version = /\d+\.\d+\.\d+/.exec(row.version)?.[0] ?? row.version
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return {
    flavour: /mariadb/i.test(`${row.version} ${row.comment}`) ? 'mariadb' : 'mysql',
    number: major * 10_000 + minor * 100 + patch,
    version,
    database: row.db ?? '',
    sqlMode: row.mode,
    lowerCaseTableNames: Number(row.lower),
    isolation: await readIsolation(query),
    readOnly: Number(row.readOnly) !== 0,
  }
}

/** MariaDB knew it by another name before 11.1. */
async function readIsolation(query: Query): Promise<string> {
  const rows = await query<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation')",
  )
  return rows[0]?.Value ?? ''
}
