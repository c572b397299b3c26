import { visible } from '../model/visible.js'
import { defineRule } from './rule.js'
import { key, list, table } from './words.js'

export const deadlockProneUnique = defineRule({
  id: 'deadlock-prone-unique',
  severity: 'warning',
  title: 'The unique index makes callers deadlock',
  docs: {
    what: 'The key is too long for an ordinary index, so MariaDB built the unique index as a hash (UNIQUE … USING HASH). It keeps duplicate rows out.',
    why: 'Under a race a part of the calls ends in a deadlock (1213) or, from 11.8 on, in error 1020 instead of a duplicate-key error, and code that only catches the latter fails. The optimiser cannot use such an index for lookups either.',
    todo: 'Repeat the call on 1213 and 1020, keep an ordinary index for the lookup, or make the key shorter (a digest column with a unique index).',
    bad: {
      sql: 'CREATE TABLE link (id bigint AUTO_INCREMENT PRIMARY KEY, url text NOT NULL, UNIQUE (url));',
      keySet: 'table: link\ncolumns: [url]',
    },
    good: {
      sql: 'CREATE TABLE link (id bigint AUTO_INCREMENT PRIMARY KEY, url varchar(500) NOT NULL, UNIQUE (url));',
      keySet: 'table: link\ncolumns: [url]',
    },
    engine: 'MariaDB',
  },
  select: (audited) => (audited.verdict.hazards.includes('deadlock-prone') ? audited.verdict.coveredBy : null),
  words: (coveredBy, audited) => ({
    what: `${table(audited)} is unique by ${key(audited)} through a hash index (${list(coveredBy.map(visible))}), which makes racing callers deadlock.`,
    why: 'A part of the calls that lose a race ends in error 1213 or 1020 instead of a duplicate-key error, and lookups cannot use the index.',
    todo: 'Repeat the call on 1213 and 1020, keep an ordinary index for the lookup, or make the key shorter, for instance with a unique digest column.',
  }),
})
