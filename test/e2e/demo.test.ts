import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { schemaErrors } from '../support/schemas.js'

/** It takes ten seconds on an idle machine; tests may share theirs with others. */
const patience = 180_000

let directory: string
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'goc-audit-demo-test-')))
  return () => rm(directory, { recursive: true, force: true })
})

/** Everything that the demo makes lands in the test's own directory. */
const demo = (args: readonly string[] = [], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['demo', ...args], { cwd: directory, ...options, env: { TMPDIR: directory, TEMP: directory, ...options.env } })

test(
  'shows the race, what get() does, and the report of scan; leaves nothing behind',
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
    expect(Math.max(...stdout.split('\n').map((line) => (/^ {2,}\S/.test(line) ? 0 : line.length)))).toBeLessThan(81)
    expect(await readdir(directory)).toEqual([])
  },
  patience,
)

test(
  '--keep leaves a database that scan and init can be tried on',
  async () => {
    const { code, stdout } = await demo(['--keep', 'shop', '--json'])
    expect(code).toBe(0)
    const result = JSON.parse(stdout)
    expect(schemaErrors('demo', result)).toEqual([])
    const { race, get, scan, kept } = result
    expect(schemaErrors('scan', scan)).toEqual([])
    expect(race).toMatchObject({ workers: 16, sessions: 50, calls: 800 })
    expect(race.rows).toBe(50 + race.surplusRows)
    expect(race.surplusRows).toBeGreaterThan(0)
    expect(get.rows).toHaveLength(2)
    expect(get.rows).toMatchObject([{ session_id: get.value }, { session_id: get.value }])
    const { duplicateGroups: groups, surplusRows, largestGroup } = race
    expect(scan.keySets).toMatchObject([{ table: 'cart', duplicates: { groups, surplusRows, largestGroup } }])

    const inside = { cwd: join(directory, 'shop') }
    const again = await runCli(['scan', '--json'], inside)
    expect(again.code).toBe(1)
    expect(JSON.parse(again.stdout).keySets).toEqual(scan.keySets.map(withPlaceIn('.goc-audit.yml')))
    expect(kept.config).toBe(join(inside.cwd, '.goc-audit.yml'))

    const proposed = await runCli(['init', '--url', 'pglite://./data', '--stdout'], inside)
    expect(proposed.stdout).toContain('url: pglite://./data\n')
    expect(proposed.stdout).toContain('- table: cart\n    columns: [session_id]\n')
  },
  patience,
)

/** The demo names its file in full, a scan inside the directory doesn't. */
const withPlaceIn =
  (file: string) =>
  (keySet: { readonly evidence: readonly { readonly location: object }[] }): object => ({
    ...keySet,
    evidence: keySet.evidence.map((each) => ({ ...each, location: { ...each.location, file } })),
  })

test('refuses a directory that is in use', async () => {
  await writeFile(join(directory, 'mine.txt'), 'mine')
  const { code, stderr } = await demo(['--keep', directory])
  expect(code).toBe(2)
  expect(stderr).toContain("isn't empty")
  expect(await readdir(directory)).toEqual(['mine.txt'])
})

test.skipIf(process.platform === 'win32')('Ctrl-C while it starts ends it and removes its files', async () => {
  const { code, stderr } = await demo([], {
    onStart: ({ kill }) => {
      setTimeout(() => kill('SIGINT'), 2_000)
    },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('Error: Cancelled')
  expect(await readdir(directory)).toEqual([])
})
