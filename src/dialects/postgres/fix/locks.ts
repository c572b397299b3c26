import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { raise } from './blocks.js'
import { sourceOf } from './names.js'

/** Milliseconds that a try may take: long enough for some transactions to end, short enough for those who wait behind it. */
const WAITS = [50, 100, 200, 400]
const TRIES = 180
/** Milliseconds by which a server that is busy may be late. */
const LATE = 200

/** SQL expressions for text[]: names of tables, and statements that lock them. */
interface Locking {
  readonly tables: string
  /** In whatever order succeeds. */
  readonly first: string
  /** With all of `first`. */
  readonly last: string
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
  const mode = (at: number) => (alone.has(at) ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE')
  const others = tables.filter((_, at) => !alone.has(at))
  return lockLoop({
    tables: textArray(tables),
    first: textArray(tables.map((table, at) => `LOCK TABLE ${table} IN ${mode(at)} MODE`)),
    last: textArray(others.map((table) => `LOCK TABLE ${table} IN EXCLUSIVE MODE NOWAIT`)),
  })
}

/** Keeps everybody from the tables that the expression `tables` names. */
export function lockAlone(tables: string): string {
  const locks = `ARRAY(SELECT 'LOCK TABLE ' || t || ' IN ACCESS EXCLUSIVE MODE' FROM unnest(${tables}) AS t)`
  return lockLoop({ tables, first: locks, last: textArray([]) })
}

const textArray = (texts: readonly string[]): string =>
  texts.length === 0 ? `'{}'::text[]` : `ARRAY[\n        ${texts.map(quoteLiteral).join(',\n        ')}]`

/**
 * Takes locks in one go or not at all, and tries again after a pause in which others get on: waiting in the queue stops
 * everybody behind it. Every other try begins at the other end, since an application that takes them in the opposite
 * order would always be in the way.
 *
 * While it holds one lock and waits for another, it may be part of a deadlock. Whoever has waited for deadlock_timeout
 * looks for one, and ends itself. So no try lasts as long, and none begins while somebody is going to look before its end.
 *
 * Autovacuum makes way only for those who wait longer. So they wait before, for a lock that keeps no writer waiting.
 */
function lockLoop({ tables, first, last }: Locking): string {
  const timeout = "current_setting('deadlock_timeout')::interval"
  const wait = `least((ARRAY[${WAITS.join(', ')}])[1 + goc_try / 2 % ${WAITS.length}] * interval '1 ms', ${timeout} / 2)`
  const milliseconds = (sql: string) => `greatest(1, extract(epoch FROM ${sql}) * 1000)::int::text`
  return `  BEGIN
    PERFORM set_config('lock_timeout', ${milliseconds(`${timeout} + interval '2 s'`)}, true);
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', array_to_string(${tables}, ', '));
  EXCEPTION WHEN lock_not_available THEN
    RAISE NOTICE 'goc-audit: something like VACUUM or CREATE INDEX CONCURRENTLY is under way';
  END;
  FOR goc_try IN 1..${TRIES} LOOP
    DECLARE
      goc_lock text;
      goc_until timestamptz := clock_timestamp() + ${wait};
    BEGIN
      IF EXISTS (SELECT FROM pg_catalog.pg_locks AS w WHERE NOT w.granted
        AND w.waitstart + ${timeout} BETWEEN clock_timestamp() - interval '${LATE} ms' AND goc_until + interval '${LATE} ms') THEN
        RAISE lock_not_available;
      END IF;
      FOR goc_lock IN SELECT l.lock FROM (
        SELECT 1 AS step, f.* FROM unnest(${first}) WITH ORDINALITY AS f(lock, place)
        UNION ALL
        SELECT 2, t.* FROM unnest(${last}) WITH ORDINALITY AS t(lock, place)
      ) AS l ORDER BY l.step, CASE goc_try % 2 WHEN 1 THEN l.place ELSE -l.place END
      LOOP
        PERFORM set_config('lock_timeout', ${milliseconds('goc_until - clock_timestamp()')}, true);
        EXECUTE goc_lock;
      END LOOP;
      PERFORM set_config('lock_timeout', ${milliseconds(`${timeout} / 2`)}, true);
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
