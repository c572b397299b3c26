/**
 * The servers of this test run. They are started once by setup.ts; a test only asks for them:
 *
 *   import { expect, test } from 'vitest'
 *   import { withDatabase } from '../support/database.js'
 *   import { forEachPostgres } from '../support/servers.js'
 *
 *   forEachPostgres((server) => {
 *     test('counts', () =>
 *       withDatabase(server, 'CREATE TABLE cart (id int)', async (database) => {
 *         await database.query('INSERT INTO cart VALUES ($1)', [1])
 *         const role = await database.reader()          // CONNECT, USAGE and SELECT only
 *         const { code, stdout } = await runCli(['scan', '--url', role.url])   // cli.js, e2e only
 *       }))
 *   }, { from: 15, pglite: false })
 *
 * PGlite takes part unless `pglite: false`; it has one user and one connection, so `database.reader()`,
 * `.connect()` and `.client` are for real servers, and a `pglite://DIR` may only be opened between two `query`s.
 *
 * MySQL and MariaDB are asked for apart, with databases from mysql-database.ts; `version` is 907 for 9.7, 1011 for 10.11:
 *
 *   forEachMysql((server) => {
 *     test('counts', () =>
 *       withMysqlDatabase(server, 'CREATE TABLE cart (id int); INSERT INTO cart VALUES (1)', async (database) => {
 *         await database.query('INSERT INTO cart VALUES (?)', [2])
 *         const role = await database.reader()          // SELECT only
 *         const { stdout } = await mysqlClient(server, [database.name], 'SELECT COUNT(*) FROM cart')
 *       }))
 *   }, { flavour: 'mariadb', from: 1108 })
 *
 * The environment:
 *   GOC_AUDIT_TEST_SERVERS=17,pglite   only these: major versions of PostgreSQL, npm, local, pglite, mysql, mariadb,
 *                                      mysql-9, mariadb-10.11, mariadb-11.8; none
 *   GOC_AUDIT_TEST_POSTGRES_URLS       superusers' URLs of further servers, by blanks or commas
 *   GOC_AUDIT_TEST_MYSQL_URLS          the same of MySQL and MariaDB: mysql://root:secret@127.0.0.1:3306
 *   GOC_AUDIT_TEST_IMAGES              other container images: "postgres-14=example/pg:14 mysql-9=mysql:9.4"
 *   GOC_AUDIT_TEST_REQUIRE=all         what is missing fails the run and isn't skipped
 *   GOC_AUDIT_CACHE                    where downloaded servers are kept
 */
import { describe, inject } from 'vitest'

export interface Server {
  /** For titles: `PostgreSQL 17.10 (npm)`. */
  readonly label: string
  readonly kind: 'postgres' | 'pglite' | 'mysql' | 'mariadb'
  /** Major version; of MySQL and MariaDB major * 100 + minor. */
  readonly version: number
  readonly source: 'npm' | 'local' | 'docker' | 'url' | 'in process'
  /** Superuser's URL of a real server, for MySQL and MariaDB without a database; the directory of an empty database to copy for PGlite. */
  readonly url: string
  /** Where its programs are, to start further servers of the same build; absent for Docker and URLs. */
  readonly bin?: string
  /** Of MySQL and MariaDB. */
  readonly mysql?: MysqlWay
}

/** Where the programs of a MySQL or MariaDB server are; empty for URLs. */
export interface MysqlWay {
  readonly image?: string
  /** A file system that test/provision made, to change the root to. */
  readonly root?: string
}

/** Things some tests need beside servers; null where this machine has none. */
export interface Tools {
  /** Path of the program. */
  readonly pgbouncer: string | null
  /** Path of the program. */
  readonly psql: string | null
  /** The program, and the newest server that it reads, by major version. */
  readonly pgDump: { readonly program: string; readonly version: number } | null
  /** A Python that has Django and psycopg2. */
  readonly django: string | null
  /** The same with mysqlclient. */
  readonly djangoMysql: string | null
  /** Whether a Docker engine answers. */
  readonly docker: boolean
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: readonly Server[]
    tools: Tools
  }
}

export interface Choice {
  /** Major versions, both inclusive. */
  readonly from?: number
  readonly to?: number
  readonly pglite?: boolean
  /** All servers at once, each with one test after the other: write these with `test.sequential`. */
  readonly atOnce?: boolean
}

/** PostgreSQL and PGlite. */
export function servers({ from = 0, to = 99, pglite = true }: Choice = {}): Server[] {
  return inject('servers').filter(
    ({ kind, version }) => version >= from && version <= to && (kind === 'postgres' || (pglite && kind === 'pglite')),
  )
}

/** Tests that are skipped are still collected. */
const nobody = { label: 'no server', url: 'none://none' } as Server

/** One `describe` per server. */
export function forEachPostgres(write: (server: Server) => void, choice?: Choice): void {
  forEach(servers(choice), write, choice?.atOnce)
}

/** The newest real server, for tests that need one and not each of them. */
export function anyPostgres(): Server {
  const [newest] = servers({ pglite: false }).sort((a, b) => b.version - a.version)
  if (!newest) throw new Error('No PostgreSQL server in this run; see the table at the end for how to get one.')
  return newest
}

export interface MysqlChoice {
  readonly flavour?: 'mysql' | 'mariadb'
  /** As in `Server.version`, both inclusive: 800, 907; 1011, 1108. */
  readonly from?: number
  readonly to?: number
  /** As in `Choice`. */
  readonly atOnce?: boolean
}

/** MySQL, then MariaDB. */
export function mysqlServers({ flavour, from = 0, to = 9999 }: MysqlChoice = {}): Server[] {
  return inject('servers').filter(
    ({ kind, version }) =>
      (kind === 'mysql' || kind === 'mariadb') &&
      (flavour === undefined || kind === flavour) &&
      version >= from &&
      version <= to,
  )
}

/** One `describe` per server. */
export function forEachMysql(write: (server: Server) => void, choice?: MysqlChoice): void {
  forEach(mysqlServers(choice), write, choice?.atOnce)
}

/** The first of them, for tests that need one and not each: MySQL where there is one. */
export function anyMysql(): Server {
  const [first] = mysqlServers()
  if (!first) throw new Error('No MySQL or MariaDB in this run; see the table at the end for how to get one.')
  return first
}

function forEach(chosen: readonly Server[], write: (server: Server) => void, atOnce = false): void {
  const each = atOnce ? describe.concurrent : describe
  for (const server of chosen) each(server.label, () => write(server))
  if (chosen.length === 0) describe.skip('no such server in this run', () => write(nobody))
}

/** With GOC_AUDIT_TEST_REQUIRE=all, what a machine lacks fails the run and isn't skipped. */
export const requireAll = process.env.GOC_AUDIT_TEST_REQUIRE === 'all'

/** A `describe` that is skipped where the machine lacks what it needs: `describeWith(inject('tools').django)(…)`. */
export function describeWith(present: unknown): typeof describe | typeof describe.skip {
  return present || requireAll ? describe : describe.skip
}
