import type { AuditedKeySet } from '../model/audit.js'
import type { Reason } from '../model/verdict.js'
import { visible } from '../model/visible.js'
import { number } from '../model/words.js'
import { shortfallOf } from './protection.js'
import { remedy } from './remedy.js'
import { defineRule } from './rule.js'
import { findIndex, key, nearest, present, race, table } from './words.js'

export const invalidUniqueIndex = defineRule({
  id: 'invalid-unique-index',
  severity: 'error',
  title: 'The unique index is not valid',
  docs: {
    what: 'The right unique index exists by name, but a build that failed or was never finished left it invalid: CREATE UNIQUE INDEX CONCURRENTLY that met duplicate rows or was cancelled, or an index on a partitioned table that is not yet attached for every partition.',
    why: 'An index that failed early checks nothing. One that failed late refuses new rows, but cannot be used by ON CONFLICT or by queries, and the duplicate rows that made it fail are still there. CREATE INDEX … IF NOT EXISTS sees its name and leaves it as it is.',
    todo: 'Merge or remove the duplicate rows, drop the invalid index, build it again, and check afterwards that it is valid. For a partitioned table attach the missing pieces.',
    bad: {
      sql: "CREATE TABLE reading (day date NOT NULL, sensor int NOT NULL) PARTITION BY RANGE (day);\nCREATE TABLE reading_1 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');\nCREATE UNIQUE INDEX reading_key ON ONLY reading (day, sensor);",
      keySet: 'table: reading\ncolumns: [day, sensor]',
    },
    good: {
      sql: "CREATE TABLE reading (day date NOT NULL, sensor int NOT NULL) PARTITION BY RANGE (day);\nCREATE TABLE reading_1 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');\nCREATE UNIQUE INDEX reading_key ON ONLY reading (day, sensor);\nCREATE UNIQUE INDEX reading_1_key ON reading_1 (day, sensor);\nALTER INDEX reading_key ATTACH PARTITION reading_1_key;",
      keySet: 'table: reading\ncolumns: [day, sensor]',
    },
  },
  select: (audited) => shortfallOf('invalid-unique-index', audited),
  words: ({ reason }, audited) => ({
    what: what(audited, reason),
    why: `${why(audited)} ${present(audited)}`,
    nearest: nearest(audited, reason),
    todo: remedy(audited, { lead: 'Replace it by a valid one:' }),
  }),
})

function what(audited: AuditedKeySet, reason: Reason | null): string {
  const index = reason && findIndex(audited, reason.index)
  const name = visible(reason?.index ?? 'The unique index')
  if (index?.attached) {
    const { partitions, of } = index.attached
    return `${name} covers ${key(audited)} in only ${number(partitions)} of ${number(of)} partitions of ${table(audited)}: it is not attached for all of them.`
  }
  if (audited.verdict.protection === 'degraded')
    return `${name} covers ${key(audited)} in ${table(audited)}, but an unfinished build left it invalid: it refuses new rows, and nothing else can rely on it.`
  return `${name} looks as if it covered ${key(audited)} in ${table(audited)}, but an unfinished build left it invalid and it checks nothing.`
}

function why(audited: AuditedKeySet): string {
  if (audited.verdict.protection !== 'degraded') return race(audited)
  return 'ON CONFLICT cannot use it, queries ignore it, and the duplicate rows that made the build fail may still be there; CREATE INDEX … IF NOT EXISTS will not repair it.'
}
