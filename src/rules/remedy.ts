import type { AuditedKeySet } from '../model/audit.js'
import { plural } from '../model/words.js'
import { code, lines, nullPolicy, sentence } from './words.js'

/** What to do to get the missing guarantee: clean first where needed, then the SQL, then the call site. */
export function remedy(audited: AuditedKeySet, options: { readonly intro?: string; readonly lead: string }): string {
  const { sql, note } = audited.remedy
  if (sql.length === 0) return sentence(note ?? 'No constraint of this database can guarantee it for this key set')
  const mind = note === null ? null : `Mind: ${sentence(note)}`
  const lead = audited.remedy.kind === 'side-table' ? 'Guard the key with a side table of keys:' : options.lead
  return lines(options.intro, firstClean(audited), lead, code(sql), mind, callSite(audited))
}

function firstClean(audited: AuditedKeySet): string | null {
  const counts = audited.duplicates
  const aside = audited.remedy.kind === 'side-table'
  const because = aside ? 'the side table holds each key once' : 'the statement fails while they are there'
  if (!counts.counted) return `First count the duplicate rows: ${because}.`
  const [groups, rows] = aside
    ? [counts.groups, counts.surplusRows]
    : [counts.constraintGroups, counts.constraintSurplusRows]
  if (groups === 0) return null
  if (!counts.exact) return `First merge or remove the duplicate rows: ${because}.`
  const policy = audited.remedy.kind === 'nulls-not-distinct' ? 'NULL keys counted as equal' : nullPolicy(counts)
  return `First merge or remove the ${plural(rows, 'surplus row')} in ${plural(groups, 'group')} (${policy}): ${because}.`
}

function callSite(audited: AuditedKeySet): string | null {
  switch (audited.resolved.keySet.idiom) {
    case 'upsert':
    case 'insert-first':
      return null
    case 'validator':
      return 'Then turn the unique violation of the INSERT into the same validation error.'
    default:
      return 'Then let the call site catch the unique violation of its INSERT and look up again.'
  }
}
