import { STANDARD_SQL, type StatementSink } from '../../model/statement.js'
import type { RecordedOptions, RecordedSource } from '../dialect.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { identifier } from './sql-text.js'

const NAME = 'pg_stat_statements'
/** Rows that are held at once. */
const page = 1_000

interface InstalledRow extends Record<string, unknown> {
  readonly schema: string
  /** pg_stat_statements_info is there. */
  readonly info: boolean
  readonly role: string
}

const INSTALLED = `
  SELECT n.nspname::text AS schema, current_user::text AS role,
         to_regclass(format('%I.pg_stat_statements_info', n.nspname)) IS NOT NULL AS info
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`

const MISSING =
  'pg_stat_statements is not installed in this database: CREATE EXTENSION pg_stat_statements; the server must load it as well, by shared_preload_libraries.'

/** Sums per statement of this database, since they were last reset; the failed executions are not among them. */
export async function readRecorded(
  { query, attempt }: ReadTransaction,
  sink: StatementSink,
  options: RecordedOptions = {},
): Promise<readonly RecordedSource[]> {
  const [installed] = await query<InstalledRow>(INSTALLED)
  if (installed === undefined) return [{ name: NAME, rows: 0, notes: [MISSING] }]
  const view = `${identifier(installed.schema)}.pg_stat_statements`
  const hidden = await attempt<{ hidden: string }>(hiddenSql(view))
  if ('error' in hidden) return [{ name: NAME, rows: 0, notes: [refusal(hidden.error, view, installed.role)] }]
  const rows = await readPages({ query, attempt }, view, sink, options)
  const notes = [
    ...hiddenNotes(Number(hidden.rows[0]?.hidden ?? 0), installed.role),
    ...(installed.info ? await infoNotes({ query, attempt }, view) : []),
    ...(rows === 0 ? ['It holds no statements of this database yet.'] : []),
  ]
  return [{ name: NAME, rows, notes }]
}

const ofThisDatabase = 'dbid = (SELECT oid FROM pg_database WHERE datname = current_database())'

const hiddenSql = (view: string): string =>
  `SELECT count(*)::text AS hidden FROM ${view} WHERE ${ofThisDatabase} AND queryid IS NULL`

function refusal(error: DatabaseError, view: string, role: string): string {
  if (error.code === '42501') return `${NAME} was not read: GRANT SELECT ON ${view} TO ${identifier(role)};`
  // Not loaded: object_not_in_prerequisite_state.
  if (error.code === '55000') {
    return "The server has not loaded pg_stat_statements: set shared_preload_libraries = 'pg_stat_statements' and restart it."
  }
  return `${NAME} was not read: ${error.message}.`
}

function hiddenNotes(count: number, role: string): string[] {
  if (count === 0) return []
  const grant = `GRANT pg_read_all_stats TO ${identifier(role)};`
  return [`${count} ${count === 1 ? 'statement' : 'statements'} of other roles can't be seen by this one: ${grant}`]
}

interface InfoRow extends Record<string, unknown> {
  readonly dealloc: string
  readonly reset: string | null
}

async function infoNotes({ attempt }: ReadTransaction, view: string): Promise<string[]> {
  const answer = await attempt<InfoRow>(`
    SELECT dealloc::text AS dealloc, to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS reset
    FROM ${view}_info`)
  const info = 'error' in answer ? undefined : answer.rows[0]
  if (info === undefined) return []
  return [
    ...(info.reset === null ? [] : [`Counted since ${info.reset} UTC.`]),
    ...(Number(info.dealloc) > 0
      ? [
          `The least used statements were thrown out ${info.dealloc} times, so counts may be too low: raise pg_stat_statements.max and restart the server.`,
        ]
      : []),
  ]
}

interface StatementRow extends Record<string, unknown> {
  readonly id: string
  readonly query: string
  readonly calls: string
  readonly rows: string
}

/** Several rows of one id (of several roles, or inside functions) are always on the same page. */
const pageSql = (view: string): string => `
  SELECT queryid::text AS id, query, calls::text AS calls, rows::text AS rows FROM ${view}
  WHERE ${ofThisDatabase} AND queryid > $1::text::bigint
  ORDER BY queryid FETCH FIRST ${page} ROWS WITH TIES`

async function readPages(
  { query }: ReadTransaction,
  view: string,
  sink: StatementSink,
  options: RecordedOptions,
): Promise<number> {
  const database = (await query<{ name: string }>('SELECT current_database()::text AS name'))[0]?.name ?? ''
  let count = 0
  for (let last = '-9223372036854775808'; ; ) {
    const rows = await query<StatementRow>(pageSql(view), [last])
    for (const { query: text, calls, rows: returned } of rows) {
      if (isOurs(text)) continue
      count += 1
      sink.totals({
        grammar: STANDARD_SQL,
        database: bytes(database),
        text: bytes(text),
        calls: Number(calls),
        rows: Number(returned),
        errors: Number.NaN,
        truncated: false,
      })
    }
    options.onProgress?.(NAME, count)
    if (rows.length < page) return count
    last = rows.at(-1)?.id ?? last
  }
}

/** One character per byte, as the sink wants it. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** Our own statements: every catalog query is wrapped so, and the others name something of ours. */
function isOurs(text: string): boolean {
  return /^\s*SELECT to_jsonb\(q\)::text AS row FROM \(/.test(text) || /\bgoc_audit/.test(text) || text.includes(NAME)
}
