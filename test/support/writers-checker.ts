import type pg from 'pg'
import type { Ledger } from './writers-ledger.js'
import type { Shop } from './writers-shop.js'

/** What is wrong, in words; nothing where every acknowledged write is accounted for. */
export async function check(client: pg.Client, { schema }: Shop, ledger: Ledger, archive: string): Promise<string[]> {
  const ask = async <Row extends pg.QueryResultRow>(sql: string) => (await client.query<Row>(sql)).rows
  const archived = await ask<{ name: string }>(
    `SELECT quote_ident(c.relname) AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'trail'
     WHERE c.relnamespace = '${archive}'::regnamespace AND c.relkind = 'r'`,
  )
  const live = ['cart', 'item', 'mark', 'gone'].map((table) => `SELECT trail FROM ${schema}.${table}`)
  const kept = archived.map(
    ({ name }) => `SELECT trail FROM ${archive}.${name} WHERE goc_state IN ('removed', 'before')`,
  )
  const trails = await ask<{ trail: string }>([...live, ...kept].join(' UNION ALL '))
  const found = new Set(trails.flatMap(({ trail }) => trail.split(' ')))
  const lost = [...ledger.tokens].filter((token) => !found.has(token))

  const total = async (table: string, column: string) => {
    const [row] = await ask<{ now: string }>(
      `SELECT (SELECT coalesce(sum(${column}), 0) FROM ${schema}.${table})
        + (SELECT coalesce(sum(amount), 0) FROM ${schema}.gone WHERE relation = '${table}') AS now`,
    )
    return Number(row?.now)
  }
  const problems =
    lost.length === 0 ? [] : [`${lost.length} acknowledged tokens are lost: ${lost.slice(0, 5).join(' ')}`]
  const [hits, qty] = [await total('cart', 'hits'), await total('item', 'qty')]
  if (hits !== ledger.hits) problems.push(`hits add up to ${hits}, acknowledged were ${ledger.hits}`)
  if (qty !== ledger.qty) problems.push(`quantities add up to ${qty}, acknowledged were ${ledger.qty}`)

  const nothing: Readonly<Record<string, string>> = {
    'duplicate keys': `SELECT session FROM ${schema}.cart GROUP BY 1 HAVING count(*) > 1`,
    'duplicate items': `SELECT cart_id FROM ${schema}.item GROUP BY cart_id, product HAVING count(*) > 1 AND cart_id IS NOT NULL`,
    'orphaned items': `SELECT FROM ${schema}.item i WHERE cart_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${schema}.cart c WHERE c.id = i.cart_id)`,
    'orphaned marks': `SELECT FROM ${schema}.mark m WHERE item_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${schema}.item i WHERE i.id = m.item_id)`,
  }
  for (const [what, sql] of Object.entries(nothing)) {
    const rows = await ask(sql)
    if (rows.length > 0) problems.push(`${rows.length} ${what}`)
  }
  const constraints = await ask(
    `SELECT FROM pg_constraint c JOIN pg_index i ON i.indexrelid = c.conindid
     WHERE c.conrelid = '${schema}.cart'::regclass AND c.contype = 'u' AND i.indisvalid AND i.indisunique
       AND pg_get_constraintdef(c.oid) = 'UNIQUE (session)'`,
  )
  if (constraints.length !== 1) problems.push(`${constraints.length} valid constraints on the key`)
  return problems
}
