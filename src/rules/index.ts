import type { AuditedKeySet, Finding, Severity } from '../model/audit.js'
import { arbiterMismatch } from './arbiter-mismatch.js'
import { deadlockProneUnique } from './deadlock-prone-unique.js'
import { deferrableUniqueOnly } from './deferrable-unique-only.js'
import { duplicateRows } from './duplicate-rows.js'
import { exclusionOnly } from './exclusion-only.js'
import { expressionMismatch } from './expression-mismatch.js'
import { inexactLookup } from './inexact-lookup.js'
import { invalidUniqueIndex } from './invalid-unique-index.js'
import { lookupLockout } from './lookup-lockout.js'
import { missingUnique } from './missing-unique.js'
import { notAnalysed } from './not-analysed.js'
import { nullableKeyColumn } from './nullable-key-column.js'
import { otherUnique } from './other-unique.js'
import { overspecifiedLookup } from './overspecified-lookup.js'
import { partialUniqueOnly } from './partial-unique-only.js'
import { partitionLocalUnique } from './partition-local-unique.js'
import { redundantIndex } from './redundant-index.js'
import type { Rule, RuleHit } from './rule.js'
import { staleIgnore } from './stale-ignore.js'
import { staleRetry } from './stale-retry.js'
import { lines } from './words.js'

export { applyIgnores, type IgnoreEntry } from './ignores.js'
export { matchesId, selects } from './pattern.js'
export type { Rule } from './rule.js'

/** Every rule, gravest first: the order of docs/rules.md, and of the findings of one key set. */
export const rules: readonly Rule[] = [
  missingUnique,
  partialUniqueOnly,
  nullableKeyColumn,
  expressionMismatch,
  invalidUniqueIndex,
  partitionLocalUnique,
  arbiterMismatch,
  duplicateRows,
  deferrableUniqueOnly,
  exclusionOnly,
  overspecifiedLookup,
  lookupLockout,
  inexactLookup,
  staleRetry,
  deadlockProneUnique,
  staleIgnore,
  otherUnique,
  redundantIndex,
  notAnalysed,
]

export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id)
}

/** Findings of all key sets: gravest first, then by key set, then in the order of `rules`. */
export function findingsFor(audited: readonly AuditedKeySet[]): Finding[] {
  const findings = audited.flatMap((one) =>
    rules.flatMap((rule) => {
      const hit = rule.check(one)
      return hit ? [finding(rule, hit, one)] : []
    }),
  )
  return sortFindings(findings)
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

function sortFindings(findings: readonly Finding[]): Finding[] {
  const place = new Map(rules.map((rule, at) => [rule.id, at]))
  return [...findings].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      compare(a.keySet, b.keySet) ||
      (place.get(a.rule) ?? 0) - (place.get(b.rule) ?? 0),
  )
}

// By code unit: the same on every machine, whatever its locale.
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function finding(rule: Rule, { severity, words }: RuleHit, { resolved }: AuditedKeySet): Finding {
  const location = resolved.keySet.location
  return {
    id: `${rule.id}:${resolved.id}`,
    rule: rule.id,
    severity,
    keySet: resolved.id,
    message: lines(words.what, words.why, words.nearest),
    suggestion: words.todo,
    ...(location && { location }),
  }
}
