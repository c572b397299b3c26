import { type Connection, createConnection, type ResultSetHeader } from 'mysql2/promise'
import type { Row } from './database.js'
import type { MysqlDatabase } from './mysql-database.js'
import { WRITERS } from './writers.js'
import type { ShopReader } from './writers-checker.js'
import { plainSql, type WriterClient, type WriterSql } from './writers-client.js'

const isolations = ['READ COMMITTED', 'REPEATABLE READ'] as const

/** A unique key; a foreign key, of a child that comes and of a parent that goes. */
const violations = new Set(['1062', '1452', '1451'])
/** And deadlocks, waits that take too long, and where MariaDB finds a row changed since the snapshot. */
const usual = new Set([...violations, '1213', '1205', '1020'])

const sql: WriterSql = {
  ...plainSql('CONCAT(trail, $1)'),
  create: 'INSERT INTO cart (session, trail, hits) VALUES ($2, $1, 1)',
  addItem: `INSERT INTO item (cart_id, product, qty, trail) VALUES ($2, $3, $4, $1)
    ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), qty = qty + $4, trail = CONCAT(trail, $1)`,
  addMark: 'INSERT INTO mark (item_id, trail) VALUES ($2, $1)',
  removeMarks: 'DELETE mark FROM mark JOIN item ON item.id = mark.item_id WHERE item.cart_id = $1',
}

/** Connections of an application that goes on writing; its triggers know them by @writer. */
export async function connectWriters(url: string): Promise<WriterClient[]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, n) => {
      const client = await createConnection({ uri: url })
      await client.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolations[n % 2]}`)
      await client.query('SET @writer = 1')
      return writer(client)
    }),
  )
}

function writer(client: Connection): WriterClient {
  const codeOf = (error: unknown): string => String((error as { errno?: number }).errno ?? error)
  return {
    sql,
    violations,
    usual,
    codeOf,
    query: async (text, values = []) => {
      const numbers = [...text.matchAll(/\$(\d)/g)].map(([, number]) => Number(number))
      const [result] = await client.query(
        text.replaceAll(/\$\d/g, '?'),
        numbers.map((number) => values[number - 1]),
      )
      if (Array.isArray(result)) return { rows: result as Row[], changed: 0 }
      const { insertId, affectedRows } = result as ResultSetHeader
      // ON DUPLICATE KEY UPDATE counts a row that it updates twice.
      return insertId > 0 ? { rows: [{ id: insertId }], changed: 1 } : { rows: [], changed: affectedRows }
    },
    use: (schema) => client.query(`USE ${schema}`),
    commit: async () => {
      await client.query('COMMIT')
      return true
    },
    deadlock: (error) => (codeOf(error) === '1213' ? String(error) : null),
    end: () => client.end(),
  }
}

export function shopReader({ query }: Pick<MysqlDatabase, 'query'>, archive: string): ShopReader {
  return {
    query: (text) => query(text),
    archives: async () => {
      const rows = await query<{ name: string }>(
        "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = ? AND column_name = 'trail'",
        [archive],
      )
      return rows.map(({ name }) => `${archive}.\`${name}\``)
    },
    uniqueKeys: async ({ schema }) => {
      const rows = await query(
        `SELECT index_name AS name FROM information_schema.statistics WHERE table_schema = ? AND table_name = 'cart' AND non_unique = 0
         GROUP BY index_name HAVING GROUP_CONCAT(column_name) = 'session'`,
        [schema],
      )
      return rows.length
    },
  }
}
