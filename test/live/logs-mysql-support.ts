import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { LoggedFailure, LoggedStatement, StatementSink, StatementTotals } from '../../src/model/statement.js'
import type { MysqlDatabase } from '../support/mysql-database.js'

export const schema =
  'CREATE TABLE cart (id int AUTO_INCREMENT PRIMARY KEY, email varchar(100) UNIQUE, note text) CHARACTER SET utf8mb4'

/** What is turned on, with what was before. */
export interface Logging {
  /** The global variables to set while it runs. */
  readonly variables: Readonly<Record<string, string | number>>
}

async function valuesOf(admin: Connection, names: readonly string[]): Promise<Map<string, string>> {
  const [rows] = await admin.query<RowDataPacket[]>('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [names])
  return new Map(rows.map(({ Variable_name, Value }) => [String(Variable_name), String(Value)]))
}

/** Sets global variables of a server that others use as well, one test at a time, and puts them back. */
export async function withGlobals<T>(
  database: MysqlDatabase,
  { variables }: Logging,
  work: (admin: Connection) => Promise<T>,
): Promise<T> {
  const admin = await database.connect()
  await admin.query("SELECT GET_LOCK('goc_audit_logging', 50)")
  const known = await valuesOf(admin, Object.keys(variables))
  const set = async (name: string, value: string | number) => {
    const literal = /^[\d.]+$/.test(String(value)) ? String(value) : `'${value}'`
    await admin.query(`SET GLOBAL ${name} = ${literal}`)
  }
  const wanted = Object.entries(variables).filter(([name]) => known.has(name))
  try {
    for (const [name, value] of wanted) await set(name, value)
    return await work(admin)
  } finally {
    for (const [name] of wanted.reverse()) await set(name, known.get(name) ?? '')
    await admin.query("SELECT RELEASE_LOCK('goc_audit_logging')")
  }
}

/** What a connection sent: text, rows (NaN for not a SELECT), and the number of the error that it got. */
export type Sent = readonly [text: string, rows: number, errno: number]

/** One connection's lookups and inserts, by both protocols. */
export async function sendAll(connection: Connection): Promise<Sent[]> {
  const sent: Sent[] = []
  const query = async (sql: string) => {
    const [rows, errno] = await outcome(connection.query(sql))
    sent.push([sql, rows, errno])
  }
  const execute = async (sql: string, values: string[], logged: string) => {
    const [rows, errno] = await outcome(connection.execute(sql, values))
    sent.push([logged, rows, errno])
  }
  await query("SELECT id FROM cart WHERE email = 'ann@x' LIMIT 1")
  await query("INSERT INTO cart (email, note) VALUES ('ann@x', 'one;\n# Time: 2020-01-01T00:00:00.000000Z\n\ttwo')")
  await query("INSERT INTO cart (email) VALUES ('ann@x')")
  await query("SELECT id FROM cart WHERE email = 'b\u00fc\u2603' /* web */ LIMIT 1")
  await execute(
    'SELECT id FROM cart WHERE email = ? LIMIT 1',
    ["o'x\\y"],
    "SELECT id FROM cart WHERE email = 'o\\'x\\\\y' LIMIT 1",
  )
  await execute('INSERT INTO cart (email) VALUES (?)', ["o'x\\y"], "INSERT INTO cart (email) VALUES ('o\\'x\\\\y')")
  await execute(
    'SELECT id FROM cart WHERE email = ? LIMIT 1',
    ["o'x\\y"],
    "SELECT id FROM cart WHERE email = 'o\\'x\\\\y' LIMIT 1",
  )
  return sent
}

async function outcome(work: Promise<readonly [unknown, unknown]>): Promise<[rows: number, errno: number]> {
  try {
    const [rows] = await work
    return [Array.isArray(rows) ? rows.length : Number.NaN, 0]
  } catch (error) {
    return [Number.NaN, (error as { errno: number }).errno]
  }
}

export interface Found {
  readonly statements: LoggedStatement[]
  readonly failures: LoggedFailure[]
  readonly totals: StatementTotals[]
  readonly unread: string[]
}

/** A sink that keeps all. */
export function keeping(): StatementSink & { readonly found: Found } {
  const found: Found = { statements: [], failures: [], totals: [], unread: [] }
  return {
    found,
    statement: (one) => void found.statements.push(one),
    failure: (one) => void found.failures.push(one),
    totals: (one) => void found.totals.push(one),
    unread: (reason) => void found.unread.push(reason),
  }
}

/** The texts of one session, readable. */
export const textsOf = (list: readonly { session: string; text: string }[], session: string): string[] =>
  list.filter((one) => one.session === session).map(({ text }) => Buffer.from(text, 'latin1').toString('utf8'))
