import { defineRule } from './rule.js'
import { key, lines, table } from './words.js'

const ADVICE = 'Look up again in a new transaction, or run get-or-create at READ COMMITTED.'

export const staleRetry = defineRule({
  id: 'stale-retry',
  severity: 'warning',
  title: 'The second lookup cannot see the row that won',
  docs: {
    what: "The application's transactions run at REPEATABLE READ, and after a unique violation it looks up again in the same transaction with an ordinary SELECT.",
    why: 'The first lookup fixed the snapshot. The row that won the race was committed later, so the second lookup finds nothing: the unique violation reaches the user, or the code loops.',
    todo: 'Look up again in a new transaction, or run get-or-create at READ COMMITTED. On MySQL a second lookup with FOR SHARE sees the row, on MariaDB one with LOCK IN SHARE MODE unless innodb_snapshot_isolation is on (the default since 11.6.2), where it fails; FOR UPDATE leads to deadlocks.',
    bad: {
      sql: 'CREATE TABLE tag (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);',
      keySet: 'table: tag\ncolumns: [name]\nidiom: select-insert\nisolation: repeatable-read',
    },
    good: {
      sql: 'CREATE TABLE tag (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);',
      keySet: 'table: tag\ncolumns: [name]\nidiom: select-insert\nisolation: read-committed',
    },
  },
  select: (audited) =>
    audited.verdict.hazards.includes('stale-retry')
      ? { safe: audited.verdict.protection, advice: audited.facts.staleRetryAdvice ?? ADVICE }
      : null,
  words: ({ safe, advice }, audited) => ({
    what: `The transactions that look up ${key(audited)} in ${table(audited)} run at REPEATABLE READ: after losing a race, a second lookup in the same transaction does not see the row that won.`,
    why: lines(
      safe === 'none'
        ? 'The snapshot dates from the first lookup. This shows as soon as a unique index is there and the INSERT can fail.'
        : 'The snapshot dates from the first lookup, so the loser of the race finds nothing again and the unique violation reaches the user.',
    ),
    todo: advice,
  }),
})
