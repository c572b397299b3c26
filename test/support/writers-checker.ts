import type { Row } from './database.js'
import type { Ledger } from './writers-ledger.js'
import type { Shop } from './writers-shop.js'

/** A connection that the writers don't have. */
export interface ShopReader {
  query<T extends Row>(sql: string): Promise<T[]>
  /** Tables of the archive that keep trails, as SQL. */
  archives(): Promise<string[]>
  /** How many unique keys over the session there are. */
  uniqueKeys(shop: Shop): Promise<number>
}

/** What is wrong after up, in words; nothing where every acknowledged write is accounted for. */
export async function check(reader: ShopReader, shop: Shop, ledger: Ledger): Promise<string[]> {
  return [
    ...(await lostTokens(reader, shop, ledger)),
    ...(await wrongTotals(reader, shop, ledger)),
    ...(await present(reader, { ...duplicates(shop), ...orphans(shop) })),
    ...(await missingKey(reader, shop)),
  ]
}

/** After down duplicate keys are back; what writers of a key have counted since may be there twice. */
export async function checkUndone(reader: ShopReader, shop: Shop, ledger: Ledger): Promise<string[]> {
  return [...(await lostTokens(reader, shop, ledger)), ...(await present(reader, orphans(shop)))]
}

async function lostTokens(reader: ShopReader, { schema }: Shop, ledger: Ledger): Promise<string[]> {
  const archives = await reader.archives()
  const live = ['cart', 'item', 'mark', 'gone'].map((table) => `SELECT trail FROM ${schema}.${table}`)
  const kept = archives.map((name) => `SELECT trail FROM ${name} WHERE goc_state IN ('removed', 'before')`)
  const trails = await reader.query<{ trail: string }>([...live, ...kept].join(' UNION ALL '))
  const found = new Set(trails.flatMap(({ trail }) => trail.split(' ')))
  const lost = [...ledger.tokens].filter((token) => !found.has(token))
  return lost.length === 0 ? [] : [`${lost.length} acknowledged tokens are lost: ${lost.slice(0, 5).join(' ')}`]
}

/** Counters of merged rows are added up, so that nothing may be lost of them, nor be there twice. */
async function wrongTotals(reader: ShopReader, { schema }: Shop, ledger: Ledger): Promise<string[]> {
  const total = async (table: string, column: string) => {
    const [row] = await reader.query<{ now: string }>(
      `SELECT (SELECT coalesce(sum(${column}), 0) FROM ${schema}.${table})
        + (SELECT coalesce(sum(amount), 0) FROM ${schema}.gone WHERE relation = '${table}') AS now`,
    )
    return Number(row?.now)
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
  'orphaned items': `SELECT 1 FROM ${schema}.item i WHERE cart_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${schema}.cart c WHERE c.id = i.cart_id)`,
  'orphaned marks': `SELECT 1 FROM ${schema}.mark m WHERE item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${schema}.item i WHERE i.id = m.item_id)`,
})

async function present(reader: ShopReader, queries: Readonly<Record<string, string>>): Promise<string[]> {
  const found: string[] = []
  for (const [what, sql] of Object.entries(queries)) {
    const rows = await reader.query(sql)
    if (rows.length > 0) found.push(`${rows.length} ${what}`)
  }
  return found
}

async function missingKey(reader: ShopReader, shop: Shop): Promise<string[]> {
  const keys = await reader.uniqueKeys(shop)
  return keys === 1 ? [] : [`${keys} unique keys on the session`]
}
