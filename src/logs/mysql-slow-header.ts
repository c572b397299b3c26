import { detached } from '../model/mysql-statement.js'
import type { Clock } from './mysql-time.js'

/** What the lines above a statement of the slow log say of it. */
export interface SlowHeader {
  /** When it ended, from a `# Time:` with microseconds and a zone; else NaN. */
  ended: number
  /** The same from one without; else NaN. */
  endedAbout: number
  /** When it began, from `SET timestamp`, to the second; NaN without. */
  started: number
  /** Whether the line with `SET timestamp` has been read: the statement follows. */
  settings: boolean
  /** Milliseconds. */
  duration: number
  /** The connection's number; '' without. */
  id: string
  /** Undefined where the log tells a database only when it changes. */
  schema: string | undefined
  rowsSent: number
  rowsAffected: number
  errno: number
}

export const noHeader = (): SlowHeader => ({
  ended: Number.NaN,
  endedAbout: Number.NaN,
  started: Number.NaN,
  settings: false,
  duration: Number.NaN,
  id: '',
  schema: undefined,
  rowsSent: Number.NaN,
  rowsAffected: Number.NaN,
  errno: 0,
})

const isExact = (line: string): boolean => line.charCodeAt(18) === 84

/** The moment that a line `# Time: …` tells; NaN where it is none. */
export function timeLine(line: string, clock: Clock): number {
  if (!line.startsWith('# Time: ')) return Number.NaN
  if (!isExact(line)) return clock.short(line, 8)
  return clock.iso(line, 8, line.endsWith('\r') ? line.length - 1 : line.length)
}

/** As `timeLine`, into the header. */
export function readTimeLine(line: string, header: SlowHeader, clock: Clock): void {
  const at = timeLine(line, clock)
  if (isExact(line)) header.ended = at
  else header.endedAbout = at
}

/** When the statement began, as exactly as the log tells. */
export function startOf({ ended, endedAbout, started, duration }: SlowHeader): number {
  const lasted = Number.isNaN(duration) ? 0 : duration
  if (!Number.isNaN(ended)) return ended - lasted
  return Number.isNaN(started) ? endedAbout - lasted : started
}

/** `# User@Host: shop[shop] @ app1 [10.0.0.7]  Id:    19`: each record has one. */
export function isUserLine(line: string): boolean {
  return line.startsWith('# User@Host: ') && / @ .*\[[^\]]*\]\s*(?:Id:\s*\d+\s*)?$/.test(line)
}

const described = /^# (?:User@Host|Thread_id|Query_time|Rows_affected|Schema):? /

/** Takes what a line that begins with `#` tells, in whichever order a version has put it. */
export function readHeaderLine(line: string, header: SlowHeader): void {
  if (!described.test(line)) return
  if (line.startsWith('# User@Host')) {
    header.id = /Id:\s*(\d+)\s*$/.exec(line)?.[1] ?? header.id
    return
  }
  if (line.includes('Thread_id: ')) header.id = /\bThread_id: (\d+)/.exec(line)?.[1] ?? header.id
  if (line.includes('Schema: ')) {
    const schema = /\bSchema: (.*?)\s*(?:$| {2}(?:QC_hit|Last_errno):)/.exec(line)?.[1]
    if (schema !== undefined) header.schema = detached(schema)
  }
  const duration = numberAfter('Query_time: ', line)
  if (!Number.isNaN(duration)) header.duration = duration * 1000
  header.rowsSent = numberAfter('Rows_sent: ', line, header.rowsSent)
  header.rowsAffected = numberAfter('Rows_affected: ', line, header.rowsAffected)
  header.errno = numberAfter('rrno: ', line, header.errno)
}

function numberAfter(name: string, line: string, otherwise = Number.NaN): number {
  const at = line.indexOf(name)
  if (at < 0) return otherwise
  const value = Number.parseFloat(line.slice(at + name.length, at + name.length + 24))
  return Number.isNaN(value) ? otherwise : value
}
