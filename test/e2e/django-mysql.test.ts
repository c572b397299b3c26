import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { exampleShop } from '../support/django-shop.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { exec } from '../support/process.js'
import { describeWith, forEachMysql } from '../support/servers.js'

const python = inject('tools').djangoMysql

describeWith(python)('a Django shop', () => {
  forEachMysql((server) => {
    test('has its carts merged by its own migration, and back', async () => {
      const database = await openMysqlDatabase(server)
      const directory = await mkdtemp(join(tmpdir(), 'goc-audit-django-'))
      const archive = `${database.name}_archive`
      try {
        await cp(exampleShop, directory, { recursive: true })
        const manage = manager(database, directory)
        await manage('migrate')
        await database.script(
          "INSERT INTO shop_cart (session, created_at) SELECT s.session, '2026-01-01 10:00:00' FROM (SELECT 1 AS n, 'a' AS session UNION ALL SELECT 2, 'b' UNION ALL SELECT 3, 'a' UNION ALL SELECT 4, '50% ''off''' UNION ALL SELECT 5, 'b' UNION ALL SELECT 6, '50% ''off''') AS s ORDER BY s.n",
        )
        const carts = () => database.query('SELECT * FROM shop_cart ORDER BY id')
        const before = await carts()
        const config = await readFile(join(directory, '.goc-audit.yml'), 'utf8')
        await writeFile(join(directory, '.goc-audit.yml'), `${config}\narchive: { schema: ${archive} }\n`)
        const env = { DATABASE_URL: database.url }
        const fixed = await runCli(['fix', '--emit-migration', '--format', 'django'], { cwd: directory, env })
        expect(fixed).toMatchObject({ code: 0, stderr: '' })
        expect(fixed.stdout).toMatch(/manage\.py dbshell < shop\/migrations\/\w+\.cleanup\.sql/)
        const model = await readFile(join(directory, 'shop/models.py'), 'utf8')
        const meta =
          '\n    class Meta:\n        constraints = [models.UniqueConstraint(fields=["session"], name="uq_shop_cart_session")]\n'
        await writeFile(join(directory, 'shop/models.py'), `${model.trimEnd()}\n${meta}`)
        expect(await manage('makemigrations', '--check', '--dry-run')).toContain('No changes detected')
        await manage('migrate')
        expect(await carts()).toEqual(before.slice(0, 2).concat(before.slice(3, 4)))
        expect((await runCli(['scan'], { cwd: directory, env })).code).toBe(0)
        await manage('migrate', 'shop', '0001')
        expect(await carts()).toEqual(before)
      } finally {
        await database.script(`DROP DATABASE IF EXISTS ${archive}`)
        await database.drop()
        await rm(directory, { recursive: true, force: true })
      }
    })
  })
})

function manager({ url, name }: MysqlDatabase, directory: string) {
  const { hostname, port, username, password } = new URL(url)
  const env = {
    ...process.env,
    MYSQL_HOST: hostname === 'localhost' ? '127.0.0.1' : hostname,
    MYSQL_TCP_PORT: port,
    MYSQL_USER: username,
    MYSQL_PWD: decodeURIComponent(password),
    MYSQL_DATABASE: name,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  return async (...args: string[]): Promise<string> =>
    (await exec(python ?? 'python3', ['-W', 'ignore', 'manage.py', ...args], { cwd: directory, env })).stdout
}
