import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { fetchPostgres, npmVersions } from '../../support/binaries.js'
import { urlFor } from '../../support/database.js'
import { startPgbouncer } from '../../support/pgbouncer.js'
import { type PostgresProcess, startPostgres } from '../../support/postgres.js'
import type { Application } from './applications.js'
import { type Recorded, runApplication } from './recording.js'

/** Debian's, and what pgBadger asks for. */
const linePrefix = '%m [%p] %q%u@%d '

const statistics =
  'SELECT s.userid, s.dbid, s.toplevel, s.queryid, s.query, s.calls, s.total_exec_time, s.rows' +
  ' FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database()'

/** Drives the application on a new server: its logs in all forms and its statistics. */
export async function recordPostgres(application: Application): Promise<Recorded[]> {
  const server = await start(application)
  try {
    const url = await emptyDatabase(server, application)
    await runApplication(application, 'work', url)
    return [
      { source: 'stderr.log', content: await logOf(server, 'log') },
      { source: 'csv.csv', content: await logOf(server, 'csv') },
      { source: 'json.json', content: await logOf(server, 'json') },
      { source: 'pgss.csv', content: await exported(url) },
    ]
  } finally {
    await server.stop()
  }
}

/** The same through PgBouncer in transaction mode. */
export async function recordBouncer(application: Application): Promise<Recorded[]> {
  const server = await start(application)
  try {
    const url = await emptyDatabase(server, application)
    const bouncer = await startPgbouncer('pgbouncer', server.url)
    try {
      await runApplication(application, 'work', urlFor(url, { port: bouncer.port }))
    } finally {
      await bouncer.stop()
    }
    return [{ source: 'bouncer.log', content: await logOf(server, 'log') }]
  } finally {
    await server.stop()
  }
}

async function start({ postgres = 17, linePrefix: prefix = linePrefix }: Application): Promise<PostgresProcess> {
  const version = npmVersions.find((each) => each.startsWith(`${postgres}.`))
  if (version === undefined) throw new Error(`no build of PostgreSQL ${postgres}`)
  return startPostgres(await fetchPostgres(version), {
    shared_preload_libraries: 'pg_stat_statements',
    logging_collector: 'on',
    log_destination: 'stderr,csvlog,jsonlog',
    log_directory: 'log',
    log_filename: 'eval.log',
    log_line_prefix: prefix,
  })
}

/** A database of which everything from now on is logged. */
async function emptyDatabase(server: PostgresProcess, application: Application): Promise<string> {
  await asked(server.url, 'CREATE DATABASE app')
  const url = urlFor(server.url, { database: 'app' })
  await runApplication(application, 'create', url)
  await asked(url, 'CREATE EXTENSION pg_stat_statements')
  await asked(url, 'SELECT pg_stat_statements_reset()')
  await asked(url, "ALTER DATABASE app SET log_statement = 'all'")
  return url
}

/** The log collector writes a moment later. */
async function logOf(server: PostgresProcess, form: string): Promise<Buffer> {
  const read = () => readFile(join(server.data, 'log', `eval.${form}`))
  for (let [before, now] = [-1, await read()]; ; [before, now] = [now.length, await read()]) {
    if (now.length === before) return now
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/** As COPY … TO STDOUT (FORMAT csv, HEADER) writes it, which node-postgres can't receive. */
async function exported(url: string): Promise<Buffer> {
  const { fields, rows } = await asked(url, statistics)
  const cell = (value: unknown): string => {
    const text = value === null ? '' : typeof value === 'boolean' ? (value ? 't' : 'f') : String(value)
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [fields.map(({ name }) => name), ...rows.map((row) => Object.values(row).map(cell))]
  return Buffer.from(lines.map((line) => `${line.join(',')}\n`).join(''))
}

async function asked(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}
