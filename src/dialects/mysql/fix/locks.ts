import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { archived, archivedTables, archiveOf, sharedTables } from './archive.js'
import { type Flavour, run } from './blocks.js'
import { hasPrivilege } from './catalog-sql.js'
import { aliasesOf, relationOf } from './names.js'
import { outgoingOf } from './undo-conflicts.js'

/** How often, and in which steps of a second, it waits for others to end. */
const WAITS = 8
const SECONDS = 0.5

/**
 * Keeps everybody, readers too, from the tables of the plan. Whoever waits in the queue stops everybody behind him; so
 * it first waits outside for transactions that have gone on for a while, where the user may know of them.
 */
export function lock(plan: Plan, flavour: Flavour): Statement[] {
  return [
    ...waitPolitely(plan, flavour),
    { comment: null, sql: 'SET SESSION autocommit = 0' },
    lockTables(
      plan,
      'Everybody waits from here to UNLOCK TABLES. Nothing can change between what is looked at and what is done.',
    ),
  ]
}

/** Releases what was locked before, so that a row that was looked at is no longer sure. */
export function lockTables(plan: Plan, comment: string): Statement {
  const tables = locked(plan).map((table) => `${table} WRITE`)
  return { comment, sql: `LOCK TABLES\n  ${tables.join(',\n  ')}` }
}

/** Each table with each of the names under which a statement opens it. */
function locked(plan: Plan): string[] {
  return [
    ...plan.tables.flatMap((table, at) => [
      relationOf(table),
      ...aliasesOf(plan, at).map((alias) => `${relationOf(table)} AS ${alias}`),
    ]),
    ...archivedTables(plan).flatMap((at) =>
      outgoingOf(plan, at).flatMap(({ now, outside }) => (now !== null && outside ? [now.rows] : [])),
    ),
    ...sharedTables(plan).map(([name]) => name),
    ...archivedTables(plan).flatMap((at) => [
      archiveOf(plan, at),
      ...(['a', 'b', 'r'] as const).map((letter) => archived(plan, at, letter)),
    ]),
  ]
}

function waitPolitely(plan: Plan, flavour: Flavour): Statement[] {
  const { may, busy } = flavour === 'mysql' ? mysqlBusy(plan) : MARIADB_BUSY
  const count = run(null, `SET @goc_busy = (${busy})`, `${may} AND (@goc_todo OR @goc_build)`)
  return [
    { comment: 'Some seconds for transactions to end that hold on to these tables.', sql: 'SET @goc_busy = 0' },
    ...count,
    ...Array.from({ length: WAITS }, (): Statement[] => [
      { comment: null, sql: `DO SLEEP(IF(@goc_busy > 0, ${SECONDS}, 0))` },
      { comment: null, sql: 'EXECUTE goc_statement' },
    ]).flat(),
  ]
}

/** Locks on these very tables, by those who have rested on them for a second, or are at one statement for as long. */
function mysqlBusy({ tables }: Plan): { readonly may: string; readonly busy: string } {
  const names = tables.map(
    ({ schema, name }: PlanTable) =>
      `(m.OBJECT_SCHEMA = ${quoteLiteral(schema)} AND m.OBJECT_NAME = ${quoteLiteral(name)})`,
  )
  return {
    may: hasPrivilege(['SELECT']),
    busy: `SELECT COUNT(*) FROM performance_schema.metadata_locks AS m JOIN performance_schema.threads AS h ON h.THREAD_ID = m.OWNER_THREAD_ID WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_DURATION = 'TRANSACTION' AND h.PROCESSLIST_ID <> CONNECTION_ID() AND h.PROCESSLIST_TIME >= 1 AND (${names.join(' OR ')})`,
  }
}

/** Any transaction, since MariaDB tells of its locks only where a plugin is loaded. */
const MARIADB_BUSY = {
  may: hasPrivilege(['PROCESS']),
  busy: "SELECT COUNT(*) FROM information_schema.INNODB_TRX AS x WHERE x.trx_started < CONVERT_TZ(NOW(), '+00:00', 'SYSTEM') - INTERVAL 1 SECOND AND x.trx_mysql_thread_id NOT IN (0, CONNECTION_ID())",
}
