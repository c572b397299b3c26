import type { AuditedKeySet } from '../model/audit.js'
import type { IndexPart } from '../model/catalog.js'
import type { Reason } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { bare, partLabel } from '../model/words.js'
import { lockout } from './lockout.js'
import { defineRule } from './rule.js'
import { because, findIndex, key, table } from './words.js'

export const lookupLockout = defineRule({
  id: 'lookup-lockout',
  severity: 'warning',
  title: 'The INSERT can fail for a key that the lookup cannot find',
  docs: {
    what: 'A unique index covers the key set, so there can be no duplicate rows. But it treats keys as equal that the lookup tells apart (letter case, collation, trailing blanks, parameter type), or it covers rows that the lookup leaves out (soft-deleted ones).',
    why: 'For such a key the lookup finds nothing, the INSERT fails with a unique violation, and the second lookup finds nothing again: every time, without any race.',
    todo: "Let the lookup compare as the index does (for instance lower() on both sides, or a parameter of the column's own type), or make the index as fine as the lookup, if such rows are meant to exist side by side.",
    bad: {
      sql: 'CREATE TABLE subscriber (id bigserial PRIMARY KEY, email text NOT NULL);\nCREATE UNIQUE INDEX subscriber_email ON subscriber (lower(email));',
      keySet: 'table: subscriber\ncolumns: [email]',
    },
    good: {
      sql: 'CREATE TABLE subscriber (id bigserial PRIMARY KEY, email text NOT NULL);\nCREATE UNIQUE INDEX subscriber_email ON subscriber (lower(email));',
      keySet: 'table: subscriber\ncolumns: [email]\nmatch: { email: lower }',
    },
  },
  select(audited) {
    const found = lockout(audited)
    return found?.kind === 'other' ? { reason: found.reason } : null
  },
  words({ reason }, audited) {
    const hiding = reason?.gap === 'predicate-lockout'
    return {
      what: hiding
        ? `${table(audited)} keeps ${key(audited)} unique over more rows than the lookup sees.`
        : `The unique index of ${table(audited)} treats some values of ${key(audited)} as equal that the lookup tells apart.`,
      why: `${hiding ? 'When a row that the lookup leaves out has the key' : 'When such a value exists in another form'}, the lookup finds nothing and the INSERT fails with a unique violation: every time, without any race.`,
      nearest: reason && because(audited, reason),
      todo: hiding ? todoPredicate(audited) : todoEquality(audited, reason),
    }
  },
})

function todoPredicate(audited: AuditedKeySet): string {
  const predicate = visible(bare(audited.resolved.predicate ?? 'the same condition'))
  return `Either look up without ${predicate} and bring the hidden row back, or limit the unique index to the rows with ${predicate}.`
}

function todoEquality(audited: AuditedKeySet, reason: Reason | null): string {
  const facts = audited.facts.indexes.find(({ index }) => index.name === reason?.index)
  const part = facts?.parts.find(({ relation }) => relation === 'coarser')
  if (part?.cause === 'bound-type')
    return "Bind the parameter with the column's own type (or without a type), so that the comparison is the column's own."
  const indexed = reason && findIndex(audited, reason.index)?.parts[part?.indexPart ?? 0]
  if (indexed?.expression) return `Compare ${visible(partLabel(indexed))} in the lookup too, ${declare(indexed)}`
  return 'Let the lookup compare as the index does, or make the index as fine as the lookup if such rows may exist side by side.'
}

function declare(part: IndexPart): string {
  const label = visible(partLabel(part))
  const [, fold, column] = /^(lower|upper)\((.+)\)$/.exec(label) ?? []
  if (fold && column)
    return `with ${fold}() on the value, and write it in the key set:\n  match: { ${column}: ${fold} }`
  const written = label.startsWith('(') ? label : `(${label})`
  return `with the same expression on the value, and write it among the columns of the key set:\n  columns: ["${written}"]`
}
