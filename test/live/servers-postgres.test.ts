import { expect, test } from 'vitest'
import { npmVersions } from '../support/binaries.js'
import { withDatabase } from '../support/database.js'
import { forEachPostgres, requireAll, servers } from '../support/servers.js'

forEachPostgres((server) => {
  test('gives each test a fresh database', async () => {
    const count = () =>
      withDatabase(server, 'CREATE TABLE cart (session_id int); INSERT INTO cart VALUES (1)', async (database) => {
        await database.query('INSERT INTO cart VALUES ($1)', [2])
        return database.query('SELECT count(*)::int AS n FROM cart')
      })
    expect(await count()).toEqual([{ n: 2 }])
    expect(await count()).toEqual([{ n: 2 }])
  })
})

forEachPostgres(
  (server) => {
    test('reader sees and cannot write', () =>
      withDatabase(server, 'CREATE TABLE cart (session_id int)', async (database) => {
        const reader = await database.connect((await database.reader()).url)
        expect((await reader.query('SELECT * FROM cart')).rows).toEqual([])
        await expect(reader.query('INSERT INTO cart VALUES (1)')).rejects.toThrow('permission denied')
        await expect(reader.query('CREATE TABLE other (x int)')).rejects.toThrow('permission denied')
      }))

    test('owner is no superuser', () =>
      withDatabase(
        server,
        'CREATE TABLE cart (session_id int)',
        async (database) => {
          const owner = await database.connect(database.url)
          await owner.query('INSERT INTO cart VALUES (1)')
          expect((await owner.query("SELECT current_setting('is_superuser') AS is")).rows).toEqual([{ is: 'off' }])
        },
        { owned: true },
      ))
  },
  { pglite: false },
)

test.runIf(requireAll)('every supported version takes part', () => {
  const majors = servers({ pglite: false }).map(({ version }) => version)
  expect(majors).toEqual(expect.arrayContaining(npmVersions.map((version) => Number.parseInt(version, 10))))
  expect(servers().some(({ kind }) => kind === 'pglite')).toBe(true)
})
