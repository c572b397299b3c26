/**
 * Every folder of test/fix-cases/postgres: its schema.sql is loaded, its config.yml planned, and the files of the plan are run:
 * up, up again, down, down again, up, cleanup, cleanup again, down. expected.yml says what is in the tables after up, and
 * what else is out of the usual: see test/support/fix-case.ts. meanwhile.sql runs between the plan and up.
 * The oldest and the newest server run every case; those between and PGlite share them out, since their versions differ in
 * little that a case could show (GOC_AUDIT_FIX_CASES=all: every case on each). Cases for some versions only run on each.
 * A statement of schema.sql after a line `-- alone` is run by itself, after `-- fails` by itself and has to fail.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { relationOf } from '../../src/dialects/postgres/fix/names.js'
import { quoteLiteral } from '../../src/dialects/postgres/sql-text.js'
import type { PlanTable } from '../../src/model/plan.js'
import { type Bench, openBench } from '../support/fix-bench.js'
import { type FixCase, fixCases, runsOn } from '../support/fix-case.js'
import { checkCase, type Ground } from '../support/fix-case-check.js'
import { stateOf } from '../support/fix-state.js'
import { forEachPostgres, type Server, servers } from '../support/servers.js'

const cases = fixCases('postgres')

forEachPostgres(
  (server) => {
    let bench: Bench
    beforeAll(async () => {
      bench = await openBench(server)
    })
    afterAll(() => bench?.close())

    const own = cases.filter((each, at) => runsOn(each, server) && (isWhole(server) || isShare(each, at, server)))
    for (const one of own) test.sequential(one.name, () => checkCase(groundOf(bench), one))
  },
  { atOnce: true },
)

function isWhole({ kind, version }: Server): boolean {
  const versions = servers({ pglite: false }).map((each) => each.version)
  const between = version > Math.min(...versions) && version < Math.max(...versions)
  return (kind !== 'pglite' && !between) || process.env.GOC_AUDIT_FIX_CASES === 'all'
}

const isShare = ({ expected: { from, to } }: FixCase, at: number, { version }: Server): boolean =>
  from !== undefined || to !== undefined || at % 3 === version % 3

function groundOf(bench: Bench): Ground {
  return {
    session: bench.session,
    archive: null,
    commitsIndexes: false,
    load: ({ schema }) => load(bench, schema),
    meanwhile: bench.run,
    run: bench.run,
    stateOf: () => stateOf(bench),
    nameOf: async (table: PlanTable) => {
      const relation = quoteLiteral(relationOf(table))
      const [row] = await bench.query<{ name: string }>(`SELECT to_regclass(${relation})::text AS name`)
      return row?.name ?? ''
    },
    isOurs: (definition) => /\buq_/.test(definition),
    isUsual: () => false,
    withoutRemains: (state) => state,
  }
}

/** From an empty database on. */
async function load(bench: Bench, schema: string): Promise<void> {
  const [first = '', ...alone] = schema.split(/^-- (?=alone$|fails$)/m)
  expect(await bench.run(EMPTY)).toBe('')
  expect(await bench.run(first)).toBe('')
  for (const step of alone) {
    const [kind, ...lines] = step.split('\n')
    const outcome = await bench.run(lines.join('\n'))
    if (kind === 'fails') expect(outcome).not.toBe('')
    else expect(outcome).toBe('')
  }
}

const EMPTY = `
  ROLLBACK;
  RESET ALL;
  SET TimeZone = 'UTC';
  SET client_min_messages = 'error';
  DO $$DECLARE one record; BEGIN
    FOR one IN SELECT pubname FROM pg_publication LOOP
      EXECUTE format('DROP PUBLICATION %I', one.pubname);
    END LOOP;
    FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);
    END LOOP;
  END$$;
  CREATE SCHEMA public;`
