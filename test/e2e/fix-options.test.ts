import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Outcome, runCli } from '../support/cli.js'
import { type Database, openDatabase } from '../support/database.js'
import { declare, shop } from '../support/fix-cli.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres } from '../support/servers.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-fix-'))
  return () => rm(directory, { recursive: true, force: true })
})

let database: Database
beforeAll(async () => {
  database = await openDatabase(anyPostgres(), shop)
})
afterAll(() => database?.drop())

async function fix(config: string, ...args: readonly string[]): Promise<Outcome> {
  await writeFile(join(directory, '.goc-audit.yml'), config)
  return runCli(['fix', ...args], { cwd: directory, env: { DATABASE_URL: database.url } })
}

const json = async (config: string, ...args: readonly string[]) => {
  const { code, stdout } = await fix(config, '--json', ...args)
  return { code, plan: JSON.parse(stdout) }
}
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('files', () => {
  test('are never written over existing ones', async () => {
    await fix(declare('cart'), '--emit-migration')
    const folder = join(directory, 'migrations/goc-audit')
    const [first = ''] = await readdir(folder)
    await writeFile(join(folder, first), 'mine')
    await fix(declare('cart'), '--emit-migration')
    expect(await readFile(join(folder, first), 'utf8')).toBe('mine')
    expect((await readdir(folder)).map((name) => name.slice(0, 4))).toEqual([
      ...['0001', '0001', '0001', '0002', '0002', '0002'],
    ])
  })

  test('go where --out says, under the name of --name', async () => {
    const { code, plan } = await json(declare('cart'), '--emit-migration', '--out', 'db/my files', '--name', 'Carts_1')
    expect(code).toBe(0)
    expect(plan.files).toEqual([
      { path: 'db/my files/0001_goc_audit_Carts_1.up.sql', kind: 'up', order: 1 },
      { path: 'db/my files/0001_goc_audit_Carts_1.down.sql', kind: 'down', order: 2 },
      { path: 'db/my files/0001_goc_audit_Carts_1.cleanup.sql', kind: 'cleanup', order: 3 },
    ])
    expect(await readdir(join(directory, 'db/my files'))).toHaveLength(3)
  })

  test('that can not be written are an error, and the others are not left behind', async () => {
    await writeFile(join(directory, 'taken'), '')
    const { code, stderr } = await fix(declare('cart'), '--emit-migration', '--out', 'taken')
    expect(code).toBe(2)
    expect(stderr).toContain("can't be written")
  })

  test('are not written without --emit-migration, whatever else is said about them', async () => {
    const { code } = await fix(declare('cart'), '--format', 'django', '--out', 'x', '--name', 'y')
    expect(code).toBe(0)
    expect(await readdir(directory)).toEqual(['.goc-audit.yml'])
  })

  test('are not written where there is nothing to do', async () => {
    const { code, plan } = await json(declare('account'), '--emit-migration')
    expect({ code, planHash: plan.planHash, files: plan.files }).toEqual({ code: 0, planHash: null, files: [] })
    expect(await readdir(directory)).toEqual(['.goc-audit.yml'])
  })
})

test('one of several databases has to be chosen', async () => {
  const config = `databases:
  - { name: eu, url: "${database.url}" }
  - { name: us, url: "postgresql://u:secret@127.0.0.1:1/x" }
${declare('cart')}`
  const several = await fix(config)
  expect(several.code).toBe(2)
  expect(several.stderr).toContain('Choose with --database: eu, us.')
  const { code, plan } = await json(config, '--database', 'eu')
  expect({ code, name: plan.database.name }).toEqual({ code: 0, name: 'eu' })
})

describe('mistakes', () => {
  test.each([
    [['--format', 'djago'], 'there is no format "djago". Did you mean `django`?'],
    [['--format', 'rails'], 'there is no format "rails". Known are sql, django.'],
    [['--name', 'a b'], '"a b" is no name for a plan.'],
    [['--max-surplus', '10'], '"10" is not a share.'],
    [['--max-stall', '30'], '--max-stall: "30" is not a duration.'],
    [['--max-group', 'many'], '--max-group: Expected an integer'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await fix(declare('cart'), ...args)
    expect(code).toBe(2)
    expect(oneLine(stderr)).toContain(message)
    const failed = await fix(declare('cart'), '--json', ...args)
    expect(schemaErrors('error', JSON.parse(failed.stdout))).toEqual([])
  })

  test('no key sets at all come with the next step', async () => {
    const { code, stderr } = await fix('keysets: []\n')
    expect(code).toBe(2)
    expect(stderr).toContain('`goc-audit init` proposes key sets')
  })

  test('a policy that does not fit its column is refused with its place', async () => {
    const { code, stderr } = await fix(declare('tag').replace(' }', ', merge: { color: sum } }'))
    expect(code).toBe(2)
    expect(oneLine(stderr)).toMatch(/\.goc-audit\.yml:2:5: "color" of public\.tag can't be merged by sum/)
  })

  test('a table that is not there', async () => {
    const { code, stderr } = await fix('keysets:\n  - { table: crat, columns: [session_id] }\n')
    expect(code).toBe(2)
    expect(oneLine(stderr)).toContain('Did you mean')
  })
})
