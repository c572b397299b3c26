import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { type Database, openDatabase } from '../support/database.js'
import { exec, freePort, until } from '../support/process.js'
import { anyPostgres, describeWith } from '../support/servers.js'

const shop = fileURLToPath(new URL('../../examples/django-session', import.meta.url))
const python = inject('tools').django
const visitors = 40

describeWith(python)(`a Django shop (${python ?? 'skipped: needs Python with Django and psycopg2'})`, () => {
  let database: Database
  let environment: Record<string, string>
  let server: ChildProcess
  let serverLog = ''

  const runPython = async (args: readonly string[]) => {
    if (!python) throw new Error('no Python with Django and psycopg2 on this machine; test/provision installs them')
    return exec(python, ['-W', 'ignore', ...args], { cwd: shop, env: { ...process.env, ...environment } })
  }

  beforeAll(async () => {
    database = await openDatabase(anyPostgres(), '', { owned: true })
    environment = { ...connectionVariables(database.url), PYTHONDONTWRITEBYTECODE: '1' }
    await runPython(['manage.py', 'migrate'])

    const port = await freePort()
    server = spawn(python ?? '', ['manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`], {
      cwd: shop,
      env: { ...process.env, ...environment },
    })
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      serverLog += text
    })
    await until(() => answers(port))
    await runPython(['load.py', `http://127.0.0.1:${port}/cart`, `--visitors=${visitors}`])
  })

  afterAll(async () => {
    if (server?.exitCode === null && server.kill()) await once(server, 'exit')
    await database?.drop()
  })

  test('leaves duplicate rows, and get_or_create() fails on them', async () => {
    const { groups } = await count(database)
    expect(groups).toBeGreaterThan(0)
    const failures = serverLog.match(/MultipleObjectsReturned: get\(\) returned more than one Cart/g) ?? []
    // Each visitor with several carts comes back once more, and fails then at the latest.
    expect(failures.length).toBeGreaterThanOrEqual(groups)
  })

  test('scan names the key set and counts as SQL does', async () => {
    const counted = await count(database)
    const { code, stdout } = await runCli(['scan', '--json'], { cwd: shop, env: environment })
    expect(code).toBe(1)
    const { keySets, findings, complete } = JSON.parse(stdout)
    expect(complete).toBe(true)
    expect(keySets).toMatchObject([
      { table: 'shop_cart', columns: ['session'], protection: 'none', duplicates: { counted: true, ...counted } },
    ])
    const rules = findings.map((finding: { rule: string }) => finding.rule)
    expect(rules).toEqual(expect.arrayContaining(['missing-unique', 'duplicate-rows']))
  })

  test('scan says so to people too', async () => {
    const { code, stdout } = await runCli(['scan'], { cwd: shop, env: environment })
    expect(code).toBe(1)
    expect(stdout).toContain('shop_cart(session)')
    expect(stdout).not.toContain(new URL(database.url).password)
  })

  test('a unique constraint stops the race', async () => {
    await database.script(`
      DELETE FROM shop_cart AS later USING shop_cart AS first WHERE first.session = later.session AND first.id < later.id;
      ALTER TABLE shop_cart ADD CONSTRAINT uq_shop_cart_session UNIQUE (session)`)
    const { code, stdout } = await runCli(['scan', '--json'], { cwd: shop, env: environment })
    expect(JSON.parse(stdout).keySets).toMatchObject([{ protection: 'full', duplicates: { groups: 0 } }])
    expect(code).toBe(0)
  })
})

/** The standard variables, which Django and goc-audit both read. */
function connectionVariables(text: string): Record<string, string> {
  const url = new URL(text)
  return {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1),
  }
}

async function count(database: Database) {
  const [row] = await database.query<{ groups: number; surplusRows: number; largestGroup: number }>(`
    SELECT count(*)::int AS groups, coalesce(sum(n - 1), 0)::int AS "surplusRows", max(n)::int AS "largestGroup"
    FROM (SELECT count(*) AS n FROM shop_cart GROUP BY session HAVING count(*) > 1) AS per_session`)
  if (!row) throw new Error('an aggregate without GROUP BY returns a row')
  return row
}

async function answers(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
