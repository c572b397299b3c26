import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Server } from './servers.js'

export type Row = Record<string, unknown>

export interface Role {
  readonly name: string
  readonly password: string
  /** To the test's database, as this role. */
  readonly url: string
}

/** A fresh database of one test. */
export interface Database {
  readonly server: Server
  readonly name: string
  /** As superuser, or with `owned` as the owner, who is none; `pglite://DIR` for PGlite. */
  readonly url: string
  /** The superuser's connection. */
  readonly client: pg.Client
  query<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>
  /** Several statements at once. */
  script(sql: string): Promise<void>
  /** Another connection, superuser's by default; closed with the database. */
  connect(url?: string): Promise<pg.Client>
  /** A role that may log in and nothing else; `attributes` as in CREATE ROLE. */
  role(attributes?: string): Promise<Role>
  /** A role with CONNECT, USAGE on the schemas and SELECT on all their tables, no more. */
  reader(schemas?: readonly string[]): Promise<Role>
  drop(): Promise<void>
}

export interface DatabaseOptions {
  /** Run the SQL as, and give the URL of, a plain role that owns the database. */
  readonly owned?: boolean
}

export async function withDatabase<T>(
  server: Server,
  sql: string,
  work: (database: Database) => Promise<T>,
  options?: DatabaseOptions,
): Promise<T> {
  const database = await openDatabase(server, sql, options)
  try {
    return await work(database)
  } finally {
    await database.drop()
  }
}

/** For several tests on one database: call in `beforeAll` and `drop()` in `afterAll`. */
export async function openDatabase(server: Server, sql = '', options: DatabaseOptions = {}): Promise<Database> {
  const database = server.kind === 'pglite' ? await openPglite(server) : await openReal(server, options)
  try {
    if (sql) await database.script(sql)
    return database
  } catch (error) {
    await database.drop()
    throw error
  }
}

export const unique = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`

/** The same URL with parts of it replaced; a port is one of this machine, such as PgBouncer's. */
export function urlFor(base: string, parts: { user?: string; password?: string; database?: string; port?: number }) {
  const url = new URL(base)
  if (parts.user !== undefined) url.username = encodeURIComponent(parts.user)
  if (parts.password !== undefined) url.password = encodeURIComponent(parts.password)
  if (parts.database !== undefined) url.pathname = `/${encodeURIComponent(parts.database)}`
  if (parts.port !== undefined) url.host = `127.0.0.1:${parts.port}`
  return url.href
}

async function onServer(server: Server, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function openReal(server: Server, { owned = false }: DatabaseOptions): Promise<Database> {
  const name = unique('t')
  const clients: pg.Client[] = []
  const roles: string[] = []
  await onServer(server, async (admin) => {
    // template0: nobody is ever connected to it, which would make CREATE DATABASE fail.
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`)
  })
  const superuser = urlFor(server.url, { database: name })

  const connect = async (url = superuser) => {
    const client = new pg.Client({ connectionString: url })
    // The database is dropped under it by force, or the server restarted: not a failure of the test.
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    return client
  }
  const client = await connect()
  const role = async (attributes = ''): Promise<Role> => {
    const [user, password] = [unique('r'), randomBytes(6).toString('hex')]
    await client.query(`CREATE ROLE ${user} LOGIN PASSWORD '${password}' ${attributes}`)
    roles.push(user)
    return { name: user, password, url: urlFor(superuser, { user, password }) }
  }
  const owner = owned ? await role() : undefined
  if (owner) await client.query(`ALTER DATABASE ${name} OWNER TO ${owner.name}`)
  if (owner) await client.query(`ALTER SCHEMA public OWNER TO ${owner.name}`)
  const writer = owner ? await connect(owner.url) : client

  return {
    server,
    name,
    url: owner?.url ?? superuser,
    client,
    connect,
    role,
    query: async <T extends Row>(sql: string, values?: readonly unknown[]) =>
      (await writer.query<T>(sql, values as unknown[])).rows,
    script: async (sql) => {
      await writer.query(sql)
    },
    reader: async (schemas = ['public']) => {
      const reader = await role()
      await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
      await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${reader.name}`)
      for (const schema of schemas.map((each) => client.escapeIdentifier(each))) {
        await client.query(`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`)
        await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${reader.name}`)
        await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${reader.name}`)
      }
      return reader
    },
    drop: async () => {
      await Promise.all(clients.map((each) => each.end().catch(() => {})))
      await onServer(server, async (admin) => {
        await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
        for (const each of roles) await admin.query(`DROP ROLE IF EXISTS ${each}`)
      })
    },
  }
}

async function openPglite(server: Server): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite')
  const { citext } = await import('@electric-sql/pglite/contrib/citext')
  const { btree_gist } = await import('@electric-sql/pglite/contrib/btree_gist')
  const parent = await mkdtemp(join(tmpdir(), 'goc-audit-pglite-'))
  const directory = join(parent, 'db')
  // A thousand small files: the asynchronous copy takes four times as long.
  cpSync(server.url, directory, { recursive: true })
  // Closed again after each use: only one process at a time may have the directory open.
  const open = async <T>(work: (database: InstanceType<typeof PGlite>) => Promise<T>) => {
    const database = await PGlite.create(directory, { extensions: { citext, btree_gist } })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  const real = (): never => {
    throw new Error('PGlite has one user and one connection: pass { pglite: false }')
  }
  return {
    server,
    name: 'postgres',
    url: `pglite://${directory}`,
    get client() {
      return real()
    },
    connect: async () => real(),
    role: async () => real(),
    reader: async () => real(),
    query: <T extends Row>(sql: string, values?: readonly unknown[]) =>
      open(async (database) => (await database.query<T>(sql, values as unknown[])).rows),
    script: (sql) =>
      open(async (database) => {
        await database.exec(sql)
      }),
    drop: () => rm(parent, { recursive: true, force: true }),
  }
}
