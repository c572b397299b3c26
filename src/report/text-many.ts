import { number, plural } from '../model/words.js'
import { type FindingGroup, groupFindings, groupKeySets, surplusOf } from './groups.js'
import type { DatabaseReport, Report } from './report.js'
import type { Cell, Terminal } from './terminal.js'
import { findingLines } from './text-finding.js'
import { nullWords, reasonWords } from './text-parts.js'

const MOST_PLACES = 10

/** One line per database: what was found there. */
export function databaseTable(databases: readonly DatabaseReport[], out: Terminal): string[] {
  const head = [
    { title: 'DATABASE' },
    { title: 'KEY SETS', right: true },
    { title: 'UNSAFE', right: true },
    { title: 'CONDITIONAL', right: true },
    { title: 'UNKNOWN', right: true },
    { title: 'SURPLUS ROWS', right: true },
  ]
  const rows = databases.map(({ database, keySets, complete, summary }): Cell[] => {
    if (keySets.length === 0 && !complete) return [database.name, { text: 'not scanned', color: 'red', span: 5 }]
    const some = (value: number, color: 'red' | 'yellow'): Cell => {
      return { text: number(value), color: value > 0 ? color : 'dim' }
    }
    return [
      database.name,
      number(summary.keySets),
      some(summary.none, 'red'),
      some(summary.conditional + summary.degraded, 'yellow'),
      some(summary.unknown, 'yellow'),
      some(summary.surplusRows, 'red'),
    ]
  })
  return out.table(head, rows)
}

/** Key sets over all databases and schemas; those with different verdicts in different lines. */
export function groupedKeySetTable(databases: readonly DatabaseReport[], out: Terminal): string[] {
  const groups = groupKeySets(databases)
  if (groups.length === 0) return []
  const head = [
    { title: 'KEY SET' },
    { title: 'VERDICT' },
    { title: 'TABLES', right: true },
    { title: 'GROUPS', right: true },
    { title: 'SURPLUS ROWS', right: true },
    { title: 'NULL KEYS' },
  ]
  const rows = groups.map(({ id, protection, members }): Cell[] => {
    const counts = members.flatMap(({ keySet }) => (keySet.duplicates?.counted ? [keySet.duplicates] : []))
    const tables = number(members.length)
    const [first] = counts
    if (first === undefined)
      return [id, out.verdict(protection), tables, { text: notCounted(members), color: 'yellow', span: 3 }]
    const groupCount = counts.reduce((sum, { groups: some }) => sum + some, 0)
    const atLeast = counts.length < members.length || counts.some((one) => !one.exact && one.groups > 0) ? '≥ ' : ''
    const cell = (value: number): Cell => ({ text: atLeast + number(value), color: groupCount > 0 ? 'red' : 'dim' })
    const nulls = counts.every((one) => one.nulls === first.nulls) ? nullWords(first) : 'differs'
    const surplus = counts.reduce((sum, { surplusRows }) => sum + surplusRows, 0)
    return [id, out.verdict(protection), tables, cell(groupCount), cell(surplus), { text: nulls, color: 'dim' }]
  })
  return out.table(head, rows)
}

function notCounted(members: ReturnType<typeof groupKeySets>[number]['members']): string {
  const reasons = members.flatMap(({ keySet }) =>
    keySet.duplicates === null || keySet.duplicates.counted ? [] : [keySet.duplicates.reason],
  )
  return reasons.length === 0 ? 'nothing to count' : `not counted: ${reasonWords(reasons[0] ?? '')}`
}

/** Every finding that the baseline doesn't have, told once, with the places where it is found. */
export function groupedFindings(report: Report, out: Terminal): string[][] {
  const open = report.databases.map((one) => {
    return { ...one, findings: one.findings.filter(({ status }) => status !== 'known') }
  })
  return groupFindings(open).map((group) => groupLines(group, report, out))
}

function groupLines(group: FindingGroup, report: Report, out: Terminal): string[] {
  const { members, id } = group
  const [worst] = members
  if (worst === undefined) return []
  const alone = members.length === 1
  const name = placeName(report)
  const lines = findingLines(worst.finding, worst.keySet, report.showsValues, out, {
    title: alone ? worst.finding.keySet : id,
    place: alone
      ? report.several
        ? `In ${worst.database.database.name}.`
        : null
      : `In ${plural(members.length, 'place')}. Here is what is found in ${name(worst)}:`,
  })
  return alone ? lines : [...lines, '', ...placeTable(group, report, out).map((line) => `  ${line}`)]
}

function placeTable({ members }: FindingGroup, report: Report, out: Terminal): string[] {
  const statuses = members.some(({ finding }) => finding.status !== undefined)
  const head = [
    { title: report.several ? 'DATABASE' : 'SCHEMA' },
    { title: 'GROUPS', right: true },
    { title: 'SURPLUS ROWS', right: true },
    ...(statuses ? [{ title: 'BASELINE' }] : []),
  ]
  const name = placeName(report)
  const rows = members.slice(0, MOST_PLACES).map((member): Cell[] => {
    const { keySet, finding } = member
    const counts = keySet?.duplicates
    const cells: Cell[] = counts?.counted ? [number(counts.groups), number(counts.surplusRows)] : ['?', '?']
    const status = finding.change === undefined ? (finding.status ?? '') : `${finding.status}: ${finding.change}`
    return [name(member), ...cells, ...(statuses ? [status] : [])]
  })
  const rest = members.slice(MOST_PLACES)
  const surplus = rest.reduce((sum, { keySet }) => sum + surplusOf(keySet), 0)
  const more = rest.length === 0 ? [] : [`and ${number(rest.length)} more with ${plural(surplus, 'surplus row')}`]
  return [...out.table(head, rows), ...more]
}

/** Where a member is found: the database, the schema where the key set is declared for several, or both. */
function placeName({ several }: Report): (member: FindingGroup['members'][number]) => string {
  return ({ database, keySet }) => {
    const schema = keySet?.pattern === undefined ? null : keySet.schema
    if (!several) return schema ?? database.database.name
    return schema === null ? database.database.name : `${database.database.name}, ${schema}`
  }
}
