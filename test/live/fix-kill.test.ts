import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fileText } from '../../src/emitters/sql-text.js'
import type { Script } from '../../src/model/script.js'
import { type Database, openDatabase } from '../support/database.js'
import { planFor } from '../support/fix.js'
import { stateOf } from '../support/fix-state.js'
import { alone, type Kill, runKilled, runPsql, statementsOf } from '../support/kill.js'
import { killKeySets, killShop } from '../support/kill-shop.js'
import { Random } from '../support/random.js'
import { anyPostgres, describeWith, forEachPostgres, type Server } from '../support/servers.js'

/** How many times each kill point is tried on the newest server; of each other one, every so many of them. */
const rounds = Number(process.env.GOC_AUDIT_KILL_ROUNDS ?? 1)
const few = Number(process.env.GOC_AUDIT_KILL_EACH ?? 5)
const random = new Random(Number(process.env.GOC_AUDIT_TEST_SEED ?? 1))

type Kind = 'up' | 'down' | 'cleanup'
const kinds: readonly Kind[] = ['up', 'down', 'cleanup']

/** Before each statement, and during it; and a file that is sent as a whole, at some time. */
function killsOf(script: Script, kind: Kind, milliseconds: number): Kill[] {
  const other = (n: number) => (n % 2 === 0 ? 'client' : 'backend')
  const each = statementsOf(script[kind]).flatMap((_, after): Kill[] => [
    { of: other(after), after, during: null },
    { of: other(after + 1), after, during: random.below(12) },
  ])
  const whole = Array.from({ length: kind === 'cleanup' ? 2 : 12 }, (_, n): Kill => {
    return { of: other(n), after: null, during: random.below(milliseconds) }
  })
  return Array.from({ length: rounds }, () => [...each, ...whole]).flat()
}

function chosen(server: Server, kills: readonly Kill[]): Kill[] {
  if (server.label === anyPostgres().label) return [...kills]
  return Array.from({ length: Math.min(few, kills.length) }, () => random.pick(kills))
}

/** Everything but the time of day. */
async function stateNow(database: Database): Promise<unknown> {
  const { application, archive } = await stateOf(database)
  const plan = (archive.rows['goc_audit.plan'] ?? []).map((row) => row.replaceAll(/"\d{4}-[^"]+"/g, 'at some time'))
  return { application, archive: { ...archive, rows: { ...archive.rows, 'goc_audit.plan': plan } } }
}

forEachPostgres(
  (server) => {
    let database: Database
    let script: Script
    let folder: string
    /** What each file takes and leaves, when nobody ends it too early. */
    const took = { up: 0, down: 0, cleanup: 0 }
    const expected: Partial<Record<Kind | 'before', unknown>> = {}
    const file = (kind: Kind) => fileText(script.header, script[kind])

    /** On a connection of its own, as a second attempt would. */
    const runFile = async (kind: Kind): Promise<void> => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      try {
        await client.query(file(kind))
      } finally {
        await client.end()
      }
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'goc-audit-kill-'))
      database = await openDatabase(server, killShop)
      const { fix } = await planFor(database.url, killKeySets)
      expect(fix.fixed).toEqual(['public.cart(session)', 'public.tag(lower(name))'])
      if (fix.script === null) throw new Error('there is no script')
      script = fix.script
      for (const kind of kinds) await writeFile(join(folder, `${kind}.sql`), file(kind))
      expected.before = await stateNow(database)
      for (const kind of kinds) {
        const start = performance.now()
        await runFile(kind)
        took[kind] = performance.now() - start
        expected[kind] = await stateNow(database)
      }
    })
    afterAll(async () => {
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    })

    /** Killed, then run again; returns whether there was something to kill. */
    const survive = async (kind: Kind, from: Kind | 'before', kill: Kill): Promise<boolean> => {
      const was = await runKilled(database.client, database.url, { phases: script[kind], file: file(kind) }, kill)
      // The second attempt finds the first one still there, or what it has left behind.
      if (random.chance(50)) {
        await alone(database.client)
        const left = await applicationRows(database)
        const all = JSON.stringify([rowsOf(expected[from]), rowsOf(expected[kind])])
        expect(all, JSON.stringify({ kind, kill })).toContain(JSON.stringify(left))
      }
      await runFile(kind)
      expect(await stateNow(database), JSON.stringify({ kind, kill })).toEqual(expected[kind])
      return was
    }

    test('killed at any statement and run again, the end is the same', { timeout: 900_000 }, async () => {
      const [ups, downs, cleanups] = kinds.map((kind) => chosen(server, killsOf(script, kind, took[kind]))) as [
        Kill[],
        Kill[],
        Kill[],
      ]
      let killed = 0
      for (const [n, up] of ups.entries()) {
        await database.script(killShop)
        if (await survive('up', 'before', up)) killed += 1
        const [down, cleanup] = [downs[n], cleanups[n - downs.length]]
        if (down !== undefined && (await survive('down', 'up', down))) killed += 1
        if (cleanup !== undefined) {
          await runFile('down')
          if (await survive('cleanup', 'down', cleanup)) killed += 1
        }
      }
      console.info(`${server.label}: killed ${killed} times`)
      expect(killed).toBeGreaterThanOrEqual(server.label === anyPostgres().label ? 100 : 2 * few - 6)
    })

    describeWith(inject('tools').psql)('psql', () => {
      test('runs the files as well, and may be killed as well', { timeout: 120_000 }, async () => {
        const psql = inject('tools').psql ?? ''
        const path = (kind: Kind) => join(folder, `${kind}.sql`)
        await database.script(killShop)
        for (const kind of kinds) {
          for (let n = 0; n < 2; n += 1) await runPsql(psql, database.url, path(kind), random.below(2 * took[kind]))
          expect(await runPsql(psql, database.url, path(kind))).toBe(0)
          expect(await stateNow(database)).toEqual(expected[kind])
        }
      })
    })
  },
  { pglite: false },
)

function rowsOf(state: unknown): unknown {
  return (state as { application: { rows: unknown } }).application.rows
}

async function applicationRows(database: Database): Promise<unknown> {
  return rowsOf(await stateNow(database))
}
