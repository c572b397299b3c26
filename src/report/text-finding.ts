import type { Finding, Severity } from '../model/audit.js'
import type { DuplicateCounts, DuplicateSample } from '../model/duplicates.js'
import { plural } from '../model/words.js'
import type { ReportedKeySet } from './report.js'
import type { Color, Terminal } from './terminal.js'

const COLOR: Readonly<Record<Severity, Color>> = { error: 'red', warning: 'yellow', note: 'cyan' }

/** One finding: what and where, the paragraphs of its message, then what to do. */
export function findingLines(
  finding: Finding,
  keySet: ReportedKeySet | undefined,
  showsValues: boolean,
  out: Terminal,
): string[] {
  const { severity, rule, location, message, suggestion } = finding
  const lines = [`${out.paint(severity, COLOR[severity])} ${out.heading(rule)}`, ...out.prose(finding.keySet, 2)]
  if (location) lines.push(`  ${out.paint(`${location.file}:${location.line}:${location.column}`, 'dim')}`)
  for (const paragraph of message.split('\n')) lines.push('', ...out.prose(paragraph, 2))
  if (rule === 'duplicate-rows' && keySet?.duplicates?.counted)
    lines.push(...sampleLines(keySet.duplicates, showsValues, out))
  lines.push('', `  ${out.heading('What to do')}`, ...out.mixed(suggestion, 2))
  return lines
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
