import type { Severity } from '../../model/audit.js'
import { visible, visibleLines } from '../../model/visible.js'
import type { Report } from '../report.js'
import {
  fingerprint,
  gaps,
  headline,
  INCOMPLETE,
  jsonText,
  keySetLabel,
  type OutputOptions,
  placeOf,
  standing,
  worstFirst,
} from './common.js'

const SEVERITY: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', note: 'info' }

/** What GitLab shows of an issue needs a file; what is not declared anywhere is shown at the top of this one. */
const FALLBACK = { path: '.goc-audit.yml', line: 1 }

/**
 * GitLab's code quality report: issues in the form of Code Climate. Findings that the baseline accepts are left out on
 * every branch alike, so that what a merge request adds shows either way. An incomplete scan is one more issue, a blocker.
 */
export function gitlab(report: Report, options: OutputOptions): string {
  const found = worstFirst(report).filter(({ finding }) => finding.status !== 'known')
  const issues = found.map(({ finding, database }) => {
    const place = placeOf(finding.location, options) ?? FALLBACK
    const state = standing(finding)
    return {
      type: 'issue',
      check_name: finding.rule,
      description: `${keySetLabel(finding.keySet, database, report)}: ${headline(finding.message)}${state === '' ? '' : ` (${state})`}`,
      content: { body: visibleLines(`${finding.message}\n\n${finding.suggestion}`) },
      categories: ['Bug Risk'],
      severity: SEVERITY[finding.severity],
      fingerprint: fingerprint(finding.id, database, report),
      location: { path: place.path, lines: { begin: place.line, end: place.line } },
    }
  })
  return jsonText([...incomplete(report), ...issues])
}

function incomplete(report: Report) {
  return report.databases
    .filter(({ complete }) => !complete)
    .map((database) => ({
      type: 'issue',
      check_name: 'incomplete',
      description: `${visible(database.database.name)}: ${INCOMPLETE} ${gaps(database).join(' ')}`,
      categories: ['Bug Risk'],
      severity: 'blocker',
      fingerprint: fingerprint('incomplete', database, report),
      location: { path: FALLBACK.path, lines: { begin: FALLBACK.line, end: FALLBACK.line } },
    }))
}
