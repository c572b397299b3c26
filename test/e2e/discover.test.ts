import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { DiscoverJson } from '../../src/report/discover-report.js'
import type { ScanJson } from '../../src/report/json.js'
import { runCli } from '../support/cli.js'
import { withDatabase } from '../support/database.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres, forEachMysql, forEachPostgres } from '../support/servers.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-discover-'))
  return () => rm(directory, { recursive: true, force: true })
})

const path = (name: string) => join(directory, name)
const run = (args: readonly string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['discover', ...args], { cwd: directory, ...options })

async function discovered(args: readonly string[], options: Parameters<typeof runCli>[1] = {}): Promise<DiscoverJson> {
  const { code, stdout, stderr } = await run([...args, '--json'], options)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const json = JSON.parse(stdout) as DiscoverJson
  expect(schemaErrors('discover', json)).toEqual([])
  return json
}

/** As Debian's PostgreSQL writes it, of callers who get or create carts, one of three of whom finds none. */
function cartLog(callers: number, first = 0): string {
  const lines: string[] = []
  for (let n = first; n < first + callers; n += 1) {
    const at = (ms: number) => new Date(Date.UTC(2026, 4, 1, 8, 0, n, ms)).toISOString().slice(0, 23).replace('T', ' ')
    const say = (ms: number, sql: string) =>
      lines.push(`${at(ms)} UTC [${100 + (n % 4)}] app@shop LOG:  statement: ${sql}`)
    const key = `'secret-${n}'`
    say(0, `SELECT "cart"."id", "cart"."session_id" FROM "cart" WHERE "cart"."session_id" = ${key} LIMIT 21`)
    if (n % 3 === 0) {
      say(2, 'BEGIN')
      say(3, `INSERT INTO "cart" ("session_id", "total") VALUES (${key}, 0) RETURNING "cart"."id"`)
      say(4, 'COMMIT')
    }
    say(6, `SELECT "item"."id" FROM "item" WHERE "item"."cart_id" = ${n % 5}`)
    say(7, `INSERT INTO "item" ("cart_id", "sku") VALUES (${n % 5}, 'sku-${n}')`)
  }
  return `${lines.join('\n')}\n`
}

describe('without a database', () => {
  test('finds the key set, says how sure, and shows no value', async () => {
    await writeFile(path('pg.log'), cartLog(60))
    const json = await discovered(['--log', 'pg.log', '--profile', 'profile.json'])
    expect(json.sources).toEqual([{ name: 'pg.log', format: 'postgres-stderr' }])
    expect(json.keySets.map(({ id, idiom, evidence }) => [id, idiom, evidence.grade, evidence.pairs])).toEqual([
      ['cart(session_id)', 'select-insert', 'B', 20],
    ])
    expect(json.keySets[0]).toMatchObject({ verdict: null, declared: false, evidence: { lookups: 60 } })
    const text = await run(['--log', 'pg.log'])
    expect(text.code).toBe(0)
    expect(text.stdout).toMatch(/cart\(session_id\)\s+B\s+60\s+20\s+0/)
    const profile = await readFile(path('profile.json'), 'utf8')
    for (const output of [JSON.stringify(json), text.stdout, profile]) expect(output).not.toMatch(/secret|sku-/)
  })

  test('standard input, gzip and a split in the middle of a record are one log', async () => {
    const log = cartLog(60)
    await writeFile(path('whole.log'), log)
    const { keySets } = await discovered(['--log', 'whole.log'])
    expect((await discovered(['--log', '-'], { stdin: log })).keySets).toEqual(keySets)
    await writeFile(path('a.log.gz'), gzipSync(log.slice(0, 4321)))
    await writeFile(path('b.log.gz'), gzipSync(log.slice(4321)))
    expect((await discovered(['--log', 'a.log.gz', '--log', 'b.log.gz'])).keySets).toEqual(keySets)
    expect((await discovered(['--log', '*.log.gz'])).keySets).toEqual(keySets)
  })

  test('profiles of two runs are as good as one run', async () => {
    await writeFile(path('one.log'), cartLog(30))
    await writeFile(path('two.log'), cartLog(30, 30))
    await writeFile(path('both.log'), cartLog(60))
    for (const name of ['one', 'two', 'both']) await discovered(['--log', `${name}.log`, '--profile', `${name}.json`])
    const merged = await discovered(['--from-profile', 'two.json', '--from-profile', 'one.json'])
    const whole = await discovered(['--from-profile', 'both.json'])
    expect(merged.keySets).toEqual(whole.keySets)
    expect(merged.statements).toEqual(whole.statements)
  })

  test('adds what is new to the configuration, and leaves the rest alone', async () => {
    await writeFile(path('pg.log'), cartLog(60))
    const before =
      '# ours\nversion: 1\nkeysets:\n  # carts of the old shop\n  - { table: basket, columns: [token] } # keep\n\nfail_on: warning # strict\n'
    await writeFile(path('.goc-audit.yml'), before)
    const json = await discovered(['--log', 'pg.log', '--write'])
    expect(json.written).toEqual({ file: '.goc-audit.yml', added: ['cart(session_id)'], present: 0 })
    const after = await readFile(path('.goc-audit.yml'), 'utf8')
    expect(parse(after)).toEqual({
      version: 1,
      keysets: [
        { table: 'basket', columns: ['token'] },
        { table: 'cart', columns: ['session_id'] },
      ],
      fail_on: 'warning',
    })
    for (const line of before.split('\n')) expect(after.split('\n')).toContain(line)
    expect((await discovered(['--log', 'pg.log', '--write'])).written).toMatchObject({ added: [], present: 1 })
    expect(await readFile(path('.goc-audit.yml'), 'utf8')).toBe(after)
    const text = await run(['--log', 'pg.log', '--write'])
    expect(text.stdout).toContain('.goc-audit.yml is as it was')
  })

  test('writes a configuration where there is none', async () => {
    await writeFile(path('pg.log'), cartLog(60))
    await discovered(['--log', 'pg.log', '--write'])
    expect(parse(await readFile(path('.goc-audit.yml'), 'utf8'))).toEqual({
      version: 1,
      keysets: [{ table: 'cart', columns: ['session_id'] }],
    })
  })

  test('logs of the configuration are read where none is named', async () => {
    await writeFile(path('pg.log'), cartLog(60))
    await writeFile(path('.goc-audit.yml'), 'logs:\n  - { path: "*.log" }\n')
    expect((await discovered([])).keySets).toHaveLength(1)
  })

  test('a log in which nothing pairs explains itself', async () => {
    const reads = cartLog(30)
      .split('\n')
      .filter((line) => !line.includes('INSERT'))
    await writeFile(path('pg.log'), `${reads.join('\n')}\n`)
    const json = await discovered(['--log', 'pg.log'])
    expect(json.keySets).toEqual([])
    expect(json.notes.length).toBeGreaterThan(0)
  })

  test.each([
    [['--log', 'absent.log'], /absent\.log/],
    [['--log', 'pg.log', '--log-format', 'postgres-scv'], /postgres-csv/],
    [['--log', 'pg.log', '--since', 'yesterday'], /--since: "yesterday" is not a time/],
    [['--from-profile', 'pg.log'], /pg\.log/],
    [['--offline'], /nothing to discover from/],
    [[], /nothing to discover from/],
    [['--log', 'poem.txt'], /poem\.txt/],
  ])('%j ends with 2 and says what to do', async (args, message) => {
    await writeFile(path('pg.log'), cartLog(3))
    await writeFile(path('poem.txt'), 'Shall I compare thee to a log\nThou art more orderly\n')
    const { code, stderr, stdout } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('defect')
    const json = await run([...args, '--json'])
    expect(json.code).toBe(2)
    expect(schemaErrors('error', JSON.parse(json.stdout))).toEqual([])
  })
})

const shop = `CREATE TABLE cart (id serial PRIMARY KEY, session_id text, total int);
  CREATE TABLE item (id serial PRIMARY KEY, cart_id int, sku text);
  INSERT INTO cart (session_id, total) VALUES ('a', 0), ('a', 0), ('b', 0)`

forEachPostgres(
  (server) => {
    test('with a connection, verdicts and duplicate rows at once', () =>
      withDatabase(server, shop, async ({ url }) => {
        await writeFile(path('pg.log'), cartLog(60) + cartLog(30, 60).replaceAll('cart', 'vanished'))
        const json = await discovered(['--log', 'pg.log', '--url', url])
        expect(json.keySets).toHaveLength(1)
        expect(json.keySets[0]).toMatchObject({
          verdict: { id: 'public.cart(session_id)', protection: 'none', duplicates: { groups: 1, surplusRows: 1 } },
        })
        expect(json.dropped).toContainEqual(expect.objectContaining({ reason: 'no-such-table' }))
        const text = await run(['--log', 'pg.log', '--url', url])
        expect(text.stdout).toMatch(/public\.cart\(session_id\)?\s+B\s+60\s+20\s+0\s+unsafe\s+1/)
      }))

    test('scan reads logs beside what is declared', () =>
      withDatabase(server, shop, async ({ url }) => {
        await writeFile(path('pg.log'), cartLog(60))
        await writeFile(path('.goc-audit.yml'), 'keysets:\n  - { table: item, columns: [sku] }\n')
        const { code, stdout, stderr } = await runCli(['scan', '--log', 'pg.log', '--url', url, '--json'], {
          cwd: directory,
        })
        expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
        const json = JSON.parse(stdout) as ScanJson
        expect(schemaErrors('scan', json)).toEqual([])
        expect(json.keySets.map(({ id, evidence }) => [id, evidence[0]?.kind])).toEqual([
          ['public.cart(session_id)', 'log'],
          ['public.item(sku)', 'declared'],
        ])
      }))
  },
  { from: 18 },
)

test('a database that the configuration names and that does not answer is no reason to stop', async () => {
  await writeFile(path('pg.log'), cartLog(60))
  await writeFile(path('.goc-audit.yml'), 'database: { url: "postgresql://me@127.0.0.1:1/shop" }\n')
  const json = await discovered(['--log', 'pg.log'])
  expect(json).toMatchObject({ database: null, keySets: [{ id: 'cart(session_id)' }] })
  expect(json.notes.join(' ')).toContain('Not connected')
  expect((await discovered(['--log', 'pg.log', '--offline'])).notes.join(' ')).not.toContain('Not connected')
  expect((await run(['--log', 'pg.log', '--url', 'postgresql://me@127.0.0.1:1/shop'])).code).toBe(2)
})

test('what a PostgreSQL has recorded, or why there is nothing', () =>
  withDatabase(anyPostgres(), shop, async ({ url }) => {
    const json = await discovered(['--url', url])
    expect(json.keySets.length + json.notes.length).toBeGreaterThan(0)
  }))

forEachMysql(
  (server) => {
    test('what a MySQL has recorded: order, values and rows', () =>
      withMysqlDatabase(
        server,
        'CREATE TABLE cart (id int PRIMARY KEY AUTO_INCREMENT, session_id varchar(40), total int)',
        async (database) => {
          for (let n = 0; n < 3; n += 1) {
            await database.query(`SELECT id FROM cart WHERE session_id = 'secret-${n}' LIMIT 1`)
            await database.query(`INSERT INTO cart (session_id, total) VALUES ('secret-${n}', 0)`)
          }
          const json = await discovered(['--url', database.url])
          expect(json.keySets).toContainEqual(
            expect.objectContaining({
              table: 'cart',
              columns: ['session_id'],
              verdict: expect.objectContaining({ id: 'cart(session_id)', protection: 'none' }),
            }),
          )
          expect(JSON.stringify(json)).not.toContain('secret')
        },
      ))
  },
  { flavour: 'mysql' },
)
