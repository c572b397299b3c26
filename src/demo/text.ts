import type { Terminal } from '../report/terminal.js'
import { type Cart, insert, lookup, type RaceResult, schema, thinkTime, workers } from './race.js'
import { keySets } from './shop.js'

/** The demo's own words, step by step, as lines; the audit's report speaks for itself. */
export function opening(out: Terminal, version: string): string[] {
  return [
    out.heading('1. A shop'),
    ...out.prose(`${version} runs inside this process (PGlite), with one table:`),
    '',
    ...schema.flatMap((statement) => out.code(`${statement};`)),
    '',
    ...out.prose('The index is fast, but not unique.'),
    '',
  ]
}

export function raceStarts(out: Terminal): string[] {
  const { from, to } = thinkTime
  return [
    out.heading('2. The race'),
    ...out.prose(`${workers} workers serve the same visitors. Each does what get_or_create() does:`),
    '',
    ...out.code(`${lookup};`),
    ...out.code(`-- nothing found: ${from} to ${to} ms of the application's own work, then`),
    ...out.code(`${insert};`),
    '',
    ...out.prose(
      `They are ${workers} clients in one process: their statements take turns on PGlite's only connection, each in a transaction of its own. On a server they would run side by side. What goes wrong is the same: one client's SELECT comes before another client's INSERT.`,
    ),
    '',
  ]
}

export function raceEnds(out: Terminal, result: RaceResult): string[] {
  const { calls, sessions, rows, surplusRows, duplicateGroups, largestGroup } = result
  return [
    ...out.prose(
      `${calls} calls for ${sessions} sessions should leave ${sessions} carts. They left ${rows}: ${surplusRows} surplus rows. ${duplicateGroups} of the ${sessions} sessions have duplicate rows, up to ${largestGroup} carts each.`,
    ),
    '',
  ]
}

export function getFails(out: Terminal, rows: readonly Cart[], failedCalls: number): string[] {
  const session = rows[0]?.session_id ?? ''
  const during = failedCalls === 0 ? '' : ` ${failedCalls} of the calls above met it already.`
  return [
    out.heading('3. What get() does now'),
    ...out.code(`${lookup.replace('$1', `'${session}'`)};`),
    '',
    ...out.code(rowsTable(rows)),
    '',
    ...out.prose(
      `Two rows where one was meant. Django's get() and get_or_create() raise MultipleObjectsReturned, SQLAlchemy's one() raises MultipleResultsFound, Rails' find_by takes either row and says nothing. For this session that happens every time from now on.${during}`,
    ),
    '',
  ]
}

export function auditStarts(out: Terminal): string[] {
  return [
    out.heading('4. The audit'),
    ...out.prose('Beside the database lies a .goc-audit.yml. It says what the code looks up before it inserts:'),
    '',
    ...out.code(keySets),
    '',
  ]
}

/** What a user would type in the shop's directory. */
export function command(out: Terminal, line: string): string[] {
  return [...out.code(`$ ${line}`), '']
}

export function exits(out: Terminal, exitCode: number): string[] {
  const meaning = exitCode === 0 ? 'a nightly run passes' : 'a nightly run fails'
  return [...out.prose(`The exit code is ${exitCode}: ${meaning}.`), '']
}

/** `kept`: the directory; null where it is gone. */
export function closing(out: Terminal, kept: string | null): string[] {
  return [
    out.heading('10. Your own'),
    ...(kept === null ? gone(out) : stays(out, kept)),
    '',
    ...out.prose('For your own database, init proposes what to audit, and scan audits it:'),
    ...out.code('goc-audit init --url postgresql://USER@HOST/DATABASE'),
    ...out.code('goc-audit scan --url postgresql://USER@HOST/DATABASE'),
  ]
}

function gone(out: Terminal): string[] {
  return [
    ...out.prose('This database is removed again. To keep one, and try scan, explain and fix on it yourself:'),
    ...out.code('goc-audit demo --keep DIR'),
  ]
}

function stays(out: Terminal, directory: string): string[] {
  return [
    ...out.prose(
      `The database is kept in ${directory}, with all its duplicate rows again, and the files beside it in migrations/goc-audit. To look around, and to plan the way out yourself:`,
    ),
    ...out.code(`cd ${inShell(directory)}`),
    ...out.code('goc-audit scan'),
    ...out.code("goc-audit explain 'public.cart(session_id)'"),
    ...out.code('goc-audit fix --emit-migration'),
  ]
}

const inShell = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

function rowsTable(rows: readonly Cart[]): string {
  const lines = [
    ['id', 'session_id', 'created_at'],
    ...rows.map((row) => [String(row.id), row.session_id, row.created_at.toISOString().replace('T', ' ')]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
