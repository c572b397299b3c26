import type { AuditedKeySet } from '../model/audit.js'
import type { DuplicateCounts } from '../model/duplicates.js'
import { visible } from '../model/visible.js'
import { plural } from '../model/words.js'
import { defineRule } from './rule.js'
import { key, list, nullPolicy, sentence, table } from './words.js'

export const duplicateRows = defineRule({
  id: 'duplicate-rows',
  severity: 'error',
  title: 'Rows that share a key exist',
  docs: {
    what: 'The table holds groups of rows that are equal to the lookup: a duplicate group. All rows of a group but one are surplus rows.',
    why: 'The lookup finds several rows for such a key. Frameworks raise an error or take an arbitrary row, so what was written to one row is missing when the other is read. No unique index can be added while the rows are there.',
    todo: 'Choose the row of each group to keep, merge what differs, point references from the surplus rows to it, remove them, and add the unique index in the same step so that no new ones appear.',
    bad: {
      sql: "CREATE TABLE basket (id bigserial PRIMARY KEY, session_id text NOT NULL);\nINSERT INTO basket (session_id) VALUES ('a'), ('a'), ('b');",
      keySet: 'table: basket\ncolumns: [session_id]',
    },
    good: {
      sql: "CREATE TABLE basket (id bigserial PRIMARY KEY, session_id text NOT NULL UNIQUE);\nINSERT INTO basket (session_id) VALUES ('a'), ('b');",
      keySet: 'table: basket\ncolumns: [session_id]',
    },
  },
  select: ({ duplicates }) => (duplicates.counted && duplicates.groups > 0 ? duplicates : null),
  words: (counts, audited) => ({
    what: what(counts, audited),
    why: [consequence(audited), ...details(counts)].join(' '),
    todo: todo(counts, audited),
  }),
})

function what(counts: DuplicateCounts, audited: AuditedKeySet): string {
  const place = `${table(audited)} by ${key(audited)}`
  if (!counts.exact)
    return `There are duplicate rows in ${place} (counting stopped at the first group; ${nullPolicy(counts)}).`
  const groups = plural(counts.groups, 'duplicate group')
  return `${groups} with ${plural(counts.surplusRows, 'surplus row')} in ${place} (${nullPolicy(counts)}).`
}

function consequence(audited: AuditedKeySet): string {
  const { protection, coveredBy } = audited.verdict
  if (protection === 'full')
    return `The lookup finds several rows for these keys, although ${list(coveredBy.map(visible)) || 'a unique index'} covers it: the index may be damaged (for instance by a change of the collation library); rebuild it with REINDEX.`
  return 'The lookup finds several rows for these keys: the application raises an error or works on an arbitrary one.'
}

function details(counts: DuplicateCounts): string[] {
  if (!counts.exact) return counts.notes.map(sentence)
  const found = [`The largest group has ${plural(counts.largestGroup, 'row')}.`]
  if (counts.divergentGroups > 0)
    found.push(
      `In ${counts.divergentGroups === counts.groups ? 'every group' : plural(counts.divergentGroups, 'group')} the rows differ outside the key.`,
    )
  else found.push('In every group the rows are identical outside the key.')
  if (counts.referencesToSurplus)
    found.push(
      `${plural(counts.referencesToSurplus, 'row')} in other tables point${counts.referencesToSurplus === 1 ? 's' : ''} at surplus rows.`,
    )
  if (counts.firstSeen !== null && counts.lastSeen !== null)
    found.push(`They were created ${span(counts.firstSeen, counts.lastSeen)}.`)
  if (counts.bornWithinSecond)
    found.push(
      `In ${plural(counts.bornWithinSecond, 'group')} two rows were created within a second, the mark of a race.`,
    )
  if (counts.constraintGroups === 0) found.push('A unique index on this table would not refuse them.')
  else if (counts.constraintGroups !== counts.groups || counts.constraintSurplusRows !== counts.surplusRows)
    found.push(
      `A unique index would refuse ${plural(counts.constraintSurplusRows, 'row')} in ${plural(counts.constraintGroups, 'group')}.`,
    )
  return [...found, ...counts.notes.map(sentence)]
}

function span(first: string, last: string): string {
  return visible(first === last ? `at ${first}` : `between ${first} and ${last}`)
}

function todo(counts: DuplicateCounts, audited: AuditedKeySet): string {
  const merge = counts.exact && counts.divergentGroups > 0 ? ', merge the values that differ' : ''
  const repoint = counts.referencesToSurplus ? ', point the references to it' : ''
  const last = audited.verdict.protection === 'full' ? 'rebuild the index' : 'add the unique index'
  return `Keep one row of each group${merge}${repoint}, remove the surplus rows, and ${last} in the same step.`
}
