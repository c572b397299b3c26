import { visible } from '../model/visible.js'
import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, nearest, present, table } from './words.js'

export const exclusionOnly = defineRule({
  id: 'exclusion-only',
  severity: 'warning',
  title: 'An exclusion constraint stands in for the unique index',
  docs: {
    what: 'The only constraint that covers the key set is an exclusion constraint (EXCLUDE … WITH =, or a WITHOUT OVERLAPS key). It keeps duplicate rows out, but it is not a unique index.',
    why: 'It raises exclusion_violation (23P01) and not unique_violation (23505): code that catches only the latter lets the error through. ON CONFLICT (columns) does not find it and DO UPDATE cannot use it.',
    todo: 'Add a plain unique index where the exclusion constraint only compares with =. Otherwise catch 23P01 too, and write ON CONFLICT ON CONSTRAINT … DO NOTHING.',
    bad: {
      sql: 'CREATE TABLE room (id bigserial PRIMARY KEY, code text NOT NULL, EXCLUDE USING btree (code WITH =));',
      keySet: 'table: room\ncolumns: [code]',
    },
    good: {
      sql: 'CREATE TABLE room (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE);',
      keySet: 'table: room\ncolumns: [code]',
    },
  },
  select: (audited) => shortfallOf('exclusion-only', audited),
  words: ({ reason }, audited) => ({
    what: `Only ${visible(reason?.index ?? 'one constraint')} keeps rows of ${table(audited)} with the same ${key(audited)} apart, and it is an exclusion constraint.`,
    why: `It raises 23P01 and not the unique violation 23505 that get-or-create code catches, and ON CONFLICT with a column list cannot use it. ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Add a plain unique index:' }),
  }),
})
