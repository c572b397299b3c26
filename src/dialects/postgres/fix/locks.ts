import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { raise } from './blocks.js'
import { sourceOf } from './names.js'

/** Milliseconds that a try may take: long enough for some transactions to end, short enough for those who wait behind it. */
const WAITS = [50, 100, 200, 400]
const TRIES = 180

/** Statements that take locks: `first` in whatever order succeeds, and with all of these `last`. */
export interface Locking {
  /** FROM items of the tables. */
  readonly tables: readonly string[]
  readonly first: readonly string[]
  readonly last: readonly string[]
}

/**
 * Keeps everybody but readers from the tables of the plan, and readers too from those in `alone`.
 *
 * Writers first: whoever inserts a child needs a weak lock on its parent to get done. Then those who have locked rows,
 * since they would wait for us to write, and we for their rows; without waiting, for who holds one lock on a table and
 * waits for another is in a deadlock at once.
 */
export function lockPlan(plan: Plan, alone: ReadonlySet<number> = new Set()): string {
  const tables = plan.tables.map((table: PlanTable) => sourceOf(table))
  const others = tables.filter((_, at) => !alone.has(at))
  return lockLoop({
    tables,
    first: tables.map((table, at) => `LOCK TABLE ${table} IN ${alone.has(at) ? 'ACCESS' : 'SHARE ROW'} EXCLUSIVE MODE`),
    last: others.map((table) => `LOCK TABLE ${table} IN EXCLUSIVE MODE NOWAIT`),
  })
}

/**
 * Takes locks in one go or not at all, and tries again after a pause in which others get on: waiting in the queue stops
 * everybody behind it. Every other try begins at the other end, since an application that takes them in the opposite
 * order would always be in the way. No try lasts as long as deadlock_timeout, so that no writer is ended because of it.
 *
 * Autovacuum makes way only for those who wait longer. So they wait before, for a lock that keeps no writer waiting.
 */
export function lockLoop({ tables, first, last }: Locking): string {
  const list = [...first, ...last].map(quoteLiteral).join(',\n        ')
  const wait = `(ARRAY[${WAITS.join(', ')}])[1 + goc_try / 2 % ${WAITS.length}] * interval '1 ms'`
  return `  BEGIN
    PERFORM set_config('lock_timeout', (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000 + 2000)::int::text, true);
    LOCK TABLE ${tables.join(', ')} IN SHARE UPDATE EXCLUSIVE MODE;
  EXCEPTION WHEN lock_not_available THEN
    RAISE NOTICE 'goc-audit: something like VACUUM or CREATE INDEX CONCURRENTLY is under way';
  END;
  FOR goc_try IN 1..${TRIES} LOOP
    DECLARE
      goc_lock text;
      goc_until timestamptz := clock_timestamp() + least(${wait}, current_setting('deadlock_timeout')::interval / 2);
    BEGIN
      FOR goc_lock IN SELECT l.lock FROM unnest(ARRAY[
        ${list}
      ]) WITH ORDINALITY AS l(lock, place) ORDER BY place > ${first.length}, CASE goc_try % 2 WHEN 1 THEN place ELSE -place END
      LOOP
        PERFORM set_config('lock_timeout', greatest(1, extract(epoch FROM goc_until - clock_timestamp()) * 1000)::int::text, true);
        EXECUTE goc_lock;
      END LOOP;
      PERFORM set_config('lock_timeout', (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 500)::int::text, true);
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF goc_try = ${TRIES} THEN
        ${raise(
          `'goc-audit: the locks were not to be had in ${TRIES} tries'`,
          'Some transaction holds on to a table for long; look for it in pg_stat_activity, and run this file again.',
        )}
      END IF;
      PERFORM pg_sleep(0.05 + random() * 0.2);
    END;
  END LOOP;`
}
