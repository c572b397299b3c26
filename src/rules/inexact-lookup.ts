import { visible } from '../model/visible.js'
import { plural } from '../model/words.js'
import { defineRule } from './rule.js'
import { clause, list, sentence, table } from './words.js'

export const inexactLookup = defineRule({
  id: 'inexact-lookup',
  severity: 'warning',
  title: 'The stored value differs from the one looked up',
  docs: {
    what: "A value of the key changes when it is stored: it is rounded to the column's precision, cut, or rewritten by a trigger. Binary floating-point columns always do this to decimal values.",
    why: 'The lookup compares the value as it was given and finds nothing although the row exists. Without a unique index every call then adds a row; with one, every call but the first fails.',
    todo: 'Bring the value into its stored form before looking it up (round, cut, lower …), or give the column a type that keeps it as it is, such as numeric instead of real.',
    bad: {
      sql: 'CREATE TABLE price (id bigserial PRIMARY KEY, amount real NOT NULL UNIQUE);',
      keySet: 'table: price\ncolumns: [amount]',
    },
    good: {
      sql: 'CREATE TABLE price (id bigserial PRIMARY KEY, amount numeric NOT NULL UNIQUE);',
      keySet: 'table: price\ncolumns: [amount]',
    },
  },
  select(audited) {
    const { hazards } = audited.verdict
    return hazards.includes('write-mismatch') ? audited.facts.writeMismatches : null
  },
  words(mismatches, audited) {
    const columns = list(mismatches.map(({ column }) => visible(column))) || 'A key column'
    const details = mismatches.map(({ detail }) => clause(detail)).join('; ')
    const safe = audited.verdict.protection === 'full'
    const groups = audited.duplicates.counted ? audited.duplicates.groups : 0
    const already = groups > 0 ? ` ${plural(groups, 'duplicate group')} exist already.` : ''
    return {
      what: `${columns} of ${table(audited)} can be stored as another value than the one looked up: ${sentence(details)}`,
      why: `The lookup then misses the row that is there: ${safe ? 'the first call inserts it, every later one fails with a unique violation' : 'every call inserts one more row'}.${safe ? '' : already}`,
      todo: `Bring the value into its stored form before the lookup, or give ${columns === 'A key column' ? 'the column' : columns} a type that keeps it unchanged.`,
    }
  },
})
