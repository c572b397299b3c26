import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { DemoResult } from '../../src/demo/run.js'
import { program, runCli } from '../support/cli.js'
import { schemaErrors } from '../support/schemas.js'

/** It takes ten seconds on an idle machine; tests may share theirs with others. */
const patience = 300_000

let directory: string
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'goc-audit-demo-test-')))
  return () => rm(directory, { recursive: true, force: true })
})

/** Everything that the demo makes lands in the test's own directory. */
const demo = (args: readonly string[] = [], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['demo', ...args], { cwd: directory, ...options, env: { TMPDIR: directory, TEMP: directory, ...options.env } })

const up = 'migrations/goc-audit/0001_goc_audit_cart_session_id.up.sql'

test(
  'shows the race, the reports of scan and fix, up, the race again, and down; leaves nothing behind',
  async () => {
    const { code, stdout, stderr } = await demo()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(text).toContain('They are 16 clients in one process')
    expect(text).toMatch(/800 calls for 50 sessions should leave 50 carts\. They left \d+: \d+ surplus rows\./)
    expect(text).toContain('MultipleObjectsReturned')
    const surplus = /They left \d+: (\d+) surplus rows/.exec(text)?.[1]
    expect(text).toContain(`duplicate groups with ${surplus} surplus rows`)
    expect(text).toContain('error missing-unique public.cart(session_id)')
    expect(text).toContain(`removes ${surplus} rows, changes 0 rows and adds 1 unique index`)
    expect(text).toContain(`Written Nothing was run. Read them first. - ${up}`)
    expect(text).toContain('public.cart(session_id) safe 0 0')
    expect(text).toMatch(/800 calls for 50 sessions left 50 carts: 0 surplus rows\. [1-9]\d* INSERTs were refused/)
    expect(text).toContain(`${surplus} of the ${surplus} removed carts are back`)
    expect(Math.max(...stdout.split('\n').map((line) => (/^ {2,}\S/.test(line) ? 0 : line.length)))).toBeLessThan(81)
    expect(await readdir(directory)).toEqual([])
  },
  patience,
)

test(
  '--keep leaves a database that scan, fix and init can be tried on',
  async () => {
    const { code, stdout } = await demo(['--keep', 'shop', '--json'])
    expect(code).toBe(0)
    const result: DemoResult = JSON.parse(stdout)
    expect(schemaErrors('demo', result)).toEqual([])
    expectTheRace(result)
    expectTheWayOutAndBack(result)

    const inside = { cwd: join(directory, 'shop') }
    expect(result.kept).toEqual({ directory: inside.cwd, config: join(inside.cwd, '.goc-audit.yml') })
    const again = await runCli(['scan', '--json'], inside)
    expect(again.code).toBe(1)
    const { duplicateGroups: groups, surplusRows } = result.race
    expect(JSON.parse(again.stdout).keySets).toMatchObject([
      { protection: 'none', duplicates: { groups, surplusRows } },
    ])

    const planned = await runCli(['fix', '--emit-migration'], inside)
    expect(planned.code).toBe(0)
    const files = await readdir(join(inside.cwd, 'migrations/goc-audit'))
    expect(files.map((name) => name.slice(0, 4)).sort()).toEqual(['0001', '0001', '0001', '0002', '0002', '0002'])
    const [first, second] = [up, up.replace('0001', '0002')].map((path) => readFileSync(join(inside.cwd, path), 'utf8'))
    expect(second).toBe(first)

    const proposed = await runCli(['init', '--url', 'pglite://./data', '--stdout'], inside)
    expect(proposed.stdout).toContain('url: pglite://./data\n')
    expect(proposed.stdout).toContain('- table: cart\n    columns: [session_id]\n')
  },
  patience,
)

function expectTheRace({ race, get, scan }: DemoResult): void {
  expect(schemaErrors('scan', scan)).toEqual([])
  expect(race).toMatchObject({ workers: 16, sessions: 50, calls: 800, refusedCalls: 0 })
  expect(race.rows).toBe(50 + race.surplusRows)
  expect(race.surplusRows).toBeGreaterThan(0)
  expect(get.rows).toHaveLength(2)
  expect(get.rows).toMatchObject([{ session_id: get.value }, { session_id: get.value }])
  const { duplicateGroups: groups, surplusRows, largestGroup } = race
  expect(scan).toMatchObject({ keySets: [{ table: 'cart', duplicates: { groups, surplusRows, largestGroup } }] })
}

function expectTheWayOutAndBack({ race, fix, afterUp, afterDown }: DemoResult): void {
  expect(schemaErrors('fix', fix)).toEqual([])
  expect(fix.files.map(({ path }) => path)).toContain(up)
  const { surplusRows } = race
  expect(afterUp).toMatchObject({
    rows: 50,
    removedRows: surplusRows,
    scan: { findings: [], keySets: [{ protection: 'full', duplicates: { groups: 0 } }] },
    race: { calls: 800, rows: 50, failedCalls: 0, duplicateGroups: 0, surplusRows: 0, largestGroup: 1 },
  })
  expect(afterUp.race.refusedCalls).toBeGreaterThan(0)
  expect(afterDown).toEqual({ rows: race.rows + 50, restoredRows: surplusRows, newRows: 50 })
}

test('refuses a directory that is in use', async () => {
  await writeFile(join(directory, 'mine.txt'), 'mine')
  const { code, stderr } = await demo(['--keep', directory])
  expect(code).toBe(2)
  expect(stderr).toContain("isn't empty")
  expect(await readdir(directory)).toEqual(['mine.txt'])
})

describe.skipIf(process.platform === 'win32')('Ctrl-C ends it and removes its files', () => {
  test(
    'while it starts',
    async () => {
      const { code, stderr } = await demo([], {
        onStart: ({ kill }) => {
          setTimeout(() => kill('SIGINT'), 2_000)
        },
      })
      expect(code).toBe(2)
      expect(stderr).toContain('Error: Cancelled')
      expect(await readdir(directory)).toEqual([])
    },
    patience,
  )

  test.each(['goc-audit scan', 'goc-audit fix', '8. The race again'])(
    'at "%s"',
    async (words) => {
      const { code, stdout, stderr } = await interruptedAt(words)
      expect(code).toBe(2)
      expect(stderr.match(/Stopping; press Ctrl-C/g)).toHaveLength(1)
      expect(stderr).toContain('Error: Cancelled')
      expect(stdout).not.toContain('10. Your own')
      expect(await readdir(directory)).toEqual([])
    },
    patience,
  )
})

/** The demo, sent SIGINT as soon as it has printed the words. */
async function interruptedAt(words: string) {
  const child = spawn(process.execPath, [program, 'demo'], { env: { ...process.env, TMPDIR: directory } })
  let [stdout, stderr] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const printed = stdout.includes(words)
    stdout += chunk
    if (!printed && stdout.includes(words)) child.kill('SIGINT')
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}
