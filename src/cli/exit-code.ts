import type { Severity } from '../model/audit.js'
import { atOrAbove, type Report } from '../report/report.js'

/** Could not run, or only in part. */
export const INCOMPLETE = 2

/** 2 beats 1: of an incomplete scan nobody knows what it would have found. */
export function scanExitCode(report: Report, failOn: Severity | 'never'): 0 | 1 | 2 {
  if (!report.complete) return INCOMPLETE
  const found = report.databases.some(({ findings }) => findings.some(({ severity }) => atOrAbove(severity, failOn)))
  return found ? 1 : 0
}
