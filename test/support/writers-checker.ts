import type pg from 'pg'
import type { Ledger } from './writers-ledger.js'
import type { Shop } from './writers-shop.js'

const ARCHIVE = 'goc_audit'

/** What is wrong after up, in words; nothing where every acknowledged write is accounted for. */
export async function check(client: pg.Client, shop: Shop, ledger: Ledger): Promise<string[]> {
  return [
    ...(await lostTokens(client, shop, ledger)),
    ...(await wrongTotals(client, shop, ledger)),
    ...(await present(client, { ...duplicates(shop), ...orphans(shop) })),
    ...(await missingConstraint(client, shop)),
  ]
}

/** After down duplicate keys are back; what writers of a key have counted since may be there twice. */
export async function checkUndone(client: pg.Client, shop: Shop, ledger: Ledger): Promise<string[]> {
  return [...(await lostTokens(client, shop, ledger)), ...(await present(client, orphans(shop)))]
}

async function lostTokens(client: pg.Client, { schema }: Shop, ledger: Ledger): Promise<string[]> {
  const archived = await client.query<{ name: string }>(
    `SELECT quote_ident(c.relname) AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'trail'
     WHERE c.relnamespace = '${ARCHIVE}'::regnamespace AND c.relkind = 'r'`,
  )
  const live = ['cart', 'item', 'mark', 'gone'].map((table) => `SELECT trail FROM ${schema}.${table}`)
  const kept = archived.rows.map(
    ({ name }) => `SELECT trail FROM ${ARCHIVE}.${name} WHERE goc_state IN ('removed', 'before')`,
  )
  const trails = await client.query<{ trail: string }>([...live, ...kept].join(' UNION ALL '))
  const found = new Set(trails.rows.flatMap(({ trail }) => trail.split(' ')))
  const lost = [...ledger.tokens].filter((token) => !found.has(token))
  return lost.length === 0 ? [] : [`${lost.length} acknowledged tokens are lost: ${lost.slice(0, 5).join(' ')}`]
}

/** Counters of merged rows are added up, so that nothing may be lost of them, nor be there twice. */
async function wrongTotals(client: pg.Client, { schema }: Shop, ledger: Ledger): Promise<string[]> {
  const total = async (table: string, column: string) => {
    const { rows } = await client.query<{ now: string }>(
      `SELECT (SELECT coalesce(sum(${column}), 0) FROM ${schema}.${table})
        + (SELECT coalesce(sum(amount), 0) FROM ${schema}.gone WHERE relation = '${table}') AS now`,
    )
    return Number(rows[0]?.now)
  }
  const [hits, qty] = [await total('cart', 'hits'), await total('item', 'qty')]
  return [
    ...(hits === ledger.hits ? [] : [`hits add up to ${hits}, acknowledged were ${ledger.hits}`]),
    ...(qty === ledger.qty ? [] : [`quantities add up to ${qty}, acknowledged were ${ledger.qty}`]),
  ]
}

const duplicates = ({ schema }: Shop) => ({
  'duplicate keys': `SELECT session FROM ${schema}.cart GROUP BY 1 HAVING count(*) > 1`,
  'duplicate items': `SELECT cart_id FROM ${schema}.item WHERE cart_id IS NOT NULL GROUP BY cart_id, product HAVING count(*) > 1`,
})

const orphans = ({ schema }: Shop) => ({
  'orphaned items': `SELECT FROM ${schema}.item i WHERE cart_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${schema}.cart c WHERE c.id = i.cart_id)`,
  'orphaned marks': `SELECT FROM ${schema}.mark m WHERE item_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${schema}.item i WHERE i.id = m.item_id)`,
})

async function present(client: pg.Client, queries: Readonly<Record<string, string>>): Promise<string[]> {
  const found: string[] = []
  for (const [what, sql] of Object.entries(queries)) {
    const { rows } = await client.query(sql)
    if (rows.length > 0) found.push(`${rows.length} ${what}`)
  }
  return found
}

async function missingConstraint(client: pg.Client, { schema }: Shop): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT FROM pg_constraint c JOIN pg_index i ON i.indexrelid = c.conindid
     WHERE c.conrelid = '${schema}.cart'::regclass AND c.contype = 'u' AND i.indisvalid AND i.indisunique
       AND pg_get_constraintdef(c.oid) = 'UNIQUE (session)'`,
  )
  return rows.length === 1 ? [] : [`${rows.length} valid constraints on the key`]
}
