import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { ScanJson, ScanManyJson } from '../../../src/report/json.js'
import { runCli } from '../../../test/support/cli.js'
import { type Database, openDatabase, unique } from '../../../test/support/database.js'
import { mysqlClient } from '../../../test/support/mysql-client.js'
import { type MysqlDatabase, openMysqlDatabase } from '../../../test/support/mysql-database.js'
import { exec } from '../../../test/support/process.js'
import { anyMysql, anyPostgres, mysqlServers, servers } from '../../../test/support/servers.js'

const example = fileURLToPath(new URL('..', import.meta.url))
const present = servers({ pglite: false }).length > 0 && mysqlServers().length > 0
const outputs = ['json', 'sarif', 'junit', 'gitlab', 'github', 'markdown', 'html', 'text'] as const
type Written = Readonly<Record<(typeof outputs)[number], string>>

const archive = unique('archive')
let repository: string
let eu: Database
let us: MysqlDatabase

/** A throw-away repository with the example in it, and its two databases. */
beforeAll(async () => {
  if (!present) return
  repository = await mkdtemp(join(tmpdir(), 'goc-audit-scheduled-'))
  for (const name of ['.goc-audit.yml', '.github', 'README.md']) {
    await cp(join(example, name), join(repository, name), { recursive: true })
  }
  // Other tests have an archive on these servers too.
  await appendFile(join(repository, '.goc-audit.yml'), `archive: { schema: ${archive} }\n`)
  eu = await openDatabase(anyPostgres(), await readFile(join(example, 'schema/postgres.sql'), 'utf8'))
  us = await openMysqlDatabase(anyMysql(), await readFile(join(example, 'schema/mysql.sql'), 'utf8'))
  await git('init', '--quiet', '--initial-branch=main')
  await commit('The application as it is')
})
afterAll(async () => {
  await us?.script(`DROP DATABASE IF EXISTS ${archive}`)
  await Promise.all([eu?.drop(), us?.drop()])
  if (repository) await rm(repository, { recursive: true, force: true })
})

const git = (...args: string[]) =>
  exec('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: repository })

async function commit(message: string): Promise<void> {
  await git('add', '--all')
  await git('commit', '--quiet', '--message', message)
}

const run = (...args: string[]) => runCli(args, { cwd: repository, env: { EU_URL: eu.url, US_URL: us.url } })

/** The nightly scan, with every output there is. */
async function nightly(): Promise<{ code: number | null; report: ScanManyJson; written: Written }> {
  const folder = await mkdtemp(join(tmpdir(), 'goc-audit-outputs-'))
  try {
    const flags = outputs.flatMap((kind) => ['--output', `${kind}=${join(folder, kind)}`])
    const { code, stderr } = await run('scan', ...flags)
    expect(stderr).toBe('')
    const texts = await Promise.all(outputs.map(async (kind) => [kind, await readFile(join(folder, kind), 'utf8')]))
    const written = Object.fromEntries(texts) as Written
    return { code, written, report: JSON.parse(written.json) as ScanManyJson }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `database rule key set: status`, of what fails. */
function failing({ databases }: ScanManyJson): string[] {
  return databases.flatMap(({ database, findings }: ScanJson) =>
    findings
      .filter(({ severity, status }) => severity === 'error' && status !== 'known')
      .map(({ rule, keySet, status }) => `${database.name} ${rule} ${keySet.replace('public.', '')}: ${status}`),
  )
}

/** What each output says is new or worse: key sets, without the schema. */
function toldBy({ sarif, junit, gitlab, github }: Written): Record<string, string[]> {
  const names = (texts: readonly string[]) =>
    [...new Set(texts.flatMap((text) => text.match(/\b(?:cart|coupon|account)\(\w+\)/g) ?? []))].sort()
  const results = JSON.parse(sarif).runs[0].results as {
    baselineState?: string
    message: { text: string }
    level: string
  }[]
  const issues = JSON.parse(gitlab) as { description: string }[]
  return {
    sarif: names(
      results
        .filter(
          ({ baselineState, level }) => level === 'error' && (baselineState === 'new' || baselineState === 'updated'),
        )
        .map((result) => JSON.stringify(result)),
    ),
    junit: names(junit.match(/<testcase[^>]*>\s*<failure/g) ?? []),
    gitlab: names(issues.map((issue) => JSON.stringify(issue))),
    github: names(github.split('\n').filter((line) => line.startsWith('::error'))),
  }
}

describe.runIf(present).sequential('a scheduled check', () => {
  test('day 1: what there is becomes the baseline, and passes', async () => {
    expect((await run('scan', '--no-baseline')).code).toBe(1)
    expect((await run('scan', '--update-baseline')).code).toBe(0)
    await commit('Accept what there is for now')
    const { code, report } = await nightly()
    expect({ code, failing: failing(report) }).toEqual({ code: 0, failing: [] })
    const baseline = JSON.parse(await readFile(join(repository, '.goc-audit-baseline.json'), 'utf8'))
    expect(baseline.keySets).toMatchObject([
      { database: 'eu', id: 'public.cart(session_id)', surplusRows: 2 },
      { database: 'us', id: 'cart(session_id)', surplusRows: 1 },
    ])
    expect(JSON.stringify(baseline)).not.toContain('a7')
  })

  test('day 2: a new key set that nothing protects fails, and no other, in every output', async () => {
    const config = await readFile(join(repository, '.goc-audit.yml'), 'utf8')
    const added = '  # Coupon.get_or_create(code=…)\n  - table: coupon\n    columns: [code]\n'
    await writeFile(
      join(repository, '.goc-audit.yml'),
      config.replace('\n# What was found on the day', `${added}\n# What was found on the day`),
    )
    await commit('Coupons')
    const { code, report, written } = await nightly()
    expect(code).toBe(1)
    expect(failing(report)).toEqual(['eu missing-unique coupon(code): new', 'us missing-unique coupon(code): new'])
    const only = ['coupon(code)']
    expect(toldBy(written)).toEqual({ sarif: only, junit: only, gitlab: only, github: only })
    expect(written.markdown).toContain('coupon(code)')
    expect(written.html).toContain('coupon(code)')
    expect(written.text).toMatch(/coupon\(code\)/)
    for (const text of Object.values(written)) expect(text).not.toMatch(/\ba7\b|\bx1\b/)
    // The table is empty: the index is all there is to do.
    await eu.query('ALTER TABLE coupon ADD UNIQUE (code)')
    await us.query('ALTER TABLE coupon ADD UNIQUE (code)')
    expect((await nightly()).code).toBe(0)
  })

  test('day 3: duplicate rows grow, and the check says from how many to how many', async () => {
    await eu.query("INSERT INTO cart (session_id) VALUES ('a7'), ('b1')")
    const { code, report, written } = await nightly()
    expect(code).toBe(1)
    expect(failing(report)).toEqual(['eu duplicate-rows cart(session_id): worse'])
    const only = ['cart(session_id)']
    expect(toldBy(written)).toEqual({ sarif: only, junit: only, gitlab: only, github: only })
    for (const kind of ['text', 'sarif', 'junit', 'gitlab', 'github', 'markdown', 'html'] as const)
      expect(written[kind], kind).toContain('from 2 to 4 surplus rows')
  })

  test('day 4: mended by our migrations, the check passes and the baseline shrinks to nothing', async () => {
    for (const database of ['eu', 'us']) {
      const out = join(repository, 'migrations', database)
      const args = ['--database', database, '--only', 'cart', '--emit-migration', '--out', out]
      expect(await run('fix', ...args)).toMatchObject({ code: 0, stderr: '' })
      const up = (await readdir(out)).find((name) => name.endsWith('.up.sql')) ?? ''
      await apply(database, join(out, up))
    }
    const told = await run('scan')
    expect(told.code).toBe(0)
    expect(told.stdout).toContain('--prune-baseline')
    expect((await run('scan', '--prune-baseline')).code).toBe(0)
    await commit('One cart per session')
    const baseline = JSON.parse(await readFile(join(repository, '.goc-audit-baseline.json'), 'utf8'))
    expect(baseline.keySets).toEqual([])
    const { code, report } = await nightly()
    expect({ code, failing: failing(report) }).toEqual({ code: 0, failing: [] })
    expect(await eu.query('SELECT session_id, total FROM cart ORDER BY 1')).toEqual([
      { session_id: 'a7', total: 5 },
      { session_id: 'b1', total: 1 },
      { session_id: 'c4', total: 5 },
    ])
    expect(await eu.query('SELECT count(*)::int AS n FROM item')).toEqual([{ n: 3 }])
  })
})

/** By the plain clients, as the README has it. */
async function apply(database: string, path: string): Promise<void> {
  if (database === 'us') {
    const outcome = await mysqlClient(us.server, [us.name], await readFile(path, 'utf8'))
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    return
  }
  const { psql } = inject('tools')
  if (psql === null) return eu.script(await readFile(path, 'utf8'))
  await exec(psql, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', path, eu.url])
}
