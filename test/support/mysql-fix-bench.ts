import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import { quoteIdentifier } from '../../src/dialects/mysql/sql-text.js'
import { unique, urlFor } from './database.js'
import { mysqlClient } from './mysql-client.js'
import { statementsOf } from './mysql-statements.js'
import type { Server } from './servers.js'

/** The database that cases are loaded into, and the beginning of the names of all others that they make. */
export const APPLICATION = 'fix_case'
export const ARCHIVE = 'fix_archive'

/** How a file gets to the server: one statement after the other, all of it at once, or by the product's own client. */
export type Way = 'statements' | 'at once' | 'client'

/** The databases of cases on one server, used by one case after the other. */
export interface MysqlBench {
  readonly server: Server
  /** A read-only one, of a user who owns the cases' databases and nothing else. */
  readonly session: Session
  /** One statement, by root. */
  rows(sql: string): Promise<(string | null)[][]>
  /** Drops whatever an earlier case has left, and runs a file as root. */
  load(schema: string): Promise<string>
  /** As root, into what is there. */
  script(sql: string): Promise<string>
  /** Whatever `settings` sets holds in the session that runs the files of the case from now on. */
  use(way: Way, settings: string): Promise<void>
  /** Runs a file as the databases' user. Returns the server's messages; empty where it ran through. */
  run(file: string): Promise<string>
  close(): Promise<void>
}

export async function openMysqlBench(server: Server): Promise<MysqlBench> {
  const root = await open(server.url)
  await empty(root)
  const user = unique('u')
  await root.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'secret'`)
  for (const name of [`${APPLICATION}%`, ARCHIVE])
    await root.query(`GRANT ALL ON ${quoteIdentifier(name.replaceAll('_', '\\_'))}.* TO ${user}@'%'`)
  const url = urlFor(server.url, { user, password: 'secret', database: APPLICATION })
  const session = await connect({ url, shown: 'the test database', schemas: [] }, { statementTimeout: 20_000 })
  let way: Way = 'statements'
  let settings = ''
  let runner: Connection | null = null

  const leave = () => {
    runner?.destroy()
    runner = null
  }
  const throughDriver = async (file: string): Promise<string> => {
    if (runner === null) {
      runner = await open(url)
      for (const statement of statementsOf(settings)) await runner.query(statement)
    }
    const before = await settingsOf(runner)
    const outcome = await outcomeOf(runner, way === 'at once' ? [file] : statementsOf(file))
    // As the plain clients do: the first error ends the session.
    if (outcome !== '') leave()
    else if (runner !== null) return differenceOf(before, await settingsOf(runner))
    return outcome
  }
  const throughClient = async (file: string): Promise<string> => {
    const { code, stdout, stderr } = await mysqlClient({ ...server, url }, [APPLICATION], `${settings}\n${file}`)
    return code === 0 ? '' : `${stderr}${stdout}`
  }
  return {
    server,
    session,
    rows: async (sql) => {
      const [rows] = await root.query<RowDataPacket[][]>({ sql, rowsAsArray: true })
      return rows as unknown as (string | null)[][]
    },
    load: async (schema) => {
      leave()
      await empty(root)
      return outcomeOf(root, [
        `USE ${APPLICATION}`,
        ...statementsOf(schema),
        "SET foreign_key_checks = 1, time_zone = '+00:00'",
      ])
    },
    script: (sql) => outcomeOf(root, statementsOf(sql)),
    use: async (next, text) => {
      leave()
      way = next
      settings = text
    },
    run: (file) => (way === 'client' ? throughClient(file) : throughDriver(file)),
    close: async () => {
      leave()
      await session.close()
      await root.query('SET SESSION sql_mode = DEFAULT')
      await drop(root, [...(await databases(root))])
      await root.query(`DROP USER ${user}@'%'`)
      await root.end()
    },
  }
}

async function open(uri: string): Promise<Connection> {
  const options = { multipleStatements: true, supportBigNumbers: true, bigNumberStrings: true, dateStrings: true }
  const connection = await createConnection({ uri, timezone: 'Z', ...options })
  await connection.query("SET SESSION time_zone = '+00:00', SESSION lock_wait_timeout = 10")
  return connection
}

async function outcomeOf(connection: Connection, statements: readonly string[]): Promise<string> {
  const told: string[] = []
  for (const statement of statements) {
    try {
      const [rows] = await connection.query(statement)
      told.push(...problemsIn(rows))
    } catch (error) {
      return [(error as Error).message, ...told].join(' ')
    }
  }
  return ''
}

/** What a file tells in a row before its error, which has room for less. */
function problemsIn(result: unknown): string[] {
  const [row] = Array.isArray(result) ? (result as Record<string, unknown>[]) : []
  return row !== undefined && row !== null && 'goc-audit' in row ? Object.values(row).map(String) : []
}

const SETTINGS =
  'sql_mode time_zone autocommit lock_wait_timeout innodb_lock_wait_timeout foreign_key_checks unique_checks sql_safe_updates sql_select_limit group_concat_max_len'

async function settingsOf(connection: Connection): Promise<string[]> {
  const values = SETTINGS.split(' ').map((name) => `@@SESSION.${name}`)
  const [rows] = await connection.query<RowDataPacket[][]>({ sql: `SELECT ${values.join(', ')}`, rowsAsArray: true })
  return (rows[0] ?? []).map(String)
}

const differenceOf = (before: readonly string[], after: readonly string[]): string =>
  SETTINGS.split(' ')
    .flatMap((name, at) => (before[at] === after[at] ? [] : [`${name} was ${before[at]} and is ${after[at]}`]))
    .join(', ')

async function databases(root: Connection): Promise<string[]> {
  const [rows] = await root.query<RowDataPacket[]>(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '${APPLICATION}%' OR SCHEMA_NAME = '${ARCHIVE}'`,
  )
  return rows.map(({ name }) => String(name))
}

async function drop(root: Connection, names: readonly string[]): Promise<void> {
  await root.query('ROLLBACK; UNLOCK TABLES; SET SESSION foreign_key_checks = 0')
  for (const name of names) await root.query(`DROP DATABASE ${quoteIdentifier(name)}`)
  await root.query('SET SESSION foreign_key_checks = 1')
}

/** The first database stays, since the session that plans is connected to it. */
async function empty(root: Connection): Promise<void> {
  await root.query("SET SESSION sql_mode = DEFAULT, time_zone = '+00:00'")
  const names = await databases(root)
  await drop(
    root,
    names.filter((name) => name !== APPLICATION),
  )
  if (!names.includes(APPLICATION)) await root.query(`CREATE DATABASE ${APPLICATION} CHARACTER SET utf8mb4`)
  const [left] = await root.query<RowDataPacket[]>(
    `SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, TABLE_NAME AS name
       FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${APPLICATION}'
     UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${APPLICATION}'`,
  )
  await root.query('SET SESSION foreign_key_checks = 0')
  for (const { kind, name } of left) await root.query(`DROP ${kind} ${APPLICATION}.${quoteIdentifier(String(name))}`)
  await root.query('SET SESSION foreign_key_checks = 1')
}
