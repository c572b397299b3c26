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
  const { rows } = await transaction.query(transaction.sql.find, [key])
  return rows[0] === undefined ? null : see(transaction.seen.carts, rows[0].id)
}

/** Where somebody else was faster, theirs. */
async function create(transaction: Transaction, key: string): Promise<number | null> {
  let id: number | null = null
  await transaction.think()
  await transaction.savepoint(async () => {
    const { rows } = await transaction.write(transaction.sql.create, [key], { hits: 1 })
    id = see(transaction.seen.carts, rows[0]?.id)
  }, true)
  return id ?? find(transaction, key)
}

const addItem: Operation = async (transaction, cart) => {
  const { random, seen } = transaction
  const qty = 1 + random.below(3)
  const { rows } = await transaction.write(transaction.sql.addItem, [cart, random.below(8), qty], { qty })
  see(seen.items, rows[0]?.id)
}

const increment: Operation = async (transaction, cart) => {
  await transaction.write(transaction.sql.increment, [cart], { hits: 2 })
}

/** As `select_for_update` and its like do. */
const lockAndIncrement: Operation = async (transaction, cart) => {
  const { rows } = await transaction.query(transaction.sql.lock, [cart])
  await transaction.think()
  // By itself, the lock is gone with its statement, and what it had read is old.
  if (rows[0] !== undefined) await increment(transaction, cart)
}

const incrementByKey: Operation = async (transaction) => {
  const key = session(transaction)
  await transaction.write(transaction.sql.incrementByKey, [key], { hits: 1 })
}

const annotate: Operation = async (transaction, cart) => {
  await transaction.write(transaction.sql.annotate, [cart])
}

const rename: Operation = async (transaction, cart) => {
  const key = session(transaction)
  await transaction.write(transaction.sql.rename, [cart, key])
}

const changeItem: Operation = async (transaction, cart) => {
  await transaction.write(transaction.sql.changeItem, [cart], { qty: 1 })
}

const moveItem: Operation = async (transaction, cart) => {
  const item = transaction.random.pick(transaction.seen.items)
  await transaction.write(transaction.sql.moveItem, [item, cart])
}

const addMark: Operation = async (transaction) => {
  const { random, seen } = transaction
  const { rows } = await transaction.write(transaction.sql.addMark, [random.pick(seen.items)])
  see(seen.marks, rows[0]?.id)
}

const changeMark: Operation = async (transaction) => {
  const mark = transaction.random.pick(transaction.seen.marks)
  await transaction.write(transaction.sql.changeMark, [mark])
}

/** What has been read, others have to leave as it is only for those who ask for it. */
const readAll: Operation = async (transaction, cart) => {
  await transaction.query(transaction.sql.readAll, [cart])
}

/** Items go with their marks only where the foreign key says so. */
const removeItem: Operation = async (transaction) => {
  await transaction.query(transaction.sql.removeItem, [transaction.random.pick(transaction.seen.items)])
}

const removeCart: Operation = async (transaction, cart) => {
  await transaction.query(transaction.sql.removeCart, [cart])
}

/** Children first, as an application does that can't rely on a cascade. */
const removeAll: Operation = async (transaction, cart) => {
  await transaction.query(transaction.sql.removeMarks, [cart])
  await transaction.query(transaction.sql.removeItems, [cart])
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
