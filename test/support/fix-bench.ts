import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import { readOnlyDriver } from '../../src/dialects/postgres/drivers/read-only.js'
import { valueParser } from '../../src/dialects/postgres/drivers/types.js'
import type { Wire } from '../../src/dialects/postgres/drivers/wire.js'
import { openSession } from '../../src/dialects/postgres/index.js'
import { openDatabase } from './database.js'
import { errorText } from './fix.js'
import type { Server } from './servers.js'

/** One database that many cases use after each other, and a read-only session on it: opening them anew takes too long. */
export interface Bench {
  readonly session: Session
  /** One statement. */
  query<T extends Record<string, unknown>>(sql: string): Promise<T[]>
  /** A file. Returns the server's message, hint included; empty where it ran through. */
  run(sql: string): Promise<string>
  close(): Promise<void>
}

const options = { statementTimeout: 20_000 }

/** The database belongs to a plain role, as a migration's does. PGlite has only a superuser. */
export function openBench(server: Server): Promise<Bench> {
  return server.kind === 'pglite' ? embeddedBench(server) : realBench(server)
}

async function realBench(server: Server): Promise<Bench> {
  const database = await openDatabase(server, '', { owned: true })
  const session = await connect({ url: database.url, shown: 'the test database', schemas: [] }, options)
  return {
    session,
    query: database.query,
    run: (sql) =>
      ranThrough(
        () => database.script(sql),
        () => database.script('ROLLBACK'),
      ),
    close: async () => {
      await session.close()
      await database.drop()
    },
  }
}

async function embeddedBench(server: Server): Promise<Bench> {
  const { PGlite } = await import('@electric-sql/pglite')
  const { citext } = await import('@electric-sql/pglite/contrib/citext')
  const directory = await mkdtemp(join(tmpdir(), 'goc-audit-pglite-'))
  cpSync(server.url, join(directory, 'db'), { recursive: true })
  const database = await PGlite.create(join(directory, 'db'), { extensions: { citext } })
  const target = { url: 'pglite://shared', shown: 'the test database', schemas: [] }
  const session = await openSession(readOnlyDriver(await wireTo(database), options), target)
  const exec = async (sql: string) => {
    await database.exec(sql)
  }
  return {
    session,
    query: async <T extends Record<string, unknown>>(sql: string) => (await database.query<T>(sql)).rows,
    run: (sql) =>
      ranThrough(
        () => exec(sql),
        () => exec('ROLLBACK'),
      ),
    close: async () => {
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What the real driver does in a thread of its own, on the database that the test itself has open. */
async function wireTo(database: PGlite): Promise<Wire> {
  const types = await database.query<{ oid: number }>('SELECT oid::int8::int AS oid FROM pg_type')
  const parsers = Object.fromEntries(types.rows.map(({ oid }) => [oid, (text: string) => text]))
  return {
    run: async (sql, values) => {
      const settings = { rowMode: 'array', parsers } as const
      const { fields, rows } = await database.query<(string | null)[]>(sql, [...values], settings)
      const named = rows.map((row) =>
        Object.fromEntries(
          fields.map(({ name, dataTypeID }, at) => {
            const text = row[at] ?? null
            return [name, text === null ? null : valueParser(dataTypeID)(text)]
          }),
        ),
      )
      return { rows: named, status: 'unknown' }
    },
    cancel: async () => {},
    destroy: () => {},
    close: async () => {},
  }
}

async function ranThrough(script: () => Promise<void>, rollback: () => Promise<void>): Promise<string> {
  try {
    await script()
    return ''
  } catch (error) {
    await rollback()
    return errorText(error)
  }
}
