import { randomBytes } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, type Command, freePort, keep, run, runDirectory, serverAccount } from './process.js'

export interface PostgresProcess {
  /** As superuser, to the database `postgres`. */
  readonly url: string
  readonly port: number
  readonly data: string
  /** Directory of the Unix socket; absent on Windows. */
  readonly socket?: string
  log(): Promise<string>
  restart(mode?: 'fast' | 'immediate'): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

export interface Cluster {
  readonly bin: string
  readonly directory: string
  readonly data: string
  readonly password: string
  readonly account: Account | undefined
}

export type Settings = Readonly<Record<string, string | number>>

/** Throwaway data: nothing is synced, and nothing runs in the background that would make tests differ. */
const quick: Settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '32MB',
  max_connections: 200,
  max_wal_size: '256MB',
  log_line_prefix: '%m [%p] %q%u@%d ',
}

/** Starts a new server of the build in `bin` on a free port. */
export async function startPostgres(bin: string, settings: Settings = {}): Promise<PostgresProcess> {
  return startCluster(await createCluster(bin), settings)
}

export async function createCluster(bin: string): Promise<Cluster> {
  const account = await serverAccount()
  const directory = await runDirectory('postgres', account)
  const data = join(directory, 'data')
  const password = randomBytes(9).toString('hex')
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, password)
  const locale = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string] ?? 'C'
  const options = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync']
  await run([join(bin, 'initdb'), ...options, '--encoding=UTF8', `--locale=${locale}`], directory, account)
  return { bin, directory, data, password, account }
}

export async function startCluster(cluster: Cluster, settings: Settings = {}): Promise<PostgresProcess> {
  const { directory, data, account } = cluster
  const log = join(directory, 'log')
  const control = (...args: string[]): Command => [join(cluster.bin, 'pg_ctl'), '-D', data, ...args]
  const end = keep([control('-m', 'immediate', '-t', '15', 'stop')], [directory], account)
  const socket = process.platform === 'win32' ? undefined : directory
  await configure(data, { ...quick, unix_socket_directories: socket ?? '', ...settings })

  const start = async (attempts: number): Promise<number> => {
    const port = await freePort()
    await configure(data, { port })
    try {
      await run(control('-w', '-t', '60', '-l', log, 'start'), directory, account)
      return port
    } catch (error) {
      const text = await readFile(log, 'utf8').catch(() => '')
      // Between our look and its start, somebody else may have taken the port.
      if (attempts > 1 && /could not bind|Address already in use/.test(text)) return start(attempts - 1)
      await end()
      throw new Error(`PostgreSQL did not start: ${text.slice(-1000)}`, { cause: error })
    }
  }

  const port = await start(5)
  return {
    url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
    port,
    data,
    ...(socket ? { socket } : {}),
    log: () => readFile(log, 'utf8'),
    restart: (mode = 'fast') => run(control('-m', mode, '-w', '-l', log, 'restart'), directory, account),
    stop: end,
  }
}

export async function configure(data: string, settings: Settings): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  await appendFile(join(data, 'postgresql.conf'), lines.join(''))
}
