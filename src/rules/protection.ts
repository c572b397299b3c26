import type { AuditedKeySet } from '../model/audit.js'
import type { Gap, Reason } from '../model/verdict.js'

export type ProtectionRule =
  | 'missing-unique'
  | 'partial-unique-only'
  | 'nullable-key-column'
  | 'expression-mismatch'
  | 'invalid-unique-index'
  | 'partition-local-unique'
  | 'arbiter-mismatch'
  | 'deferrable-unique-only'
  | 'exclusion-only'
  | 'not-analysed'

export interface Shortfall {
  readonly rule: ProtectionRule
  /** The nearest index and why it falls short; null where no index comes near. */
  readonly reason: Reason | null
}

// `null`: an index with this gap protects the key set, so it can't be why protection is missing.
const RULE_OF_GAP: Readonly<Record<Gap, ProtectionRule | null>> = {
  'extra-columns': 'missing-unique',
  overlaps: 'missing-unique',
  'not-unique': 'missing-unique',
  partial: 'partial-unique-only',
  'partial-other-rows': 'partial-unique-only',
  nullable: 'nullable-key-column',
  expression: 'expression-mismatch',
  collation: 'expression-mismatch',
  'operator-class': 'expression-mismatch',
  'bound-type': 'expression-mismatch',
  'not-enforced': 'invalid-unique-index',
  invalid: 'invalid-unique-index',
  unattached: 'invalid-unique-index',
  deferrable: 'deferrable-unique-only',
  exclusion: 'exclusion-only',
  'partition-columns': 'partition-local-unique',
  'partition-local': 'partition-local-unique',
  inheritance: 'partition-local-unique',
  narrower: null,
  coarser: null,
  'predicate-lockout': null,
  undecided: 'not-analysed',
}

/** The one protection rule that speaks about this key set, by the gap of the nearest index; null where it is safe. */
export function shortfall(audited: AuditedKeySet): Shortfall | null {
  const { protection, reasons } = audited.verdict
  if (protection === 'full') return null
  const reason = reasons.find((candidate) => RULE_OF_GAP[candidate.gap] !== null) ?? null
  if (protection === 'unknown') return { rule: 'not-analysed', reason }
  const rule = (reason && RULE_OF_GAP[reason.gap]) ?? 'missing-unique'
  if (rule === 'missing-unique' && audited.resolved.keySet.idiom === 'upsert')
    return { rule: 'arbiter-mismatch', reason }
  return { rule, reason }
}

/** For a rule's `select`: the shortfall if it is this rule's, else null. */
export function shortfallOf(rule: ProtectionRule, audited: AuditedKeySet): Shortfall | null {
  const found = shortfall(audited)
  return found?.rule === rule ? found : null
}
