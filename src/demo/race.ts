import { setTimeout as sleep } from 'node:timers/promises'

/** Runs one statement in a transaction of its own. */
export type Statement = <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export const workers = 16
const visitors = Array.from({ length: 100 }, (_, i) => `session-${String(i + 1).padStart(2, '0')}`)
export const firstVisitors = visitors.slice(0, 50)
export const laterVisitors = visitors.slice(50)

export const schema = [
  `CREATE TABLE cart (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,
  'CREATE INDEX cart_session_id_idx ON cart (session_id)',
]

export const lookup = 'SELECT * FROM cart WHERE session_id = $1 LIMIT 2'
export const insert = 'INSERT INTO cart (session_id) VALUES ($1)'
export const thinkTime = { from: 1, to: 5 }

export interface Cart {
  readonly id: number
  readonly session_id: string
  readonly created_at: Date
}

export interface RaceResult {
  readonly workers: number
  /** Keys that every worker looks up once. */
  readonly sessions: number
  readonly calls: number
  /** Calls whose SELECT found two rows: there an application's `get()` fails. */
  readonly failedCalls: number
  /** Calls whose INSERT the database refused, and that found the winner's row then. */
  readonly refusedCalls: number
  readonly rows: number
  /** Keys with more than one row. */
  readonly duplicateGroups: number
  readonly surplusRows: number
  readonly largestGroup: number
}

type Outcome = 'found' | 'created' | 'several' | 'refused'

/** Every worker gets or creates the cart of every session, in the same order and at its own pace. */
export async function race(statement: Statement, sessions: readonly string[]): Promise<RaceResult> {
  const outcomes: Outcome[] = []
  const work = async () => {
    for (const session of sessions) outcomes.push(await getOrCreate(statement, session))
  }
  await Promise.all(Array.from({ length: workers }, work))
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length
  return {
    workers,
    sessions: sessions.length,
    calls: outcomes.length,
    failedCalls: count('several'),
    refusedCalls: count('refused'),
    ...(await countCarts(statement, sessions)),
  }
}

/** What an ORM's get_or_create does: SELECT; the application's own work; INSERT if nothing was there; if refused, SELECT. */
async function getOrCreate(statement: Statement, session: string): Promise<Outcome> {
  const found = await statement<Cart>(lookup, [session])
  if (found.length > 1) return 'several'
  if (found.length === 1) return 'found'
  await sleep(thinkTime.from + Math.random() * (thinkTime.to - thinkTime.from))
  try {
    await statement(insert, [session])
    return 'created'
  } catch (refusal) {
    if (!isUniqueViolation(refusal)) throw refusal
    const winners = await statement<Cart>(lookup, [session])
    if (winners.length !== 1) throw refusal
    return 'refused'
  }
}

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505'

async function countCarts(statement: Statement, sessions: readonly string[]) {
  type Counts = Pick<RaceResult, 'rows' | 'duplicateGroups' | 'surplusRows' | 'largestGroup'>
  const [counts] = await statement<Counts>(
    `SELECT sum(n)::int AS rows, count(*) FILTER (WHERE n > 1)::int AS "duplicateGroups",
            sum(n - 1)::int AS "surplusRows", max(n)::int AS "largestGroup"
     FROM (SELECT count(*) AS n FROM cart WHERE session_id = ANY ($1) GROUP BY session_id) AS per_session`,
    [sessions],
  )
  if (!counts) throw new Error('an aggregate without GROUP BY returns a row')
  return counts
}

/** What `get()` sees for the session with the most carts. */
export async function getAgain(statement: Statement): Promise<readonly Cart[]> {
  const [most] = await statement<{ session_id: string }>(
    'SELECT session_id FROM cart GROUP BY session_id ORDER BY count(*) DESC, session_id LIMIT 1',
  )
  return statement<Cart>(lookup, [most?.session_id])
}
