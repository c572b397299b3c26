import type { Severity } from '../model/audit.js'
import type { FixReport } from '../report/fix-report.js'
import { atOrAbove, type Report } from '../report/report.js'

/** Could not run, or only in part. */
export const INCOMPLETE = 2

/** 2 beats 1: of an incomplete scan nobody knows what it would have found. What the baseline has passes. */
export function scanExitCode(report: Report, failOn: Severity | 'never'): 0 | 1 | 2 {
  if (!report.complete) return INCOMPLETE
  const found = report.databases.some(({ findings }) =>
    findings.some(({ severity, status }) => status !== 'known' && atOrAbove(severity, failOn)),
  )
  return found ? 1 : 0
}

/** 2: a key set is refused; 1: one waits for a decision; the others are in the plan all the same. */
export function fixExitCode({ keySets }: FixReport): 0 | 1 | 2 {
  if (keySets.some(({ outcome }) => outcome === 'refused')) return 2
  return keySets.some(({ outcome }) => outcome === 'undecided') ? 1 : 0
}
