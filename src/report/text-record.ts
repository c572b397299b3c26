import type { BaselineOutcome, Settled } from '../model/baseline.js'
import type { Movement, Trend } from '../model/history.js'
import { number, plural } from '../model/words.js'
import type { Report } from './report.js'
import { shellWord, type Terminal } from './terminal.js'
import { listed } from './text-parts.js'

/** How the scan stands to its baseline, and what to do about what is better now. */
export function baselineLines(report: Report, out: Terminal): string[] {
  const { baseline } = report
  if (baseline === undefined) return []
  const lines = [
    ...out.prose(`${standing(report)} ${written(baseline)}`.trim()),
    ...baseline.notes.flatMap((note) => out.item(note)),
    ...baseline.settled.flatMap((one) => out.item(settledWords(one))),
  ]
  if (baseline.settled.length > 0 && baseline.mode === 'check')
    lines.push(
      ...out.prose('This takes what is better now out of the baseline, so that it stays so:'),
      ...out.code(`goc-audit scan --baseline ${shellWord(baseline.file)} --prune-baseline`),
    )
  return [out.heading(`Baseline ${baseline.file}`), ...lines]
}

function standing({ databases }: Report): string {
  const findings = databases.flatMap((one) => one.findings)
  const times = (status: string) => findings.filter((finding) => finding.status === status).length
  const [known, fresh, worse] = [times('known'), times('new'), times('worse')]
  return `${plural(known, 'finding is', 'findings are')} known, ${number(fresh)} new, ${number(worse)} worse.`
}

function written({ mode, existed, changed, entries }: BaselineOutcome): string {
  if (mode === 'check') return ''
  if (!changed) return 'The file stays as it is.'
  const verb = existed ? (mode === 'prune' ? 'Pruned' : 'Updated') : 'Written'
  return `${verb}: ${plural(entries, 'key set')}.`
}

function settledWords({ database, id, how, surplusRows, protection }: Settled): string {
  const name = database === null ? id : `${id} in ${database}`
  if (how === 'fixed') return `${name}: fixed.`
  if (how === 'undeclared') return `${name}: the configuration has no such key set any more.`
  const parts = [
    ...(surplusRows ? [`from ${number(surplusRows.from)} to ${plural(surplusRows.to, 'surplus row')}`] : []),
    ...(protection ? [`from protection ${protection.from} to ${protection.to}`] : []),
  ]
  return `${name}: better, ${parts.join(', ')}.`
}

const MOST_POINTS = 24
const MOST_LINES = 20

/** What grows and shrinks, in words and as a small plot. */
export function historyLines(report: Report, out: Terminal): string[] {
  const { trends } = report
  if (trends === undefined) return []
  const scans = trends.total.points.length
  const since = trends.total.points[0]?.time.slice(0, 10) ?? ''
  const heading = out.heading(`History ${trends.file}`)
  if (scans < 2)
    return [heading, ...out.prose('This is the first scan in it.'), ...listed('', trends.notes, out).slice(1)]
  const told = trends.keySets.filter(
    ({ points, sinceLast }) => sinceLast === 'new' || points.some(({ surplusRows }) => surplusRows > 0),
  )
  const moving = told.sort((a, b) => RANK.indexOf(a.sinceLast) - RANK.indexOf(b.sinceLast))
  const name = (id: string, database: string) => (report.several ? `${id} in ${database}` : id)
  return [
    heading,
    ...out.prose(`${plural(scans, 'scan')} since ${since}.`),
    ...out.item(`all: ${trendWords(trends.total)}`),
    ...moving.slice(0, MOST_LINES).flatMap((one) => out.item(`${name(one.id, one.database)}: ${trendWords(one)}`)),
    ...(moving.length > MOST_LINES ? out.item(`and ${number(moving.length - MOST_LINES)} more key sets`) : []),
    ...trends.notes.flatMap((note) => out.item(note)),
  ]
}

const RANK: readonly Movement[] = ['growing', 'new', 'shrinking', 'steady']

function trendWords({ points, sinceLast, sinceFirst }: Trend): string {
  const now = points.at(-1)?.surplusRows ?? 0
  const rows = plural(now, 'surplus row')
  if (points.length < 2) return `${rows}, ${sinceLast}`
  const from = (word: Movement, at: number, when: string) =>
    word === 'steady' ? `steady since ${when}` : `${word} from ${number(points.at(at)?.surplusRows ?? 0)} since ${when}`
  const words = [from(sinceLast, -2, 'the last scan')]
  if (points.length > 2) words.push(from(sinceFirst, 0, 'the first'))
  return `${sparkline(points.map(({ surplusRows }) => surplusRows))} ${rows}, ${words.join(', ')}`
}

const LEVELS = '▁▂▃▄▅▆▇█'

/** From nothing to the most there was, over the last scans. */
export function sparkline(values: readonly number[]): string {
  const shown = values.slice(-MOST_POINTS)
  const most = Math.max(...shown, 1)
  return shown.map((value) => LEVELS[Math.ceil((value / most) * (LEVELS.length - 1))]).join('')
}
