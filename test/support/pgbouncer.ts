import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { urlFor } from './database.js'
import { freePort, keep, run, runDirectory, serverAccount, until } from './process.js'

export interface PgBouncer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Starts PgBouncer in transaction mode, with two server connections per pool, before the server of `target`.
 * `target` is the superuser's URL; every role may come in. `urlFor(database.url, { port })` is the way through.
 */
export async function startPgbouncer(program: string, target: string): Promise<PgBouncer> {
  const account = await serverAccount()
  const directory = await runDirectory('pgbouncer', account)
  const { hostname, port: behind, username, password } = new URL(target)
  const [port, pid] = [await freePort(), join(directory, 'pid')]
  const files = {
    'users.txt': `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`,
    'pgbouncer.ini': `[databases]
* = host=${hostname} port=${behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(directory, 'users.txt')}
auth_user = ${decodeURIComponent(username)}
pool_mode = transaction
default_pool_size = 2
logfile = ${join(directory, 'log')}
pidfile = ${pid}
`,
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text)
    if (account) await chown(join(directory, name), account.uid, account.gid)
  }
  const stop = keep([['sh', '-c', `kill "$(cat '${pid}')"`]], [directory], account)
  try {
    await run([program, '-q', '-d', join(directory, 'pgbouncer.ini')], directory, account)
    await until(() => connects(urlFor(target, { port })), 10)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

async function connects(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
}
