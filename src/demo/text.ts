import kleur from 'kleur'
import { type Cart, insert, lookup, type RaceResult, schema, thinkTime, workers } from './race.js'

/** The demo's own words, a paragraph at a time; the audit's report speaks for itself. */
export function opening(version: string): string {
  return `${heading('1. A shop')}
${version} runs inside this process (PGlite), with one table:

${indented(schema)}

The index is fast, but not unique.
`
}

export function raceStarts(): string {
  return `${heading('2. The race')}
${workers} workers serve the same visitors. Each does what get_or_create() does:

${indented(`${lookup};
-- nothing found? then ${thinkTime.from} to ${thinkTime.to} ms of the application's own work, and
${insert};`)}

They are ${workers} clients in one process: their statements take turns on PGlite's only
connection, each in a transaction of its own. On a server they would run side
by side. What goes wrong is the same: one client's SELECT comes before another
client's INSERT.
`
}

export function raceEnds(result: RaceResult): string {
  const { calls, sessions, rows, surplusRows, duplicateGroups, largestGroup } = result
  return `${calls} calls for ${sessions} sessions should leave ${sessions} carts. There are ${strong(rows)}:
${strong(surplusRows)} surplus rows. ${duplicateGroups} of ${sessions} sessions have duplicate rows, up to ${largestGroup} carts each.
`
}

export function getFails(rows: readonly Cart[], failedCalls: number): string {
  const session = rows[0]?.session_id ?? ''
  const during = failedCalls === 0 ? '' : `\nThat happened to ${failedCalls} of the calls while the race was still on.`
  return `${heading('3. What get() does now')}
${indented(`${lookup.replace('$1', `'${session}'`)};`)}

${indented(rowsTable(rows))}

One row was meant, two came: Django's get() and get_or_create() raise
MultipleObjectsReturned, SQLAlchemy's one() raises MultipleResultsFound, Rails'
find_by takes either row and says nothing. From now on, every time.${during}
`
}

export function auditStarts(command: string): string {
  return `${heading('4. The audit')}
${indented(`$ ${command}`)}
`
}

/** `kept`: the directory that `--keep` named. */
export function closing(kept: string | null): string {
  const shop =
    kept === null
      ? 'To try things on this shop, keep it: goc-audit demo --keep DIR'
      : `The shop is kept in ${kept}. Try:
  goc-audit scan --config ${kept}/.goc-audit.yml --show-values
  goc-audit explain missing-unique`
  return `${shop}
For your own database: goc-audit init, then goc-audit scan.`
}

function rowsTable(rows: readonly Cart[]): string {
  const lines = [
    ['id', 'session_id', 'created_at'],
    ...rows.map((row) => [String(row.id), row.session_id, row.created_at.toISOString().replace('T', ' ')]),
  ]
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0))
  return lines
    .map(([id = '', session = '', created = '']) =>
      `${id.padStart(width(0))}  ${session.padEnd(width(1))}  ${created}`.trimEnd(),
    )
    .join('\n')
}

const heading = (text: string): string => kleur.bold().underline(text)
const strong = (value: number): string => kleur.bold(value.toLocaleString('en-US'))
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')
