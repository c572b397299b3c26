import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { cacheDirectory } from './binaries.js'
import { readyImage, startContainer } from './containers.js'
import { freePort, keep, until } from './process.js'

export interface MysqlRelease {
  readonly name: string
  readonly label: string
  readonly ours: string
  readonly official: string
}

export const mysqlReleases: readonly MysqlRelease[] = [
  { name: 'mysql-9', label: 'MySQL 9', ours: 'goc-audit-mysql:9', official: 'mysql:9' },
  { name: 'mariadb-10.11', label: 'MariaDB 10.11', ours: 'goc-audit-mariadb:10.11', official: 'mariadb:10.11' },
  { name: 'mariadb-11.8', label: 'MariaDB 11.8', ours: 'goc-audit-mariadb:11.8', official: 'mariadb:11.8' },
]

/** How this machine can run one: in a container, or as a process of the file system that test/provision made. */
export type MysqlWay = { readonly image: string } | { readonly root: string }

export interface MysqlServer {
  /** As root, to no database. */
  readonly url: string
  stop(): Promise<void>
}

/** Throws, with the reason, where it can't be run. */
export async function findMysql(release: MysqlRelease, docker: boolean): Promise<MysqlWay> {
  const root = join(await cacheDirectory(), 'roots', release.name)
  const usable = process.getuid?.() === 0 && existsSync(root)
  if (docker) {
    try {
      return { image: await readyImage(release.name, release.ours, release.official) }
    } catch (error) {
      if (!usable) throw error
    }
  }
  if (!usable) throw new Error('no Docker engine answers')
  return { root }
}

const quick = ['--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0', '--innodb-buffer-pool-size=64M']

export async function startMysql(way: MysqlWay): Promise<MysqlServer> {
  const password = randomBytes(9).toString('hex')
  const environment = { MYSQL_ROOT_PASSWORD: password, MARIADB_ROOT_PASSWORD: password }
  const started = 'image' in way ? await inContainer(way.image, environment) : await asProcess(way.root, environment)
  const url = `mysql://root:${password}@${started.host}:${started.port}`
  try {
    await until(() => mysqlVersion(url), 60)
    return { url, stop: started.stop }
  } catch (error) {
    await started.stop()
    throw error
  }
}

export async function mysqlVersion(url: string): Promise<string> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version')
    return String((rows as { version: string }[])[0]?.version)
  } finally {
    await connection.end()
  }
}

async function inContainer(image: string, environment: Record<string, string>) {
  return startContainer({
    image,
    port: 3306,
    environment,
    command: quick,
    listenOn: (port) => [`--port=${port}`, '--bind-address=127.0.0.1'],
    ready: /ready for connections/,
  })
}

async function asProcess(root: string, environment: Record<string, string>) {
  const port = await freePort()
  const data = `/tmp/goc-audit-${randomBytes(6).toString('hex')}`
  const directory = join(root, data)
  const args = ['/usr/local/bin/serve', ...quick, `--port=${port}`, '--bind-address=127.0.0.1']
  const child = spawn('chroot', [root, ...args], {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DATA: data, ...environment },
    stdio: 'ignore',
    detached: true,
  })
  // Throwaway data: killed, so that nobody waits for a tidy end.
  return { host: '127.0.0.1', port, stop: keep([['kill', '-9', String(child.pid)]], [directory], undefined) }
}
