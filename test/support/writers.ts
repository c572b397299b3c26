import { setTimeout as wait } from 'node:timers/promises'
import { Random } from './random.js'
import type { WriterClient } from './writers-client.js'
import type { Ledger } from './writers-ledger.js'
import { getOrCreate, operations } from './writers-operations.js'
import { initial, type Shop } from './writers-shop.js'
import { type Seen, Transaction } from './writers-transaction.js'

export const WRITERS = 16

export interface Traffic {
  stop(): Promise<void>
}

/** Lets every writer write to the shop until it is stopped. */
export function startTraffic(clients: readonly WriterClient[], shop: Shop, ledger: Ledger, seed: number): Traffic {
  let going = true
  const seen: Seen = { carts: [...initial.carts], items: initial.items.slice(-150), marks: [...initial.marks] }
  const ended = clients.map(async (client, n) => {
    const random = new Random(seed * 1000 + n)
    await client.use(shop.schema)
    while (going) {
      await turn(client, new Transaction(client, ledger, random, seen, random.chance(50)), ledger)
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

async function turn(client: WriterClient, transaction: Transaction, ledger: Ledger): Promise<void> {
  const { random, explicit } = transaction
  try {
    await transaction.run(() =>
      explicit ? several(transaction) : one(transaction, random.pick(transaction.seen.carts)),
    )
    ledger.count(explicit ? 'transactions' : 'statements')
  } catch (error) {
    const [code, deadlock] = [client.codeOf(error), client.deadlock(error)]
    ledger.count(code)
    if (deadlock !== null) ledger.deadlocks.push(deadlock)
    if (!client.usual.has(code)) ledger.surprises.push(String(error))
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
