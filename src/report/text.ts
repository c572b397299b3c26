import { number, plural } from '../model/words.js'
import { groupFindings } from './groups.js'
import type { DatabaseReport, Report, ReportedKeySet } from './report.js'
import { type Cell, shellWord, type Terminal, type TextOptions, terminal } from './terminal.js'
import { databaseTable, groupedFindings, groupedKeySetTable } from './text-many.js'
import { INCOMPLETE, listed, nullWords, reasonWords, severities, verdicts } from './text-parts.js'
import { baselineLines, historyLines } from './text-record.js'

/** `scan` for people. */
export function scanText(report: Report, options: TextOptions): string {
  const out = terminal(options)
  const blocks = [
    ...(report.several ? manyBlocks(report, out) : report.databases.flatMap((one) => databaseBlocks(one, report, out))),
    baselineLines(report, out),
    historyLines(report, out),
    nextSteps(report, out),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function databaseBlocks(report: DatabaseReport, whole: Report, out: Terminal): string[][] {
  const spread = report.keySets.some(({ pattern }) => pattern !== undefined)
  return [
    [title(report, out)],
    spread ? groupedKeySetTable([report], out) : keySetTable(report.keySets, out),
    ...groupedFindings(whole, out),
    notAnalysed([report], whole, out),
    listed('Notes', report.notes, out),
    listed('This scan is incomplete', report.failures, out, 'red'),
    summary(report, out),
  ]
}

function manyBlocks(report: Report, out: Terminal): string[][] {
  const { databases } = report
  const failures = databases.flatMap(({ database, failures: own }) => own.map((one) => `${database.name}: ${one}`))
  return [
    databaseTable(databases, out),
    groupedKeySetTable(databases, out),
    ...groupedFindings(report, out),
    notAnalysed(databases, report, out),
    listed('Notes', sharedNotes(databases), out),
    listed('This scan is incomplete', failures, out, 'red'),
    totals(report, out),
  ]
}

/** Each note once, with the database that it is about, or how many. */
function sharedNotes(databases: readonly DatabaseReport[]): string[] {
  const all = [...new Set(databases.flatMap(({ notes }) => notes))]
  return all.map((note) => {
    const names = databases.filter(({ notes }) => notes.includes(note)).map(({ database }) => database.name)
    const [first = ''] = names
    return `${names.length === 1 ? first : `${number(names.length)} databases`}: ${note}`
  })
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

function notAnalysed(databases: readonly DatabaseReport[], { several }: Report, out: Terminal): string[] {
  const missing = databases.flatMap(({ database, notAnalysed: own }) => own.map((one) => ({ ...one, database })))
  if (missing.length === 0) return []
  const items = missing.flatMap(({ reason, count, example, database }) => {
    const place = several ? `${database.name}: ` : ''
    return out.item(`${place}${reasonWords(reason)}: ${example}${count > 1 ? ` and ${number(count - 1)} more` : ''}`)
  })
  return [out.heading('Not analysed'), ...items]
}

function summary(report: DatabaseReport, out: Terminal): string[] {
  if (report.keySets.length === 0 && !report.complete) return out.prose('Not scanned.')
  const lines = out.prose(`${verdicts(report.keySets)} ${severities(report.findings, report.ignored.length)}`)
  return report.complete ? lines : [...lines, ...out.prose(INCOMPLETE)]
}

/** Why, and what would mend it: for the gravest finding that nobody has accepted. */
function nextSteps({ databases, several }: Report, out: Terminal): string[] {
  const open = databases.map((one) => {
    return { ...one, findings: one.findings.filter(({ status }) => status !== 'known') }
  })
  const first = groupFindings(open)[0]?.members[0]
  if (first === undefined) return []
  const fixable = first.database.findings.some(({ rule }) => FIXABLE.has(rule))
  const chosen = several ? ` --database ${shellWord(first.database.database.name)}` : ''
  return [
    ...out.prose('Next: every index, why it covers the key set or not, and what was counted how:'),
    ...out.code(`goc-audit explain ${shellWord(first.finding.keySet)}${chosen}`),
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

function totals(report: Report, out: Terminal): string[] {
  const { databases } = report
  const keySets = databases.flatMap((one) => one.keySets)
  const findings = databases.flatMap((one) => one.findings)
  const ignored = databases.flatMap((one) => one.ignored).length
  const heading = out.heading(`All ${plural(databases.length, 'database')}`)
  const lines = [heading]
  const failed = databases.filter((one) => one.keySets.length === 0 && !one.complete).length
  if (keySets.length > 0) lines.push(...out.prose(`${verdicts(keySets)} ${severities(findings, ignored)}`))
  if (failed > 0) lines.push(...out.prose(`${plural(failed, 'database was', 'databases were')} not scanned.`))
  return report.complete ? lines : [...lines, ...out.prose(INCOMPLETE)]
}
