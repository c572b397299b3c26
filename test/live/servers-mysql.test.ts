import { expect, test } from 'vitest'
import { isWanted, mysqlReleases } from '../support/mysql.js'
import { hasClient, mysqlClient } from '../support/mysql-client.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql, mysqlServers, requireAll } from '../support/servers.js'

const SCHEMA = 'CREATE TABLE cart (session_id int); INSERT INTO cart VALUES (1)'

forEachMysql((server) => {
  test('is the product that it says', () =>
    withMysqlDatabase(server, '', async (database) => {
      const [row] = await database.query<{ version: string }>('SELECT VERSION() AS version')
      expect(/mariadb/i.test(row?.version ?? '') ? 'mariadb' : 'mysql').toBe(server.kind)
      expect(row?.version).toContain(`${Math.floor(server.version / 100)}.${server.version % 100}.`)
    }))

  test('gives each test a fresh database', async () => {
    const count = () =>
      withMysqlDatabase(server, SCHEMA, async (database) => {
        await database.query('INSERT INTO cart VALUES (?)', [2])
        return database.query('SELECT COUNT(*) AS n FROM cart')
      })
    expect(await count()).toEqual([{ n: 2 }])
    expect(await count()).toEqual([{ n: 2 }])
  })

  test('reader sees and cannot write', () =>
    withMysqlDatabase(server, SCHEMA, async (database) => {
      const reader = await database.connect((await database.reader()).url)
      expect((await reader.query('SELECT * FROM cart'))[0]).toEqual([{ session_id: 1 }])
      await expect(reader.query('INSERT INTO cart VALUES (1)')).rejects.toThrow('denied')
      await expect(reader.query('CREATE TABLE other (x int)')).rejects.toThrow('denied')
      await expect(reader.query('CREATE TEMPORARY TABLE other (x int)')).rejects.toThrow('denied')
      const other = await database.another()
      const both = await database.reader({ databases: [database.name, other], temporary: true })
      const rehearsing = await database.connect(both.url)
      await rehearsing.query(`CREATE TEMPORARY TABLE ${other}.t (x int)`)
      await expect(rehearsing.query(`CREATE TABLE ${other}.t (x int)`)).rejects.toThrow('denied')
    }))

  test('drops what a transaction still has open', async () => {
    const [name, users] = await withMysqlDatabase(server, SCHEMA, async (database) => {
      const other = await database.another()
      const { name: user, url } = await database.user(['SELECT, INSERT'])
      for (const to of [database.url, url]) {
        const session = await database.connect(to)
        await session.query('BEGIN; INSERT INTO cart VALUES (3)')
      }
      const loose = await database.connect(server.url)
      await loose.query(`BEGIN; SELECT * FROM ${database.name}.cart`)
      return [[database.name, other], [user]] as const
    })
    await withMysqlDatabase(server, '', async (database) => {
      const left = 'SELECT schema_name AS n FROM information_schema.schemata WHERE schema_name IN (?)'
      expect(await database.query(left, [name])).toEqual([])
      expect(await database.query('SELECT user AS n FROM mysql.user WHERE user IN (?)', [users])).toEqual([])
    })
  })

  test.runIf(hasClient(server) || requireAll)('the client of its own product runs', () =>
    withMysqlDatabase(server, SCHEMA, async (database) => {
      const version = await mysqlClient(server, ['--version'])
      expect([version.code, /mariadb/i.test(version.stdout)]).toEqual([0, server.kind === 'mariadb'])
      const outcome = await mysqlClient(server, ['-N', database.name], 'SELECT session_id FROM cart; SELECT "é";')
      expect(outcome).toEqual({ code: 0, stdout: '1\né\n', stderr: '' })
      const failed = await mysqlClient(server, [database.name], 'SELECT * FROM absent; SELECT 2;')
      expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("absent' doesn't exist") })
    }),
  )
})

test.runIf(requireAll)('every release takes part', () => {
  const found = mysqlServers().map(({ label }) => label)
  for (const { label } of mysqlReleases.filter(isWanted)) {
    const [product, version] = label.split(' ')
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${product} ${version?.replace('.', '\\.')}\\.`)))
  }
})
