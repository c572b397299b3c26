import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Outcome, type RunOptions, runCli } from '../support/cli.js'
import { type Database, openDatabase } from '../support/database.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres } from '../support/servers.js'

const schema = `
CREATE TABLE cart (id bigserial PRIMARY KEY, session_id text NOT NULL);
INSERT INTO cart (session_id) VALUES ('secret-a'), ('secret-a'), ('secret-b');
CREATE TABLE tag (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE slow (id bigserial PRIMARY KEY, k int NOT NULL);
INSERT INTO slow (k) SELECT n FROM generate_series(1, 600) n;
CREATE FUNCTION slowly(int) RETURNS int LANGUAGE plpgsql IMMUTABLE
  AS 'BEGIN PERFORM pg_sleep(0.1); RETURN $1; END';`

const keySets = {
  cart: '{ table: cart, columns: [session_id] }',
  tag: '{ table: tag, columns: [name] }',
  slow: '{ table: slow, columns: ["(slowly(k))"] }',
}

let database: Database
let directory: string

beforeAll(async () => {
  database = await openDatabase(anyPostgres(), schema)
  directory = mkdtempSync(join(tmpdir(), 'goc-audit-shell-'))
})
afterAll(async () => {
  await database.drop()
  rmSync(directory, { recursive: true })
})

function run(args: readonly string[], config: string, options: RunOptions = {}): Promise<Outcome> {
  writeFileSync(join(directory, '.goc-audit.yml'), config)
  return runCli(args, { cwd: directory, env: { DATABASE_URL: database.url }, ...options })
}

function declare(...names: readonly (keyof typeof keySets)[]): string {
  return `keysets:\n${names.map((name) => `  - ${keySets[name]}\n`).join('')}`
}

describe.each([[[]], [['--json']]])('exit codes with %j', (json) => {
  const code = async (args: readonly string[], config: string) => (await run([...args, ...json], config)).code

  test('0: nothing at or above --fail-on', async () => {
    expect(await code(['scan', '--fail-on', 'never'], declare('cart'))).toBe(0)
  })

  test('1: findings', async () => {
    expect(await code(['scan', '--exists'], declare('cart', 'tag'))).toBe(1)
  })

  test('2: could not run', async () => {
    expect(await code(['scan', '--nope'], declare('cart'))).toBe(2)
    expect(await code(['scan'], 'keysets: []\n')).toBe(2)
  })

  test('2 beats 1: findings, and a part that could not be counted', async () => {
    expect(await code(['scan', '--timeout', '300ms'], declare('cart', 'slow'))).toBe(2)
  })
})

test('--json prints results and errors on stdout, as the schemas have them', async () => {
  const result = await run(['scan', '--json'], declare('cart', 'tag'))
  expect(schemaErrors('scan', JSON.parse(result.stdout))).toEqual([])
  expect(result.stdout).not.toContain('secret')
  const explained = await run(['explain', 'cart', '--json'], declare('cart'))
  expect(schemaErrors('explain', JSON.parse(explained.stdout))).toEqual([])
  const rule = await run(['explain', 'missing-unique', '--json'], declare('cart'))
  expect(schemaErrors('explain', JSON.parse(rule.stdout))).toEqual([])
  for (const args of [['scan', '--nope'], ['scan', '--only', 'x'], ['nothing'], ['explain', 'no-such-thing']]) {
    const failed = await run([...args, '--json'], declare('cart'))
    expect(schemaErrors('error', JSON.parse(failed.stdout))).toEqual([])
    expect(failed.stderr).toBe('')
  }
})

test('an error is a paragraph on stderr, without stack or password', async () => {
  const { code, stdout, stderr } = await run(['scan', '--url', 'postgresql://u:secret@127.0.0.1:1/x'], declare('cart'))
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^Error: .*127\.0\.0\.1:1/)
  expect(stderr).not.toMatch(/secret|\n\s+at /)
  expect(code).toBe(2)
})

test('values are masked unless asked for', async () => {
  expect((await run(['scan'], declare('cart'))).stdout).toMatch(/session_id = 'xxxxxx-x'(?!.*secret)/s)
  expect((await run(['scan', '--show-values'], declare('cart'))).stdout).toContain("session_id = 'secret-a'")
})

test('explain shows a rule, and a key set in depth', async () => {
  const rule = await run(['explain', 'missing-unique'], '')
  expect(rule).toMatchObject({ code: 0, stderr: '' })
  expect(rule.stdout).toContain('No unique index covers the key set.')
  const keySet = await run(['explain', 'public.cart(session_id)'], declare('cart', 'tag'))
  expect(keySet).toMatchObject({ code: 0, stderr: '' })
  expect(keySet.stdout).toMatch(/1 duplicate group, 1 surplus row \(NULL keys not\s+counted\)/)
  expect(keySet.stdout).not.toContain('public.tag')
})

test('a mistyped rule comes with the nearest one', async () => {
  const { code, stderr } = await run(['explain', 'mising-unique'], declare('cart'))
  expect(code).toBe(2)
  expect(stderr).toContain('Did you mean missing-unique?')
})

test('where no key set can be analysed, each is told with its place', async () => {
  const config = 'keysets:\n  - { table: nope, columns: [a] }\n  - { table: cart, columns: [nope] }\n'
  const { code, stderr } = await run(['scan'], config)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^Error: None of the 2 key sets could be analysed\.\n/)
  expect(stderr).toMatch(/^\.goc-audit\.yml:2:14: /m)
  expect(stderr).toMatch(/^\.goc-audit\.yml:3:/m)
})

test('a table that was not found is named as declared', async () => {
  const config = 'keysets:\n  - { table: nope, columns: [a] }\n  - { table: cart, columns: [session_id] }\n'
  const { stdout } = await run(['scan', '--json'], config)
  expect(JSON.parse(stdout).notAnalysed).toEqual([{ reason: 'table-missing', count: 1, example: 'nope(a)' }])
})

test('several databases: one report, the failed one marked', async () => {
  const config = `databases:
  - { name: eu, url: "${database.url}" }
  - { name: us, url: "postgresql://u:secret@127.0.0.1:1/x" }
${declare('cart')}`
  const all = await run(['scan', '--json'], config)
  const report = JSON.parse(all.stdout)
  expect(all.code).toBe(2)
  expect(schemaErrors('scan', report)).toEqual([])
  expect(report).toMatchObject({
    complete: false,
    databases: [
      { database: { name: 'eu' }, complete: true, summary: { duplicateGroups: 1 } },
      { database: { name: 'us' }, complete: false, keySets: [] },
    ],
    summary: { keySets: 1, duplicateGroups: 1, surplusRows: 1 },
  })
  expect(all.stdout).not.toContain('secret@')
  const one = await run(['scan', '--json', '--database', 'eu'], config)
  expect(one.code).toBe(1)
  expect(JSON.parse(one.stdout)).toMatchObject({ database: { name: 'eu' }, complete: true })
})

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  const interrupted = (args: readonly string[], times = 1) =>
    run(args, declare('cart', 'slow', 'tag'), {
      onStart: (child) => {
        const untilSlow = setInterval(async () => {
          const running = await database.query(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%slowly(%' AND state = 'active' AND pid <> pg_backend_pid()",
          )
          if (running.length === 0) return
          clearInterval(untilSlow)
          for (let sent = 0; sent < times; sent++) child.kill('SIGINT')
        }, 200)
      },
    })

  test('stops the server, shows what is known and marks it', async () => {
    const { code, stdout, stderr } = await interrupted(['scan'])
    expect(code).toBe(2)
    expect(stderr).toBe('Stopping; press Ctrl-C again to leave at once.\n')
    expect(stdout).toContain('duplicate-rows')
    expect(stdout).toContain('not counted: cancelled')
    expect(stdout).toContain('This scan is incomplete')
    await expect
      .poll(() => database.query("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'goc-audit%'"))
      .toEqual([])
  })

  test('keeps --json whole', async () => {
    const { code, stdout } = await interrupted(['scan', '--json'])
    const report = JSON.parse(stdout)
    expect(code).toBe(2)
    expect(schemaErrors('scan', report)).toEqual([])
    expect(report).toMatchObject({ complete: false })
    expect(report.failures).toHaveLength(1)
  })
})

test('progress is drawn on a terminal only', async () => {
  const [onTerminal, piped] = [
    await run(['scan', '--timeout', '1s'], declare('slow'), {
      tty: true,
      env: { DATABASE_URL: database.url, TERM: 'xterm' },
    }),
    await run(['scan', '--timeout', '1s'], declare('slow')),
  ]
  expect(onTerminal.stdout).toContain('Counting duplicate rows: public.slow')
  expect(piped.stderr).toBe('')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the point is that there are none
  expect(piped.stdout).not.toMatch(/\u001b|\r/)
})
