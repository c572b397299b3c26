import type { RecordingSettings } from '../dialect.js'
import type { Query, ReadTransaction } from './driver.js'

const SETTINGS = `
  SELECT name::text AS name, setting AS value FROM pg_settings WHERE name IN
    ('log_line_prefix', 'log_destination', 'logging_collector', 'log_timezone', 'log_statement',
     'log_min_duration_statement', 'log_statement_sample_rate', 'log_transaction_sample_rate',
     'log_parameter_max_length', 'log_min_error_statement')`

const OFFSET = `
  SELECT (extract(epoch FROM (now() AT TIME ZONE $1) - (now() AT TIME ZONE 'UTC')) / 60)::int::text AS minutes`

const FILES = `
  SELECT pg_current_logfile(kind) AS file, current_setting('data_directory', true) AS directory
  FROM unnest(ARRAY['csvlog', 'jsonlog', 'stderr']) AS kind`

export async function recordingSettings({ query, attempt }: ReadTransaction): Promise<RecordingSettings> {
  const rows = await query<{ name: string; value: string }>(SETTINGS)
  const settings = new Map(rows.map(({ name, value }) => [name, value]))
  const value = (name: string) => settings.get(name) ?? ''
  return {
    linePrefix: value('log_line_prefix'),
    ...(await offset(query, value('log_timezone'))),
    logFiles: await logFiles(attempt),
    notes: notesOf(value),
  }
}

async function offset(query: Query, zone: string): Promise<Pick<RecordingSettings, 'offsetMinutes'>> {
  if (zone === '') return {}
  const [row] = await query<{ minutes: string }>(OFFSET, [zone])
  return row === undefined ? {} : { offsetMinutes: Number(row.minutes) }
}

interface FileRow extends Record<string, unknown> {
  readonly file: string | null
  readonly directory: string | null
}

/** Only pg_monitor and superusers may ask; a server without a collector has none. */
async function logFiles(attempt: ReadTransaction['attempt']): Promise<string[]> {
  const answer = await attempt<FileRow>(FILES)
  if ('error' in answer) return []
  return answer.rows.flatMap(({ file, directory }) => {
    if (file === null) return []
    return [/^([/\\]|[a-z]:)/i.test(file) || directory === null ? file : `${directory}/${file}`]
  })
}

const EVERY = "ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf(); logs every statement."

function notesOf(value: (name: string) => string): string[] {
  const byDuration = Number(value('log_min_duration_statement') || -1)
  const all = value('log_statement') === 'all' || byDuration === 0
  const sampled = Number(value('log_transaction_sample_rate') || 0)
  const notes: string[] = []
  if (!all && sampled > 0) {
    notes.push(
      `Statements of ${sampled * 100} % of all transactions are logged (log_transaction_sample_rate). ${EVERY}`,
    )
  } else if (!all && byDuration > 0) {
    notes.push(`Only statements of ${byDuration} ms and more are logged (log_min_duration_statement). ${EVERY}`)
  } else if (!all) {
    const some = ['ddl', 'mod'].includes(value('log_statement'))
    notes.push(
      `${some ? `log_statement is ${value('log_statement')}, so lookups are not logged` : 'Statements are not logged'}. ${EVERY}`,
    )
  }
  if (value('log_parameter_max_length') === '0') {
    notes.push('Values of prepared statements are not logged: set log_parameter_max_length = -1.')
  }
  if (value('logging_collector') === 'off' && /csvlog|jsonlog/.test(value('log_destination'))) {
    notes.push(
      'log_destination asks for a file that only the collector writes: set logging_collector = on and restart the server.',
    )
  }
  return notes
}
