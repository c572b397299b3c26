import { plural } from '../model/words.js'
import type { Terminal } from '../report/terminal.js'
import { insert, laterVisitors, lookup, type RaceResult, thinkTime, workers } from './race.js'

/** The demo's own words from the plan to the way back. */
export function planStarts(out: Terminal): string[] {
  return [
    out.heading('5. The plan'),
    ...out.prose('fix works out how to merge the duplicate rows and keep new ones out. It changes nothing:'),
    '',
  ]
}

export function migrationStarts(out: Terminal): string[] {
  return [out.heading('6. The migration'), ...out.prose('The same, as files. Below the plan it prints:'), '']
}

export function upStarts(out: Terminal, path: string): string[] {
  return [
    out.heading('7. Up'),
    ...out.prose('On a server, psql runs the up file. Here the demo hands it to PGlite, as it is:'),
    ...out.code(path),
    '',
  ]
}

export function upEnds(out: Terminal, rows: { readonly before: number; readonly after: number }): string[] {
  return [
    ...out.prose(
      `${rows.before} carts before, ${rows.after} after: the oldest of each session. The others are kept in the schema goc_audit. Scanned again:`,
    ),
    '',
  ]
}

export function secondRaceStarts(out: Terminal): string[] {
  const { from, to } = thinkTime
  return [
    out.heading('8. The race again'),
    ...out.prose(
      `The same ${workers} workers, with the same code and as slow as before, and ${laterVisitors.length} new sessions. What is new is that an INSERT may be refused. Then the code looks up again, as every place that inserts must from now on:`,
    ),
    '',
    ...out.code(`${lookup};`),
    ...out.code(`-- nothing found: ${from} to ${to} ms of the application's own work, then`),
    ...out.code(`${insert};`),
    ...out.code('-- refused with 23505, unique_violation: somebody else was first, so'),
    ...out.code(`${lookup};`),
    '',
  ]
}

export function secondRaceEnds(out: Terminal, result: RaceResult): string[] {
  const { calls, sessions, rows, surplusRows, refusedCalls } = result
  return [
    ...out.prose(
      `${calls} calls for ${sessions} sessions left ${rows} carts: ${plural(surplusRows, 'surplus row')}. ${plural(refusedCalls, 'INSERT')} ${refusedCalls === 1 ? 'was' : 'were'} refused, and each of these calls found the winner's cart.`,
    ),
    '',
  ]
}

export function downStarts(out: Terminal, path: string): string[] {
  return [out.heading('9. Down'), ...out.prose('The way back, should you need it:'), ...out.code(path), '']
}

export function downEnds(
  out: Terminal,
  result: {
    readonly rows: number
    readonly removedRows: number
    readonly restoredRows: number
    readonly newRows: number
  },
): string[] {
  const { rows, removedRows, restoredRows, newRows } = result
  return [
    ...out.prose(
      `${restoredRows} of the ${removedRows} removed carts are back, with the ids and values that they had. The ${newRows} carts of the second race stay: ${rows} carts in all. The constraint is gone, so the next race would leave duplicate rows again.`,
    ),
    '',
  ]
}

export function cleanupStarts(out: Terminal, path: string): string[] {
  return [
    ...out.prose('And the archive, which nobody needs any more, goes with the cleanup file:'),
    ...out.code(path),
    '',
  ]
}
