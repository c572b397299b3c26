import { expect, test } from 'vitest'
import { failure } from '../support/driver.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { openMysql } from '../support/mysql-driver.js'
import { forEachMysql } from '../support/servers.js'

const table = `
  CREATE TABLE cart (id int PRIMARY KEY, n int) ENGINE = InnoDB;
  INSERT INTO cart VALUES (1, 1), (2, 2);
  CREATE TABLE old (id int PRIMARY KEY) ENGINE = MyISAM;
  INSERT INTO old VALUES (1);
  CREATE FUNCTION writes() RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM old; RETURN 1; END`
const work = 'CREATE TEMPORARY TABLE `goc ``work` (id int PRIMARY KEY, n int)'
const w = '`goc ``work`'

const writes = [
  'INSERT INTO cart VALUES (3, 3)',
  'INSERT INTO old VALUES (3)',
  'REPLACE INTO cart VALUES (1, 3)',
  'UPDATE cart SET n = 7',
  'DELETE FROM cart',
  'DELETE FROM old',
  `UPDATE cart JOIN ${w} USING (id) SET cart.n = 7`,
  `DELETE cart FROM cart JOIN ${w} USING (id)`,
  `INSERT INTO ${w} SELECT writes(), 1`,
  'TRUNCATE cart',
  'ALTER TABLE cart ADD COLUMN more int',
  'CREATE TABLE other (id int)',
  'DROP TABLE cart',
  'COMMIT',
  'SET SESSION TRANSACTION READ WRITE',
]

forEachMysql((server) => {
  test('temporary tables are filled, nothing else is written, and they are gone', () =>
    withMysqlDatabase(server, table, async ({ reader, url, query: look }) => {
      for (const address of [url, (await reader({ temporary: true })).url]) {
        const driver = await openMysql(address)
        const seen = await driver.rehearse([work], async (query) => {
          await query(`INSERT INTO ${w} SELECT * FROM cart`)
          await query(`UPDATE ${w} SET n = (SELECT MAX(c.n) FROM cart AS c) + ?`, [5])
          await query(`DELETE FROM ${w} WHERE id = 1`)
          for (const sql of writes) {
            await query(sql).then(
              () => expect.fail(`it went through: ${sql}`),
              () => {},
            )
          }
          return query(`SELECT * FROM ${w}`)
        })
        expect(seen).toEqual([{ id: 2, n: 7 }])
        const gone = await driver.readOnly(({ attempt }) => attempt(`SELECT * FROM ${w}`))
        expect(gone).toMatchObject({ error: { errno: 1146 } })
        // And again, under the same names.
        expect(await driver.rehearse([work], (query) => query(`SELECT * FROM ${w}`))).toEqual([])
        const refused = await driver.readOnly(({ attempt }) => attempt('SELECT writes()'))
        expect(refused).toHaveProperty('error')
        await driver.close()
      }
      expect(await look('SELECT * FROM cart')).toEqual([
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ])
      expect(await look('SELECT * FROM old')).toEqual([{ id: 1 }])
    }))

  test('others go on writing to the tables that it reads', () =>
    withMysqlDatabase(server, table, async ({ url, connect }) => {
      const other = await connect()
      await other.query('SET innodb_lock_wait_timeout = 1')
      const driver = await openMysql(url)
      await driver.rehearse([work], async (query) => {
        await query(`INSERT INTO ${w} SELECT * FROM cart`)
        await query(`UPDATE ${w} SET n = (SELECT MAX(c.n) FROM cart AS c)`)
        await query(`REPLACE INTO ${w} SELECT * FROM cart`)
        await query(`UPDATE ${w} SET n = EXISTS (SELECT 1 FROM cart AS c WHERE c.id = ${w}.id)`)
        await other.query('UPDATE cart SET n = n + 1')
        await other.query('DELETE FROM cart WHERE id = 2')
        await other.query('INSERT INTO cart VALUES (9, 9)')
      })
      await driver.close()
    }))

  test('without CREATE TEMPORARY TABLES it says so', () =>
    withMysqlDatabase(server, table, async ({ reader, name }) => {
      const role = await reader()
      const driver = await openMysql(role.url)
      const [code, message, advice] = await failure(driver.rehearse([work], async () => {}))
      expect(code).toBe('permission-denied')
      expect(message).toMatch(/^A plan is worked out in temporary tables, which this user may not have: Access denied/)
      expect(message).toContain(name)
      expect(advice).toBe(
        `GRANT CREATE TEMPORARY TABLES ON … TO the account of '${role.name}' (SELECT CURRENT_USER() shows it); nothing else is written, and they are gone at once.`,
      )
      expect(await driver.readOnly(({ query }) => query('SELECT COUNT(*) AS n FROM cart'))).toEqual([{ n: 2 }])
      const refused = await driver.readOnly(({ attempt }) => attempt('SELECT writes()'))
      expect(refused).toHaveProperty('error')
      await driver.close()
    }))

  test('an abort stops it', () =>
    withMysqlDatabase(server, table, async ({ url, name, query: look }) => {
      const abort = new AbortController()
      const driver = await openMysql(url, { signal: abort.signal })
      setTimeout(() => abort.abort(), 300)
      const slow = `INSERT INTO ${w} SELECT id, SLEEP(20) FROM cart`
      const started = Date.now()
      expect((await failure(driver.rehearse([work], (query) => query(slow))))[0]).toBe('cancelled')
      expect(Date.now() - started).toBeLessThan(2_000)
      const running = `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = '${name}' AND info LIKE '%SLEEP(20)%' AND info NOT LIKE '%processlist%'`
      expect(await look(running)).toEqual([{ n: 0 }])
      await driver.close()
    }))
})
