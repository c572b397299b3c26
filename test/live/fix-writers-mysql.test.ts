import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorText, planFor } from '../support/fix.js'
import { hasClient, mysqlClient } from '../support/mysql-client.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { connectWriters, shopReader } from '../support/mysql-writers.js'
import { mysqlShopSql } from '../support/mysql-writers-shop.js'
import { forEachMysql } from '../support/servers.js'
import { startTraffic } from '../support/writers.js'
import { check, checkUndone } from '../support/writers-checker.js'
import type { WriterClient } from '../support/writers-client.js'
import { Ledger, summary } from '../support/writers-ledger.js'
import { type Shop, shopKeySets, shopNumber } from '../support/writers-shop.js'

/** On MySQL, and on each MariaDB. */
const [most, few] = [
  Number(process.env.GOC_AUDIT_WRITER_RUNS ?? 30),
  Number(process.env.GOC_AUDIT_WRITER_RUNS_EACH ?? 8),
]
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)

/** What a file is run again for, as its header says: others kept its tables, and it has changed nothing. */
const comeAgain = /Lock wait timeout exceeded/

forEachMysql(
  (server) => {
    let database: MysqlDatabase
    let writers: WriterClient[]
    let archive: string
    /** How often files were run, and how often they went through. */
    const runs = { tried: 0, done: 0 }
    beforeAll(async () => {
      database = await openMysqlDatabase(server)
      archive = await database.another('archive')
      writers = await connectWriters(database.url)
    })
    afterAll(async () => {
      await Promise.all((writers ?? []).map((writer) => writer.end()))
      await database?.drop()
    })

    const throughMysql2 = async (sql: string): Promise<string> => {
      const connection = await database.connect()
      try {
        await connection.query(sql)
        return ''
      } catch (error) {
        return errorText(error)
      } finally {
        connection.destroy()
      }
    }
    const throughClient = async (sql: string): Promise<string> => {
      const { code, stderr } = await mysqlClient(server, [database.name], sql)
      return code === 0 ? '' : stderr
    }

    /** Runs the file until it goes through; only its own locks may keep it from it. */
    const apply = async (sql: string, how: typeof throughMysql2, tries = 8): Promise<void> => {
      runs.tried += 1
      const problem = await how(sql)
      // Said after the commit.
      if (problem === '' || /were not restored/.test(problem)) runs.done += 1
      else if (tries > 1 && comeAgain.test(problem)) await apply(sql, how, tries - 1)
      else throw new Error(problem)
    }

    const applyMeanwhile = async (sql: string, shop: Shop, ledger: Ledger): Promise<void> => {
      const how = shop.number % 8 === 1 && hasClient(server) ? throughClient : throughMysql2
      const traffic = startTraffic(writers, shop, ledger, seed * 100 + shop.number)
      try {
        await wait(50 + shop.pause)
        await apply(sql, how)
        await wait(60)
      } finally {
        await traffic.stop()
      }
      expect(ledger.surprises, JSON.stringify(shop)).toEqual([])
    }

    /** Undoes every sixth, as busily. */
    const runOnce = async (n: number, ledger: Ledger): Promise<void> => {
      const shop: Shop = { ...shopNumber(n), schema: database.name }
      await database.script(`DROP DATABASE IF EXISTS ${archive}; ${mysqlShopSql(shop)}`)
      const { fix, up, down } = await planFor(database.url, shopKeySets(shop), { archive })
      expect(fix.fixed).toEqual(['cart(session)'])
      const reader = shopReader(database, archive)
      await applyMeanwhile(up, shop, ledger)
      expect(await check(reader, shop, ledger), JSON.stringify(shop)).toEqual([])
      if (n % 6 === 0) {
        await applyMeanwhile(down, shop, ledger)
        expect(await checkUndone(reader, shop, ledger), JSON.stringify(shop)).toEqual([])
      }
    }

    test('every acknowledged write is live, archived, or was deleted by the application', {
      timeout: 1_800_000,
    }, async () => {
      const ledgers: Ledger[] = []
      for (let n = 0; n < (server.kind === 'mysql' ? most : few); n += 1) {
        const ledger = new Ledger()
        ledgers.push(ledger)
        await runOnce(n, ledger)
      }
      console.info(`${server.label}: ${summary(ledgers)}; ${runs.done} files went through in ${runs.tried} runs`)
    })
  },
  { atOnce: true },
)
