import { defineRule } from './rule.js'

export const staleIgnore = defineRule<never>({
  id: 'stale-ignore',
  severity: 'warning',
  title: 'An ignore entry no longer does anything',
  docs: {
    what: 'An entry under `ignore:` matches no finding any more, or the day in its `until` has passed.',
    why: 'Entries that nobody needs hide the next finding on the same key set.',
    todo: 'Remove the entry. If it has expired, fix what it hid, or give it a new day and a reason that still holds.',
    bad: {
      sql: 'CREATE TABLE event (id bigserial PRIMARY KEY, kind text NOT NULL UNIQUE);',
      keySet:
        'table: event\ncolumns: [kind]\n# ignore:\n#   - { keyset: "public.event(kind)", rule: missing-unique, reason: "append-only by design" }',
    },
    good: {
      sql: 'CREATE TABLE event (id bigserial PRIMARY KEY, kind text NOT NULL UNIQUE);',
      keySet: 'table: event\ncolumns: [kind]',
    },
  },
  // Made from the ignore list, not from a key set: see ignores.ts.
  select: () => null,
  words: (facts) => facts,
})
