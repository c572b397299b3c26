import stringWidth from 'string-width'
import { visible } from '../model/visible.js'
import { plural } from '../model/words.js'
import type { ReportedSample } from './fix-report.js'
import { type Cell, cut, type Terminal } from './terminal.js'

const NARROWEST = 12
const GAP = 2
const INDENT = 4

/** Groups side by side: a line per column, a column per row, the survivor first; where the rows differ is marked. */
export function sampleLines(samples: readonly ReportedSample[], showsValues: boolean, out: Terminal): string[] {
  if (samples.length === 0) return []
  const note = showsValues ? '' : ', values masked (--show-values shows them)'
  return [
    '',
    ...out.prose(`Sample groups; ≠ marks what differs${note}:`, 2),
    ...samples.flatMap((sample) => ['', ...groupLines(sample, out)]),
  ]
}

function groupLines(sample: ReportedSample, out: Terminal): string[] {
  const { columns } = sample
  const shown = columns.filter((name) => sample.differingColumns.includes(name) || sample.keyColumns.includes(name))
  const equal = columns.filter((name) => !shown.includes(name))
  const lines = out.table(head(sample, out, shown), body(sample, out, shown))
  const rest = equal.length === 0 ? [] : out.prose(`the same in all of them: ${equal.join(', ')}`, INDENT)
  return [...lines.map((line) => `${' '.repeat(INDENT)}${line}`.trimEnd()), ...rest]
}

/** As many rows as fit beside the names and the result, but two at least. */
function shape({ shown, results }: ReportedSample, out: Terminal, columns: readonly string[]) {
  const names = Math.min(Math.max(8, ...columns.map((name) => stringWidth(visible(name)) + 2)), 30)
  const result = Math.max(6, ...Object.values(results).map((text) => text.length))
  const room = out.width - INDENT - names - result - 2 * GAP
  const rows = Math.min(shown.length, Math.max(2, Math.floor(room / (NARROWEST + GAP))))
  return { names, rows, value: Math.max(8, Math.floor(room / rows) - GAP) }
}

function head(sample: ReportedSample, out: Terminal, columns: readonly string[]) {
  const { rows } = shape(sample, out, columns)
  const left = sample.rows - rows
  const titles = Array.from({ length: rows }, (_, at) => {
    const more = at === rows - 1 && left > 0 ? ` +${left}` : ''
    return { title: `${at === 0 ? 'SURVIVOR' : 'SURPLUS'}${more}` }
  })
  return [{ title: plural(sample.rows, 'ROW', 'ROWS') }, ...titles, { title: 'RESULT' }]
}

function body(sample: ReportedSample, out: Terminal, columns: readonly string[]): Cell[][] {
  const { names, rows, value } = shape(sample, out, columns)
  return columns.map((column) => {
    const differs = sample.differingColumns.includes(column)
    const result = sample.results[column] ?? ''
    const cells = sample.shown.slice(0, rows).map((row): Cell => valueCell(row[column] ?? null, value, differs))
    return [
      { text: cut(visible(`${differs ? '≠' : ' '} ${column}`), names), color: differs ? 'bold' : 'dim' },
      ...cells,
      { text: result, color: result === 'undecided' ? 'yellow' : 'dim' },
    ]
  })
}

function valueCell(value: string | null, width: number, differs: boolean): Cell {
  if (value === null) return { text: 'NULL', color: 'dim' }
  const text = cut(visible(value), width)
  return differs ? { text, color: 'yellow' } : text
}
