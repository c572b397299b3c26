import type { AuditedKeySet } from '../model/audit.js'
import type { Index } from '../model/catalog.js'
import type { DuplicateCounts } from '../model/duplicates.js'
import type { Idiom } from '../model/keyset.js'
import { collapseSpace, quoted } from '../model/keyset-id.js'
import type { LookupPart, Reason } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { bare, indexKind, indexShape, plural } from '../model/words.js'

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}

export function sentence(text: string): string {
  const shown = visible(clause(text))
  return /[.!?:]$/.test(shown) ? shown : `${shown}.`
}

/** On one line, and a condition at its end without parentheses around it. */
export function clause(text: string): string {
  return collapseSpace(text).replace(/(?<=rows where )\(.*\)$/, bare)
}

export function table(audited: AuditedKeySet): string {
  const { schema, name } = audited.resolved.table
  return visible(`${quoted(schema)}.${quoted(name)}`)
}

/** What is looked up, for running text: `session_id`, `tenant_id and email`. */
export function key(audited: AuditedKeySet): string {
  return list(declaredLabels(audited))
}

/** The same as a column list: `(tenant_id, email)`. */
export function keyList(audited: AuditedKeySet): string {
  return `(${declaredLabels(audited).join(', ')})`
}

function declaredLabels(audited: AuditedKeySet): string[] {
  return audited.resolved.parts.filter((part) => part.origin === 'declared').map(partWords)
}

/** What of a part is compared: `email`, `lower(email)`, an expression on one line. */
export function partWords({ label, column, match }: LookupPart): string {
  const shown = visible(column === null ? collapseSpace(label) : quoted(column))
  return match === 'lower' || match === 'upper' ? `${match}(${shown})` : shown
}

export function findIndex(audited: AuditedKeySet, name: string): Index | undefined {
  return (
    audited.facts.indexes.find(({ index }) => index.name === name)?.index ??
    audited.resolved.table.indexes.find((index) => index.name === name)
  )
}

/** `unique index uq_cart on (session_id) where deleted_at IS NULL`. */
export function describeIndex(index: Index): string {
  return visible(`${indexKind(index)} ${index.name} ${indexShape(index)}`)
}

/** Name and shape of the index that a reason is about; the bare name where the catalog doesn't show it. */
export function describeReason(audited: AuditedKeySet, reason: Reason): string {
  const index = findIndex(audited, reason.index)
  return index ? describeIndex(index) : `index ${visible(reason.index)}`
}

/** `Nearest is the unique index uq on (a, b); it also contains b …`, or that no index comes near. */
export function nearest(audited: AuditedKeySet, reason: Reason | null): string {
  const facts = audited.facts.indexes.find(({ index }) => index.name === reason?.index)
  const near = reason && (!facts || facts.parts.some((part) => part.lookupParts.length > 0))
  if (near) return `Nearest is the ${describeReason(audited, reason)}; ${sentence(reason.detail)}`
  const labels = declaredLabels(audited)
  return `No index of ${table(audited)} has ${list(labels, 'or')} in its key.`
}

/** Which index a hazard comes from, and how. */
export function because(audited: AuditedKeySet, reason: Reason): string {
  return `The cause is the ${describeReason(audited, reason)}; ${sentence(reason.detail)}`
}

/** How NULL keys were treated; stands beside every number. */
export function nullPolicy(counts: Pick<DuplicateCounts, 'nulls'>): string {
  return counts.nulls === 'excluded' ? 'NULL keys not counted' : 'NULL keys counted as equal'
}

/** One sentence about the rows that are there now. */
export function present(audited: AuditedKeySet): string {
  const counts = audited.duplicates
  if (!counts.counted) return `Duplicate rows were not counted: ${sentence(counts.detail)}`
  if (counts.groups === 0) return `There are no duplicate rows now (${nullPolicy(counts)}).`
  if (!counts.exact) return `Duplicate rows exist already (stopped at the first group; ${nullPolicy(counts)}).`
  const groups = plural(counts.groups, 'duplicate group')
  return `The table already holds ${groups} with ${plural(counts.surplusRows, 'surplus row')} (${nullPolicy(counts)}).`
}

const RACE: Readonly<Record<Idiom, string>> = {
  'select-insert':
    'Two callers that look up the same new key at the same moment both find nothing and both insert; from then on the lookup finds several rows.',
  validator:
    'The uniqueness check is a lookup like any other: two requests that check the same new key at the same moment both pass and both insert.',
  'insert-first':
    'The caller inserts first and waits for a unique violation that never comes, so every call can add one more row for the same key.',
  'not-exists':
    'WHERE NOT EXISTS does not see rows that are being inserted at that moment: two statements with the same new key both insert.',
  upsert:
    'Without a unique index there is nothing to conflict with, so every call can add one more row for the same key.',
  unknown:
    'Two callers that look up the same new key at the same moment both find nothing and both insert; from then on the lookup finds several rows.',
}

/** How the missing guarantee turns into duplicate rows, for the way this application does it. */
export function race(audited: AuditedKeySet): string {
  return RACE[audited.resolved.keySet.idiom]
}

export function code(statements: readonly string[]): string {
  return statements.flatMap((statement) => statement.split('\n').map((line) => `  ${line}`)).join('\n')
}

/** Lines joined into one text; empty ones are left out. */
export function lines(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join('\n')
}
