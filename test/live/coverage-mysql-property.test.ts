/** The verdict about random tables, indexes and lookups, against the truth: rows inserted, two by two. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scan } from '../../src/audit/scan.js'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import type { AuditedKeySet } from '../../src/model/audit.js'
import { usual } from '../support/case.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql } from '../support/servers.js'
import { type Example, examples, keySetOf } from './coverage-mysql-examples.js'
import { ATTEMPT, tableSql, truthOf } from './coverage-mysql-truth.js'
import { denied } from './coverage-truth.js'

/** More of them, and others, by hand. */
const most = Number(process.env.GOC_AUDIT_TEST_RUNS ?? 90)
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)

forEachMysql((server) => {
  const runs = server.kind === 'mysql' ? most : Math.ceil(most / 3)
  const flavour = server.kind === 'mysql' ? 'mysql' : 'mariadb'
  let database: MysqlDatabase
  let session: Session
  beforeAll(async () => {
    database = await openMysqlDatabase(server, `SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')`)
    await database.query(ATTEMPT)
    session = await connect({ url: database.url, shown: '', schemas: [] }, { statementTimeout: 60_000 })
  })
  afterAll(async () => {
    await session?.close()
    await database?.drop()
  })

  async function audit(example: Example): Promise<AuditedKeySet> {
    const request = { ignores: [], only: [], count: null, today: '2026-01-01' }
    const { keySets, failures } = await scan({ session, keySets: [keySetOf(example)], ...request })
    expect(failures).toEqual([])
    return keySets[0] as AuditedKeySet
  }

  test(
    'the verdict is what the rows show',
    async () => {
      let unknown = 0
      await fc.assert(
        fc.asyncProperty(examples(flavour), async (example) => {
          await database.script(tableSql(example))
          const before = await audit(example)
          const truth = await truthOf(database, example)
          const wrong = denied(before, truth)
          const { verdict, remedy } = before
          const seen = { wrong, verdict: wrong.length ? verdict : null, sql: wrong.length ? tableSql(example) : null }
          expect(seen, JSON.stringify(keySetOf(example))).toEqual({ wrong: [], verdict: null, sql: null })
          if (verdict.protection === 'unknown' && truth.asked > 0) unknown += 1
          if (truth.asked === 0 || verdict.protection === 'full' || !usual.has(remedy.kind)) return
          for (const sql of remedy.sql) await database.query(sql)
          const after = await audit(example)
          expect(after.verdict.protection, `${remedy.sql.join('\n')}\n${JSON.stringify(after.verdict.reasons)}`).toBe(
            'full',
          )
          expect(denied(after, await truthOf(database, { ...example, indexes: [] })), remedy.sql.join('\n')).toEqual([])
        }),
        { numRuns: runs, seed },
      )
      expect(unknown / runs).toBeLessThan(0.1)
    },
    runs * 2000,
  )
})
