import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Phase } from '../../src/model/script.js'
import { until } from './process.js'

/** How a run ends too early. */
export interface Kill {
  /** Whose end it is: the client's connection is gone, or the server has ended the session. */
  readonly of: 'client' | 'backend'
  /** Statements that are done before; null: all are sent at once, as one file. */
  readonly after: number | null
  /** Milliseconds that the next one runs, or the file; null: it isn't sent. */
  readonly during: number | null
}

/** What `psql -f` sends one after the other. */
export function statementsOf(phases: readonly Phase[]): string[] {
  return phases.flatMap(({ transaction, statements }) => {
    const texts = statements.map(({ sql }) => sql)
    return transaction === 'own' ? ['BEGIN ISOLATION LEVEL READ COMMITTED', ...texts, 'COMMIT'] : texts
  })
}

/** Runs a script on a connection of its own until it is killed. Returns whether it was still at it. */
export async function runKilled(
  admin: pg.Client,
  url: string,
  script: { readonly phases: readonly Phase[]; readonly file: string },
  { of, after, during }: Kill,
): Promise<boolean> {
  const socket = new Socket()
  const client = new pg.Client({ connectionString: url, stream: () => socket })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const pid = rows[0]?.pid
  const statements = after === null ? [script.file] : statementsOf(script.phases)
  const done = after ?? 0
  for (const sql of statements.slice(0, done)) await client.query(sql)
  let ended = false
  const next = during === null ? undefined : client.query(statements[done] ?? '')
  const running = next?.then(
    () => {
      ended = true
    },
    () => {},
  )
  if (during !== null) await wait(during)
  if (of === 'client') socket.destroy()
  else await admin.query('SELECT pg_terminate_backend($1)', [pid])
  await running
  socket.destroy()
  return after !== null || !ended
}

/** Runs a file with psql, and ends that after so many milliseconds. Returns its exit code, null where it was killed. */
export async function runPsql(psql: string, url: string, path: string, killAfter?: number): Promise<number | null> {
  const child = spawn(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', path, url], { stdio: 'ignore' })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  return code as number | null
}

/** Waits until the server has noticed that nobody is there any more. */
export async function alone(admin: pg.Client): Promise<void> {
  await until(async () => {
    const { rows } = await admin.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )
    if (rows.length > 0) throw new Error(`${rows.length} sessions are still there`)
  })
}
