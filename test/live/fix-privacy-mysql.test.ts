import { expect, test } from 'vitest'
import { buildFixReport } from '../../src/report/fix-build.js'
import { fixJson } from '../../src/report/fix-json.js'
import { fixText } from '../../src/report/fix-text.js'
import { errorText, type Fixed, planFor } from '../support/fix.js'
import { hasClient, mysqlClient } from '../support/mysql-client.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { nothingLocked } from '../support/mysql-kill.js'
import { keySet } from '../support/scan.js'
import { describeWith, forEachMysql } from '../support/servers.js'

const shop = `
  CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40));
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, label varchar(40),
    FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
  INSERT INTO cart VALUES (1, 'secret-a', 'secret-n'), (2, 'secret-a', 'secret-n'), (3, 'secret-b', NULL);
  INSERT INTO item VALUES (1, 1, 'secret-i'), (2, 2, 'secret-i'), (3, 3, NULL)`
const keySets = [keySet('cart', ['session'])]

const reportOf = ({ fix }: Fixed, showValues: boolean) => {
  const tool = { name: 'goc-audit', version: '0.1.0' }
  return buildFixReport(fix, { tool, showValues, maxStall: 30, emitted: null, declared: [], tables: [] })
}
const layout = { color: false, width: 120 }

forEachMysql(
  (server) => {
    /** By whoever `url` is: rows, or the server's message. */
    const seen = async (database: MysqlDatabase, url: string, sql: string): Promise<unknown> => {
      const connection = await database.connect(url)
      return connection
        .query(sql)
        .then(([rows]) => rows, errorText)
        .finally(() => connection.destroy())
    }

    test('values are in no text, no JSON and no file, unless they are asked for', () =>
      withMysqlDatabase(server, shop, async (database) => {
        const archive = await database.another('archive')
        const fixed = await planFor(database.url, keySets, { archive })
        const hidden = reportOf(fixed, false)
        for (const text of [
          fixText(hidden, layout),
          JSON.stringify(fixJson(hidden)),
          fixed.up,
          fixed.down,
          fixed.cleanup,
        ])
          expect(text).not.toContain('secret')
        expect(fixed.fix.fixed).toEqual(['cart(session)'])
        expect(fixText(reportOf(fixed, true), layout)).toContain('secret-a')
      }))

    describeWith(hasClient(server))('the plain client', () => {
      test('prints none when a file runs, stops, or leaves something as it is', () =>
        withMysqlDatabase(server, shop, async (database) => {
          const archive = await database.another('archive')
          const { up, down } = await planFor(database.url, keySets, { archive })
          const printed = async (file: string) => {
            const { stdout, stderr } = await mysqlClient(server, [database.name, '-vvv', '--table'], file)
            // With -v it prints the file as well.
            return `${stdout}\n${stderr}`
          }
          await database.script("UPDATE cart SET note = 'secret-m' WHERE id = 2")
          const stopped = await printed(up)
          expect(stopped).toMatch(/1 duplicate groups of .*cart.* differ in note/)
          await database.script("UPDATE cart SET note = 'secret-n' WHERE id = 2")
          const ran = await printed(up)
          await database.script("INSERT INTO cart VALUES (2, 'secret-c', 'secret-d')")
          const undone = await printed(down)
          expect(undone).toMatch(/2 values or rows were not restored/)
          for (const text of [stopped, ran, undone]) expect(text).not.toContain('secret')
        }))
    })

    test('nobody sees what is in the archive but who may read every database', () =>
      withMysqlDatabase(server, shop, async (database) => {
        const archive = await database.another('archive')
        const { fix, up, cleanup } = await planFor(database.url, keySets, { archive })
        const owner = await database.user(['ALL'])
        const reader = await database.reader()
        const readsAll = await database.user(['SELECT ON *.*'])
        await database.script(up)
        const tables = (
          await database.query<{ name: string }>(
            'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?',
            [archive],
          )
        ).map(({ name }) => `${archive}.\`${name}\``)
        expect(tables.length).toBeGreaterThanOrEqual(4)
        for (const table of tables) {
          for (const { url } of [owner, reader])
            expect(await seen(database, url, `SELECT * FROM ${table}`)).toMatch(/command denied/)
          expect(await seen(database, readsAll.url, `SELECT * FROM ${table}`)).toBeInstanceOf(Array)
        }
        for (const { url } of [owner, reader])
          expect(await seen(database, url, `SHOW DATABASES LIKE '${archive}'`)).toEqual([])
        expect(fix.script?.header.join('\n')).toMatch(/personal data|archive/)
        await database.script(cleanup)
        expect(await database.query('SHOW DATABASES LIKE ?', [archive])).toEqual([])
      }))

    test('a user who may not change the tables is refused before anything has happened', () =>
      withMysqlDatabase(server, shop, async (database) => {
        const archive = await database.another('archive')
        const { up } = await planFor(database.url, keySets, { archive })
        const before = await database.query('SELECT * FROM cart ORDER BY id')
        const writes = 'SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES'
        const refusals = [
          { user: await database.user([writes]), by: new RegExp(`Access denied .* '${archive}'`) },
          { user: await database.user([writes, `ALL ON \`${archive}\`.*`]), by: /denied/ },
          {
            user: await database.user([`${writes}, LOCK TABLES`, `ALL ON \`${archive}\`.*`]),
            by: /(ALTER|INDEX) command denied/,
          },
        ]
        for (const { user, by } of refusals) {
          expect(await seen(database, user.url, up)).toMatch(by)
          expect(await database.query('SELECT * FROM cart ORDER BY id')).toEqual(before)
          expect(await database.query("SHOW INDEX FROM cart WHERE key_name LIKE 'uq_%'")).toEqual([])
          await nothingLocked(database, ['cart', 'item'])
        }
        const able = await database.user([
          `${writes}, LOCK TABLES, CREATE, ALTER, INDEX, DROP, REFERENCES`,
          `ALL ON \`${archive}\`.*`,
        ])
        expect(await seen(database, able.url, up)).toBeInstanceOf(Array)
        expect(await database.query('SELECT id FROM cart ORDER BY id')).toEqual([{ id: 1 }, { id: 3 }])
      }))
  },
  { atOnce: true },
)
