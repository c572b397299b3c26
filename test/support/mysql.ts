import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { cacheDirectory } from './binaries.js'
import { askedImage, dockerAnswers, readyImage, startContainer } from './containers.js'
import { freePort, keep, reason, until } from './process.js'
import type { MysqlWay, Server } from './servers.js'
import type { Running } from './start.js'
import { urlsOf, wanted } from './wanted.js'

export interface MysqlRelease {
  readonly name: string
  readonly label: string
  readonly kind: 'mysql' | 'mariadb'
  readonly ours: string
  readonly official: string
}

export const mysqlReleases: readonly MysqlRelease[] = [
  { name: 'mysql-9', label: 'MySQL 9', kind: 'mysql', ours: 'goc-audit-mysql:9', official: 'mysql:9' },
  ...['10.11', '11.8'].map((version): MysqlRelease => {
    const [ours, official] = [`goc-audit-mariadb:${version}`, `mariadb:${version}`]
    return { name: `mariadb-${version}`, label: `MariaDB ${version}`, kind: 'mariadb', ours, official }
  }),
]

type Attempt = (what: string, help: string, ...ways: (() => Promise<Running>)[]) => Promise<void>

/** Those of this run, one after the other: in a container, else as a process of what test/provision made. */
export async function startMysqls(attempt: Attempt): Promise<void> {
  for (const release of mysqlReleases.filter(isWanted)) {
    const help = 'run a Docker engine, name a server in GOC_AUDIT_TEST_MYSQL_URLS, or on Debian run test/provision'
    await attempt(
      release.label,
      help,
      () => fromImage(release),
      () => fromRoot(release),
    )
  }
  for (const url of urlsOf('GOC_AUDIT_TEST_MYSQL_URLS'))
    await attempt('MySQL or MariaDB by URL', 'see GOC_AUDIT_TEST_MYSQL_URLS', async () => {
      const server = await describeServer(url, 'url', {})
      return { server: { ...server, mysql: await programsOf(server) }, stop: async () => {} }
    })
}

export const isWanted = ({ name, kind }: MysqlRelease): boolean => wanted(name, kind)

const quick = [
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--innodb-buffer-pool-size=64M',
  '--max-connections=1000',
  '--skip-name-resolve',
]

async function fromImage(release: MysqlRelease): Promise<Running> {
  if (!(await dockerAnswers())) throw new Error('no Docker engine answers')
  const image = await readyImage(release.name, release.ours, release.official)
  const root = askedImage(release.name) === undefined ? await rootOf(release) : null
  return running('docker', { image, ...(root !== null && { root }) }, (environment) =>
    startContainer({
      image,
      port: 3306,
      environment,
      command: quick,
      listenOn: (port) => [`--port=${port}`, '--bind-address=127.0.0.1'],
      ready: /ready for connections/,
    }),
  )
}

async function fromRoot(release: MysqlRelease): Promise<Running> {
  const root = await rootOf(release)
  if (root === null) throw new Error('not made by test/provision, or not run as root')
  return running('local', { root }, (environment) => asProcess(root, environment))
}

/** The file system that test/provision made, where we may run what is in it. */
async function rootOf({ name }: MysqlRelease): Promise<string | null> {
  const root = join(await cacheDirectory(), 'roots', name)
  return process.getuid?.() === 0 && existsSync(root) ? root : null
}

/** A server by URL brings no programs; those of another release of its product speak with it as well. */
async function programsOf({ kind }: Server): Promise<MysqlWay> {
  const release = mysqlReleases.findLast((each) => each.kind === kind)
  const root = release && (await rootOf(release))
  if (root) return { root }
  if (release === undefined || !(await dockerAnswers())) return {}
  return readyImage(release.name, release.ours, release.official).then(
    (image) => ({ image }),
    () => ({}),
  )
}

interface Started {
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

async function running(
  source: Server['source'],
  way: MysqlWay,
  start: (environment: Record<string, string>) => Promise<Started>,
): Promise<Running> {
  const password = randomBytes(9).toString('hex')
  const { host, port, stop } = await start({ MYSQL_ROOT_PASSWORD: password, MARIADB_ROOT_PASSWORD: password })
  const url = `mysql://root:${password}@${host}:${port}`
  try {
    // The official images start it twice, the first time without TCP.
    return { server: await until(() => describeServer(url, source, way), 60), stop }
  } catch (error) {
    await stop()
    throw new Error(reason(error))
  }
}

async function describeServer(url: string, source: Server['source'], mysql: MysqlWay): Promise<Server> {
  const text = await mysqlVersion(url)
  const kind = /mariadb/i.test(text) ? 'mariadb' : 'mysql'
  const release = /\d+\.\d+\.\d+/.exec(text.replace(/^5\.5\.5-/, ''))?.[0] ?? text
  const [major = 0, minor = 0] = release.split('.').map(Number)
  const label = `${kind === 'mysql' ? 'MySQL' : 'MariaDB'} ${release} (${source})`
  return { label, kind, version: major * 100 + minor, source, url, mysql }
}

/** `9.7.4 Source distribution`, `11.8.3-MariaDB-1 Debian` */
async function mysqlVersion(url: string): Promise<string> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query("SELECT CONCAT(VERSION(), ' ', @@version_comment) AS version")
    return String((rows as { version: string }[])[0]?.version)
  } finally {
    await connection.end()
  }
}

async function asProcess(root: string, environment: Record<string, string>): Promise<Started> {
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
