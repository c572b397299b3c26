import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import type { MysqlDatabase } from './mysql-database.js'
import { until } from './process.js'
import type { Random } from './random.js'

/** How a run ends too early. */
export interface MysqlKill {
  /** Whose end it is: the client is gone, or KILL has ended the session, or the statement alone, at which clients stop. */
  readonly of: (typeof ends)[number]
  /** Statements that are done before; null: all are sent at once, as one file. */
  readonly after: number | null
  /** Milliseconds that the next one runs, or the file; null: it isn't sent. */
  readonly during: number | null
}

export const ends = ['client', 'connection', 'query'] as const

/** What can be seen by others, or keeps them away, once it is done. */
const DURABLE = /\b(CREATE|DROP|ALTER)\b(?! TEMPORARY)|\bCOMMIT\b|\bLOCK TABLES\b/

/** Numbers of the statements that others can tell from what was before; `EXECUTE` is what was prepared for it. */
export function durable(statements: readonly string[]): number[] {
  return statements.flatMap((sql, at) => {
    if (/^(SET|PREPARE)\b/.test(sql)) return []
    return DURABLE.test(sql.startsWith('EXECUTE') ? (statements[at - 2] ?? '') : sql) ? [at] : []
  })
}

/** At each of these statements: before it or during it, in each way in turn. */
export function killsAt(numbers: readonly number[], random: Random): MysqlKill[] {
  return numbers.map((after, n) => {
    const during = n % 3 === 2 || random.chance(50) ? random.below(10) : null
    return { of: ends[n % 3] as MysqlKill['of'], after, during }
  })
}

/** While the file runs as a whole. */
export function killsWithin(milliseconds: number, count: number, random: Random): MysqlKill[] {
  return Array.from({ length: count }, (_, n) => {
    return { of: ends[n % 3] as MysqlKill['of'], after: null, during: random.below(milliseconds) }
  })
}

/** Runs a file on a connection of its own until it is killed. Returns whether it was still at it. */
export async function runKilled(
  { client: admin, url }: Pick<MysqlDatabase, 'client' | 'url'>,
  script: { readonly statements: readonly string[]; readonly file: string },
  { of, after, during }: MysqlKill,
): Promise<boolean> {
  const connection = await createConnection({ uri: url, multipleStatements: true })
  connection.on('error', () => {})
  const done = after ?? 0
  if (done > 0) await connection.query(script.statements.slice(0, done).join(';\n'))
  let ended = false
  if (during !== null) {
    const next = after === null ? script.file : (script.statements[done] ?? 'DO 0')
    const running = connection.query(next).then(
      () => {
        ended = true
      },
      () => {},
    )
    await wait(during)
    if (of !== 'client') {
      await kill(admin, of, connection.threadId)
      await running
    }
  } else if (of !== 'client') await kill(admin, 'connection', connection.threadId)
  connection.destroy()
  return after !== null || !ended
}

/** It may have ended by itself. */
async function kill(admin: Connection, what: 'connection' | 'query', id: number): Promise<void> {
  await admin.query(`KILL ${what} ${id}`).catch((error: { errno?: number }) => {
    if (error.errno !== 1094) throw error
  })
}

/** Waits until the server has noticed that nobody is there any more. */
export async function alone({ query, name }: MysqlDatabase): Promise<void> {
  await until(async () => {
    const others = await query(
      'SELECT id AS id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()',
      [name],
    )
    if (others.length > 0) throw new Error(`${others.length} sessions are still there`)
  })
}

/** Everything in these databases but the times of day, as text. */
export async function stateOf({ query }: MysqlDatabase, databases: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  for (const database of databases) {
    const tables = await query<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1',
      [database],
    )
    for (const { name } of tables) {
      const [definition] = await query(`SHOW CREATE TABLE \`${database}\`.\`${name}\``)
      const rows = await query(`SELECT * FROM \`${database}\`.\`${name}\``)
      const texts = rows.map(({ applied_at, undone_at, ...row }) => `${name}: ${JSON.stringify(row)}`)
      lines.push(String(definition?.['Create Table']), ...texts.sort())
    }
    const routines = await query<{ name: string }>(
      'SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = ? ORDER BY 1',
      [database],
    )
    lines.push(...routines.map(({ name }) => `routine ${name}`))
  }
  return lines
}

/** Fails where anybody still holds a lock on one of the tables. */
export async function nothingLocked({ connect }: MysqlDatabase, tables: readonly string[]): Promise<void> {
  const connection = await connect()
  await connection.query('SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1')
  await connection.query(`LOCK TABLES ${tables.map((name) => `${name} WRITE`).join(', ')}`)
  await connection.end()
}
