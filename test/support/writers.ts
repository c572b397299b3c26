import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { Random } from './random.js'
import type { Ledger } from './writers-ledger.js'
import { getOrCreate, operations } from './writers-operations.js'
import { initial, type Shop } from './writers-shop.js'
import { codeOf, type Seen, Transaction } from './writers-transaction.js'

export const WRITERS = 16

const isolations = ['read committed', 'repeatable read', 'serializable'] as const

/** What an application has to live with while others write. */
const usual = new Set(['23505', '23503', '40001', '40P01'])

/** Connections of an application that goes on writing. */
export async function connectWriters(url: string): Promise<pg.Client[]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, n) => {
      const client = new pg.Client({ connectionString: url, application_name: 'writer' })
      await client.connect()
      await client.query(`SET default_transaction_isolation = '${isolations[n % 3]}'`)
      return client
    }),
  )
}

export interface Traffic {
  stop(): Promise<void>
}

/** Lets every writer write to the shop until it is stopped. */
export function startTraffic(clients: readonly pg.Client[], shop: Shop, ledger: Ledger, seed: number): Traffic {
  let going = true
  const seen: Seen = { carts: [...initial.carts], items: initial.items.slice(-150), marks: [...initial.marks] }
  const ended = clients.map(async (client, n) => {
    const random = new Random(seed * 1000 + n)
    await client.query(`SET search_path = ${shop.schema}`)
    while (going) {
      await turn(new Transaction(client, ledger, random, seen, random.chance(50)), ledger)
      await wait(random.below(shop.pause))
    }
  })
  return {
    stop: async () => {
      going = false
      await Promise.all(ended)
    },
  }
}

async function turn(transaction: Transaction, ledger: Ledger): Promise<void> {
  const { random, explicit } = transaction
  try {
    await transaction.run(() =>
      explicit ? several(transaction) : one(transaction, random.pick(transaction.seen.carts)),
    )
    ledger.count(explicit ? 'transactions' : 'statements')
  } catch (error) {
    const code = codeOf(error)
    ledger.count(code)
    if (code === '40P01') ledger.deadlocks.push((error as { detail?: string }).detail ?? '')
    if (!usual.has(code)) ledger.surprises.push(String(error))
  }
}

/** All on one cart, so that writers seldom get into each other's way for good. */
async function several(transaction: Transaction): Promise<void> {
  const { random, seen } = transaction
  const cart = (random.chance(40) ? await getOrCreate(transaction) : null) ?? random.pick(seen.carts)
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    await transaction.think()
    await one(transaction, cart)
  }
}

async function one(transaction: Transaction, cart: number): Promise<void> {
  const { random } = transaction
  const operation = random.pick(operations)
  if (random.chance(40)) await transaction.savepoint(() => operation(transaction, cart), random.chance(75))
  else await operation(transaction, cart)
}
