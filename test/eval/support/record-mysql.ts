import { createConnection } from 'mysql2/promise'
import { exec, freePort, keep, until } from '../../support/process.js'
import type { Application } from './applications.js'
import { type Recorded, runApplication } from './recording.js'

const password = 'eval'

const settings = [
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--log-output=FILE',
  '--general-log-file=/tmp/general.log',
  '--slow-query-log-file=/tmp/slow.log',
  '--performance-schema=ON',
  '--performance-schema-events-statements-history-long-size=20000',
  // The default of 1,024 bytes cuts the WHERE off.
  '--max-digest-length=4096',
  '--performance-schema-max-digest-length=4096',
  '--performance-schema-max-sql-text-length=4096',
]

const consumers =
  "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME LIKE 'events_statements_history%'"

const history =
  'SELECT THREAD_ID, EVENT_ID, END_EVENT_ID, EVENT_NAME, TIMER_START, TIMER_END, SQL_TEXT, DIGEST, CURRENT_SCHEMA,' +
  ' MYSQL_ERRNO, RETURNED_SQLSTATE, MESSAGE_TEXT, ERRORS, WARNINGS, ROWS_AFFECTED, ROWS_SENT, ROWS_EXAMINED,' +
  " NESTING_EVENT_ID, NESTING_EVENT_TYPE FROM performance_schema.events_statements_history_long WHERE CURRENT_SCHEMA = 'app'"

const digests = "SELECT * FROM performance_schema.events_statements_summary_by_digest WHERE SCHEMA_NAME = 'app'"

/** Drives the application on a new server in a container: its logs, and what performance_schema has. */
export async function recordMysql(application: Application, kind: 'mysql' | 'mariadb'): Promise<Recorded[]> {
  const image = kind === 'mysql' ? 'goc-audit-mysql:9' : `goc-audit-mariadb:${application.mariadb ?? '11.8'}`
  const { url, container, stop } = await start(image)
  try {
    await ask(url, 'CREATE DATABASE app')
    await runApplication(application, 'create', `${url}/app`)
    await ask(url, consumers)
    for (const table of ['history_long', 'summary_by_digest'])
      await ask(url, `TRUNCATE performance_schema.events_statements_${table}`)
    await ask(url, 'SET GLOBAL long_query_time = 0', 'SET GLOBAL slow_query_log = ON', 'SET GLOBAL general_log = ON')
    await runApplication(application, 'work', `${url}/app`)
    await ask(url, 'SET GLOBAL general_log = OFF', 'SET GLOBAL slow_query_log = OFF')
    const read = (...args: string[]) => inside(container, args)
    const batch = (sql: string) =>
      read(kind, '-uroot', `-p${password}`, '-h127.0.0.1', `-P${new URL(url).port}`, '-B', '-e', sql)
    return [
      { source: 'general.log', content: await read('cat', '/tmp/general.log') },
      { source: 'slow.log', content: await read('cat', '/tmp/slow.log') },
      ...(kind === 'mysql' ? [{ source: 'history.tsv', content: await batch(history) }] : []),
      { source: 'digest.tsv', content: await batch(digests) },
    ]
  } finally {
    await stop()
  }
}

async function start(image: string) {
  const port = await freePort()
  const environment = ['-e', `MYSQL_ROOT_PASSWORD=${password}`, '-e', `MARIADB_ROOT_PASSWORD=${password}`]
  const args = ['run', '--detach', '--network=host', ...environment, image, `--port=${port}`, ...settings]
  const { stdout } = await exec('docker', image.includes('mysql') ? [...args, '--mysqlx=OFF'] : args)
  const container = stdout.trim()
  const stop = keep([['docker', 'rm', '--force', '--volumes', container]], [], undefined)
  const url = `mysql://root:${password}@127.0.0.1:${port}`
  try {
    await until(() => ask(url, 'SELECT 1'), 120)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, container, stop }
}

async function ask(url: string, ...statements: readonly string[]): Promise<void> {
  const connection = await createConnection(url)
  try {
    for (const sql of statements) await connection.query(sql)
  } finally {
    await connection.end()
  }
}

async function inside(container: string, command: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: 1 << 28 } as const
  return (await exec('docker', ['exec', container, ...command], options)).stdout
}
