import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileText } from '../../src/emitters/sql-text.js'
import type { Script } from '../../src/model/script.js'
import { errorText, planFor } from '../support/fix.js'
import { statementsOf } from '../support/kill.js'
import { killKeySets } from '../support/kill-shop.js'
import { hasClient, mysqlClient } from '../support/mysql-client.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import {
  alone,
  durable,
  killsAt,
  killsWithin,
  type MysqlKill,
  nothingLocked,
  runKilled,
  stateOf,
} from '../support/mysql-kill.js'
import { mysqlKillShop } from '../support/mysql-kill-shop.js'
import { Random } from '../support/random.js'
import { describeWith, forEachMysql } from '../support/servers.js'

/** On MySQL every statement that others can notice is a kill point, and every so many of the others; on MariaDB a share. */
const step = Number(process.env.GOC_AUDIT_KILL_STEP ?? 200)
const share = Number(process.env.GOC_AUDIT_KILL_SHARE ?? 0.25)
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)
const random = new Random(seed)

type Kind = 'up' | 'down' | 'cleanup'
const kinds: readonly Kind[] = ['up', 'down', 'cleanup']
const tables = ['cart', 'item', 'mark', 'tag', 'cart_tag']

function killsOf(script: Script, kind: Kind, milliseconds: number): MysqlKill[] {
  const statements = statementsOf(script[kind])
  const regular = [...statements.keys()].filter((at) => at % step === seed % step)
  return [
    ...killsAt([...durable(statements), ...regular], random),
    ...killsWithin(milliseconds, kind === 'cleanup' ? 3 : 6, random),
  ]
}

forEachMysql(
  (server) => {
    let database: MysqlDatabase
    let archive: string
    let script: Script
    /** What each file takes and leaves, when nobody ends it too early. */
    const took = { up: 0, down: 0, cleanup: 0 }
    const expected: Partial<Record<Kind | 'before', string[]>> = {}
    const file = (kind: Kind) => fileText(script.header, script[kind])
    const stateNow = () => stateOf(database, [database.name, archive])
    const applicationNow = () => stateOf(database, [database.name])
    const anew = () => database.script(`DROP DATABASE IF EXISTS ${archive}; ${mysqlKillShop(database.name)}`)

    /** On a connection of its own, as a second attempt would. Returns what it ends with. */
    const runFile = async (kind: Kind): Promise<string> => {
      const connection = await createConnection({ uri: database.url, multipleStatements: true })
      try {
        await connection.query(file(kind))
        return ''
      } catch (error) {
        return errorText(error)
      } finally {
        await connection.end()
      }
    }

    beforeAll(async () => {
      database = await openMysqlDatabase(server)
      archive = await database.another('archive')
      await anew()
      const { fix } = await planFor(database.url, killKeySets, { archive })
      expect(fix.fixed).toEqual(['cart(session)', 'tag(lower(name))'])
      if (fix.script === null) throw new Error('there is no script')
      script = fix.script
      expected.before = await stateNow()
      for (const kind of kinds) {
        const start = performance.now()
        expect(await runFile(kind)).toBe('')
        took[kind] = performance.now() - start
        expected[kind] = await stateNow()
      }
      expect(expected.up).not.toEqual(expected.before)
      expect(expected.cleanup).toEqual(expected.before)
    })
    afterAll(async () => {
      await database?.drop()
    })

    /** Killed, then run again; returns whether there was something to kill. */
    const survive = async (kind: Kind, kill: MysqlKill): Promise<boolean> => {
      const about = JSON.stringify({ kind, kill, at: statementsOf(script[kind])[kill.after ?? -1]?.slice(0, 80) })
      const was = await runKilled(database, { statements: statementsOf(script[kind]), file: file(kind) }, kill)
      // The second attempt finds the first one still there, or what it has left behind.
      if (random.chance(50)) {
        await alone(database)
        await nothingLocked(database, tables)
      }
      expect(await runFile(kind), about).toBe('')
      expect(await stateNow(), about).toEqual(expected[kind])
      return was
    }

    test.sequential('killed at any statement and run again, the end is the same', { timeout: 7_200_000 }, async () => {
      const [ups = [], downs = [], cleanups = []] = kinds.map((kind) => {
        const kills = killsOf(script, kind, took[kind])
        if (server.kind === 'mysql') return kills
        return Array.from({ length: Math.ceil(kills.length * share) }, () => random.pick(kills))
      })
      let killed = 0
      for (let n = 0; n < Math.max(ups.length, downs.length, cleanups.length); n += 1) {
        await anew()
        const [up, down, cleanup] = [ups[n], downs[n], cleanups[n]]
        if (up === undefined) await runFile('up')
        else if (await survive('up', up)) killed += 1
        if (down !== undefined && (await survive('down', down))) killed += 1
        if (cleanup !== undefined) {
          await runFile('down')
          if (await survive('cleanup', cleanup)) killed += 1
        }
      }
      console.info(`${server.label}: killed ${killed} times`)
      expect(killed).toBeGreaterThanOrEqual((ups.length + downs.length + cleanups.length) * 0.8)
    })

    test.sequential('either everything has happened to the rows, or nothing', { timeout: 600_000 }, async () => {
      const states = new Set<string>()
      await anew()
      states.add(JSON.stringify(rowsOf(await applicationNow())))
      await runFile('up')
      states.add(JSON.stringify(rowsOf(await applicationNow())))
      for (const kill of killsWithin(took.up, server.kind === 'mysql' ? 12 : 3, random)) {
        await anew()
        await runKilled(database, { statements: [], file: file('up') }, kill)
        await alone(database)
        expect([...states], JSON.stringify(kill)).toContain(JSON.stringify(rowsOf(await applicationNow())))
      }
    })

    test.sequential('duplicates that come between COMMIT and the index are told, and what to do', async () => {
      await anew()
      const statements = statementsOf(script.up)
      const commit = durable(statements).find((at) => statements[at - 2]?.includes("'COMMIT'")) ?? -1
      expect(commit).toBeGreaterThan(0)
      await runKilled(database, { statements, file: file('up') }, { of: 'client', after: commit + 1, during: null })
      await alone(database)
      await database.script("INSERT INTO cart (session, note) VALUES ('s1', 'new')")
      expect(await runFile('up')).toMatch(/1 duplicate groups of .*cart.* have come since this file was interrupted/)
      const { stdout } = hasClient(server)
        ? await mysqlClient(server, [database.name], file('up'))
        : { stdout: 'Run the down file, then this file again.' }
      expect(stdout).toContain('Run the down file, then this file again.')
      expect(await runFile('down')).toBe('')
      expect(await runFile('up')).toBe('')
      const [left] = await database.query("SELECT COUNT(*) AS n FROM cart WHERE session = 's1'")
      expect(left).toEqual({ n: 1 })
    })

    test.sequential('a session that keeps its connection after an error can run the file again', async () => {
      await anew()
      const connection = await database.connect()
      const statements = statementsOf(script.up)
      const locked = statements.findIndex((sql) => sql.startsWith('LOCK TABLES'))
      for (const sql of statements.slice(0, locked + 200)) await connection.query(sql)
      await expect(connection.query('SELECT 1 FROM nowhere')).rejects.toThrow()
      await connection.query(file('up'))
      expect(await stateNow()).toEqual(expected.up)
    })

    test.sequential('nothing stays in the session', async () => {
      await anew()
      const connection = await database.connect()
      for (const kind of kinds) {
        await connection.query(file(kind))
        const made = new Set([...file(kind).matchAll(/CREATE TEMPORARY TABLE (\S+)/g)].map(([, name]) => name))
        expect(kind === 'cleanup' ? 1 : made.size).toBeGreaterThan(0)
        for (const name of made)
          await expect(connection.query(`SELECT 1 FROM ${name}`), name).rejects.toThrow(/doesn't exist/)
        await nothingLocked(database, tables)
      }
    })

    describeWith(hasClient(server))('the plain client', () => {
      test('runs the files as well, and may be killed as well', { timeout: 300_000 }, async () => {
        await anew()
        for (const kind of kinds) {
          for (let n = 0; n < 2; n += 1)
            await mysqlClient(server, [database.name], file(kind), random.below(2 * took[kind]))
          expect((await mysqlClient(server, [database.name], file(kind))).stderr).toBe('')
          expect(await stateNow()).toEqual(expected[kind])
        }
      })
    })
  },
  { atOnce: true },
)

/** Without definitions. */
const rowsOf = (state: readonly string[]): string[] => state.filter((line) => !line.startsWith('CREATE'))
