import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applications } from '../eval/support/applications.js'
import { discoverIn } from '../eval/support/evaluate.js'
import { expectedOf, grade } from '../eval/support/expected.js'
import { recordPostgres } from '../eval/support/record-postgres.js'
import { describeWith, servers } from '../support/servers.js'

/** The newest of this run, whose build is there then. */
const [newest] = servers({ from: 15, pglite: false }).sort((a, b) => b.version - a.version)

describeWith(newest)('a shop with Sequelize, driven and recorded now', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'goc-audit-eval-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  test('shows all its get-or-creates in each kind of log', async () => {
    const [application] = await applications('node-sequelize')
    if (!application || !newest) throw new Error('no such application, or no server')
    const expected = await expectedOf(application.name)
    // Its packages are those of the repository itself, found from there.
    const logs = await recordPostgres({ ...application, postgres: newest.version })
    for (const { source, content } of logs.filter((each) => !each.source.startsWith('pgss'))) {
      const path = join(directory, source)
      await writeFile(path, content)
      const { missed } = grade(expected, 'postgres', (await discoverIn(path)).keySets)
      // In bulk, with `IN (…)` and one INSERT of several rows: not read yet.
      expect(
        missed.map(({ id }) => id),
        source,
      ).toEqual(['"Followers"("brandId","customerId")'])
    }
  }, 120_000)
})
