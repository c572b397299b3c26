import { setTimeout as sleep } from 'node:timers/promises'

/** Runs one statement in a transaction of its own. */
export type Statement = <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export const workers = 16
const sessions = Array.from({ length: 50 }, (_, i) => `session-${String(i + 1).padStart(2, '0')}`)

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
  readonly rows: number
  /** Keys with more than one row. */
  readonly duplicateGroups: number
  readonly surplusRows: number
  readonly largestGroup: number
}

/** Every worker gets or creates the cart of every session, in the same order and at its own pace. */
export async function race(statement: Statement): Promise<RaceResult> {
  let failedCalls = 0
  const work = async () => {
    for (const session of sessions) {
      const outcome = await getOrCreate(statement, session)
      if (outcome === 'several') failedCalls++
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  const [counted] = await statement<Omit<RaceResult, 'workers' | 'sessions' | 'calls' | 'failedCalls'>>(`
    SELECT sum(n)::int AS rows, count(*) FILTER (WHERE n > 1)::int AS "duplicateGroups",
           sum(n - 1)::int AS "surplusRows", max(n)::int AS "largestGroup"
    FROM (SELECT count(*) AS n FROM cart GROUP BY session_id) AS per_session`)
  if (!counted) throw new Error('an aggregate without GROUP BY returns a row')
  return { workers, sessions: sessions.length, calls: workers * sessions.length, failedCalls, ...counted }
}

/** What an ORM's get_or_create does: SELECT; the application's own work; INSERT if nothing was there. */
async function getOrCreate(statement: Statement, session: string): Promise<'found' | 'created' | 'several'> {
  const found = await statement<Cart>(lookup, [session])
  if (found.length > 1) return 'several'
  if (found.length === 1) return 'found'
  await sleep(thinkTime.from + Math.random() * (thinkTime.to - thinkTime.from))
  await statement(insert, [session])
  return 'created'
}

/** What `get()` sees for the session with the most carts. */
export async function getAgain(statement: Statement): Promise<readonly Cart[]> {
  const [most] = await statement<{ session_id: string }>(
    'SELECT session_id FROM cart GROUP BY session_id ORDER BY count(*) DESC, session_id LIMIT 1',
  )
  return statement<Cart>(lookup, [most?.session_id])
}
