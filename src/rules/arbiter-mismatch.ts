import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, keyList, nearest, present, table } from './words.js'

export const arbiterMismatch = defineRule({
  id: 'arbiter-mismatch',
  severity: 'error',
  title: 'The upsert has no unique index to conflict with',
  docs: {
    what: 'The application writes with ON CONFLICT, INSERT IGNORE or ON DUPLICATE KEY UPDATE and relies on a conflict on these columns, but the table has no unique index on exactly them.',
    why: 'A conflict can only come from a unique index. ON CONFLICT DO NOTHING without a target, INSERT IGNORE and ON DUPLICATE KEY UPDATE never meet one, so every call inserts another row, without any race. ON CONFLICT with these columns as its target fails.',
    todo: 'Merge or remove the duplicate rows that exist and add the unique index. Then name the columns where the statement can (ON CONFLICT), so that the statement cannot silently lose its index again.',
    bad: {
      sql: 'CREATE TABLE device (id bigserial PRIMARY KEY, token text NOT NULL, app text NOT NULL, UNIQUE (token, app));',
      keySet: 'table: device\ncolumns: [token]\nidiom: upsert',
    },
    good: {
      sql: 'CREATE TABLE device (id bigserial PRIMARY KEY, token text NOT NULL UNIQUE, app text NOT NULL);',
      keySet: 'table: device\ncolumns: [token]\nidiom: upsert',
    },
  },
  select: (audited) => shortfallOf('arbiter-mismatch', audited),
  words: ({ reason }, audited) => ({
    what: `The upsert into ${table(audited)} relies on a conflict on ${key(audited)}, but no unique index raises one.`,
    why: `An upsert that names ${keyList(audited)} as its conflict target fails; one that names none never meets a conflict, and every call inserts one more row. ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Add the unique index that the upsert needs:' }),
  }),
})
