import type { AuditedKeySet } from '../model/audit.js'
import type { Reason } from '../model/verdict.js'
import { shortfall } from './protection.js'

export interface Lockout {
  readonly kind: 'overspecified' | 'other'
  readonly reason: Reason | null
}

/** Which of the two lockout rules speaks, and about which index; null without the hazard. */
export function lockout(audited: AuditedKeySet): Lockout | null {
  if (!audited.verdict.hazards.includes('lockout')) return null
  // There the index is both too coarse and too fine, and that finding already says so.
  if (shortfall(audited)?.rule === 'expression-mismatch') return null
  const { reasons } = audited.verdict
  const narrower = reasons.find(({ gap }) => gap === 'narrower')
  if (narrower) return { kind: 'overspecified', reason: narrower }
  const coarser = reasons.find(({ gap }) => gap === 'coarser' || gap === 'predicate-lockout')
  return { kind: 'other', reason: coarser ?? null }
}
