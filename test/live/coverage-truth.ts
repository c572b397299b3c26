import type { AuditedKeySet } from '../../src/model/audit.js'
import type { Database } from '../support/database.js'
import { type Example, withinLookup } from './coverage-examples.js'

/** Pairs of rows. A lookup finds the pair `together` when it means both and gives both for one key. */
export interface Truth {
  /** Rows that the lookup can mean at all. */
  readonly asked: number
  /** Pairs found together that the table takes, and that it refuses. */
  readonly taken: number
  readonly refused: number
  /** Keys that can't be inserted while a row is there that their lookup doesn't find. */
  readonly locked: number
}

/** Tries each pair that `which` picks of rows `first` (there already) and `second` (to be inserted). */
const attempt = (columns: string, which: string) => `DO $$
  DECLARE one record; two record; refused boolean;
  BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR one IN SELECT * FROM rows ORDER BY n LOOP
      INSERT INTO cart SELECT ${columns} FROM rows WHERE n = one.n;
      FOR two IN SELECT second.n FROM rows AS first, rows AS second WHERE first.n = one.n AND ${which} LOOP
        refused := true;
        BEGIN
          INSERT INTO cart SELECT ${columns} FROM rows WHERE n = two.n;
          RAISE EXCEPTION USING ERRCODE = 'ZZ001';
        EXCEPTION
          WHEN unique_violation OR exclusion_violation THEN NULL;
          WHEN SQLSTATE 'ZZ001' THEN refused := false;
        END;
        INSERT INTO tried VALUES (one.n, two.n, refused);
      END LOOP;
      DELETE FROM cart;
    END LOOP;
  END $$;`

export async function truthOf(database: Database, example: Example): Promise<Truth> {
  const columns = example.columns.map(({ name }) => name).join(', ')
  const keys = example.parts.map((_, at) => `first.k${at} IS NOT DISTINCT FROM second.k${at}`).join(' AND ')
  const outside = example.indexes.flatMap((index, at) => (withinLookup(example, index) ? [] : [`i${at}`]))
  const { rows } = await database.client.query<{ indexes: string[] | null }>(
    `SELECT array_agg(conname::text) AS indexes FROM pg_constraint WHERE conrelid = 'cart'::regclass AND contype IN ('u', 'x')`,
  )
  const constraints = rows[0]?.indexes ?? []
  const drops = outside.map((name) =>
    constraints.includes(name)
      ? `ALTER TABLE cart DROP CONSTRAINT IF EXISTS ${name};`
      : `DROP INDEX IF EXISTS ${name};`,
  )
  const found = `first.asked AND second.asked AND ${keys}`
  try {
    await database.script(`BEGIN; CREATE TEMP TABLE tried (one int, two int, refused boolean) ON COMMIT DROP;
      ${attempt(columns, `${found} AND first.n <= second.n`)}
      ALTER TABLE tried RENAME TO together; CREATE TEMP TABLE tried (one int, two int, refused boolean) ON COMMIT DROP;
      ${drops.join(' ')}
      ${attempt(columns, `second.asked AND NOT (first.met AND ${keys})`)}`)
    const [truth] = await database.query<Record<keyof Truth, string>>(`SELECT
      (SELECT count(*) FROM rows WHERE asked) AS asked, (SELECT count(*) FROM together WHERE NOT refused) AS taken,
      (SELECT count(*) FROM together WHERE refused) AS refused, (SELECT count(*) FROM tried WHERE refused) AS locked`)
    return {
      asked: Number(truth?.asked),
      taken: Number(truth?.taken),
      refused: Number(truth?.refused),
      locked: Number(truth?.locked),
    }
  } finally {
    await database.script('ROLLBACK')
  }
}

/** What the verdict says and the rows deny. */
export function denied({ verdict }: AuditedKeySet, truth: Truth, strict = false): string[] {
  const wrong: string[] = []
  if (truth.asked === 0) return wrong
  const { protection } = verdict
  if ((protection === 'full' || protection === 'degraded') && truth.taken > 0)
    wrong.push(`${protection}, but two rows fit`)
  if ((protection === 'none' || protection === 'conditional') && truth.taken === 0)
    wrong.push(`${protection}, but no two rows fit`)
  if (protection === 'conditional' && truth.refused === 0) wrong.push('conditional, but nothing is refused')
  const lockout = verdict.hazards.includes('lockout')
  const undecided = verdict.reasons.some(({ gap }) => gap === 'undecided')
  if (!lockout && !undecided && truth.locked > 0) wrong.push('a lockout was missed')
  // A few values don't show every lockout that there can be.
  if (strict && lockout && truth.locked === 0) wrong.push('the lockout never happens')
  return wrong
}
