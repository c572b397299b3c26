import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, lines, nearest, present, race, table } from './words.js'

export const missingUnique = defineRule({
  id: 'missing-unique',
  severity: 'error',
  title: 'No unique index covers the key set',
  docs: {
    what: 'The application looks a row up by these columns and inserts it when there is none, but no unique index of the table guarantees that only one such row can exist. An index covers the key set only if all of its key columns are among the columns looked up; INCLUDE columns do not count.',
    why: 'Between the lookup and the INSERT another caller can do the same. Both insert. Later lookups find several rows: the framework raises (MultipleObjectsReturned, NonUniqueResultException …) or takes an arbitrary one, and updates go to one row while reads come from the other.',
    todo: 'Merge or remove the duplicate rows that exist, add the unique index, and let the call site catch the unique violation and look up again. A lock in the application helps only if every writer takes it.',
    bad: {
      sql: 'CREATE TABLE cart (id bigserial PRIMARY KEY, session_id text NOT NULL);\nCREATE INDEX cart_session ON cart (session_id);',
      keySet: 'table: cart\ncolumns: [session_id]',
    },
    good: {
      sql: 'CREATE TABLE cart (id bigserial PRIMARY KEY, session_id text NOT NULL);\nCREATE UNIQUE INDEX cart_session ON cart (session_id);',
      keySet: 'table: cart\ncolumns: [session_id]',
    },
  },
  select: (audited) => shortfallOf('missing-unique', audited),
  words: ({ reason }, audited) => ({
    what: `Nothing stops several rows of ${table(audited)} with the same ${key(audited)}: no unique index covers the lookup.`,
    why: lines(`${race(audited)} ${present(audited)}`),
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Add the unique index:' }),
  }),
})
