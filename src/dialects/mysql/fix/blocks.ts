import type { Plan } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import type { ServerInfo } from '../driver.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { hasPrivilege } from './catalog-sql.js'
import { relationOf } from './names.js'

/*
 * A file is straight-line SQL, since blocks need a DELIMITER that drivers don't know. What runs only under a condition is
 * prepared from a text. User variables carry what the file has found out:
 *
 * - @goc_todo: rows are to be merged or restored; @goc_build: indexes are to be built
 * - @goc_problem, @goc_hint: why it stops; both of the former are 0 from then on, so that it ends in good order
 */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "''",
  '\0': '\\0',
  '\r': '\\r',
  '\u{1a}': '\\Z',
}

/** SQL as a string constant, for a session with backslash escapes: every file's own setting. */
export const nested = (sql: string): string =>
  `'${[...sql].map((character) => ESCAPES[character] ?? character).join('')}'`

export const plain = (sql: string): Statement => ({ comment: null, sql })

/** Runs a statement where the condition holds. Its tables needn't be there where it doesn't. */
export function run(comment: string | null, sql: string, condition = '@goc_todo'): Statement[] {
  return runText(comment, `IF(${condition}, ${nested(sql)}, NULL)`)
}

/** Several, with one comment. */
export function runAll(comment: string | null, statements: readonly string[], condition?: string): Statement[] {
  return statements.flatMap((sql, n) => run(n === 0 ? comment : null, sql, condition))
}

/** Runs a text that SQL makes; NULL: nothing. */
export function runText(comment: string | null, text: string): Statement[] {
  return [
    { comment, sql: `SET @goc_sql = COALESCE(${text}, 'DO 0')` },
    plain('PREPARE goc_statement FROM @goc_sql'),
    plain('EXECUTE goc_statement'),
  ]
}

/** `problem`: a query whose first row's `text` stops everything that comes after; no row, or NULL: it goes on. */
export function check(comment: string | null, problem: string, hint: string, condition = '@goc_todo'): Statement[] {
  const sql = `SET @goc_problem = (SELECT goc_found.text FROM (${problem}) AS goc_found LIMIT 1), @goc_hint = ${quoteLiteral(hint)}`
  return [
    ...run(comment, sql, condition),
    plain('SET @goc_todo = @goc_todo AND @goc_problem IS NULL, @goc_build = @goc_build AND @goc_problem IS NULL'),
  ]
}

const failOf = ({ archive }: Plan): string => relationOf({ schema: archive, name: 'goc_fail' })

/** Ends the client with an error, where there is a problem. The message has room for 128 characters, a row for all of them. */
export function stop(plan: Plan): Statement[] {
  const isProblem = '@goc_problem IS NOT NULL'
  return [
    {
      comment: 'Where there is a problem, it is told and ends the run.',
      sql: `DO IF(${isProblem}, RELEASE_LOCK(${lockName(plan)}), 0)`,
    },
    ...run(null, 'SELECT @goc_problem AS `goc-audit`, @goc_hint AS `what to do`', isProblem),
    ...run(null, `CALL ${failOf(plan)}(LEFT(CONCAT('goc-audit: ', @goc_problem), 128))`, isProblem),
  ]
}

const MODES = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION'

export type Flavour = ServerInfo['flavour']

/** Session variables of every file, and their values. */
function variables(flavour: Flavour): readonly (readonly [name: string, value: string])[] {
  return [
    ['sql_mode', `'${MODES}'`],
    // A TIMESTAMP has two meanings in the hour in which clocks are set back.
    ['time_zone', "'+00:00'"],
    ['lock_wait_timeout', '5'],
    ['innodb_lock_wait_timeout', '5'],
    ['foreign_key_checks', '1'],
    ['unique_checks', '1'],
    ['sql_safe_updates', '0'],
    ['sql_select_limit', 'DEFAULT'],
    ['group_concat_max_len', '16777216'],
    // Texts are told apart by more than their first 1,024 bytes.
    ['max_sort_length', '65536'],
    ['sort_buffer_size', '8388608'],
    ...(flavour === 'mysql'
      ? ([
          ['transaction_isolation', "'READ-COMMITTED'"],
          ['transaction_read_only', '0'],
          ['max_execution_time', '0'],
          ['cte_max_recursion_depth', '4294967295'],
        ] as const)
      : ([
          ['tx_isolation', "'READ-COMMITTED'"],
          ['tx_read_only', '0'],
          ['max_statement_time', '0'],
          ['max_recursive_iterations', '4294967295'],
          ['system_versioning_alter_history', "'KEEP'"],
        ] as const)),
  ]
}

/** A replica that runs statements anew needs their temporary tables, and those don't outlive its restart. */
const MAY_SET_FORMAT = hasPrivilege(['SUPER', 'BINLOG ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'SESSION_VARIABLES_ADMIN'])

/** What every file begins with. */
export function begin(plan: Plan, flavour: Flavour): Statement[] {
  const all = variables(flavour)
  const archive = quoteIdentifier(plan.archive)
  return [
    { comment: 'What an earlier run may have left in this session.', sql: 'ROLLBACK' },
    plain('UNLOCK TABLES'),
    {
      comment: 'Settings for this run; given back at its end.',
      sql: `SET @goc_autocommit = @@SESSION.autocommit, @goc_binlog_format = @@SESSION.binlog_format, ${all.map(([name]) => `@goc_${name} = @@SESSION.${name}`).join(', ')}`,
    },
    plain('SET NAMES utf8mb4'),
    plain(`SET SESSION ${all.map(([name, value]) => `${name} = ${value}`).join(', SESSION ')}`),
    // Before the format, which MariaDB doesn't let change inside of a transaction.
    plain('SET SESSION autocommit = 1'),
    ...run(null, "SET SESSION binlog_format = 'ROW'", `@goc_binlog_format <> 'ROW' AND ${MAY_SET_FORMAT}`),
    plain('SET @goc_todo = 1, @goc_build = 1, @goc_problem = NULL, @goc_hint = NULL'),
    plain(`DO RELEASE_LOCK(${lockName(plan)})`),
    ...check(
      'The files of all plans run one after the other, since they share tables of the archive.',
      `SELECT 'another file of goc-audit is running' AS text FROM DUAL WHERE COALESCE(GET_LOCK(${lockName(plan)}, ${TURN}), 0) <> 1`,
      'Run it again when the other one is done.',
    ),
    ...stop(plan),
    {
      comment: 'The database of the archive, and a procedure that ends a run with an error.',
      sql: `CREATE DATABASE IF NOT EXISTS ${archive} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    },
    plain(`DROP PROCEDURE IF EXISTS ${failOf(plan)}`),
    plain(
      `CREATE PROCEDURE ${failOf(plan)}(message varchar(128) CHARACTER SET utf8mb4) SQL SECURITY INVOKER SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = message`,
    ),
  ]
}

/** Seconds that it waits for another file to be done. */
const TURN = 60

const lockName = ({ archive }: Plan): string => `CONCAT('goc-audit ', LEFT(SHA2(${quoteLiteral(archive)}, 256), 32))`

function isEmpty({ archive }: Plan): string {
  const none = (from: string, column: string) =>
    `NOT EXISTS (SELECT 1 FROM information_schema.${from} AS i WHERE i.${column} = ${quoteLiteral(archive)})`
  return [none('TABLES', 'TABLE_SCHEMA'), none('ROUTINES', 'ROUTINE_SCHEMA'), none('EVENTS', 'EVENT_SCHEMA')].join(
    ' AND ',
  )
}

/** What every file ends with: nothing stays in the session. `temporary`: tables that it made. */
export function end(plan: Plan, flavour: Flavour, temporary: readonly string[]): Statement[] {
  const all = variables(flavour).map(([name]) => `${name} = @goc_${name}`)
  return [
    { comment: 'Nothing stays in the session.', sql: 'UNLOCK TABLES' },
    plain('SET SESSION autocommit = 1'),
    plain(`DROP TEMPORARY TABLE IF EXISTS ${temporary.join(', ')}`),
    plain(`SET SESSION ${all.join(', SESSION ')}`),
    ...run(null, 'SET SESSION binlog_format = @goc_binlog_format', '@goc_binlog_format <> @@SESSION.binlog_format'),
    plain('SET SESSION autocommit = @goc_autocommit'),
    ...stop(plan),
    plain(`DROP PROCEDURE IF EXISTS ${failOf(plan)}`),
    ...run(null, `DROP DATABASE IF EXISTS ${quoteIdentifier(plan.archive)}`, isEmpty(plan)),
    plain(`DO RELEASE_LOCK(${lockName(plan)})`),
  ]
}
