import type { Audit, AuditedKeySet, DatabaseInfo, Remedy } from '../model/audit.js'
import type { Gap, IndexFacts, LookupCase, LookupPart, Protection } from '../model/verdict.js'
import { indexKind, indexShape, partLabel } from '../model/words.js'
import { reportKeySet } from './build.js'
import type { ReportedKeySet } from './report.js'

/** One index against one lookup. */
export interface ExplainedIndex {
  readonly name: string
  readonly schema: string
  readonly table: string
  /** `unique constraint on (a, b) where c`. */
  readonly definition: string
  /** What it gives by itself. */
  readonly covers: boolean
  readonly gaps: readonly { readonly gap: Gap; readonly detail: string }[]
  readonly parts: readonly ExplainedPart[]
  /** Per case of the lookup: whether all its rows satisfy the index's predicate. */
  readonly implied: readonly ('yes' | 'no' | 'unknown')[]
}

export interface ExplainedPart {
  readonly part: string
  /** What of the lookup determines it; empty where nothing does. */
  readonly lookup: readonly string[]
  readonly relation: string
  readonly detail: string | null
}

/** One key set in `explain KEYSET --json`; schemas/explain.schema.json. */
export interface Explanation {
  readonly database: DatabaseInfo
  readonly keySet: ReportedKeySet
  readonly lookup: readonly LookupPart[]
  readonly cases: readonly LookupCase[]
  readonly indexes: readonly ExplainedIndex[]
  readonly writeMismatches: readonly { readonly column: string; readonly detail: string }[]
  /** Sentences. */
  readonly notes: readonly string[]
  readonly isolation: string | null
  readonly findings: readonly string[]
  readonly remedy: Remedy
}

export interface ExplainOptions {
  readonly showValues: boolean
}

/** Everything known of one audited key set. */
export function explainKeySet(audit: Audit, audited: AuditedKeySet, options: ExplainOptions): Explanation {
  const { resolved, facts, verdict, remedy } = audited
  const judged = [...facts.indexes].sort((a, b) => nearness(a, audited) - nearness(b, audited))
  return {
    database: audit.database,
    keySet: reportKeySet(audited, options.showValues),
    lookup: resolved.parts,
    cases: facts.cases,
    indexes: judged.map((one) => explainIndex(one, resolved.parts, audited)),
    writeMismatches: facts.writeMismatches,
    notes: facts.notes ?? [],
    isolation: facts.isolation ?? null,
    findings: audit.findings.filter(({ keySet }) => keySet === resolved.id).map(({ id }) => id),
    remedy: verdict.protection === 'full' ? { kind: 'none', sql: [], note: null } : remedy,
  }
}

/** Covering ones first, then in the order of the reasons (nearest first). */
function nearness({ index }: IndexFacts, { verdict }: AuditedKeySet): number {
  const covering = verdict.coveredBy.indexOf(index.name)
  if (covering >= 0) return covering - verdict.coveredBy.length
  const at = verdict.reasons.findIndex((reason) => reason.index === index.name)
  return at < 0 ? verdict.reasons.length : at
}

function explainIndex(facts: IndexFacts, lookup: readonly LookupPart[], { verdict }: AuditedKeySet): ExplainedIndex {
  const { index } = facts
  const reasons = verdict.reasons.filter((reason) => reason.index === index.name)
  const alone: Protection = reasons[0]?.protection ?? (verdict.coveredBy.includes(index.name) ? 'full' : 'none')
  return {
    name: index.name,
    schema: index.schema,
    table: index.table,
    definition: `${indexKind(index)} ${indexShape(index)}`,
    covers: alone === 'full',
    gaps: reasons.map(({ gap, detail }) => ({ gap, detail })),
    parts: facts.parts.map((part) => ({
      part: partLabel(index.parts[part.indexPart]),
      lookup: part.lookupParts.map((at) => lookup[at]?.label ?? '?'),
      relation: part.lookupParts.length === 0 ? 'open' : part.relation,
      detail: part.detail,
    })),
    implied: facts.implied,
  }
}
