import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { type Outcome, runCli } from './cli.js'
import { openDatabase } from './database.js'
import { openMysqlDatabase } from './mysql-database.js'
import { mysqlServers, type Server, servers } from './servers.js'

/** A small database, a directory with a configuration for it, and the program run there. */
export interface Shop {
  readonly directory: string
  readonly name: string
  readonly url: string
  sql(statement: string): Promise<unknown>
  configure(yaml: string): void
  run(...args: readonly string[]): Promise<Outcome>
  close(): Promise<void>
}

const tables = (id: string, text: string) => `
  CREATE TABLE cart (id ${id} PRIMARY KEY, session_id ${text} NOT NULL);
  INSERT INTO cart VALUES (1, 'secret-a'), (2, 'secret-a'), (3, 'secret-b');
  CREATE TABLE tag (id ${id} PRIMARY KEY, name ${text} NOT NULL UNIQUE);
  CREATE TABLE coupon (id ${id} PRIMARY KEY, code ${text} NOT NULL);`

export async function openShop(server: Server): Promise<Shop> {
  const mysql = server.kind === 'mysql' || server.kind === 'mariadb'
  const database = mysql
    ? await openMysqlDatabase(server, tables('int AUTO_INCREMENT', 'varchar(40)'))
    : await openDatabase(server, tables('serial', 'text'))
  const directory = mkdtempSync(join(tmpdir(), 'goc-audit-shop-'))
  return {
    directory,
    name: database.name,
    url: database.url,
    sql: (statement) => database.query(statement),
    configure: (yaml) => writeFileSync(join(directory, '.goc-audit.yml'), yaml),
    run: (...args) => runCli(args, { cwd: directory, env: { DATABASE_URL: database.url } }),
    close: async () => {
      rmSync(directory, { recursive: true })
      await database.drop()
    },
  }
}

/** On the newest PostgreSQL and the first MySQL or MariaDB of this run. */
export function onOneOfEach(write: (server: Server) => void): void {
  const [postgres] = servers({ pglite: false }).sort((a, b) => b.version - a.version)
  const [mysql] = mysqlServers()
  for (const server of [postgres, mysql]) if (server) describe(server.label, () => write(server))
}
