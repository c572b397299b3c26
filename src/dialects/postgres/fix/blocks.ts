import type { Plan } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { doBlock, relationOf } from './names.js'

/** A step of the transaction: runs only where the preflight found something to do. */
export function step(comment: string, statements: readonly string[], declare: readonly string[] = []): Statement {
  const variables = declare.length === 0 ? '' : `DECLARE\n${declare.map((line) => `  ${line};`).join('\n')}\n`
  return {
    comment,
    sql: doBlock(`${variables}BEGIN
  IF current_setting('goc_audit.todo') <> 'yes' THEN RETURN; END IF;
${statements.map((sql) => indented(sql)).join('\n')}
END`),
  }
}

/** Statements of plpgsql end with a semicolon already; others get one. */
function indented(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `  ${sql};`
}

/** RAISE EXCEPTION with texts that hold anything. */
export function raise(message: string, hint: string): string {
  return `RAISE EXCEPTION USING MESSAGE = ${message}, HINT = ${quoteLiteral(hint)};`
}

/** Settings of every transaction of ours. */
export function settings(plan: Plan): Statement[] {
  const path = [...plan.searchPath, 'pg_temp'].map((name) => quoteLiteral(name)).join(', ')
  return [
    { comment: 'Names mean what they meant when this was written.', sql: `SET LOCAL search_path = ${path}` },
    {
      comment: 'Rows that row security hides make it fail instead of being left out.',
      sql: 'SET LOCAL row_security = off',
    },
    { comment: null, sql: 'SET LOCAL jit = off' },
  ]
}

/** How long one try waits for the locks, less than the server's deadlock_timeout, so that no writer is ended by it. */
const LOCK_WAIT = '500ms'
const LOCK_TRIES = 60

/**
 * Takes locks in one go or not at all, and tries again after a pause in which others get on: waiting in the queue stops
 * everybody behind it.
 */
export function lockLoop(locks: readonly string[]): string {
  return `  FOR goc_try IN 1..${LOCK_TRIES} LOOP
    BEGIN
      SET LOCAL lock_timeout = '${LOCK_WAIT}';
${locks.map((lock) => `      ${lock};`).join('\n')}
      SET LOCAL lock_timeout = 0;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF goc_try = ${LOCK_TRIES} THEN
        ${raise(
          `'goc-audit: the locks were not to be had in ${LOCK_TRIES} tries'`,
          'Some transaction holds on to a table for long; look for it in pg_stat_activity, and run this file again.',
        )}
      END IF;
      PERFORM pg_sleep(0.1 + random() * 0.4);
    END;
  END LOOP;`
}

/** LOCK TABLE on the tables at these positions. */
export function lockTables(plan: Plan, tables: readonly number[], mode: string): string[] {
  if (tables.length === 0) return []
  const names = tables.map((at) => {
    const table = plan.tables[at]
    return table === undefined ? '' : `${table.only ? 'ONLY ' : ''}${relationOf(table)}`
  })
  return [`LOCK TABLE ${names.join(', ')} IN ${mode} MODE`]
}
