import pg from 'pg'
import { WRITERS } from './writers.js'
import type { ShopReader } from './writers-checker.js'
import { plainSql, type WriterClient, type WriterSql } from './writers-client.js'

const isolations = ['read committed', 'repeatable read', 'serializable'] as const
const violations = new Set(['23505', '23503'])
const usual = new Set([...violations, '40001', '40P01'])

const sql: WriterSql = {
  ...plainSql('trail || $1'),
  create: 'INSERT INTO cart (session, trail, hits) VALUES ($2, $1, 1) RETURNING id',
  addItem: `INSERT INTO item AS i (cart_id, product, qty, trail) VALUES ($2, $3, $4, $1)
    ON CONFLICT (cart_id, product) DO UPDATE SET qty = i.qty + EXCLUDED.qty, trail = i.trail || EXCLUDED.trail RETURNING id`,
  addMark: 'INSERT INTO mark (item_id, trail) VALUES ($2, $1) RETURNING id',
  removeMarks: 'DELETE FROM mark USING item WHERE item.id = mark.item_id AND item.cart_id = $1',
}

/** Connections of an application that goes on writing. */
export async function connectWriters(url: string): Promise<WriterClient[]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, n) => {
      const client = new pg.Client({ connectionString: url, application_name: 'writer' })
      await client.connect()
      await client.query(`SET default_transaction_isolation = '${isolations[n % 3]}'`)
      return writer(client)
    }),
  )
}

function writer(client: pg.Client): WriterClient {
  const codeOf = (error: unknown): string => (error as { code?: string }).code ?? ''
  return {
    sql,
    violations,
    usual,
    codeOf,
    query: async (text, values = []) => {
      const { rows, rowCount } = await client.query(text, values as unknown[])
      return { rows, changed: rowCount ?? 0 }
    },
    use: (schema) => client.query(`SET search_path = ${schema}`),
    // COMMIT of a transaction that has failed is answered too, with ROLLBACK.
    commit: async () => (await client.query('COMMIT')).command === 'COMMIT',
    deadlock: (error) => (codeOf(error) === '40P01' ? ((error as { detail?: string }).detail ?? '') : null),
    end: () => client.end(),
  }
}

export function shopReader(client: pg.Client): ShopReader {
  return {
    query: async (text) => (await client.query(text)).rows,
    archives: async () => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'trail'
         WHERE c.relnamespace = 'goc_audit'::regnamespace AND c.relkind = 'r'`,
      )
      return rows.map(({ name }) => name)
    },
    uniqueKeys: async ({ schema }) => {
      const { rows } = await client.query(
        `SELECT FROM pg_constraint c JOIN pg_index i ON i.indexrelid = c.conindid
         WHERE c.conrelid = '${schema}.cart'::regclass AND c.contype = 'u' AND i.indisvalid AND i.indisunique
           AND pg_get_constraintdef(c.oid) = 'UNIQUE (session)'`,
      )
      return rows.length
    },
  }
}
