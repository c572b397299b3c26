import { expect, test } from 'vitest'
import { resolveTarget } from '../../src/config/index.js'
import type { RecordedOptions, RecordedSource, RecordingSettings } from '../../src/dialects/dialect.js'
import { mysql } from '../../src/dialects/mysql/index.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql } from '../support/servers.js'
import { type Found, keeping, type Sent, schema, sendAll, textsOf, withGlobals } from './logs-mysql-support.js'

interface Recorded {
  readonly found: Found
  readonly sources: readonly RecordedSource[]
  readonly settings: RecordingSettings
}

async function recorded(url: string, options?: RecordedOptions): Promise<Recorded> {
  const target = resolveTarget({ url, env: { HOME: '/nonexistent' }, cwd: process.cwd() })
  const session = await mysql.connect(target, { statementTimeout: 30_000 })
  try {
    const { found, ...sink } = keeping()
    const sources = await session.readRecorded(sink, options)
    return { found, sources, settings: await session.recordingSettings() }
  } finally {
    await session.close()
  }
}

/** What two connections sent, by the number of the connection. */
async function send(database: MysqlDatabase): Promise<Map<string, Sent[]>> {
  const sent = new Map<string, Sent[]>()
  for (const connection of [await database.connect(), await database.connect()]) {
    sent.set(String(connection.threadId), await sendAll(connection))
  }
  return sent
}

const byTable = { log_output: 'TABLE', general_log: 'ON' }
const complete = { ...byTable, long_query_time: 0, slow_query_log: 'ON' }
const names = ({ sources }: Recorded): string[] => sources.map(({ name }) => name)

forEachMysql((server) => {
  test('mysql.general_log', () =>
    withMysqlDatabase(server, schema, async (database) => {
      const since = Date.now() - 1000
      await withGlobals(database, { variables: byTable }, async () => {
        const sent = await send(database)
        const seen = await recorded(database.url, { since })
        expect(names(seen)).toContain('mysql.general_log')
        expect(names(seen)).not.toContain('mysql.slow_log')
        for (const [session, list] of sent) {
          expect(textsOf(seen.found.statements, session)).toEqual(list.map(([text]) => text))
        }
        const ours = seen.found.statements.filter(({ session }) => sent.has(session))
        expect(new Set(ours.map((one) => one.database))).toEqual(new Set([database.name]))
        expect(ours.every(({ at, rows }) => Math.abs(at - since) < 60_000 && Number.isNaN(rows))).toBe(true)
        expect(seen.settings.notes.join()).not.toContain('The general log is off')
        // What is older than asked for stays out.
        expect((await recorded(database.url, { since: Date.now() + 60_000 })).found.statements).toEqual([])
      })
    }))

  test('mysql.slow_log, where it has every statement, instead of the general log', () =>
    withMysqlDatabase(server, schema, async (database) => {
      const since = Date.now() - 1000
      await withGlobals(database, { variables: complete }, async () => {
        const sent = await send(database)
        const seen = await recorded(database.url, { since })
        expect(names(seen)).toContain('mysql.slow_log')
        expect(names(seen)).not.toContain('mysql.general_log')
        for (const [session, list] of sent) {
          const own = seen.found.statements.filter((one) => one.session === session)
          expect(textsOf(own, session)).toEqual(list.map(([text]) => text))
          own.forEach(({ text, rows }, at) => {
            if (text.startsWith('SELECT')) expect([text, rows]).toEqual([text, list[at]?.[1]])
          })
        }
      })
    }))

  test('without privileges, says what to grant', () =>
    withMysqlDatabase(server, schema, async (database) => {
      const { url, name } = await database.reader()
      const { sources, found } = await recorded(url)
      expect(found.statements).toEqual([])
      const notes = sources.flatMap((source) => source.notes)
      expect(notes).toContain(
        `mysql.general_log was not read, since this user may not: GRANT SELECT ON mysql.general_log TO '${name}'@'%';`,
      )
      expect(notes.filter((note) => /performance_schema/.test(note)).length).toBeGreaterThan(0)
    }))

  test('performance_schema, or how to turn it on', () =>
    withMysqlDatabase(server, schema, async (database) => {
      const [{ on } = { on: 0 }] = await database.query<{ on: number }>('SELECT @@performance_schema AS `on`')
      if (Number(on) === 0) {
        const { sources } = await recorded(database.url)
        expect(sources.flatMap(({ notes }) => notes).join()).toContain('set performance_schema = ON')
        return
      }
      await expectEvents(database)
    }))
})

/** As a user who may not read the log tables, which hold what other tests have logged. */
async function expectEvents(database: MysqlDatabase): Promise<void> {
  const since = Date.now() - 1000
  await withGlobals(database, { variables: { log_output: 'FILE' } }, async (admin) => {
    const { url } = await database.user(['SELECT', 'SELECT ON performance_schema.*'])
    const connection = await database.connect()
    // After thousands of other tests it may be full.
    await admin.query('TRUNCATE TABLE performance_schema.events_statements_summary_by_digest')
    // MariaDB keeps no texts of prepared statements.
    const sent = (await sendAll(connection)).slice(0, database.server.kind === 'mysql' ? undefined : 4)
    const [rows] = await admin.query(
      'SELECT THREAD_ID AS id FROM performance_schema.threads WHERE PROCESSLIST_ID = ?',
      [connection.threadId],
    )
    const thread = String((rows as { id: number }[])[0]?.id)
    const { found } = await recorded(url, { since })
    const own = found.statements.filter(({ session }) => session === thread)
    const failed = found.failures.filter(({ session }) => session === thread)
    expect(own.map(({ text, rows: returned }) => [text.split(' ')[0], returned])).toEqual(
      sent
        .filter(([, , errno]) => errno === 0)
        .map(([text, returned]) => [text.split(' ')[0], text.startsWith('SELECT') ? returned : 1]),
    )
    expect(own.every(({ at }) => at >= since && at <= Date.now() + 1000)).toBe(true)
    expect(failed).toEqual([
      expect.objectContaining({ kind: 'unique-violation', constraint: 'email', database: database.name }),
    ])
    // MariaDB writes names that are keywords elsewhere as keywords.
    const totals = found.totals.filter((one) => one.database === database.name)
    const digest = (start: RegExp) =>
      totals.filter(({ text }) => start.test(text)).map(({ calls, rows: all, errors }) => [calls, all, errors])
    expect(digest(/^SELECT (`id`|ID) FROM `cart` WHERE `email` = \?/)).toContainEqual([2, 0, 0])
    expect(digest(/^INSERT INTO `cart` \( `email` \) VALUES \(\?\)/)).toContainEqual([1, 0, 1])
    expect(found.totals.some(({ text }) => /events_statements/.test(text))).toBe(false)
  })
}
