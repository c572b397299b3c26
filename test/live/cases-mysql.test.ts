/**
 * Every folder of test/cases/mysql, on every MySQL and MariaDB that it is for: its schema.sql is loaded into a database
 * of its own, its config.yml scanned with that database in the URL (so its tables need no schema), the outcome compared
 * with expected.yml, as in cases.test.ts.
 *
 * schema.sql is one script of several statements, without DELIMITER. It may begin with `-- needs: mysql` or
 * `-- needs: mysql from 8.0 or mariadb from 10.11 to 11.8`: the products that it runs on, with their releases, both
 * inclusive. Where they are to differ in their outcome, there is a case for each. `-- step: fails` says that the
 * statement after it must fail.
 */
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/dialects/index.js'
import { type Case, cases, open, outcomes, scanCase } from '../support/case.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql, type Server } from '../support/servers.js'

const all = cases('mysql')

const part = /^(?<product>mysql|mariadb)(?: from (?<from>\d+\.\d+))?(?: to (?<to>\d+\.\d+))?$/

function fits({ name, needs }: Case, { kind, version }: Server): boolean {
  const parts = needs === '' ? [] : needs.split(' or ').map((text) => part.exec(text.trim())?.groups)
  if (parts.includes(undefined)) throw new Error(`${name}/schema.sql: not understood: -- needs: ${needs}`)
  const inside = (from = '0.0', to = '99.99') => version >= numberOf(from) && version <= numberOf(to)
  return needs === '' || parts.some((found) => found?.product === kind && inside(found.from, found.to))
}

/** As in `Server.version`. */
function numberOf(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number)
  return major * 100 + minor
}

async function load(database: MysqlDatabase, sql: string): Promise<void> {
  const [first = '', ...steps] = sql.split(/^-- step: fails\n/m)
  await database.script(`DO 0; ${first}`)
  for (const statement of steps) await expect(database.script(statement)).rejects.toThrow()
}

async function scanned(database: MysqlDatabase, one: Case) {
  const target = { url: database.url, shown: 'the test database', schemas: [] }
  const session = await connect(target, { statementTimeout: 20_000 })
  try {
    return await scanCase(session, one)
  } finally {
    await session.close()
  }
}

forEachMysql((server) => {
  const prefix = (name: string) => `case_${name.replaceAll('-', '_')}`.slice(0, 48)
  for (const one of all.filter((each) => fits(each, server)))
    describe(one.name, () => {
      const withCase = (work: (database: MysqlDatabase) => Promise<void>) =>
        withMysqlDatabase(
          server,
          '',
          async (database) => {
            await load(database, one.sql)
            await work(database)
          },
          { prefix: prefix(one.name) },
        )

      test('is judged and counted', () =>
        withCase(async (database) => {
          const audit = await scanned(database, one)
          expect(audit.failures).toEqual([])
          expect(outcomes(audit, one)).toEqual(one.expected)
        }))

      test('what is suggested protects', () =>
        withCase(async (database) => {
          const unprotected = open(await scanned(database, one))
          for (const { resolved, remedy } of unprotected) {
            const { schema, name } = resolved.table
            await database.script(
              `SET foreign_key_checks = 0; DELETE FROM \`${schema}\`.\`${name.replaceAll('`', '``')}\``,
            )
            await database.script('SET foreign_key_checks = 1')
            for (const sql of remedy.sql) await database.query(sql)
          }
          const after = await scanned(database, one)
          const ids = unprotected.map(({ resolved }) => resolved.id)
          const verdicts = after.keySets.filter(({ resolved }) => ids.includes(resolved.id))
          expect(verdicts.map(({ verdict }) => verdict.protection)).toEqual(ids.map(() => 'full'))
        }))
    })
})
