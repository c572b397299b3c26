import type { Severity } from '../model/audit.js'
import type { DuplicateCounts } from '../model/duplicates.js'
import { number, plural } from '../model/words.js'
import { type ReportedFinding, type ReportedKeySet, verdictWord } from './report.js'
import type { Terminal } from './terminal.js'

export const INCOMPLETE =
  'Incomplete: not everything could be looked at, so what is missing above is not proven to be clean.'

/** `over-budget` → `over budget`. */
export function reasonWords(reason: string): string {
  return reason.replaceAll('-', ' ')
}

export function nullWords({ nulls }: Pick<DuplicateCounts, 'nulls'>): string {
  return nulls === 'excluded' ? 'not counted' : 'equal'
}

export function listed(
  heading: string,
  sentences: readonly string[],
  out: Terminal,
  color: 'bold' | 'red' = 'bold',
): string[] {
  if (sentences.length === 0) return []
  return [out.paint(heading, color), ...sentences.flatMap((one) => out.item(one))]
}

export function verdicts(keySets: readonly ReportedKeySet[]): string {
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

/** What is found, what the baseline has of it, and what the configuration ignores. */
export function severities(findings: readonly ReportedFinding[], ignored: number): string {
  const open = findings.filter(({ status }) => status !== 'known')
  const parts = (['error', 'warning', 'note'] as const satisfies readonly Severity[]).flatMap((severity) => {
    const times = open.filter((finding) => finding.severity === severity).length
    return times > 0 ? [plural(times, severity)] : []
  })
  const known = findings.length - open.length
  const fresh = known > 0 ? 'No new findings.' : 'No findings.'
  return [
    parts.length === 0 ? fresh : `${parts.join(', ')}.`,
    ...(known > 0 ? [`${plural(known, 'more is', 'more are')} known by the baseline.`] : []),
    ...(ignored > 0 ? [`${plural(ignored, 'more is ignored', 'more are ignored')} by the configuration.`] : []),
  ].join(' ')
}
