import type { Plan, PlanTable } from '../../../model/plan.js'
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
  // First: a table of the user's with the name of a temporary one must not take its place.
  const path = ['pg_temp', ...plan.searchPath].map((name) => quoteLiteral(name)).join(', ')
  return [
    { comment: 'Names mean what they meant when this was written.', sql: `SET LOCAL search_path = ${path}` },
    {
      comment: 'Rows that row security hides make it fail instead of being left out.',
      sql: 'SET LOCAL row_security = off',
    },
    { comment: null, sql: 'SET LOCAL jit = off' },
  ]
}

/** Milliseconds that a try may take: long enough for some transactions to end, short enough for those who wait behind it. */
const LOCK_WAITS = [50, 100, 200, 400]
const LOCK_TRIES = 120

/**
 * Takes locks in one go or not at all, and tries again after a pause in which others get on: waiting in the queue stops
 * everybody behind it. Every other try begins at the other end, since an application that takes them in the opposite
 * order would always be in the way. No try lasts as long as deadlock_timeout, so that no writer is ended because of it.
 */
export function lockLoop(locks: readonly string[]): string {
  const list = locks.map(quoteLiteral).join(',\n        ')
  return `  FOR goc_try IN 1..${LOCK_TRIES} LOOP
    DECLARE
      goc_lock text;
      goc_until timestamptz := clock_timestamp() + least((ARRAY[${LOCK_WAITS.join(', ')}])[1 + goc_try % ${LOCK_WAITS.length}] * interval '1 ms',
        current_setting('deadlock_timeout')::interval / 2);
    BEGIN
      FOR goc_lock IN SELECT l.lock FROM unnest(ARRAY[
        ${list}
      ]) WITH ORDINALITY AS l(lock, place) ORDER BY CASE goc_try % 2 WHEN 1 THEN l.place ELSE -l.place END
      LOOP
        PERFORM set_config('lock_timeout', greatest(1, extract(epoch FROM goc_until - clock_timestamp()) * 1000)::int::text, true);
        EXECUTE goc_lock;
      END LOOP;
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

/** LOCK TABLE for each of the tables at these positions. */
export function lockTables(plan: Plan, tables: readonly number[], mode: string): string[] {
  return tables.map((at) => {
    const { only, ...table } = plan.tables[at] as PlanTable
    return `LOCK TABLE ${only ? 'ONLY ' : ''}${relationOf(table)} IN ${mode} MODE`
  })
}
