import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscoverJson } from '../../src/report/discover-report.js'
import type { DoctorReport } from '../../src/report/doctor.js'
import { runCli } from '../support/cli.js'
import { type Database, openDatabase, unique, urlFor } from '../support/database.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { type PostgresProcess, startPostgres } from '../support/postgres.js'
import { forEachMysql, forEachPostgres } from '../support/servers.js'

const page = join(import.meta.dirname, '../../docs/grants.md')

/** The statements of the page's first block below both headings, with names of this test in place of those of the page. */
async function grants(server: string, command: string, names: Readonly<Record<string, string>>): Promise<string[]> {
  const text = await readFile(page, 'utf8')
  const chapter = text.split(/^## /m).find((each) => each.startsWith(server)) ?? ''
  const section = chapter.split(/^### /m).find((each) => each.startsWith(`${command}\n`)) ?? ''
  const block = /^```sql\n(.*?)^```/ms.exec(section)?.[1]
  if (block === undefined) throw new Error(`docs/grants.md has no SQL for ${command} on ${server}`)
  return block
    .replace(/^--.*\n/gm, '')
    .replace(/\b(audit|shop|app)\b/g, (name) => names[name] ?? name)
    .split(/;\s*/)
    .filter((statement) => statement !== '')
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goc-audit-grants-'))
  const keySets = `version: 1\nkeysets:\n  - { table: cart, columns: [session_id], divergent: keep-survivor }\n`
  await writeFile(join(folder, '.goc-audit.yml'), keySets)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const tables = `
  CREATE TABLE cart (id int PRIMARY KEY, session_id varchar(40) NOT NULL, note varchar(40));
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
  INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'y'), (3, 'b', NULL);
  INSERT INTO item VALUES (1, 2);`

/** With `--json`: exit code and report. Nothing may be said on standard error. */
async function run<T>(url: string, ...args: readonly string[]): Promise<{ code: number | null; report: T }> {
  const { code, stdout, stderr } = await runCli([...args, '--json', '--url', url], { cwd: folder })
  expect(stderr).toBe('')
  return { code, report: JSON.parse(stdout) as T }
}

/** What it was granted is enough, and doctor finds nothing missing. */
async function scans(url: string): Promise<void> {
  const scan = await run<{ complete: boolean; keySets: { duplicates: unknown }[] }>(url, 'scan')
  expect(scan).toMatchObject({ code: 1, report: { complete: true } })
  expect(scan.report.keySets[0]?.duplicates).toMatchObject({ counted: true, surplusRows: 1, referencesToSurplus: 1 })
  const doctor = await run<DoctorReport>(url, 'doctor')
  const checks = doctor.report.databases[0]?.checks ?? []
  expect(doctor).toMatchObject({ code: 0, report: { healthy: true } })
  expect(checks.find(({ id }) => id === 'least-privilege')).toMatchObject({ state: 'ok' })
  expect(checks.filter(({ state }) => state === 'missing')).toEqual([])
}

const fix = (url: string) => run<{ error?: { code: string } }>(url, 'fix')

async function recorded(url: string): Promise<string> {
  const { report } = await run<DiscoverJson>(url, 'discover', '--recorded')
  return JSON.stringify(report)
}

forEachPostgres(
  (server) => {
    let own: PostgresProcess | undefined
    let database: Database
    /** Made by the page, so that it is no role of the database's own. */
    const names = { audit: unique('audit'), app: unique('app'), shop: '' }

    beforeAll(async () => {
      // Of the same build, with the module that the page asks for; the shared ones don't load it.
      if (server.bin) own = await startPostgres(server.bin, { shared_preload_libraries: 'pg_stat_statements' })
      database = await openDatabase({ ...server, url: own?.url ?? server.url }, tables)
      names.shop = database.name
      await database.script(`REVOKE ALL ON DATABASE ${names.shop} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;
        CREATE ROLE ${names.app}; GRANT ALL ON SCHEMA public TO ${names.app}`)
    })
    afterAll(async () => {
      const made = `${names.audit}, ${names.app}`
      await database?.script(`DROP OWNED BY ${made}; DROP ROLE ${made}`).catch(() => {})
      await database?.drop()
      await own?.stop()
    })
    const grant = async (command: string) => {
      for (const statement of await grants('PostgreSQL', command, names)) await database.query(statement)
    }
    const url = () => urlFor(database.url, { user: names.audit, password: 'change-me' })

    test('what the page grants is enough, and each part is needed', async () => {
      await grant('scan')
      await scans(url())
      expect(await fix(url())).toMatchObject({ code: 2, report: { error: { code: 'permission-denied' } } })
      await grant('fix')
      expect((await fix(url())).code).toBe(0)
      await database.script(`SET ROLE ${names.app}; CREATE TABLE later (id int); RESET ROLE`)
      expect(
        await database.query('SELECT has_table_privilege($1, $2, $3) AS may', [names.audit, 'later', 'SELECT']),
      ).toEqual([{ may: true }])
    })

    test.skipIf(server.bin === undefined)('and so is what it grants for reading statistics', async () => {
      await database.script('CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT count(*) FROM cart')
      expect(await recorded(url())).toContain('GRANT pg_read_all_stats')
      await grant('discover --recorded')
      const after = await recorded(url())
      expect(after).not.toMatch(/GRANT|not read|not loaded|can't be seen/)
      expect(after).toMatch(/"statements":\{"read":[1-9]/)
    })
  },
  { pglite: false },
)

forEachMysql((server) => {
  let database: MysqlDatabase
  const names = { audit: unique('audit'), shop: '' }
  beforeAll(async () => {
    database = await openMysqlDatabase(server, tables)
    names.shop = database.name
  })
  afterAll(async () => {
    await database?.query(`DROP USER IF EXISTS ${names.audit}@'%'`)
    await database?.drop()
  })
  const grant = async (command: string) => {
    for (const statement of await grants('MySQL', command, names)) await database.query(statement)
  }
  const url = () => urlFor(database.url, { user: names.audit, password: 'change-me' })

  test('what the page grants is enough, and each part is needed', async () => {
    await grant('scan')
    await scans(url())
    expect(await fix(url())).toMatchObject({ code: 2, report: { error: { code: 'permission-denied' } } })
    await grant('fix')
    expect((await fix(url())).code).toBe(0)
    expect(await recorded(url())).toContain('GRANT SELECT ON mysql.general_log')
    await grant('discover --recorded')
    expect(await recorded(url())).not.toMatch(/GRANT|may not/)
  })
})
