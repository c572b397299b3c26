import { number, plural } from '../../model/words.js'
import { type DatabaseReport, type Report, type ReportedKeySet, verdictWord } from '../report.js'
import {
  type Found,
  fails,
  gaps,
  headline,
  INCOMPLETE,
  keySetLabel,
  type OutputOptions,
  standing,
  titleOf,
  worstFirst,
} from './common.js'
import { code, fenced, mixed, plain, prose } from './markdown-text.js'

/** A comment that starts with it is ours: the one to overwrite. */
export const MARKER = '<!-- goc-audit -->'

/** GitHub refuses a comment of more characters; we count bytes. */
const COMMENT = 65_536
const ROWS = 50

/** For a comment on a pull or merge request. */
export function markdown(report: Report, options: OutputOptions): string {
  return `${MARKER}\n${markdownWithin(COMMENT - MARKER.length - 1, report, options)}`
}

/** At most so many bytes of UTF-8: what doesn't fit is counted at the end. */
export function markdownWithin(limit: number, report: Report, options: OutputOptions): string {
  const found = worstFirst(report)
  const shown = found.filter(({ finding }) => finding.status !== 'known')
  const parts = new Parts(limit - RESERVED)
  parts.add(`## ${title(report, found, options)}`, totals(report, found))
  if (!report.complete) parts.add(incomplete(report))
  parts.add(keySetTable(report, shown))
  const heading = shown.length === 0 ? '' : '### Findings'
  if (heading !== '') parts.add(heading)
  const fitting = shown.findIndex((one) => !parts.add(details(one, report, options)))
  const left = fitting < 0 ? 0 : shown.length - fitting
  const known = found.length - shown.length
  const rest = []
  if (left > 0) rest.push(`${plural(left, 'more finding is', 'more findings are')} left out here for want of room.`)
  if (known > 0) rest.push(`${plural(known, 'known finding is', 'known findings are')} accepted by the baseline.`)
  const ignored = report.databases.reduce((sum, one) => sum + one.ignored.length, 0)
  if (ignored > 0) rest.push(`${plural(ignored, 'finding is', 'findings are')} ignored by the configuration.`)
  return `${[parts.text, ...(rest.length > 0 ? [rest.join(' ')] : []), signature(report, options)].join('\n\n')}\n`
}

/** For the last lines. */
const RESERVED = 800

class Parts {
  text = ''
  #left: number

  constructor(limit: number) {
    this.#left = limit
  }

  /** False, and nothing is added, where it doesn't fit. */
  add(...parts: readonly string[]): boolean {
    const added = parts.filter((part) => part !== '').join('\n\n')
    const size = Buffer.byteLength(added) + 2
    if (size > this.#left) return false
    this.#left -= size
    this.text += this.text === '' ? added : `\n\n${added}`
    return true
  }
}

function title(report: Report, found: readonly Found[], { failOn }: OutputOptions): string {
  const failing = found.filter(({ finding }) => fails(finding, failOn))
  if (failing.length > 0) {
    const fresh = failing.some(({ finding }) => finding.status !== undefined)
    return `goc-audit: ${plural(failing.length, 'finding')}${fresh ? ' beyond the baseline' : ''}`
  }
  if (!report.complete) return 'goc-audit: incomplete'
  return found.length === 0 ? 'goc-audit: no findings' : 'goc-audit: nothing that fails'
}

function totals({ summary, databases, several }: Report, found: readonly Found[]): string {
  const words = { error: 0, warning: 0, note: 0 }
  for (const { finding } of found) words[finding.severity] += 1
  const severities = Object.entries(words).flatMap(([word, times]) => (times > 0 ? [plural(times, word)] : []))
  const conditional = summary.conditional + summary.degraded
  const verdicts = [
    [summary.none, 'unsafe'],
    [conditional, 'conditional'],
    [summary.unknown, 'unknown'],
    [summary.full, 'safe'],
  ] as const
  const judged = verdicts.flatMap(([times, word]) => (times > 0 ? [`${number(times)} ${word}`] : [])).join(', ')
  const where = several ? ` in ${plural(databases.length, 'database')}` : ''
  const rows =
    summary.duplicateGroups === 0
      ? 'No duplicate rows were found.'
      : `${plural(summary.duplicateGroups, 'duplicate group')} with ${plural(summary.surplusRows, 'surplus row')}.`
  const head = `${plural(summary.keySets, 'key set')}${where}${judged === '' ? '' : `: ${judged}`}.`
  return `${head} ${severities.length === 0 ? 'No findings' : severities.join(', ')}. ${rows}`
}

function incomplete({ databases, several }: Report): string {
  const lines = databases.flatMap((database) => {
    if (database.complete) return []
    const prefix = several ? `${database.database.name}: ` : ''
    return gaps(database).map((gap) => `> - ${plain(`${prefix}${gap}`.slice(0, 1000))}`)
  })
  const more = lines.length > 20 ? [`> - and ${plural(lines.length - 20, 'more')}`.replace('mores', 'more')] : []
  return [`> **${INCOMPLETE}**`, '>', ...lines.slice(0, 20), ...more].join('\n')
}

function keySetTable(report: Report, shown: readonly Found[]): string {
  const seen = new Set<ReportedKeySet>()
  const rows: string[] = []
  for (const { keySet, database } of shown) {
    if (keySet === undefined || seen.has(keySet)) continue
    seen.add(keySet)
    if (seen.size <= ROWS) rows.push(row(keySet, database, report))
  }
  if (rows.length === 0) return ''
  const left = seen.size - rows.length
  const more = left > 0 ? [`| and ${number(left)} more | | | |`] : []
  return ['| key set | verdict | groups | surplus rows |', '|---|---|--:|--:|', ...rows, ...more].join('\n')
}

function row(keySet: ReportedKeySet, database: DatabaseReport, report: Report): string {
  const { duplicates } = keySet
  const counts = duplicates?.counted
    ? [duplicates.groups, duplicates.surplusRows].map(
        (value) => `${duplicates.exact || value === 0 ? '' : '≥ '}${number(value)}`,
      )
    : [duplicates === null ? '' : 'not counted', '']
  return `| ${[code(keySetLabel(keySet.id, database, report)), verdictWord(keySet.protection), ...counts].join(' | ')} |`
}

function details({ finding, database }: Found, report: Report, { rules }: OutputOptions): string {
  const state = standing(finding)
  const head = `<b>${finding.severity}</b> ${plain(titleOf(finding.rule, rules))}: ${code(keySetLabel(finding.keySet, database, report))}${state === '' ? '' : ` <i>(${plain(state)})</i>`}`
  const place = finding.location
  const where = place ? `Declared at ${code(`${place.file}:${place.line}:${place.column}`)}.` : ''
  return [
    `<details>\n<summary>${head}</summary>`,
    prose(finding.message),
    where,
    '**What to do**',
    mixed(finding.suggestion),
    `Rule ${code(finding.rule)}. More:`,
    fenced([`goc-audit explain ${finding.rule}`], 'sh'),
    '</details>',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function signature({ tool, showsValues, databases }: Report, { at }: OutputOptions): string {
  const hidden = showsValues ? 'Values are shown as they are stored.' : 'Values are masked.'
  const counted = databases.length === 0 ? '' : ` ${hidden}`
  return `<sub>${tool.name} ${plain(tool.version)}, ${plain(at)}.${counted}</sub>`
}

/** One line of what is wrong, for places with room for no more. */
export function oneLine({ finding, database }: Found, report: Report): string {
  return `${keySetLabel(finding.keySet, database, report)}: ${headline(finding.message)}`
}
