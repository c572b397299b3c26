import type { Severity } from '../model/audit.js'
import type { DuplicateCounts, DuplicateSample } from '../model/duplicates.js'
import { plural } from '../model/words.js'
import type { ReportedFinding, ReportedKeySet } from './report.js'
import type { Color, Terminal } from './terminal.js'

const COLOR: Readonly<Record<Severity, Color>> = { error: 'red', warning: 'yellow', note: 'cyan' }

/** One finding: what and where, the paragraphs of its message, then what to do. */
export function findingLines(
  finding: ReportedFinding,
  keySet: ReportedKeySet | undefined,
  showsValues: boolean,
  out: Terminal,
  { title, place }: { readonly title?: string; readonly place?: string | null } = {},
): string[] {
  const { severity, rule, location, message, suggestion } = finding
  const head = `${out.paint(severity, COLOR[severity])} ${out.heading(rule)}${standing(finding, out)}`
  const lines = [head, ...out.prose(title ?? finding.keySet, 2), ...(place ? out.prose(place, 2) : [])]
  if (location) lines.push(`  ${out.paint(`${location.file}:${location.line}:${location.column}`, 'dim')}`)
  for (const paragraph of message.split('\n')) lines.push('', ...out.prose(paragraph, 2))
  if (rule === 'duplicate-rows' && keySet?.duplicates?.counted)
    lines.push(...sampleLines(keySet.duplicates, showsValues, out))
  lines.push('', `  ${out.heading('What to do')}`, ...out.mixed(suggestion, 2))
  return lines
}

/** `new`, or `worse: from 3 to 5 surplus rows`. */
function standing({ status, change }: ReportedFinding, out: Terminal): string {
  if (status === undefined || status === 'known') return ''
  return ` ${out.paint(change === undefined ? status : `${status}: ${change}`, 'magenta')}`
}

/** Sample groups: what the rows share, how many they are, where they differ. */
export function sampleLines({ samples }: DuplicateCounts, showsValues: boolean, out: Terminal): string[] {
  if (samples.length === 0) return []
  const note = showsValues ? '' : ' (values masked; --show-values shows them)'
  return ['', ...out.prose(`Sample groups${note}:`, 2), ...samples.flatMap((sample) => out.item(describe(sample), 2))]
}

function describe({ key, rows, differingColumns }: DuplicateSample): string {
  const values = Object.entries(key).map(([name, value]) => `${name} = ${value === null ? 'NULL' : `'${value}'`}`)
  const differ =
    differingColumns.length === 0 ? 'identical outside the key' : `differ in ${differingColumns.join(', ')}`
  return `${values.join(', ')}: ${plural(rows, 'row')}, ${differ}`
}
