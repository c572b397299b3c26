import type { Finding, Severity } from '../model/audit.js'
import type { DuplicateCounts } from '../model/duplicates.js'
import { number, plural } from '../model/words.js'
import { type DatabaseReport, type Report, type ReportedKeySet, verdictWord } from './report.js'
import { type Cell, shellWord, type Terminal, type TextOptions, terminal } from './terminal.js'
import { findingLines } from './text-finding.js'

const INCOMPLETE = 'Incomplete: not everything could be looked at, so what is missing above is not proven to be clean.'

/** `scan` for people. */
export function scanText(report: Report, options: TextOptions): string {
  const out = terminal(options)
  const blocks = report.databases.flatMap((one) => databaseBlocks(one, report, out))
  if (report.several) blocks.push(totals(report, out))
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function databaseBlocks(report: DatabaseReport, whole: Report, out: Terminal): string[][] {
  return [
    [title(report, out)],
    keySetTable(report.keySets, out),
    ...report.findings.map((finding) => findingLines(finding, keySetOf(report, finding), whole.showsValues, out)),
    notAnalysed(report, out),
    listed('Notes', report.notes, out),
    listed('This scan is incomplete', report.failures, out, 'red'),
    summary(report, out),
    nextSteps(report, whole, out),
  ]
}

function keySetOf(report: DatabaseReport, finding: Finding): ReportedKeySet | undefined {
  return report.keySets.find(({ id }) => id === finding.keySet)
}

function title({ database }: DatabaseReport, out: Terminal): string {
  const server = database.flavour || database.dialect
  const on = server === '' ? '' : ` ${out.paint(`on ${server} ${database.version}`, 'dim')}`
  return out.heading(database.name) + on
}

function keySetTable(keySets: readonly ReportedKeySet[], out: Terminal): string[] {
  if (keySets.length === 0) return []
  const head = [
    { title: 'KEY SET' },
    { title: 'VERDICT' },
    { title: 'GROUPS', right: true },
    { title: 'SURPLUS ROWS', right: true },
    { title: 'NULL KEYS' },
  ]
  return out.table(
    head,
    keySets.map((one) => [one.id, out.verdict(one.protection), ...countCells(one.duplicates)]),
  )
}

function countCells(duplicates: ReportedKeySet['duplicates']): Cell[] {
  if (duplicates === null) return [{ text: 'nothing to count', color: 'dim', span: 3 }]
  if (!duplicates.counted) return [{ text: `not counted: ${reasonWords(duplicates.reason)}`, color: 'yellow', span: 3 }]
  const { groups, surplusRows } = duplicates
  const atLeast = !duplicates.exact && groups > 0 ? '≥ ' : ''
  const cell = (value: number): Cell => ({ text: atLeast + number(value), color: groups > 0 ? 'red' : 'dim' })
  return [cell(groups), cell(surplusRows), { text: nullWords(duplicates), color: 'dim' }]
}

function nullWords({ nulls }: Pick<DuplicateCounts, 'nulls'>): string {
  return nulls === 'excluded' ? 'not counted' : 'equal'
}

/** `over-budget` → `over budget`. */
function reasonWords(reason: string): string {
  return reason.replaceAll('-', ' ')
}

function notAnalysed({ notAnalysed: missing }: DatabaseReport, out: Terminal): string[] {
  if (missing.length === 0) return []
  const items = missing.flatMap(({ reason, count, example }) =>
    out.item(`${reasonWords(reason)}: ${example}${count > 1 ? ` and ${number(count - 1)} more` : ''}`),
  )
  return [out.heading('Not analysed'), ...items]
}

function listed(
  heading: string,
  sentences: readonly string[],
  out: Terminal,
  color: 'bold' | 'red' = 'bold',
): string[] {
  if (sentences.length === 0) return []
  return [out.paint(heading, color), ...sentences.flatMap((one) => out.item(one))]
}

function summary(report: DatabaseReport, out: Terminal): string[] {
  if (report.keySets.length === 0 && !report.complete) return out.prose('Not scanned.')
  const lines = out.prose(`${verdicts(report.keySets)} ${severities(report.findings)}${hidden(report)}`)
  if (!report.complete)
    lines.push(
      ...out.prose(
        'Incomplete: not everything could be looked at, so what is missing above is not proven to be clean.',
      ),
    )
  return lines
}

/** Why, and what would mend it. */
function nextSteps({ findings, database }: DatabaseReport, { several }: Report, out: Terminal): string[] {
  const [first] = findings
  if (first === undefined) return []
  const fixable = findings.some(({ rule }) => FIXABLE.has(rule))
  const chosen = several ? ` --database ${shellWord(database.name)}` : ''
  return [
    ...out.prose('Next: every index, why it covers the key set or not, and what was counted how:'),
    ...out.code(`goc-audit explain ${shellWord(first.keySet)}${chosen}`),
    ...(fixable ? out.prose('Or the plan that would merge duplicate rows and make the keys unique:') : []),
    ...(fixable ? out.code(`goc-audit fix${chosen}`) : []),
  ]
}

/** Rules whose findings a unique index would end. */
const FIXABLE = new Set([
  'missing-unique',
  'partial-unique-only',
  'nullable-key-column',
  'expression-mismatch',
  'duplicate-rows',
])

function hidden({ ignored }: DatabaseReport): string {
  return ignored.length === 0
    ? ''
    : ` ${plural(ignored.length, 'more is ignored', 'more are ignored')} by the configuration.`
}

function verdicts(keySets: readonly ReportedKeySet[]): string {
  const words = (['unsafe', 'conditional', 'unknown', 'safe'] as const).flatMap((word) => {
    const times = keySets.filter((one) => verdictWord(one.protection) === word).length
    return times > 0 ? [`${number(times)} ${word}`] : []
  })
  const counted = keySets.flatMap(({ duplicates }) => (duplicates?.counted ? [duplicates] : []))
  const groups = counted.reduce((sum, one) => sum + one.groups, 0)
  const rows = counted.reduce((sum, one) => sum + one.surplusRows, 0)
  const exact = counted.every((one) => one.exact || one.groups === 0)
  const found =
    counted.length === 0
      ? 'Duplicate rows were not counted.'
      : groups === 0
        ? 'No duplicate rows (NULL keys as in the table).'
        : `${exact ? '' : 'At least '}${plural(groups, 'duplicate group')} with ${plural(rows, 'surplus row')} (NULL keys as in the table).`
  return `${plural(keySets.length, 'key set')}: ${words.join(', ')}. ${found}`
}

function severities(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'note'] as const satisfies readonly Severity[]).flatMap((severity) => {
    const times = findings.filter((finding) => finding.severity === severity).length
    return times > 0 ? [plural(times, severity)] : []
  })
  return parts.length === 0 ? 'No findings.' : `${parts.join(', ')}.`
}

function totals(report: Report, out: Terminal): string[] {
  const keySets = report.databases.flatMap((one) => one.keySets)
  const findings = report.databases.flatMap((one) => one.findings)
  const heading = out.heading(`All ${plural(report.databases.length, 'database')}`)
  const lines = [heading, ...out.prose(`${verdicts(keySets)} ${severities(findings)}`)]
  return report.complete ? lines : [...lines, ...out.prose(INCOMPLETE)]
}
