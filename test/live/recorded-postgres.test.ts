import { expect, test } from 'vitest'
import { resolveTarget } from '../../src/config/index.js'
import type { RecordedSource, RecordingSettings } from '../../src/dialects/dialect.js'
import { postgres } from '../../src/dialects/postgres/index.js'
import { type Database, withDatabase } from '../support/database.js'
import { type PostgresProcess, startPostgres } from '../support/postgres.js'
import { forEachPostgres, type Server } from '../support/servers.js'
import { type Found, keeping } from './logs-mysql-support.js'

interface Recorded {
  readonly found: Found
  readonly notes: string
  readonly source: RecordedSource | undefined
  readonly settings: RecordingSettings
}

async function recorded(url: string): Promise<Recorded> {
  const target = resolveTarget({ url, env: { HOME: '/nonexistent' }, cwd: process.cwd() })
  const session = await postgres.connect(target, { statementTimeout: 30_000 })
  try {
    const { found, ...sink } = keeping()
    const [source] = await session.readRecorded(sink)
    return { found, source, notes: source?.notes.join('\n') ?? '', settings: await session.recordingSettings() }
  } finally {
    await session.close()
  }
}

/** A server of the same build that keeps statistics; the shared ones don't load the module. */
async function withStatistics(server: Server, work: (database: Database) => Promise<void>): Promise<void> {
  const running: PostgresProcess = await startPostgres(server.bin ?? '', {
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'top',
    log_line_prefix: '%m [%p] %a ',
    log_timezone: 'Europe/Berlin',
  })
  try {
    await withDatabase({ ...server, url: running.url }, 'CREATE TABLE cart (id int, "é" text)', work)
  } finally {
    await running.stop()
  }
}

forEachPostgres(
  (server) => {
    test.skipIf(server.bin === undefined)('pg_stat_statements', () =>
      withStatistics(server, async (database) => {
        const missing = await recorded(database.url)
        expect(missing.source).toMatchObject({ name: 'pg_stat_statements', rows: 0 })
        expect(missing.notes).toContain('CREATE EXTENSION pg_stat_statements;')

        await database.script('CREATE SCHEMA "Odd one"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd one"')
        await database.script('SELECT "Odd one".pg_stat_statements_reset()')
        for (const value of ['a', 'b', 'c']) {
          await database.query('SELECT id FROM cart WHERE "é" = $1 LIMIT 1', [value])
          await database.query(`INSERT INTO cart VALUES (1, '${value}')`)
        }
        await recorded(database.url)
        const { found, settings, notes } = await recorded(database.url)
        const totals = found.totals.map(({ text, calls, rows, database: name }) => [
          Buffer.from(text, 'latin1').toString('utf8'),
          calls,
          rows,
          name === database.name,
        ])
        expect(totals).toContainEqual([
          expect.stringMatching(/^SELECT id FROM cart WHERE "é" = \$1 LIMIT /),
          3,
          0,
          true,
        ])
        expect(totals).toContainEqual(['INSERT INTO cart VALUES ($1, $2)', 3, 3, true])
        // Neither our catalog queries nor our own look at the view.
        expect(totals.filter(([text]) => /to_jsonb|pg_stat_statements\b(?!_reset)/.test(String(text)))).toEqual([])
        expect(notes).toContain('Counted since ')
        expect(settings).toMatchObject({ linePrefix: '%m [%p] %a ', offsetMinutes: expect.any(Number) })
        expect([60, 120]).toContain(settings.offsetMinutes)
        expect(settings.notes.join()).toContain('Statements are not logged')

        await expectPrivileges(database)
      }),
    )

    test('where the module is not there, says what to set', () =>
      withDatabase(server, '', async (database) => {
        const { notes, found } = await recorded(database.url)
        expect(found.totals).toEqual([])
        expect(notes).toContain('CREATE EXTENSION pg_stat_statements;')
        if (server.kind === 'pglite') return
        await database.script('CREATE EXTENSION pg_stat_statements')
        expect((await recorded(database.url)).notes).toContain("shared_preload_libraries = 'pg_stat_statements'")
      }))
  },
  { pglite: true },
)

async function expectPrivileges(database: Database): Promise<void> {
  const role = await database.role()
  await database.query(`GRANT USAGE ON SCHEMA "Odd one" TO ${role.name}`)
  const hidden = await recorded(role.url)
  expect(hidden.found.totals.filter(({ text }) => /cart/.test(text))).toEqual([])
  expect(hidden.notes).toContain(`GRANT pg_read_all_stats TO ${role.name};`)

  await database.query('REVOKE SELECT ON "Odd one".pg_stat_statements FROM PUBLIC')
  expect((await recorded(role.url)).notes).toContain(`GRANT SELECT ON "Odd one".pg_stat_statements TO ${role.name};`)
}
