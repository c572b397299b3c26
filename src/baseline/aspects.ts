import type { Hazard } from '../model/verdict.js'

/** What a finding is about; a key set can get worse in each on its own. */
export type Aspect = 'rows' | 'protection' | 'hazard' | 'other'

const HAZARDS: Readonly<Record<string, Hazard>> = {
  'lookup-lockout': 'lockout',
  'overspecified-lookup': 'lockout',
  'inexact-lookup': 'write-mismatch',
  'stale-retry': 'stale-retry',
  'deadlock-prone-unique': 'deadlock-prone',
}

const OTHER: readonly string[] = ['other-unique', 'redundant-index']

export function aspectOf(rule: string): Aspect {
  if (rule === 'duplicate-rows') return 'rows'
  if (rule in HAZARDS) return 'hazard'
  return OTHER.includes(rule) ? 'other' : 'protection'
}

/** The hazard that a rule reports; undefined for rules about anything else. */
export function hazardOf(rule: string): Hazard | undefined {
  return HAZARDS[rule]
}
