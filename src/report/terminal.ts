import Table from 'cli-table3'
import kleur from 'kleur'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import type { Protection } from '../model/verdict.js'
import { visible, visibleLines } from '../model/visible.js'
import { verdictWord } from './report.js'

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

export type Color = 'red' | 'yellow' | 'green' | 'cyan' | 'magenta' | 'dim' | 'bold'

export interface Column {
  readonly title: string
  readonly right?: boolean
}

export type Cell = string | { readonly text: string; readonly color?: Color; readonly span?: number }

/**
 * Everything that is written to a terminal goes through here: text is made safe, wrapped and coloured. Callers hand in
 * raw text; nothing that they pass can move the cursor or change colours.
 */
export interface Terminal {
  readonly width: number
  /** One piece of a line. */
  paint(text: string, color: Color): string
  /** Wrapped at the width, every line indented. */
  prose(text: string, indent?: number): string[]
  /** Lines to paste, such as SQL: never wrapped. */
  code(text: string, indent?: number): string[]
  /** A list item: wrapped under its dash. */
  item(text: string, indent?: number): string[]
  /** Prose and code mixed: lines that start with two blanks are code. */
  mixed(text: string, indent?: number): string[]
  heading(text: string): string
  verdict(protection: Protection): Cell
  table(head: readonly Column[], rows: readonly (readonly Cell[])[]): string[]
}

const VERDICT_COLOR = { safe: 'green', conditional: 'yellow', unsafe: 'red', unknown: 'magenta' } as const

export function terminal({ width, color }: TextOptions): Terminal {
  const paint = (text: string, name: Color): string => {
    const safe = visible(text)
    if (!color) return safe
    kleur.enabled = true
    return kleur[name](safe)
  }
  const wrapped = (text: string, first: string, rest: string) =>
    wrap(visible(text), Math.max(width - rest.length, 20), first, rest)
  const code = (text: string, indent = 2) =>
    visibleLines(text)
      .split('\n')
      .map((line) => ' '.repeat(indent) + (color ? paint(line, 'cyan') : line))
  const prose = (text: string, indent = 0) => wrapped(text, ' '.repeat(indent), ' '.repeat(indent))
  return {
    width,
    paint,
    prose,
    code,
    item: (text, indent = 2) => wrapped(text, `${' '.repeat(indent)}- `, ' '.repeat(indent + 2)),
    mixed: (text, indent = 0) =>
      text.split('\n').flatMap((line) => (line.startsWith('  ') ? code(line, indent) : prose(line, indent))),
    heading: (text) => paint(text, 'bold'),
    verdict(protection) {
      const word = verdictWord(protection)
      return { text: word, color: VERDICT_COLOR[word] }
    },
    table: (head, rows) => drawTable(head, rows, width, paint),
  }
}

function wrap(text: string, width: number, first: string, rest: string): string[] {
  const lines = wrapAnsi(text, Math.max(width, 1), { hard: true }).split('\n')
  return lines.map((line, at) => ((at === 0 ? first : rest) + line).trimEnd())
}

/** The beginning of a line, as wide as said, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** As a shell takes it, in one piece. */
export function shellWord(text: string): string {
  const shown = visible(text)
  return /^[\w./@%+=:,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`
}

const GAP = 2

function drawTable(
  head: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Terminal['paint'],
): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)))
  const widths = head.map(({ title }, at) => {
    const own = cells.flatMap((row) => (row[at] && !row[at].span ? [stringWidth(visible(row[at].text))] : []))
    return Math.max(stringWidth(title), ...own) + GAP
  })
  // The first column gives way: it holds the long names, and its text may be broken anywhere.
  const others = widths.slice(1).reduce((sum, one) => sum + one, 0)
  const wanted = widths[0] ?? 0
  widths[0] = Math.max(Math.min(wanted, width - others), Math.min(wanted, 20))
  const table = new Table({
    head: head.map(({ title }) => paint(title, 'dim')),
    chars: BLANK,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: widths,
    colAligns: head.map(({ right }) => (right ? 'right' : 'left')),
  })
  for (const row of cells)
    table.push(
      row.map(({ text, color, span }, at) => {
        // Broken here and not by the table, which would cut through colours.
        const broken = span ? [visible(text)] : wrap(visible(text), (widths[at] ?? 0) - GAP, '', '')
        const content = broken.map((line) => (color ? paint(line, color) : line)).join('\n')
        return span ? { content, colSpan: span, hAlign: 'left' as const } : content
      }),
    )
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

const BLANK = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
)
