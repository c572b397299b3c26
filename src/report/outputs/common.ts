import { createHash } from 'node:crypto'
import type { Severity } from '../../model/audit.js'
import type { SourceLocation } from '../../model/keyset.js'
import { visible, visibleJson } from '../../model/visible.js'
import type { DatabaseReport, Report, ReportedFinding, ReportedKeySet } from '../report.js'
import type { RulePage } from '../rule-text.js'

/** What an output needs beside the report. */
export interface OutputOptions {
  /** All rules, in their order. */
  readonly rules: readonly RulePage[]
  readonly failOn: Severity | 'never'
  /** When the scan ended, ISO 8601 in UTC. */
  readonly at: string
  /** The path of a file of the user's from the root of the repository, with slashes; null where it lies outside. */
  readonly inRepository: (file: string) => string | null
}

/** A finding, with the database and the key set that it is about. */
export interface Found {
  readonly finding: ReportedFinding
  readonly database: DatabaseReport
  /** Undefined for a finding about the configuration. */
  readonly keySet: ReportedKeySet | undefined
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** Over all databases: gravest first; of one severity what is new or worse first, then where most rows are surplus. */
export function worstFirst(report: Report): Found[] {
  const found = report.databases.flatMap((database) => {
    const byId = new Map(database.keySets.map((one) => [one.id, one]))
    return database.findings.map((finding) => ({ finding, database, keySet: byId.get(finding.keySet) }))
  })
  return found.sort(
    (a, b) =>
      RANK[a.finding.severity] - RANK[b.finding.severity] ||
      Number(a.finding.status === 'known') - Number(b.finding.status === 'known') ||
      surplus(b) - surplus(a),
  )
}

function surplus({ keySet }: Found): number {
  return keySet?.duplicates?.counted ? keySet.duplicates.surplusRows : 0
}

/** What fails the check: everything at or above the threshold that the baseline doesn't accept. */
export function fails({ severity, status }: ReportedFinding, failOn: Severity | 'never'): boolean {
  return failOn !== 'never' && status !== 'known' && RANK[severity] <= RANK[failOn]
}

/** The same for the same defect on every machine and every day; of several databases, by the name of each. */
export function fingerprint(id: string, { database }: DatabaseReport, { several }: Report): string {
  const subject = several ? `${database.name}\n${id}` : id
  return createHash('sha256').update(subject).digest('hex').slice(0, 32)
}

/** The rule in words: its title, or its id where a newer edition wrote the report. */
export function titleOf(rule: string, rules: readonly RulePage[]): string {
  return rules.find(({ id }) => id === rule)?.title ?? rule
}

/** `known`, or what became of it; empty without a baseline. */
export function standing({ status, change }: ReportedFinding): string {
  if (status === undefined) return ''
  return status === 'worse' && change !== undefined ? `worse: ${visible(change)}` : status
}

/** With the database in front where there are several. */
export function keySetLabel(id: string, { database }: DatabaseReport, { several }: Report): string {
  return several ? `${visible(database.name)}: ${visible(id)}` : visible(id)
}

/** The first paragraph: what is wrong. */
export function headline(message: string): string {
  return visible(message.split('\n', 1)[0] ?? '')
}

/** What the scan could not look at, as sentences; empty where it is complete. */
export function gaps({ failures, notAnalysed, complete }: DatabaseReport): string[] {
  const left = notAnalysed.map(({ reason, count, example }) => {
    const more = count > 1 ? ` and ${count - 1} more` : ''
    return `Not analysed (${reason.replaceAll('-', ' ')}): ${example}${more}.`
  })
  const all = [...failures, ...left].map(visible)
  return all.length === 0 && !complete ? ['Not everything could be looked at.'] : all
}

export const INCOMPLETE = 'The scan is incomplete: what is missing here is not proven to be clean.'

/** A piece of a suggestion: sentences, or lines to paste. */
export interface Block {
  readonly code: boolean
  readonly lines: readonly string[]
}

/** Lines that start with two blanks are code; the blanks are gone then. */
export function blocks(text: string): Block[] {
  const found: { code: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const code = line.startsWith('  ')
    const last = found.at(-1)
    const shown = code ? line.slice(2) : line
    if (last?.code === code) last.lines.push(shown)
    else found.push({ code, lines: [shown] })
  }
  return found
}

/** Safe to print in a terminal, and where a CI server looks for commands of its own in every line. */
export function jsonText(data: unknown): string {
  return `${visibleJson(JSON.stringify(data, null, 2)).replaceAll('##[', '#\\u0023[')}\n`
}

export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** In the repository; null where nothing says where, or it lies outside. */
export function placeOf(location: SourceLocation | undefined, { inRepository }: OutputOptions): Place | null {
  const path = location === undefined ? null : inRepository(location.file)
  return location === undefined || path === null ? null : { path, line: location.line, column: location.column }
}

/** Where the key set is declared; undefined for one that only logs or statistics show. */
export function declaredAt(keySet: ReportedKeySet): SourceLocation | undefined {
  return keySet.evidence.flatMap((one) => (one.kind === 'declared' && one.location ? [one.location] : []))[0]
}
