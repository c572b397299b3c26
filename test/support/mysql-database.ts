import { randomBytes } from 'node:crypto'
import { type Connection, createConnection } from 'mysql2/promise'
import { type Role, type Row, unique, urlFor } from './database.js'
import type { Server } from './servers.js'

/** A fresh database of one test on MySQL or MariaDB. */
export interface MysqlDatabase {
  readonly server: Server
  readonly name: string
  /** Root's, to this database. */
  readonly url: string
  /** Root's connection. Runs several statements at once. */
  readonly client: Connection
  query<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>
  /** Several statements at once. */
  script(sql: string): Promise<void>
  /** Another connection, root's by default; closed with the database. */
  connect(url?: string): Promise<Connection>
  /**
   * A user with exactly these rights: `SELECT` is on this database, `PROCESS ON *.*` and ``SELECT ON `x`.`t` `` elsewhere.
   * Without rights it may connect, to no database: its URL then names none.
   */
  user(grants: readonly string[]): Promise<Role>
  /** A user with SELECT on this database and on others. */
  reader(options?: ReaderOptions): Promise<Role>
  /** A second database of the same test, dropped with it; its name. */
  another(suffix?: string): Promise<string>
  /** Drops its databases and users, ending whatever connections to them there are. */
  drop(): Promise<void>
}

export interface ReaderOptions {
  /** Names of databases; this one alone by default. */
  readonly databases?: readonly string[]
  /** With CREATE TEMPORARY TABLES, as a rehearsal needs. */
  readonly temporary?: boolean
}

export interface MysqlOptions {
  /** The beginning of its name, of which the rest is random. */
  readonly prefix?: string
  /** What follows CREATE DATABASE: `CHARACTER SET latin1`. */
  readonly attributes?: string
}

export async function withMysqlDatabase<T>(
  server: Server,
  sql: string,
  work: (database: MysqlDatabase) => Promise<T>,
  options?: MysqlOptions,
): Promise<T> {
  const database = await openMysqlDatabase(server, sql, options)
  try {
    return await work(database)
  } finally {
    await database.drop()
  }
}

/** For several tests on one database: call in `beforeAll` and `drop()` in `afterAll`. */
export async function openMysqlDatabase(
  server: Server,
  sql = '',
  { prefix = 't', attributes = '' }: MysqlOptions = {},
): Promise<MysqlDatabase> {
  const name = unique(prefix)
  const databases: string[] = []
  const users: string[] = []
  const connections: Connection[] = []
  const admin = await open(server.url)
  const url = urlFor(server.url, { database: name })

  const create = async (database: string) => {
    databases.push(database)
    await admin.query(`CREATE DATABASE ${quoted(database)} ${attributes}`)
  }
  const connect = async (to = url) => {
    const connection = await open(to)
    connections.push(connection)
    return connection
  }
  const user = async (grants: readonly string[]): Promise<Role> => {
    const [account, password] = [unique('u'), randomBytes(6).toString('hex')]
    users.push(account)
    await admin.query(`CREATE USER ${account}@'%' IDENTIFIED BY '${password}'`)
    for (const grant of grants)
      await admin.query(`GRANT ${/ on /i.test(grant) ? grant : `${grant} ON ${quoted(name)}.*`} TO ${account}@'%'`)
    const database = grants.length > 0 ? name : ''
    return { name: account, password, url: urlFor(url, { user: account, password, database }) }
  }
  const drop = async () => {
    for (const each of connections) each.destroy()
    await endSessions(admin, databases, users)
    for (const each of users) await admin.query(`DROP USER IF EXISTS ${each}@'%'`)
    await admin.query('SET foreign_key_checks = 0')
    for (const each of databases) await admin.query(`DROP DATABASE IF EXISTS ${quoted(each)}`)
    await admin.end()
  }

  try {
    await create(name)
    const client = await connect()
    if (sql) await client.query(sql)
    return {
      server,
      name,
      url,
      client,
      connect,
      user,
      drop,
      query: async <T extends Row>(statement: string, values?: readonly unknown[]) =>
        (await client.query(statement, values as unknown[]))[0] as unknown as T[],
      script: async (text) => {
        await client.query(text)
      },
      reader: ({ databases: of = [name], temporary = false } = {}) =>
        user(of.map((each) => `SELECT${temporary ? ', CREATE TEMPORARY TABLES' : ''} ON ${quoted(each)}.*`)),
      another: async (suffix = '2') => {
        await create(`${name}_${suffix}`)
        return `${name}_${suffix}`
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

async function open(uri: string): Promise<Connection> {
  const options = { multipleStatements: true, supportBigNumbers: true, dateStrings: true }
  const connection = await createConnection({ uri, ...options })
  // The database is dropped under it, or the server restarted: not a failure of the test.
  connection.on('error', () => {})
  return connection
}

/** A transaction that is still open holds locks on its tables, for which DROP DATABASE would wait. */
async function endSessions(admin: Connection, databases: readonly string[], users: readonly string[]): Promise<void> {
  const ours = 'SELECT id AS id FROM information_schema.processlist WHERE db IN (?) OR user IN (?)'
  for (let tries = 0; tries < 200; tries += 1) {
    const [rows] = await admin.query(ours, [
      ['', ...databases],
      ['', ...users],
    ])
    const ids = (rows as { id: number }[]).map(({ id }) => id)
    if (ids.length === 0) return
    // Gone in the meantime: as good.
    for (const id of ids) await admin.query(`KILL ${id}`).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
