import type { Audit, AuditedKeySet, Finding, Severity } from '../model/audit.js'
import type { BaselineOutcome, Standing } from '../model/baseline.js'
import type { Duplicates } from '../model/duplicates.js'
import type { HistoryOutcome } from '../model/history.js'
import { patternOf } from '../model/keyset-id.js'
import { mask } from '../model/mask.js'
import type {
  DatabaseReport,
  HistoryPoint,
  Report,
  ReportedDuplicates,
  ReportedFinding,
  ReportedKeySet,
  Summary,
  Tool,
} from './report.js'

export interface ReportOptions {
  readonly tool: Tool
  readonly several: boolean
  readonly showValues: boolean
  /** How a finding stands to the baseline. */
  standing?(audit: Audit, finding: Finding): Standing | undefined
  readonly baseline?: BaselineOutcome
  readonly trends?: HistoryOutcome
  readonly history?: readonly HistoryPoint[]
}

/** Audits → what renderers show: sorted, and masked once, so that no renderer can leak a value. */
export function buildReport(audits: readonly Audit[], options: ReportOptions): Report {
  const databases = audits.map((audit) => databaseReport(audit, options))
  return {
    tool: options.tool,
    several: options.several,
    showsValues: options.showValues,
    complete: databases.every(({ complete }) => complete),
    databases,
    summary: summarise(databases.flatMap(({ keySets }) => keySets)),
    ...(options.baseline && { baseline: options.baseline }),
    ...(options.trends && { trends: withoutRuns(options.trends) }),
    ...(options.history && { history: options.history }),
  }
}

function withoutRuns({ runs: _, ...trends }: HistoryOutcome): Omit<HistoryOutcome, 'runs'> {
  return trends
}

function databaseReport(audit: Audit, options: ReportOptions): DatabaseReport {
  const keySets = audit.keySets.map((one) => reportKeySet(one, options.showValues)).sort((a, b) => compare(a.id, b.id))
  return {
    database: audit.database,
    complete: audit.complete,
    keySets,
    findings: audit.findings
      .map((finding) => reportFinding(finding, options.standing?.(audit, finding)))
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    ignored: audit.ignored.map(({ suggestion: _, ...rest }) => rest).sort((a, b) => compare(a.id, b.id)),
    notAnalysed: [...audit.notAnalysed].sort((a, b) => compare(a.reason, b.reason)),
    notes: audit.notes,
    failures: audit.failures,
    summary: summarise(keySets),
  }
}

function reportFinding(finding: Finding, standing: Standing | undefined): ReportedFinding {
  if (standing === undefined) return finding
  const { status, change } = standing
  return { ...finding, status, ...(change !== null && { change }) }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']

// By code unit: the same on every machine, whatever its locale.
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

export function reportKeySet({ resolved, verdict, duplicates }: AuditedKeySet, showValues: boolean): ReportedKeySet {
  const { keySet, relation, table } = resolved
  const pattern = patternOf(keySet)
  const window = keySet.evidence.flatMap((one) => ('window' in one ? (one.window ?? []) : []))
  return {
    id: resolved.id,
    ...(pattern !== null && { pattern }),
    schema: relation.schema,
    table: relation.name,
    baseTable: relation === table ? null : { schema: table.schema, table: table.name },
    columns: keySet.parts.map((part) => (part.kind === 'column' ? part.name : part.sql)),
    predicate: resolved.predicate,
    match: keySet.match,
    idiom: keySet.idiom,
    evidence: keySet.evidence.map((one) => (one.kind === 'declared' ? one : { kind: one.kind, grade: one.grade })),
    protection: verdict.protection,
    condition: verdict.condition,
    unknownBecause: verdict.unknownBecause,
    hazards: verdict.hazards,
    coveredBy: verdict.coveredBy,
    reasons: verdict.reasons.map(({ index, gap, detail }) => ({ index, gap, detail })),
    duplicates: reportDuplicates(duplicates, showValues),
    ...(window.length > 0 && { raceWindow: window }),
  }
}

function reportDuplicates(duplicates: Duplicates, showValues: boolean): ReportedDuplicates | null {
  if (!duplicates.counted) {
    const { counted, reason, detail } = duplicates
    return reason === 'not-judgeable' ? null : { counted, reason, detail }
  }
  if (showValues) return duplicates
  const samples = duplicates.samples.map((sample) => ({
    ...sample,
    key: Object.fromEntries(Object.entries(sample.key).map(([name, value]) => [name, mask(value)])),
  }))
  return { ...duplicates, samples }
}

function summarise(keySets: readonly ReportedKeySet[]): Summary {
  const protectedBy = (protection: ReportedKeySet['protection']) =>
    keySets.filter((one) => one.protection === protection).length
  const counted = keySets.flatMap(({ duplicates }) => (duplicates?.counted ? [duplicates] : []))
  return {
    keySets: keySets.length,
    full: protectedBy('full'),
    conditional: protectedBy('conditional'),
    degraded: protectedBy('degraded'),
    none: protectedBy('none'),
    unknown: protectedBy('unknown'),
    duplicateGroups: counted.reduce((sum, { groups }) => sum + groups, 0),
    surplusRows: counted.reduce((sum, { surplusRows }) => sum + surplusRows, 0),
  }
}
