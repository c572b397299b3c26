import { visible } from '../model/visible.js'
import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, nearest, present, table } from './words.js'

export const deferrableUniqueOnly = defineRule({
  id: 'deferrable-unique-only',
  severity: 'warning',
  title: 'The unique constraint is deferrable',
  docs: {
    what: 'The only constraint that covers the key set is DEFERRABLE. It keeps duplicate rows out, but it checks at the end of the statement or only at COMMIT.',
    why: 'A get-or-create that catches the violation of its INSERT and looks up again never gets there: the violation comes later, where nobody expects it. ON CONFLICT refuses deferrable constraints altogether, and no foreign key can point at them.',
    todo: 'Replace it by a plain unique constraint, unless something really needs to exchange keys within one transaction.',
    bad: {
      sql: 'CREATE TABLE seat (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED);',
      keySet: 'table: seat\ncolumns: [code]',
    },
    good: {
      sql: 'CREATE TABLE seat (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE);',
      keySet: 'table: seat\ncolumns: [code]',
    },
  },
  select: (audited) => shortfallOf('deferrable-unique-only', audited),
  words: ({ reason }, audited) => ({
    what: `Only ${visible(reason?.index ?? 'one constraint')} keeps rows of ${table(audited)} with the same ${key(audited)} apart, and it is deferrable: it can be checked as late as at COMMIT.`,
    why: `Once the check is deferred, a call site that catches the violation of its INSERT and looks up again never gets there; ON CONFLICT fails on deferrable constraints in any case. ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Make it a plain unique constraint:' }),
  }),
})
