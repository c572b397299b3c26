/**
 * Every folder of test/fix-cases/mysql on MySQL and on each MariaDB, as fix-cases.test.ts does for PostgreSQL. The files run
 * statement by statement through a driver; some of them at once, or through the product's own client, as the cases about
 * names, texts and settings do too. session.sql is what the session that runs them has set before.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FixCase, fixCases, runsOn } from '../support/fix-case.js'
import { checkCase, type Ground } from '../support/fix-case-check.js'
import { hasClient } from '../support/mysql-client.js'
import { ARCHIVE, type MysqlBench, openMysqlBench, type Way } from '../support/mysql-fix-bench.js'
import { mysqlStateOf, stateName } from '../support/mysql-fix-state.js'
import { forEachMysql, type Server } from '../support/servers.js'

const cases = fixCases('mysql')

forEachMysql(
  (server) => {
    let bench: MysqlBench
    beforeAll(async () => {
      bench = await openMysqlBench(server)
    })
    afterAll(() => bench?.close())

    for (const [at, one] of cases.entries())
      for (const way of runsOn(one, server) ? waysOf(one, at, server) : [])
        test.sequential(`${one.name}, ${way}`, () => checkCase(groundOf(bench, way), one))
  },
  { atOnce: true },
)

function waysOf({ name }: FixCase, at: number, server: Server): Way[] {
  const clients: Way[] = hasClient(server) ? ['client'] : []
  if (/^(names|session|text)-/.test(name)) return ['statements', ...clients]
  if (at % 5 === 0) return hasClient(server) ? clients : ['statements']
  return at % 5 === 1 ? ['at once'] : ['statements']
}

const USUAL =
  /^(Online schema change tools|They are safe only while|The binary log is on|A replica builds|Replicas and other readers of the binary log|binlog_format is)/

function groundOf(bench: MysqlBench, way: Way): Ground {
  return {
    session: bench.session,
    archive: ARCHIVE,
    commitsIndexes: true,
    load: async ({ schema, session }) => {
      expect(await bench.load(schema)).toBe('')
      await bench.use(way, session ?? '')
    },
    meanwhile: bench.script,
    run: bench.run,
    stateOf: () => mysqlStateOf(bench),
    nameOf: async (table) => stateName(table),
    isOurs: (definition) => /\buq_|GENERATED ALWAYS .*INVISIBLE/.test(definition),
    isUsual: (warning) => USUAL.test(warning),
    // DDL commits: the archive's tables are there, and nothing in them.
    withoutRemains: ({ application, archive }, before) => ({
      application,
      archive: Object.values(archive.rows).every((rows) => rows.length === 0) ? before.archive : archive,
    }),
  }
}
