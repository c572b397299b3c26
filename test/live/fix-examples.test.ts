import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/index.js'
import { readCatalog } from '../../src/dialects/postgres/find.js'
import { resolve } from '../../src/dialects/postgres/resolve.js'
import type { KeySet } from '../../src/model/keyset.js'
import { withDatabase } from '../support/database.js'
import { read } from '../support/driver.js'
import { type FixExample, fixExamples, ordered, readTables } from '../support/fix-examples.js'
import { type FixResult, modelFix } from '../support/fix-model.js'
import { keyOf } from '../support/fix-values.js'
import { anyPostgres } from '../support/servers.js'

const count = 60
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goc-audit-fix-examples-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('examples of fixes fit into a database', async () => {
  const server = anyPostgres()
  const examples = fc.sample(fixExamples({ nulls: server.version >= 15 }), { numRuns: count, seed })
  await withDatabase(server, '', async (database) => {
    for (const example of examples) {
      await database.script(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${example.ddl}`)
      await database.script(example.inserts)
      const rows = await readTables(database.query, example)
      for (const table of example.tables) expect(rows.get(table.name)).toEqual(ordered(table.rows))
      expect(await idsOf(database.url, await configured(example))).toEqual(example.declared.map(({ id }) => id))
    }
  })
})

async function configured({ keySets }: FixExample): Promise<readonly KeySet[]> {
  await writeFile(join(folder, '.goc-audit.yml'), stringify({ keysets: keySets }))
  return (await loadConfig({ cwd: folder, env: {} })).keySets
}

/** As they are once the database has understood their names and their SQL. */
function idsOf(url: string, keySets: readonly KeySet[]): Promise<string[]> {
  return read(url, async (transaction) => {
    const tables = keySets.map(({ table }) => table)
    const answers = await readCatalog(transaction, tables, ['public'])
    const ids: string[] = []
    for (const [at, keySet] of keySets.entries()) {
      const answer = answers[at]
      if (answer === undefined || !('table' in answer)) throw new Error(`no table ${keySet.table.name}`)
      ids.push((await resolve(transaction, keySet, answer.table)).id)
    }
    return ids
  })
}

/** What an example is an example of, and in how many of a hundred it should be at least. */
const traits: Readonly<Record<string, readonly [least: number, (example: FixExample, result: FixResult) => boolean]>> =
  {
    'surplus rows': [50, (_, { tables }) => [...tables.values()].some(({ removed }) => removed.length > 0)],
    'rows that meet once they are repointed': [15, (example, result) => repointed(example, result).length > 0],
    'such rows two levels deep': [1, isDeep],
    'such rows in a table without a key set': [
      5,
      (example, result) => repointed(example, result).some((name) => keySetsOf(example, name).length === 0),
    ],
    'changed rows that stay': [40, (_, { tables }) => [...tables.values()].some(({ changed }) => changed.length > 0)],
    'an undecided key set': [15, (_, { undecided }) => undecided.length > 0],
    'no undecided key set': [40, (_, { undecided }) => undecided.length === 0],
    'a self-reference': [40, ({ foreignKeys }) => foreignKeys.some(({ table, parent }) => table === parent)],
    'a circle of two tables': [
      3,
      ({ tables, foreignKeys }) => {
        const place = (wanted: string) => tables.findIndex(({ name }) => name === wanted)
        return foreignKeys.some(({ table, parent }) => place(table) < place(parent))
      },
    ],
    'a reference of several columns': [25, ({ foreignKeys }) => foreignKeys.some(({ columns }) => columns.length > 1)],
    'a reference to no primary key': [
      10,
      ({ tables, foreignKeys }) =>
        foreignKeys.some(({ parent, targets }) =>
          tables.some(({ name, primaryKey }) => name === parent && `${primaryKey}` !== `${targets}`),
        ),
    ],
    'a primary key of references': [
      30,
      ({ tables, foreignKeys }) =>
        tables.some(({ name, primaryKey }) =>
          foreignKeys.some(({ table, columns }) => table === name && columns.some((each) => primaryKey.includes(each))),
        ),
    ],
    'a table without a primary key': [10, ({ tables }) => tables.some(({ primaryKey }) => primaryKey.length === 0)],
    'a partial unique index': [
      10,
      ({ tables }) => tables.some(({ uniqueKeys }) => uniqueKeys.some(({ where }) => where !== null)),
    ],
    'several key sets on a table': [
      30,
      (example) => example.tables.some(({ name }) => keySetsOf(example, name).length > 1),
    ],
    'key sets on several tables': [30, ({ declared }) => new Set(declared.map(({ table }) => table)).size > 1],
    'a key set with a predicate': [20, ({ declared }) => declared.some(({ where }) => where !== null)],
    'a key set that folds': [10, ({ declared }) => declared.some(({ parts }) => parts.some(({ fold }) => fold))],
    'a merge policy': [
      60,
      ({ declared }) => declared.some(({ merge }) => Object.values(merge).some((policy) => policy !== 'keep')),
    ],
  }

const keySetsOf = ({ declared }: FixExample, name: string) => declared.filter(({ table }) => table === name)

/** Names of tables in which rows are merged that no key set calls equal as they are. */
function repointed(example: FixExample, { tables }: FixResult): string[] {
  return example.tables
    .filter((table) => {
      const keySets = keySetsOf(example, table.name)
      return tables
        .get(table.name)
        ?.removed.some(({ row, survivor }) =>
          keySets.every(({ parts }) => keyOf(table, parts, true, row) !== keyOf(table, parts, true, survivor)),
        )
    })
    .map(({ name }) => name)
}

function isDeep(example: FixExample, result: FixResult): boolean {
  const names = repointed(example, result)
  return example.foreignKeys.some(
    ({ table, parent }) => table !== parent && names.includes(table) && names.includes(parent),
  )
}

test('examples of fixes are varied', () => {
  const examples = fc.sample(fixExamples({ nulls: true }), { numRuns: 100, seed })
  const all = examples.map((example) => ({ example, result: modelFix(example) }))
  const found = Object.entries(traits).map(([name, [least, has]]) => {
    const many = all.filter(({ example, result }) => has(example, result)).length
    return { name, many, least }
  })
  expect(found.filter(({ many, least }) => many < least)).toEqual([])
})
