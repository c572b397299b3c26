import type { RecordingSettings } from '../dialect.js'
import type { ReadTransaction } from './driver.js'

const NAMES = [
  ...['general_log', 'general_log_file', 'slow_query_log', 'slow_query_log_file', 'log_output', 'long_query_time'],
  ...['log_slow_extra', 'log_timestamps', 'sql_mode', 'datadir', 'min_examined_row_limit', 'log_slow_rate_limit'],
]

const VARIABLES = 'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)'

/** Of times that are written in the server's own zone. */
const OFFSET = `
  SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS minutes`

export async function recordingSettings({ query, server }: ReadTransaction): Promise<RecordingSettings> {
  const rows = await query<{ Variable_name: string; Value: string }>(VARIABLES, [NAMES])
  const variables = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]))
  const value = (name: string) => variables.get(name) ?? ''
  const [zone] = await query<{ minutes: number | null }>(OFFSET)
  // MySQL's times carry their zone; MariaDB's are the server's.
  const offset = server.flavour === 'mariadb' && zone?.minutes != null ? { offsetMinutes: Number(zone.minutes) } : {}
  return {
    sqlMode: value('sql_mode'),
    ...offset,
    logFiles: filesOf(value),
    notes: [...generalNotes(value), ...slowNotes(value, server.flavour)],
  }
}

type Value = (name: string) => string

function filesOf(value: Value): string[] {
  if (!/FILE/.test(value('log_output'))) return []
  const on = [
    ...(value('general_log') === 'ON' ? [value('general_log_file')] : []),
    ...(value('slow_query_log') === 'ON' ? [value('slow_query_log_file')] : []),
  ]
  return on.map((file) => (/^([/\\]|[a-z]:)/i.test(file) ? file : `${value('datadir')}${file}`))
}

function generalNotes(value: Value): string[] {
  if (value('log_output') === 'NONE')
    return ["log_output is NONE, so nothing is logged: SET GLOBAL log_output = 'FILE';"]
  if (value('general_log') === 'ON') return []
  return ['The general log is off: SET GLOBAL general_log = ON; logs every statement until it is set to OFF again.']
}

function slowNotes(value: Value, flavour: string): string[] {
  if (value('slow_query_log') !== 'ON' || Number(value('long_query_time')) > 0) {
    const limit = `SET GLOBAL long_query_time = 0; SET GLOBAL slow_query_log = ON;`
    return [
      `The slow log does not have every statement, with the rows that it returned: ${limit} applies to new connections.`,
    ]
  }
  const hidden = Number(value('min_examined_row_limit')) > 0 || Number(value('log_slow_rate_limit') || 1) > 1
  return [
    ...(hidden
      ? ['The slow log leaves statements out: set min_examined_row_limit to 0 and log_slow_rate_limit to 1.']
      : []),
    ...(flavour === 'mysql' && value('log_slow_extra') !== 'ON'
      ? ['The slow log does not tell which statements failed: SET GLOBAL log_slow_extra = ON;']
      : []),
  ]
}
