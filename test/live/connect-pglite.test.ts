import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { citext } from '@electric-sql/pglite/contrib/citext'
import { hstore } from '@electric-sql/pglite/contrib/hstore'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withDatabase } from '../support/database.js'
import { failure, open, read } from '../support/driver.js'
import { servers } from '../support/servers.js'

const [pglite] = servers().filter(({ kind }) => kind === 'pglite')

/** Our copies of databases, by name. */
const copies = async () => (await readdir(tmpdir())).filter((name) => /^goc-audit-copy-/.test(name))

describe.runIf(pglite)('PGlite', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goc-audit-pglite-test-'))
    // Other tests make copies too, at the same time.
    await mkdir(join(folder, 'tmp'))
    vi.stubEnv('TMPDIR', join(folder, 'tmp'))
    vi.stubEnv('TEMP', join(folder, 'tmp'))
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  /** A database of the test's own: a copy of the empty one, which is quicker than making one. */
  const fresh = (name: string) => {
    const directory = join(folder, name)
    cpSync(pglite?.url ?? '', directory, { recursive: true })
    return directory
  }

  const withPglite = (sql: string, work: (url: string) => Promise<void>) =>
    withDatabase(pglite ?? expect.fail(), sql, ({ url }) => work(url))

  test('an empty database in memory', async () => {
    expect(await read('pglite://memory', ({ query }) => query('SELECT 1 AS one'))).toEqual([{ one: 1 }])
  })

  test('is read from a copy, which is removed; the directory stays as it was', () =>
    withPglite('CREATE TABLE cart AS SELECT 1 AS id', async (url) => {
      const directory = url.replace('pglite://', '')
      const before = await readdir(directory)
      const driver = await open(url)
      expect(await copies()).toHaveLength(1)
      // The application goes on meanwhile.
      const application = await PGlite.create(directory)
      await application.exec('INSERT INTO cart VALUES (2)')
      expect(await driver.readOnly(({ query }) => query('SELECT id FROM cart'))).toEqual([{ id: 1 }])
      await application.close()
      await driver.close()
      expect(await copies()).toEqual([])
      expect((await readdir(directory)).sort()).toEqual(before.sort())
    }))

  test('while another program has it open', async () => {
    const directory = fresh('busy')
    const application = await PGlite.create(directory)
    await application.exec('CREATE TABLE cart AS SELECT 1 AS id')
    expect(await read(`pglite://${directory}`, ({ query }) => query('SELECT id FROM cart'))).toEqual([{ id: 1 }])
    await application.exec('INSERT INTO cart VALUES (2)')
    await application.close()
  })

  test('knows the extensions that PGlite ships', async () => {
    const directory = fresh('extended')
    const application = await PGlite.create(directory, { extensions: { citext, hstore } })
    await application.exec(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TABLE t AS SELECT 'A'::citext AS a, 'x=>1'::hstore AS h",
    )
    await application.close()
    const sql = "SELECT a = 'a' AS same, (h -> 'x') AS x FROM t"
    expect(await read(`pglite://${directory}`, ({ query }) => query(sql))).toEqual([{ same: true, x: '1' }])
  })

  test('goes on after a timeout, also inside of the transaction', () =>
    withPglite('CREATE TABLE cart AS SELECT 1 AS id', async (url) => {
      const long = 'SELECT count(*) FROM generate_series(1, 200000000)'
      const seen = await read(
        url,
        async ({ attempt, query }) => [await attempt(long), await attempt(long), await query('SELECT id FROM cart')],
        { statementTimeout: 400 },
      )
      expect(seen).toMatchObject([{ error: { code: '57014' } }, { error: { code: '57014' } }, [{ id: 1 }]])
      expect(await copies()).toEqual([])
    }))

  test('no directory', async () => {
    const path = join(folder, 'nowhere')
    expect(await failure(open(`pglite://${path}`))).toEqual([
      'pglite-not-found',
      `There is no directory ${path}.`,
      'Check the path after pglite://; a relative one starts from the working directory.',
    ])
  })

  test('a directory of something else', async () => {
    expect(await failure(open(`pglite://${folder}`))).toEqual([
      'pglite-not-a-database',
      `${folder} is not a PGlite database: PG_VERSION or global/pg_control is missing.`,
      'Name the directory that was given to PGlite as its dataDir.',
    ])
  })

  test("a server's own directory", async () => {
    const path = join(folder, 'server')
    await mkdir(join(path, 'global'), { recursive: true })
    for (const name of ['PG_VERSION', 'global/pg_control']) await writeFile(join(path, name), '')
    await writeFile(join(path, 'postmaster.pid'), '4711\n')
    expect(await failure(open(`pglite://${path}`))).toEqual([
      'pglite-not-a-database',
      `${path} is the data directory of a PostgreSQL server.`,
      'Connect to that server: postgresql://user@host:port/database.',
    ])
  })

  test('damaged files', async () => {
    const path = join(folder, 'damaged')
    await mkdir(join(path, 'global'), { recursive: true })
    await writeFile(join(path, 'PG_VERSION'), '18\n')
    await writeFile(join(path, 'global', 'pg_control'), 'nonsense')
    expect(await failure(open(`pglite://${path}`))).toEqual([
      'pglite-open-failed',
      `PGlite can't open pglite://${path}.`,
      'Its files may be damaged, half written by a program that has it open, or of another version of PGlite; stop that program, or open it there.',
    ])
    expect(await copies()).toEqual([])
  })
})
