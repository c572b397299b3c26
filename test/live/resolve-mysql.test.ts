import { expect, test } from 'vitest'
import { mysql } from '../../src/dialects/mysql/index.js'
import type { KeySet } from '../../src/model/keyset.js'
import type { ResolvedKeySet } from '../../src/model/verdict.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { keySet } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'

const cart = `
  CREATE TABLE cart (id INT PRIMARY KEY, email VARCHAR(40) NOT NULL, code VARCHAR(20), tenant INT, active TINYINT(1),
    deleted_at DATETIME) CHARACTER SET utf8mb4;
  CREATE TABLE one (id INT, email VARCHAR(40)) ENGINE=MyISAM CHARACTER SET utf8mb4;
  INSERT INTO one VALUES (1, 'a');
  CREATE VIEW live AS SELECT id AS number, email AS mail FROM cart WHERE deleted_at IS NULL AND code <> 'it''s'`
const location = { file: '.goc-audit.yml', line: 4, column: 5 }

async function resolved(url: string, written: KeySet): Promise<ResolvedKeySet> {
  const session = await mysql.connect({ url, shown: 'the test server', schemas: [] }, { statementTimeout: 0 })
  try {
    const [answer] = await session.readCatalog([written.table])
    if (answer === undefined || !('table' in answer)) throw new Error(`no table ${written.table.name}`)
    return await session.resolve(written, answer.table)
  } finally {
    await session.close()
  }
}

const spelled = async (url: string, table: string, sql: string) =>
  (await resolved(url, keySet(table, [], { parts: [{ kind: 'expression', sql }] }))).parts[0]?.label
const condition = async (url: string, where: string) =>
  (await resolved(url, keySet('cart', ['email'], { where }))).predicate

forEachMysql((server) => {
  test('one spelling for what the servers print differently', () =>
    withMysqlDatabase(server, cart, async ({ url }) => {
      expect(await spelled(url, 'cart', 'LCASE(cart.EMAIL)')).toBe('lower(`email`)')
      expect(await spelled(url, 'cart', 'ifnull( code,"it\'s 😀 \\\\")')).toBe(
        `ifnull(\`code\`, _utf8mb4 0x${Buffer.from("it's 😀 \\").toString('hex')})`,
      )
      expect(await spelled(url, 'cart', 'if(deleted_at is null, 1, null)')).toBe('if(`deleted_at` IS NULL, 1, NULL)')
      // A table of one row, which the engine counts, is read when the statement is explained.
      expect(await spelled(url, 'one', 'lower(email)')).toBe('lower(`email`)')
      expect(await condition(url, '5 = tenant and not active -- live')).toBe('(`tenant` = 5) AND (`active` = 0)')
      expect(await condition(url, 'active AND 1 = 1 and email not like "x%"')).toBe(
        "(`active` <> 0) AND (`email` NOT LIKE 'x%')",
      )
      expect(await condition(url, 'tenant = true or (code is null and tenant != 3)')).toBe(
        '((`tenant` = 1) OR ((`code` IS NULL) AND (`tenant` <> 3)))',
      )
      // What was spelled once is spelled alike again.
      const twice = await condition(url, "code = 'a\\\\b' and tenant between 1 and 3 and -tenant < - -2")
      expect(await condition(url, twice ?? '')).toBe(twice)
    }))

  test('ids leave out the database of the connection', () =>
    withMysqlDatabase(server, cart, async (database) => {
      const { url, name } = database
      const own = keySet('cart', ['Tenant', 'email'], { where: 'deleted_at is null', match: { EMAIL: 'binary' } })
      expect((await resolved(url, own)).id).toBe('cart(email binary,tenant)[deleted_at is null]')
      expect((await resolved(url, { ...own, table: { schema: name, name: 'cart' } })).id).toMatch(/^cart\(/)
      const other = await database.another()
      await database.script(`CREATE TABLE \`${other}\`.cart (email INT)`)
      const there = { ...keySet('cart', ['email']), table: { schema: other, name: 'cart' } }
      expect((await resolved(url, there)).id).toBe(`${other}.cart(email)`)
    }))

  test('parts that the predicate fixes, and NULLs that it excludes', () =>
    withMysqlDatabase(server, cart, async ({ url }) => {
      const where = 'tenant = 3 and deleted_at is null and code = 7 and active > 0'
      const { parts } = await resolved(url, keySet('cart', ['email', 'active'], { where, nulls: 'looked-up' }))
      expect(
        parts.map(({ column, origin, nullable, nullLookedUp }) => [column, origin, nullable, nullLookedUp]),
      ).toEqual([
        ['email', 'declared', false, 'never'],
        ['active', 'declared', false, 'never'],
        ['tenant', 'fixed', false, 'never'],
        ['deleted_at', 'fixed', true, 'always'],
        // `code = 7` compares numbers: '7', '07' and '7a' all match.
      ])
    }))

  test('a view is resolved to its table', () =>
    withMysqlDatabase(server, cart, async ({ url }) => {
      const { table, parts, predicate } = await resolved(url, keySet('live', ['mail'], { where: 'number > 3' }))
      expect(table.name).toBe('cart')
      expect(parts).toMatchObject([{ column: 'email' }, { column: 'deleted_at', origin: 'fixed' }])
      expect(predicate).toBe("(`deleted_at` IS NULL) AND (`code` <> 'it''s') AND (`id` > 3)")
    }))

  test('what is wrong is told with its place and the nearest name', () =>
    withMysqlDatabase(server, cart, async ({ url }) => {
      const bad = async (changes: Partial<KeySet>, columns = ['email']) =>
        resolved(url, keySet('cart', columns, { location, ...changes }))
      await expect(bad({}, ['emial'])).rejects.toMatchObject({
        code: 'column-missing',
        location,
        suggestions: ['Did you mean "email"?'],
      })
      await expect(bad({ where: 'emial is null' })).rejects.toMatchObject({
        code: 'sql-rejected',
        location,
        suggestions: ['Did you mean "email"?'],
      })
      for (const sql of [
        'count(*)',
        '(SELECT 1)',
        'row_number() OVER ()',
        'nothing(1)',
        'tenant), (id',
        'tenant; DELETE FROM cart',
        'tenant /*! + 1 */',
        '@x',
        'sleep(9)',
      ]) {
        const parts = [{ kind: 'expression', sql, location } as const]
        await expect(bad({ parts }), sql).rejects.toMatchObject({ code: 'sql-rejected', location })
      }
      await expect(bad({ boundAs: { email: 'varchr(20)' } })).rejects.toMatchObject({
        code: 'bound-as-rejected',
        location,
      })
      expect((await bad({ boundAs: { email: 'varchar(20)' } })).keySet.boundAs).toEqual({ email: 'varchar(20)' })
      const resolution = { survivor: 'tenannt DESC', merge: {}, divergent: 'stop', references: [] } as const
      await expect(bad({ resolution })).rejects.toMatchObject({
        code: 'sql-rejected',
        suggestions: ['Did you mean "tenant"?'],
      })
    }))
})
