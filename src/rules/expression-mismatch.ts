import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, nearest, present, table } from './words.js'

export const expressionMismatch = defineRule({
  id: 'expression-mismatch',
  severity: 'error',
  title: 'The unique index compares otherwise than the lookup',
  docs: {
    what: 'A unique index on the right columns exists, but its idea of "equal" is not the lookup\'s: another expression (lower() against upper()), another collation, another operator class, or a parameter type that changes the operator.',
    why: 'Values that are equal to the lookup differ for the index, so both rows are accepted and the lookup finds several. Where the reverse is possible too, the INSERT fails for a key that the lookup cannot find.',
    todo: "Make both compare in the same way: index the expression that the lookup uses, with its collation, or change the lookup to the index's expression and say so with `match:`.",
    bad: {
      sql: 'CREATE TABLE member (id bigserial PRIMARY KEY, email text NOT NULL);\nCREATE UNIQUE INDEX member_email ON member (lower(email));',
      keySet: 'table: member\ncolumns: [email]\nmatch: { email: upper }',
    },
    good: {
      sql: 'CREATE TABLE member (id bigserial PRIMARY KEY, email text NOT NULL);\nCREATE UNIQUE INDEX member_email ON member (upper(email));',
      keySet: 'table: member\ncolumns: [email]\nmatch: { email: upper }',
    },
  },
  select: (audited) => shortfallOf('expression-mismatch', audited),
  words: ({ reason }, audited) => ({
    what: `The unique index of ${table(audited)} does not compare ${key(audited)} as the lookup does, so rows that are equal to the lookup can both be stored.`,
    why: `${consequence(audited.verdict.hazards.includes('lockout'))} ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Index what the lookup compares:' }),
  }),
})

function consequence(lockout: boolean): string {
  const several =
    'Two callers with values that are equal only to the lookup both insert, and the lookup then finds several rows.'
  if (!lockout) return several
  return `${several} For values that are equal only to the index, the lookup finds nothing and the INSERT fails, every time.`
}
