import { number, plural } from '../../model/words.js'
import { text } from './html-text.js'

const WIDE = 720
const HIGH = 190
const LEFT = 56
const RIGHT = 16
const TOP = 14
const BOTTOM = 28

export interface Point {
  /** ISO 8601. */
  readonly at: string
  readonly value: number
}

/** A line over time, oldest first; with at least two points. */
export function plot(points: readonly Point[], what: string): string {
  const times = points.map(({ at }) => new Date(at).getTime())
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const top = nice(Math.max(1, ...points.map(({ value }) => value)))
  const x = (at: number) => LEFT + ((WIDE - LEFT - RIGHT) * (at - first)) / Math.max(1, last - first)
  const y = (value: number) => TOP + (HIGH - TOP - BOTTOM) * (1 - value / top)
  const place = points.map(({ value }, at) => `${round(x(times[at] ?? 0))},${round(y(value))}`)
  const grid = [0, top / 2, top].map((value) => {
    const height = round(y(value))
    return `<path class="grid" d="M${LEFT} ${height}H${WIDE - RIGHT}"/><text class="end" x="${LEFT - 8}" y="${height + 4}">${number(value)}</text>`
  })
  const dots = points.length > 60 ? place.slice(-1) : place
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const [from, to] = [points[0]?.value ?? 0, points.at(-1)?.value ?? 0]
  const label = `${what}: ${number(from)} on ${day(first)}, ${number(to)} on ${day(last)}; at most ${number(Math.max(...points.map(({ value }) => value)))}.`
  return `<svg class="plot" role="img" aria-label="${text(label)}" viewBox="0 0 ${WIDE} ${HIGH}">${grid.join('')}<path class="area" d="M${LEFT} ${round(y(0))}L${place.join('L')}L${round(x(last))} ${round(y(0))}Z"/><polyline class="line" points="${place.join(' ')}"/>${dots.map((dot) => `<circle class="dot" r="3.5" cx="${dot.split(',')[0]}" cy="${dot.split(',')[1]}"/>`).join('')}<text x="${LEFT}" y="${HIGH - 8}">${day(first)}</text><text class="end" x="${WIDE - RIGHT}" y="${HIGH - 8}">${day(last)}</text></svg>`
}

/** A round number that is no less, and even, so that half of it is whole too. */
function nice(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value))
  const found = [1, 2, 4, 5, 6, 8, 10].find((step) => step * unit >= value) ?? 10
  return Math.max(2, found * unit)
}

const round = (value: number) => Math.round(value * 10) / 10

/** Columns with their counts above them. */
export function histogram(
  buckets: readonly { readonly label: string; readonly count: number }[],
  what: string,
): string {
  const most = Math.max(1, ...buckets.map(({ count }) => count))
  const step = (WIDE - RIGHT) / buckets.length
  const columns = buckets.map(({ label, count }, at) => {
    const height = round((count / most) * (HIGH - BOTTOM - TOP - 14))
    const [left, middle] = [round(at * step + step * 0.15), round(at * step + step / 2)]
    const top = round(HIGH - BOTTOM - height)
    return `<rect class="bar" x="${left}" y="${top}" width="${round(step * 0.7)}" height="${height}"/><text class="middle" x="${middle}" y="${top - 5}">${number(count)}</text><text class="middle" x="${middle}" y="${HIGH - 8}">${text(label)}</text>`
  })
  const label = `${what}: ${buckets.map((one) => `${one.label}: ${number(one.count)}`).join('; ')}.`
  return `<svg class="plot" role="img" aria-label="${text(label)}" viewBox="0 0 ${WIDE} ${HIGH}"><path class="grid" d="M0 ${HIGH - BOTTOM}H${WIDE}"/>${columns.join('')}</svg>`
}

/** A part of a whole as a bar; the numbers stand beside it. */
export function share(part: number, whole: number): string {
  const width = whole === 0 ? 0 : round((part / whole) * 120)
  return `<svg class="share" aria-hidden="true" viewBox="0 0 120 10"><rect class="track" width="120" height="10" rx="3"/><rect class="bar" width="${width}" height="10" rx="3"/></svg>`
}

interface Referencing {
  readonly from: string
  readonly rows: number
}

const NODES = 8
const LINE = 44

/** Surplus rows at the left, the tables whose rows point at them at the right; thicker where there are more. */
export function referenceGraph(table: string, surplusRows: number, references: readonly Referencing[]): string {
  const shown = references.slice(0, references.length > NODES ? NODES - 1 : NODES)
  const hidden = references.slice(shown.length)
  const rest = hidden.reduce((sum, { rows }) => sum + rows, 0)
  const nodes = hidden.length === 0 ? shown : [...shown, { from: `${hidden.length} more tables`, rows: rest }]
  const high = nodes.length * LINE + 8
  const middle = high / 2
  const most = Math.max(1, ...nodes.map(({ rows }) => rows))
  const drawn = nodes.map(({ from, rows }, at) => {
    const y = 4 + at * LINE + LINE / 2
    const width = round(1.5 + (6 * rows) / most)
    return `<path class="edge" stroke-width="${width}" d="M232 ${middle}C330 ${middle} 330 ${y} 424 ${y}"/>${node(424, y, from, plural(rows, 'row'))}`
  })
  const label = `${plural(surplusRows, 'surplus row')} of ${table}, referenced by ${nodes.map(({ from, rows }) => `${plural(rows, 'row')} of ${from}`).join(', ')}.`
  return `<svg class="graph" role="img" aria-label="${text(label)}" viewBox="0 0 ${WIDE} ${high}">${drawn.join('')}${node(4, middle, table, plural(surplusRows, 'surplus row'))}</svg>`
}

function node(x: number, y: number, name: string, count: string): string {
  const width = x > 100 ? 292 : 228
  return `<rect class="node" x="${x}" y="${y - 18}" width="${width}" height="36" rx="6"/><text class="name" x="${x + 12}" y="${y - 3}">${text(cut(name, Math.floor(width / 8)))}</text><text x="${x + 12}" y="${y + 12}">${count}</text>`
}

function cut(name: string, length: number): string {
  const letters = [...name]
  return letters.length <= length ? name : `${letters.slice(0, length - 1).join('')}…`
}
