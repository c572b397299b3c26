import type { Finding, IgnoredFinding } from '../model/audit.js'
import type { SourceLocation } from '../model/keyset.js'
import { matchesId } from './pattern.js'
import { staleIgnore } from './stale-ignore.js'
import { list, sentence } from './words.js'

/** An entry under `ignore:`. */
export interface IgnoreEntry {
  /** A key set's id; `*` and `?` as in `--only`. */
  readonly keyset: string
  /** Undefined: every rule. */
  readonly rule?: string | undefined
  readonly reason: string
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly until?: string | undefined
  readonly location?: SourceLocation | undefined
}

export interface IgnoreOptions {
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** False where only a part was scanned (`--only`, failures): then an entry without a match proves nothing. */
  readonly complete: boolean
}

export interface Sifted {
  /** What is left, with a `stale-ignore` finding for each key set whose entries do nothing. */
  readonly findings: readonly Finding[]
  readonly ignored: readonly IgnoredFinding[]
}

export function applyIgnores(
  findings: readonly Finding[],
  ignores: readonly IgnoreEntry[],
  options: IgnoreOptions,
): Sifted {
  const live = ignores.filter((entry) => !isExpired(entry, options))
  const entryOf = (finding: Finding) => live.find((entry) => hides(entry, finding))
  const ignored = findings.flatMap((finding) => {
    const entry = entryOf(finding)
    return entry ? [{ ...finding, reason: entry.reason }] : []
  })
  const left = findings.filter((finding) => entryOf(finding) === undefined)
  const stale = ignores.filter(
    (entry) => isExpired(entry, options) || (options.complete && !findings.some((finding) => hides(entry, finding))),
  )
  return { findings: [...left, ...staleFindings(stale, options)], ignored }
}

function isExpired(entry: IgnoreEntry, { today }: IgnoreOptions): boolean {
  return entry.until !== undefined && entry.until < today
}

function hides(entry: IgnoreEntry, finding: Finding): boolean {
  return (entry.rule ?? finding.rule) === finding.rule && matchesId(entry.keyset, finding.keySet)
}

// One finding per key set, since a finding's id is made of rule and key set.
function staleFindings(stale: readonly IgnoreEntry[], options: IgnoreOptions): Finding[] {
  const keySets = [...new Set(stale.map((entry) => entry.keyset))]
  return keySets.map((keySet) => {
    const entries = stale.filter((entry) => entry.keyset === keySet)
    const location = entries[0]?.location
    return {
      id: `${staleIgnore.id}:${keySet}`,
      rule: staleIgnore.id,
      severity: staleIgnore.severity,
      keySet,
      message: entries.map((entry) => message(entry, options)).join('\n'),
      suggestion: suggestion(entries, options),
      ...(location && { location }),
    }
  })
}

function message(entry: IgnoreEntry, options: IgnoreOptions): string {
  const what = `The ignore entry for ${entry.rule ?? 'every rule'} of ${entry.keyset}`
  if (isExpired(entry, options))
    return sentence(`${what} ended on ${entry.until}; it hides nothing any more. Its reason was: ${entry.reason}`)
  return sentence(`${what} matches no finding. Its reason was: ${entry.reason}`)
}

function suggestion(entries: readonly IgnoreEntry[], options: IgnoreOptions): string {
  const expired = entries.filter((entry) => isExpired(entry, options))
  const unmatched = entries.filter((entry) => !expired.includes(entry))
  const advice = []
  if (unmatched.length > 0)
    advice.push(
      `Remove the entry${unmatched.length > 1 ? ' for each of these rules' : ''}, or correct its key set and rule.`,
    )
  if (expired.length > 0)
    advice.push(`Fix what ${list(expired.map((entry) => entry.rule ?? 'it'))} reports, or set a new day in \`until\`.`)
  return advice.join(' ')
}
