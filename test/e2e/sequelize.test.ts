import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Outcome, runCli } from '../support/cli.js'
import { mysqlClient } from '../support/mysql-client.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { exec } from '../support/process.js'
import { forEachMysql } from '../support/servers.js'

const example = fileURLToPath(new URL('../../examples/sequelize-cart', import.meta.url))

forEachMysql((server) => {
  describe.sequential('a shop with Sequelize at REPEATABLE READ', () => {
    let database: MysqlDatabase
    let out: string
    let archive: string

    beforeAll(async () => {
      database = await openMysqlDatabase(server)
      out = await mkdtemp(join(tmpdir(), 'goc-audit-sequelize-'))
      // Other tests have an archive on this server too.
      archive = `${database.name}_archive`
      const config = await readFile(join(example, '.goc-audit.yml'), 'utf8')
      await writeFile(join(out, 'config.yml'), `${config}\narchive: { schema: ${archive} }\n`)
    })
    afterAll(async () => {
      await database?.script(`DROP DATABASE IF EXISTS ${archive}`)
      await database?.drop()
      await rm(out, { recursive: true, force: true })
    })

    const environment = () => ({ DATABASE_URL: database.url })
    const race = async (...args: string[]): Promise<string> => {
      const env = { ...process.env, ...environment() }
      return (await exec(process.execPath, ['race.js', ...args], { cwd: example, env })).stdout
    }
    const audit = (...args: string[]): Promise<Outcome> =>
      runCli([...args, '--config', join(out, 'config.yml')], { env: environment() })
    const scan = async () => {
      const { code, stdout } = await audit('scan', '--json')
      const { keySets, findings } = JSON.parse(stdout)
      return { code, keySets, rules: findings.map(({ rule }: { rule: string }) => rule) }
    }
    const runFile = async (kind: string) => {
      const name = (await readdir(out)).find((each) => each.endsWith(`.${kind}.sql`)) ?? ''
      return mysqlClient(server, [], await readFile(join(out, name)))
    }
    const carts = () => database.query('SELECT * FROM carts ORDER BY id')

    test('races, is audited and fixed, and fails only as predicted, or not at all', async () => {
      expect(await race()).toMatch(/^400 requests of 25 visitors: none failed\n[1-9]\d* visitors have several carts\n$/)
      const before = await carts()
      const first = await scan()
      expect(first).toMatchObject({ code: 1, keySets: [{ protection: 'none', hazards: ['stale-retry'] }] })
      expect(first.rules).toEqual(expect.arrayContaining(['missing-unique', 'duplicate-rows', 'stale-retry']))

      expect(await audit('fix', '--emit-migration', '--out', out)).toMatchObject({ code: 0, stderr: '' })
      expect(await carts()).toEqual(before)
      expect(await runFile('up')).toMatchObject({ code: 0, stderr: '' })
      const merged = await carts()
      expect(merged).toHaveLength(before.length - first.keySets[0].duplicates.surplusRows)

      const then = await scan()
      expect(then).toMatchObject({ code: 0, rules: ['stale-retry'] })
      expect(then.keySets).toMatchObject([{ protection: 'full', duplicates: { groups: 0 } }])

      expect(await race()).toMatch(
        /^400 requests of 25 visitors: [1-9]\d* failed with SequelizeUniqueConstraintError\n0 visitors have several carts\n$/,
      )
      const quiet = '400 requests of 25 visitors: none failed\n0 visitors have several carts\n'
      expect(await race('again')).toBe(quiet)
      const snapshots = await database.query("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'")
      if (snapshots[0]?.Value !== 'ON') expect(await race('for-share')).toBe(quiet)

      const loaded = await carts()
      expect(await runFile('down')).toMatchObject({ code: 0 })
      const since = loaded.filter((cart) => !merged.some(({ id }) => id === cart.id))
      expect(await carts()).toEqual([...before, ...since].sort((a, b) => Number(a.id) - Number(b.id)))
    })
  })
})
