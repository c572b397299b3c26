import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { unique, urlFor, withDatabase } from '../support/database.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres, mysqlServers } from '../support/servers.js'

const CART = `
  CREATE TABLE cart (id int PRIMARY KEY, session_id text NOT NULL);
  INSERT INTO cart VALUES (1, 'secret-a'), (2, 'secret-a');`

async function inFolder<T>(config: string, work: (cwd: string) => Promise<T>): Promise<T> {
  const cwd = mkdtempSync(join(tmpdir(), 'goc-audit-databases-'))
  try {
    writeFileSync(join(cwd, '.goc-audit.yml'), config)
    return await work(cwd)
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

/** Stands before a server and counts the connections that are open at a time, as the client has them. */
async function counting(port: number): Promise<{ port: number; most(): number; close(): void }> {
  let [open, most] = [0, 0]
  const proxy = createServer((client) => {
    open++
    // A moment later: the end of another may have come with this beginning, and be read after it.
    setTimeout(() => {
      most = Math.max(most, open)
    }, 25)
    const server = connect(port, '127.0.0.1')
    let counted = true
    const ended = () => {
      if (counted) open--
      counted = false
    }
    // Before anything is passed on, so that no next connection can come in between.
    for (const side of [client, server]) {
      side.on('end', ended).on('close', ended)
      side.on('error', () => {
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server)
    server.pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return { port: (proxy.address() as AddressInfo).port, most: () => most, close: () => proxy.close() }
}

test('fifty databases, three of them broken: a complete report of the others, under the bound', () =>
  withDatabase(anyPostgres(), CART, async (database) => {
    const names = Array.from({ length: 47 }, (_, at) => `${unique('many')}_${at}`)
    await database.client.end()
    const admin = urlFor(database.url, { database: 'postgres' })
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: admin })
    await client.connect()
    try {
      for (const name of names) await client.query(`CREATE DATABASE ${name} TEMPLATE ${database.name}`)
      const { port, most, close } = await counting(Number(new URL(database.url).port))
      const broken = {
        unknown: urlFor(database.url, { database: 'no_such_database', port }),
        stranger: urlFor(database.url, { user: 'no_such_role', password: 'hunter2', port }),
        silent: urlFor(database.url, { port: 1, password: 'hunter2' }),
      }
      const urls = {
        ...Object.fromEntries(names.map((name, at) => [`shop_${at}`, urlFor(database.url, { database: name, port })])),
        ...broken,
      }
      const config = `databases:\n${Object.entries(urls)
        .map(([name, url]) => `  - { name: ${name}, url: "${url}" }\n`)
        .join('')}keysets:\n  - { table: cart, columns: [session_id] }\n`
      await inFolder(config, async (cwd) => {
        const outcome = await runCli(['scan', '--json', '--parallel', '5'], { cwd })
        expect(outcome.code).toBe(2)
        expect(outcome.stdout + outcome.stderr).not.toMatch(/hunter2|secret/)
        const report = JSON.parse(outcome.stdout)
        expect(schemaErrors('scan', report)).toEqual([])
        expect(report.databases.map((one: { database: { name: string } }) => one.database.name)).toEqual(
          Object.keys(urls),
        )
        expect(report.summary).toMatchObject({ keySets: 47, none: 47, duplicateGroups: 47, surplusRows: 47 })
        const failures = report.databases.flatMap((one: { failures: string[] }) => one.failures)
        expect(failures).toHaveLength(3)
        expect(most()).toBeGreaterThan(1)
        expect(most()).toBeLessThanOrEqual(5)
        const { stdout, code } = await runCli(['scan'], { cwd })
        expect(code).toBe(2)
        expect(stdout.match(/error missing-unique/g)).toHaveLength(1)
        expect(stdout).toMatch(/In 47 places\..*and 37 more with 37 surplus rows/s)
        expect(stdout).toMatch(/unknown: .*stranger: .*silent: .*All 50 databases.*3 databases were not scanned\./s)
        close()
      })
    } finally {
      for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await client.end()
    }
  }))

test('a variable that is not set, and a table that is missing, are failures of their database alone', () =>
  withDatabase(anyPostgres(), CART, (database) => {
    const config = `databases:
  - { name: good, url: "\${GOOD_URL}" }
  - { name: unset, url: "\${NO_SUCH_URL}" }
  - { name: empty, url: "\${EMPTY_URL}" }
keysets:\n  - { table: cart, columns: [session_id] }\n`
    const env = { GOOD_URL: database.url, EMPTY_URL: urlFor(database.url, { database: 'postgres' }) }
    return inFolder(config, async (cwd) => {
      const { code, stdout } = await runCli(['scan', '--baseline', 'b.json', '--update-baseline'], { cwd, env })
      expect(code).toBe(2)
      const shown = stdout.replaceAll(/\s+/g, ' ')
      expect(shown).toContain('unset: .goc-audit.yml:3:25: The environment variable NO_SUCH_URL is not set.')
      expect(shown).toContain('empty: .goc-audit.yml:6:14: There is no table or view "cart"')
      const known = await runCli(['scan', '--baseline', 'b.json', '--json'], { cwd, env })
      expect(JSON.parse(known.stdout).databases[0].findings).toMatchObject([{ status: 'known' }, { status: 'known' }])
      const alone = await runCli(['scan', '--baseline', 'b.json', '--database', 'good'], { cwd, env })
      expect(alone.code).toBe(0)
    })
  }))

const TENANTS = ['a', 'b', 'c'].map((name) => `tenant_${name}`)

test('a table is scanned in every schema that a pattern means', () => {
  const sql = [...TENANTS, 'other']
    .map((name) => `CREATE SCHEMA ${name}; ${CART.replaceAll('cart', `${name}.cart`)}`)
    .join('\n')
  return withDatabase(anyPostgres(), `${sql} CREATE UNIQUE INDEX ON tenant_c.cart (id, session_id);`, (database) => {
    const config = `database: { url: "\${DATABASE_URL}", schemas: [public, 'tenant_*'] }\nkeysets:\n  - { table: cart, columns: [session_id] }\n  - { table: tenant_b.cart, columns: [session_id] }\n`
    return inFolder(config, async (cwd) => {
      const env = { DATABASE_URL: database.url }
      const { stdout } = await runCli(['scan', '--json'], { cwd, env })
      const { keySets } = JSON.parse(stdout) as { keySets: { id: string; pattern?: string }[] }
      expect(keySets.map(({ id, pattern }) => [id, pattern])).toEqual([
        ['tenant_a.cart(session_id)', '*.cart(session_id)'],
        ['tenant_b.cart(session_id)', undefined],
        ['tenant_c.cart(session_id)', '*.cart(session_id)'],
      ])
      const update = ['scan', '--baseline', 'b.json', '--update-baseline']
      expect((await runCli(update, { cwd, env })).code).toBe(0)
      await database.script(`CREATE SCHEMA tenant_d; CREATE TABLE tenant_d.cart (LIKE tenant_a.cart)`)
      expect((await runCli(['scan', '--baseline', 'b.json'], { cwd, env })).code).toBe(0)
      await database.script(`INSERT INTO tenant_d.cart VALUES (1, 'secret-d'), (2, 'secret-d')`)
      const worse = await runCli(['scan', '--baseline', 'b.json'], { cwd, env })
      expect(worse.stdout).toContain('worse: from 0 to 1 surplus row')
      expect(worse.code).toBe(1)
      expect((await runCli(['scan', '--only', '*.cart(session_id)', '--json'], { cwd, env })).stdout).toContain(
        'tenant_d',
      )
    })
  })
})

for (const server of mysqlServers().slice(0, 1)) {
  test(`and in every database, on ${server.label}`, () =>
    withMysqlDatabase(server, CART.replace('text', 'varchar(40)'), async (database) => {
      const tenant = await database.another('_tenant')
      await database.script(`CREATE TABLE ${tenant}.cart LIKE cart; INSERT INTO ${tenant}.cart SELECT * FROM cart`)
      const config = `database: { url: "\${DATABASE_URL}", schemas: ['${database.name}*'] }\nkeysets:\n  - { table: cart, columns: [session_id] }\n`
      await inFolder(config, async (cwd) => {
        const { stdout, code } = await runCli(['scan', '--json'], { cwd, env: { DATABASE_URL: database.url } })
        expect(code).toBe(1)
        const { keySets } = JSON.parse(stdout) as { keySets: { schema: string; pattern?: string }[] }
        expect(keySets.map(({ schema }) => schema).sort()).toEqual([database.name, tenant].sort())
        expect(new Set(keySets.map(({ pattern }) => pattern))).toEqual(new Set(['*.cart(session_id)']))
      })
    }))
}
