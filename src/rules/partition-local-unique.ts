import type { AuditedKeySet } from '../model/audit.js'
import type { Gap } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { key, list, nearest, present, race, table } from './words.js'

export const partitionLocalUnique = defineRule({
  id: 'partition-local-unique',
  severity: 'error',
  title: 'Uniqueness ends at the partition or the inheriting table',
  docs: {
    what: 'Unique indexes exist, but each one guards a part of the table only: one partition, the rows of one partition key, or the parent without the tables that inherit from it. The lookup goes over all of them.',
    why: 'The same key can stand once in every part. A unique index on a partitioned table has to contain the partition columns, so a lookup without them cannot be guarded by an index of that table at all.',
    todo: 'Add the partition columns to the lookup if the key really is unique only within them. Otherwise keep the keys in a side table with a unique index of its own, written in the same transaction.',
    bad: {
      sql: 'CREATE TABLE ticket (tenant int NOT NULL, code text NOT NULL, UNIQUE (tenant, code)) PARTITION BY LIST (tenant);\nCREATE TABLE ticket_1 PARTITION OF ticket FOR VALUES IN (1);\nCREATE TABLE ticket_2 PARTITION OF ticket FOR VALUES IN (2);',
      keySet: 'table: ticket\ncolumns: [code]',
    },
    good: {
      sql: 'CREATE TABLE ticket (tenant int NOT NULL, code text NOT NULL, UNIQUE (tenant, code)) PARTITION BY LIST (tenant);\nCREATE TABLE ticket_1 PARTITION OF ticket FOR VALUES IN (1);\nCREATE TABLE ticket_2 PARTITION OF ticket FOR VALUES IN (2);',
      keySet: 'table: ticket\ncolumns: [tenant, code]',
    },
  },
  select: (audited) => shortfallOf('partition-local-unique', audited),
  words: ({ reason }, audited) => ({
    what: what(audited, reason?.gap),
    why: `${race(audited)} ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Guard the key over the whole table:' }),
  }),
})

function what(audited: AuditedKeySet, gap: Gap | undefined): string {
  const place = table(audited)
  if (gap === 'inheritance')
    return `The unique index on ${key(audited)} belongs to ${place} alone: tables that inherit from it can repeat the same key, and the lookup reads them too.`
  if (gap === 'partition-columns') {
    const columns = list((audited.resolved.table.partitioning?.columns ?? []).map(visible)) || 'the partition key'
    return `${place} keeps ${key(audited)} unique only together with ${columns}, by which it is partitioned; the lookup does not have ${columns}.`
  }
  return `The unique index on ${key(audited)} lies on one partition of ${place} and knows nothing of the others.`
}
