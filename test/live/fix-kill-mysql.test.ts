import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeySet } from '../../src/model/keyset.js'
import { type Fixed, planFor } from '../support/fix.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { statementsOf } from '../support/mysql-statements.js'
import { keySet } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'

/** How many kill points of each file are tried, spread evenly; `all`: before each of its statements. */
const few = process.env.GOC_AUDIT_KILL_EACH ?? '12'

const shop = `
  CREATE TABLE cart (id bigint AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL, note text, hits int NOT NULL DEFAULT 1, owner int,
    created_at timestamp NOT NULL DEFAULT '2026-01-01 00:00:00', changed_at timestamp NULL ON UPDATE CURRENT_TIMESTAMP, KEY owner (owner));
  CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, cart_id bigint NOT NULL, product int NOT NULL, UNIQUE KEY (cart_id, product),
    FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
  CREATE TABLE mark (id bigint AUTO_INCREMENT PRIMARY KEY, item_id bigint, label varchar(20) NOT NULL,
    FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE SET NULL);
  INSERT INTO cart (id, session, note, hits, owner) VALUES (1, 'a', 'x', 1, 1), (2, 'A', 'y', 2, 2), (3, 'b', NULL, 4, 3), (4, 'b', 'z', 8, 4), (5, 'c', '', 16, 5);
  INSERT INTO item (id, cart_id, product) VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11), (4, 3, 10), (5, 4, 10), (6, 5, 10);
  INSERT INTO mark (id, item_id, label) VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 2, 'three'), (4, 5, 'five'), (5, NULL, 'none'), (6, 2, 'two');`

const keySets: readonly KeySet[] = [
  keySet('cart', ['session'], {
    resolution: {
      survivor: 'oldest',
      merge: { hits: 'sum', note: 'concat', owner: 'max' },
      divergent: 'stop',
      references: [],
    },
  }),
  keySet('mark', ['item_id', 'label'], {
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
  }),
]

type Kind = 'up' | 'down' | 'cleanup'
const kinds: readonly Kind[] = ['up', 'down', 'cleanup']

const COMMITS = /^EXECUTE|^COMMIT|^UNLOCK/
const WRITES = /ALTER TABLE|COMMIT|DROP TABLE|@goc_alter|state =/

/** How many statements run before the session ends: around those that commit. */
function killsOf(file: string): number[] {
  const statements = statementsOf(file)
  const special = statements.flatMap((sql, at) =>
    COMMITS.test(sql) && WRITES.test(`${statements[at - 2]} ${sql}`) ? [at, at + 1] : [],
  )
  if (few === 'all') return [...statements.keys()]
  const step = Math.max(1, Math.floor(special.length / Number(few)))
  return [...new Set(special)].filter((_, at) => at % step === 0)
}

forEachMysql(
  (server) => {
    let database: MysqlDatabase
    let archive: string
    let fixed: Fixed
    const expected: Partial<Record<Kind | 'before', string>> = {}

    const open = (): Promise<Connection> => createConnection({ uri: database.url, multipleStatements: true })
    const runFile = async (kind: Kind) => {
      const connection = await open()
      try {
        await connection.query(fixed[kind])
      } finally {
        await connection.end()
      }
    }
    const stateNow = async (): Promise<string> => {
      const lines: string[] = []
      for (const schema of [database.name, archive]) {
        const [tables] = await database.client.query<RowDataPacket[]>(
          `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${schema}' ORDER BY 1`,
        )
        for (const { name } of tables) {
          const [made] = await database.client.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${schema}\`.\`${name}\``)
          lines.push(String(made[0]?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, ''))
          const [rows] = await database.client.query<RowDataPacket[]>(`SELECT * FROM \`${schema}\`.\`${name}\``)
          const texts = rows.map(({ applied_at, undone_at, ...row }) => JSON.stringify(row))
          lines.push(...texts.sort())
        }
      }
      return lines.join('\n')
    }
    const reset = async (before: Kind) => {
      await database.script(
        `DROP DATABASE IF EXISTS ${archive}; SET foreign_key_checks = 0; DROP TABLE IF EXISTS mark, item, cart; SET foreign_key_checks = 1; ${shop}`,
      )
      for (const kind of kinds.slice(0, kinds.indexOf(before))) await runFile(kind)
    }

    beforeAll(async () => {
      database = await openMysqlDatabase(server, shop)
      archive = `${database.name}_goc`
      fixed = await planFor(database.url, keySets, { archive, limits: { maxGroup: 100, maxSurplus: 1 } })
      expected.before = await stateNow()
      for (const kind of kinds) {
        await runFile(kind)
        expected[kind] = await stateNow()
      }
    })
    afterAll(async () => {
      await database?.script(`DROP DATABASE IF EXISTS ${archive}`)
      await database?.drop()
    })

    test.sequential('the way back leads to where it began', () => {
      expect(expected.up).not.toBe(expected.before)
      expect(expected.cleanup).toBe(expected.before)
    })

    for (const kind of kinds)
      test.sequential(`${kind} goes on from wherever it was ended`, { timeout: 300_000 }, async () => {
        const statements = statementsOf(fixed[kind])
        for (const after of killsOf(fixed[kind])) {
          await reset(kind)
          const killed = await open()
          killed.on('error', () => {})
          for (const sql of statements.slice(0, after)) await killed.query(sql)
          killed.destroy()
          await runFile(kind)
          expect(await stateNow(), `after ${after} statements: ${statements[after - 2]} ${statements[after - 1]}`).toBe(
            expected[kind],
          )
        }
      })

    test.sequential('a session that keeps its connection after an error can run the file again', async () => {
      await reset('up')
      const statements = statementsOf(fixed.up)
      const at = statements.findIndex((sql) => sql.startsWith('LOCK TABLES'))
      const connection = await open()
      for (const sql of statements.slice(0, at + 40)) await connection.query(sql)
      await expect(connection.query('SELECT * FROM nowhere')).rejects.toThrow()
      await connection.query(fixed.up)
      await connection.end()
      expect(await stateNow()).toBe(expected.up)
    })
  },
  { atOnce: true },
)
