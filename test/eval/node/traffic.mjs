// Drives an application's own functions from several requests at once. As ../python/traffic.py.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const THREADS = Number(process.env.EVAL_THREADS ?? 5)

/** The database to use: postgres://user:password@host:port/name, or mysql://… for MySQL and MariaDB. */
export function target() {
  const address = process.env.EVAL_DATABASE_URL
  const { protocol, hostname, port, username, password, pathname } = new URL(address)
  return {
    url: address,
    postgres: protocol.startsWith('postgres'),
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    pool: THREADS,
  }
}

/** Random numbers that are the same in each run. */
export function numbersOf(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (low, high) => low + Math.floor(next() * (high - low + 1))
  return { next, int, pick: (list) => list[int(0, list.length - 1)], chance: (share) => next() < share }
}

/** A UUID that is the same in each run. */
export function uuidOf(kind, number) {
  const hex = createHash('sha1').update(`${kind}${number}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Runs every action `rounds` times in each of THREADS requests, in an order of its own. After each round all run one
 * of `races` at once with the same random numbers, so the same key. Errors that `expected` knows are what an unlucky
 * loser of a race gets; others end the run.
 */
export async function drive(actions, races, { expected, rounds = 10, seed = 7 }) {
  const turns = Number(process.env.EVAL_ROUNDS ?? rounds)
  const attempt = async (action, numbers) => {
    try {
      await action(numbers)
    } catch (error) {
      if (!expected(error)) throw error
    }
  }
  const round = async (numbers) => {
    const order = actions.map((action) => [numbers.next(), action]).sort(([a], [b]) => a - b)
    for (const [, action] of order) {
      await attempt(action, numbers)
      await sleep(numbers.next() * 4)
    }
  }
  const everybody = Array.from({ length: THREADS }, (_, number) => numbersOf(seed * 1000 + number))
  for (let turn = 0; turn < turns; turn++) {
    await Promise.all(everybody.map(round))
    const race = races[turn % races.length]
    await Promise.all(everybody.map(() => attempt(race, numbersOf(seed * 7000 + turn))))
  }
}

/** `node run.mjs create | work` */
export async function main({ create, work, close }) {
  try {
    await (process.argv[2] === 'create' ? create() : work())
  } finally {
    await close()
  }
}

/** A unique violation or a deadlock, however the libraries wrap it. */
export function lostRace(error) {
  for (let each = error; each; each = each.parent ?? each.driverError ?? each.nativeError ?? each.cause)
    if (['23505', '40P01', 'ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'P2002', 'P2034'].includes(each.code)) return true
  return false
}
