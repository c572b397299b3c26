import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../support/database.js'
import { planFor } from '../support/fix.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'
import { startTraffic } from '../support/writers.js'
import { check, checkUndone } from '../support/writers-checker.js'
import type { WriterClient } from '../support/writers-client.js'
import { Ledger, summary } from '../support/writers-ledger.js'
import { connectWriters, shopReader } from '../support/writers-postgres.js'
import { MIGRATION, type Shop, shopKeySets, shopNumber, shopSql } from '../support/writers-shop.js'

/** On the newest server, and on each other one. */
const [most, few] = [
  Number(process.env.GOC_AUDIT_WRITER_RUNS ?? 30),
  Number(process.env.GOC_AUDIT_WRITER_RUNS_EACH ?? 5),
]
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)

forEachPostgres(
  (server) => {
    let database: Database
    let writers: WriterClient[]
    let migration: pg.Client
    beforeAll(async () => {
      database = await openDatabase(server)
      writers = await connectWriters(database.url)
      migration = await database.connect()
      await migration.query(`SET application_name = '${MIGRATION}'`)
    })
    afterAll(async () => {
      await Promise.all(writers.map((writer) => writer.end()))
      await database?.drop()
    })

    /** Runs the file until it goes through; only its own locks may keep it from it. */
    const apply = async (sql: string, tries = 5): Promise<void> => {
      try {
        await migration.query(sql)
      } catch (error) {
        await migration.query('ROLLBACK')
        // Said after the commit.
        if (/were not restored/.test(String(error))) return
        if (tries === 1 || !/the locks were not to be had/.test(String(error))) throw error
        await apply(sql, tries - 1)
      }
    }

    const applyMeanwhile = async (sql: string, shop: Shop, ledger: Ledger): Promise<void> => {
      const traffic = startTraffic(writers, shop, ledger, seed * 100 + shop.number)
      try {
        await wait(50 + shop.pause)
        await apply(sql)
        await wait(60)
      } finally {
        await traffic.stop()
      }
      expect(ledger.surprises, JSON.stringify(shop)).toEqual([])
    }

    /** Undoes every sixth, as busily. */
    const runOnce = async (n: number, ledger: Ledger): Promise<void> => {
      const shop = shopNumber(n)
      await database.script(shopSql(shop))
      const { fix, up, down } = await planFor(database.url, shopKeySets(shop))
      expect(fix.fixed).toEqual([`${shop.schema}.cart(session)`])
      await applyMeanwhile(up, shop, ledger)
      expect(await check(shopReader(migration), shop, ledger), JSON.stringify(shop)).toEqual([])
      if (n % 6 === 0) {
        await applyMeanwhile(down, shop, ledger)
        expect(await checkUndone(shopReader(migration), shop, ledger), JSON.stringify(shop)).toEqual([])
      }
      await database.script(`DROP SCHEMA goc_audit CASCADE; DROP SCHEMA ${shop.schema} CASCADE`)
    }

    test('every acknowledged write is live, archived, or was deleted by the application', {
      timeout: 600_000,
    }, async () => {
      const runs = server.label === anyPostgres().label ? most : few
      const ledgers: Ledger[] = []
      for (let n = 0; n < runs; n += 1) {
        const ledger = new Ledger()
        ledgers.push(ledger)
        await runOnce(n, ledger)
      }
      const { rows } = await migration.query('SELECT pg_backend_pid() AS pid')
      const ours = ledgers.flatMap(({ deadlocks }) => deadlocks).filter((text) => text.includes(`${rows[0]?.pid}`))
      expect(ours).toEqual([])
      console.info(`${server.label}: ${summary(ledgers)}`)
    })
  },
  { pglite: false },
)
