import { SESSIONS } from './writers-shop.js'
import { see, type Transaction } from './writers-transaction.js'

export type Operation = (transaction: Transaction, cart: number) => Promise<unknown>

const session = ({ random }: Transaction): string => `s${random.below(SESSIONS + 4)}`

/** SELECT, think, INSERT; then something for the cart. */
export async function getOrCreate(transaction: Transaction): Promise<number | null> {
  const key = session(transaction)
  const id = (await find(transaction, key)) ?? (await create(transaction, key))
  if (id !== null) await addItem(transaction, id)
  return id
}

async function find(transaction: Transaction, key: string): Promise<number | null> {
  const { rows } = await transaction.query('SELECT id FROM cart WHERE session = $1 ORDER BY id LIMIT 1', [key])
  return rows[0] === undefined ? null : see(transaction.seen.carts, rows[0].id)
}

/** Where somebody else was faster, theirs. */
async function create(transaction: Transaction, key: string): Promise<number | null> {
  let id: number | null = null
  await transaction.think()
  await transaction.savepoint(async () => {
    const insert = 'INSERT INTO cart (session, trail, hits) VALUES ($2, $1, 1) RETURNING id'
    const { rows } = await transaction.write(insert, [key], { hits: 1 })
    id = see(transaction.seen.carts, rows[0]?.id)
  }, true)
  return id ?? find(transaction, key)
}

const addItem: Operation = async (transaction, cart) => {
  const { random, seen } = transaction
  const qty = 1 + random.below(3)
  const { rows } = await transaction.write(
    `INSERT INTO item AS i (cart_id, product, qty, trail) VALUES ($2, $3, $4, $1)
     ON CONFLICT (cart_id, product) DO UPDATE SET qty = i.qty + EXCLUDED.qty, trail = i.trail || EXCLUDED.trail RETURNING id`,
    [cart, random.below(8), qty],
    { qty },
  )
  see(seen.items, rows[0]?.id)
}

const increment: Operation = async (transaction, cart) => {
  await transaction.write('UPDATE cart SET hits = hits + 2, trail = trail || $1 WHERE id = $2', [cart], { hits: 2 })
}

/** As `select_for_update` and its like do. */
const lockAndIncrement: Operation = async (transaction, cart) => {
  const { rows } = await transaction.query('SELECT hits FROM cart WHERE id = $1 FOR UPDATE', [cart])
  await transaction.think()
  // By itself, the lock is gone with its statement, and what it had read is old.
  if (rows[0] !== undefined) await increment(transaction, cart)
}

const incrementByKey: Operation = async (transaction) => {
  const key = session(transaction)
  await transaction.write('UPDATE cart SET hits = hits + 1, trail = trail || $1 WHERE session = $2', [key], { hits: 1 })
}

const annotate: Operation = async (transaction, cart) => {
  await transaction.write('UPDATE cart SET note = $1, trail = trail || $1 WHERE id = $2', [cart])
}

const rename: Operation = async (transaction, cart) => {
  const key = session(transaction)
  await transaction.write('UPDATE cart SET session = $3, trail = trail || $1 WHERE id = $2', [cart, key])
}

const changeItem: Operation = async (transaction, cart) => {
  await transaction.write('UPDATE item SET qty = qty + 1, trail = trail || $1 WHERE cart_id = $2', [cart], { qty: 1 })
}

const moveItem: Operation = async (transaction, cart) => {
  const item = transaction.random.pick(transaction.seen.items)
  await transaction.write('UPDATE item SET cart_id = $3, trail = trail || $1 WHERE id = $2', [item, cart])
}

const addMark: Operation = async (transaction) => {
  const { random, seen } = transaction
  const { rows } = await transaction.write('INSERT INTO mark (item_id, trail) VALUES ($2, $1) RETURNING id', [
    random.pick(seen.items),
  ])
  see(seen.marks, rows[0]?.id)
}

const changeMark: Operation = async (transaction) => {
  const mark = transaction.random.pick(transaction.seen.marks)
  await transaction.write('UPDATE mark SET trail = trail || $1 WHERE id = $2', [mark])
}

/** What has been read, others have to leave as it is only for those who ask for it. */
const readAll: Operation = async (transaction, cart) => {
  await transaction.query(
    'SELECT FROM cart JOIN item ON item.cart_id = cart.id JOIN mark ON mark.item_id = item.id WHERE cart.id = $1',
    [cart],
  )
}

/** Items go with their marks only where the foreign key says so. */
const removeItem: Operation = async (transaction) => {
  await transaction.query('DELETE FROM item WHERE id = $1', [transaction.random.pick(transaction.seen.items)])
}

const removeCart: Operation = async (transaction, cart) => {
  await transaction.query('DELETE FROM cart WHERE id = $1', [cart])
}

/** Children first, as an application does that can't rely on a cascade. */
const removeAll: Operation = async (transaction, cart) => {
  await transaction.query('DELETE FROM mark USING item WHERE item.id = mark.item_id AND item.cart_id = $1', [cart])
  await transaction.query('DELETE FROM item WHERE cart_id = $1', [cart])
  await transaction.think()
  await removeCart(transaction, cart)
}

/** With how often each comes up. */
const weighted: readonly (readonly [Operation, number])[] = [
  [getOrCreate, 15],
  [addItem, 12],
  [increment, 8],
  [lockAndIncrement, 8],
  [incrementByKey, 3],
  [annotate, 4],
  [rename, 6],
  [changeItem, 5],
  [moveItem, 6],
  [addMark, 8],
  [changeMark, 4],
  [readAll, 8],
  [removeItem, 3],
  [removeCart, 4],
  [removeAll, 3],
]

export const operations: readonly Operation[] = weighted.flatMap(([operation, weight]) => Array(weight).fill(operation))
