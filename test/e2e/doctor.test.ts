import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Check } from '../../src/model/check.js'
import type { DoctorReport } from '../../src/report/doctor.js'
import { runCli } from '../support/cli.js'
import { withDatabase } from '../support/database.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { schemaErrors } from '../support/schemas.js'
import { forEachMysql, forEachPostgres } from '../support/servers.js'

async function doctor(url: string, keySets: string, args: readonly string[] = ['--json']) {
  const cwd = await mkdtemp(join(tmpdir(), 'goc-audit-doctor-'))
  try {
    await writeFile(join(cwd, '.goc-audit.yml'), `version: 1\nkeysets: ${keySets}\n`)
    const outcome = await runCli(['doctor', '--url', url, ...args], { cwd })
    const report = args.includes('--json') ? (JSON.parse(outcome.stdout) as DoctorReport) : null
    if (report !== null) expect(schemaErrors('doctor', report)).toEqual([])
    return { ...outcome, report }
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

const checkOf = (report: DoctorReport | null, id: string): Check | undefined =>
  report?.databases[0]?.checks.find((check) => check.id === id)

forEachPostgres(
  (server) => {
    test('a reader with its tables is ready, and is told how to log', () =>
      withDatabase(server, 'CREATE TABLE "Cart" (id int)', async (database) => {
        const reader = await database.reader()
        const { code, report, stderr } = await doctor(reader.url, `[{ table: '"Cart"', columns: [id] }]`)
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(report?.healthy).toBe(true)
        expect(checkOf(report, 'least-privilege')?.state).toBe('ok')
        expect(checkOf(report, 'tables')?.state).toBe('ok')
        expect(checkOf(report, 'pooling')?.state).toBe('ok')
        expect(checkOf(report, 'version')?.what).toContain(`postgresql ${server.version}.`)
        expect(checkOf(report, 'statement-statistics')).toMatchObject({ for: 'discover', state: 'advice' })
      }))

    test('what it says to grant is what was missing', () =>
      withDatabase(server, 'CREATE SCHEMA "Shop"; CREATE TABLE "Shop".cart (id int)', async (database) => {
        const reader = await database.reader()
        await database.query(`REVOKE ALL ON "Shop".cart FROM PUBLIC, "${new URL(reader.url).username}"`)
        await database.query(`REVOKE ALL ON SCHEMA "Shop" FROM PUBLIC, "${new URL(reader.url).username}"`)
        const keySets = `[{ table: '"Shop".cart', columns: [id] }]`
        const before = await doctor(reader.url, keySets)
        expect(before.code).toBe(2)
        const tables = checkOf(before.report, 'tables')
        expect(tables?.state).toBe('missing')
        for (const line of tables?.todo ?? []) if (line.startsWith('  ')) await database.query(line)
        expect((await doctor(reader.url, keySets)).code).toBe(0)
      }))

    test('a superuser is advised to be less', () =>
      withDatabase(server, '', async ({ url }) => {
        const { code, stdout } = await doctor(url, '[]', [])
        expect(code).toBe(2)
        expect(stdout).toMatch(/advice\s+The role ".*" is a\s+superuser/)
        expect(stdout).toContain('has no key sets')
        expect(stdout).toContain('Not ready')
      }))
  },
  { pglite: false },
)

forEachMysql((server) => {
  test('what is missing comes with what mends it', () =>
    withMysqlDatabase(server, 'CREATE TABLE cart (id int)', async (database) => {
      const reader = await database.reader()
      const good = await doctor(reader.url, '[{ table: cart, columns: [id] }]')
      expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: '' })
      expect(checkOf(good.report, 'least-privilege')?.state).toBe('ok')
      expect(checkOf(good.report, 'statement-statistics')?.state).toMatch(/^(ok|advice)$/)
      const bad = await doctor(reader.url, '[{ table: carts, columns: [id] }]')
      expect(bad.code).toBe(2)
      expect(checkOf(bad.report, 'tables')?.todo.join('\n')).toContain(
        `GRANT SELECT ON \`${database.name}\`.\`carts\` TO '`,
      )
      const root = await doctor(database.url, '[{ table: cart, columns: [id] }]')
      expect(root.code).toBe(0)
      expect(checkOf(root.report, 'least-privilege')?.state).toBe('advice')
    }))
})

test('a database that does not answer is what is missing', async () => {
  const { code, report, stdout } = await doctor('postgresql://me:secret@127.0.0.1:1/shop', '[]')
  expect(code).toBe(2)
  expect(checkOf(report, 'connection')).toMatchObject({ state: 'missing' })
  expect(stdout).not.toContain('secret')
})
