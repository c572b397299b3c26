import type { AuditedKeySet } from '../model/audit.js'
import { collapseSpace } from '../model/keyset-id.js'
import { visible } from '../model/visible.js'
import { bare } from '../model/words.js'
import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { findIndex, key, lines, nearest, present, race, sentence, table } from './words.js'

export const partialUniqueOnly = defineRule({
  id: 'partial-unique-only',
  severity: 'error',
  title: 'Only a part of the rows is kept unique',
  docs: {
    what: 'A unique index on the right columns exists, but it has a predicate (CREATE UNIQUE INDEX … WHERE …; on MySQL and MariaDB a member that is NULL for the other rows) and the lookup can also mean rows outside of it.',
    why: 'Rows outside of the predicate are not checked. Two of them can share a key, or a row inside and one outside can, and a lookup without the predicate then finds several rows.',
    todo: 'If the application always adds the predicate to its lookup, say so with `where:` in the key set. Otherwise add the predicate to the lookup, or make an index over all rows.',
    bad: {
      sql: 'CREATE TABLE account (id bigserial PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);\nCREATE UNIQUE INDEX account_email ON account (email) WHERE deleted_at IS NULL;',
      keySet: 'table: account\ncolumns: [email]',
    },
    good: {
      sql: 'CREATE TABLE account (id bigserial PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);\nCREATE UNIQUE INDEX account_email ON account (email) WHERE deleted_at IS NULL;',
      keySet: 'table: account\ncolumns: [email]\nwhere: deleted_at IS NULL',
    },
  },
  select: (audited) => shortfallOf('partial-unique-only', audited),
  words: ({ reason }, audited) => ({
    what: what(audited),
    why: `${race(audited)} ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: lines(
      reason && declare(audited, reason.index),
      remedy(audited, {
        intro: 'Otherwise the guarantee has to hold for every row that the lookup means.',
        lead: 'Add the unique index:',
      }),
    ),
  }),
})

function what(audited: AuditedKeySet): string {
  const { condition } = audited.verdict
  if (condition === null)
    return `${table(audited)} is unique by ${key(audited)} only among rows that this lookup does not mean.`
  return `${table(audited)} is unique by ${key(audited)} for a part of its rows: ${sentence(condition)} The lookup means others too.`
}

function declare(audited: AuditedKeySet, indexName: string): string | null {
  const predicate = findIndex(audited, indexName)?.predicate
  if (!predicate || audited.resolved.predicate !== null) return null
  return `If the application's lookup always has this condition, write it in the key set:\n  where: ${visible(bare(collapseSpace(predicate)))}`
}
