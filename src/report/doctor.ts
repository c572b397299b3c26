import type { DatabaseInfo } from '../model/audit.js'
import type { Check } from '../model/check.js'
import type { Tool } from './report.js'
import { type Terminal, type TextOptions, terminal } from './terminal.js'

export interface Examined {
  /** As under `databases:`, or the database's own name, or where it should be. */
  readonly name: string
  /** Null where no connection could be made. */
  readonly database: DatabaseInfo | null
  readonly checks: readonly Check[]
}

/** `doctor --json`; schemas/doctor.schema.json. */
export interface DoctorReport {
  readonly schemaVersion: 1
  readonly tool: Tool
  /** Nothing that `scan` needs is missing. */
  readonly healthy: boolean
  readonly databases: readonly Examined[]
}

const MARK = { ok: 'ok', advice: 'advice', missing: 'missing' } as const
const COLOR = { ok: 'green', advice: 'yellow', missing: 'red' } as const
const WIDEST = Math.max(...Object.values(MARK).map((mark) => mark.length))

/** `doctor` for people. */
export function doctorText(report: DoctorReport, options: TextOptions): string {
  const out = terminal(options)
  const blocks = report.databases.map((each) => databaseLines(each, out))
  const count = (state: Check['state']) =>
    report.databases.reduce((sum, { checks }) => sum + checks.filter((check) => check.state === state).length, 0)
  const verdict = report.healthy
    ? `Ready to scan.${count('advice') === 0 ? '' : ' What is marked as advice would make it safer, or let it see more.'}`
    : 'Not ready: what is marked as missing comes first.'
  return `${[...blocks, out.prose(verdict)].map((block) => block.join('\n')).join('\n\n')}\n`
}

function databaseLines({ name, database, checks }: Examined, out: Terminal): string[] {
  const server =
    database === null ? '' : ` ${out.paint(`on ${database.flavour || database.dialect} ${database.version}`, 'dim')}`
  const lines = checks.flatMap(({ state, for: command, what, todo }) => {
    const [first = '', ...rest] = out.prose(`${what} (${command})`, WIDEST + 4)
    const mark = `  ${out.paint(MARK[state], COLOR[state])}${' '.repeat(WIDEST - MARK[state].length + 2)}`
    return [mark + first.trimStart(), ...rest, ...todo.flatMap((line) => out.mixed(line, WIDEST + 4))]
  })
  return [out.heading(name) + server, ...lines]
}
