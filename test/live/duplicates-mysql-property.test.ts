import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MysqlDriver } from '../../src/dialects/mysql/driver.js'
import { openMysql2 } from '../../src/dialects/mysql/drivers/mysql2.js'
import { countDuplicates } from '../../src/dialects/mysql/duplicates.js'
import { readCatalog } from '../../src/dialects/mysql/find.js'
import { resolve } from '../../src/dialects/mysql/resolve.js'
import type { Table } from '../../src/model/catalog.js'
import type { KeySet } from '../../src/model/keyset.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql, type Server } from '../support/servers.js'

/** Every text is one of these with one of the endings; many are equal to others in some collation. */
const beginnings =
  `a A á a\u0301 ä ae æ ß ss SS ſ s Σ ς σ é e\u0301 e ch c ñ n\u0303 i ı İ I ﬁ fi ① 1 １ ½ か が か\u3099 カ ｶ 각 \u1100\u1161\u11a8 å aa oe œ ö 😀 😁 👨‍👩‍👧 👨 ё е`
    .split(' ')
    .concat('', ' ', '\u00a0', '\u200d', '\u00ad', '\0', '\t', 'x'.repeat(1100), 'y'.repeat(3000))
const endings = ['', '', '', ' ', '  ', '\u200d', '\u00a0', '\0', '\t', 'z', 'é']

/** Character set and collation; where a server doesn't have it, it isn't tried there. */
const collations =
  `utf8mb4_0900_ai_ci utf8mb4_0900_as_cs utf8mb4_0900_as_ci utf8mb4_0900_bin utf8mb4_ja_0900_as_cs utf8mb4_ja_0900_as_cs_ks
  utf8mb4_de_pb_0900_ai_ci utf8mb4_es_trad_0900_ai_ci utf8mb4_general_ci utf8mb4_unicode_ci utf8mb4_unicode_520_ci utf8mb4_bin
  utf8mb4_german2_ci utf8mb4_spanish2_ci utf8mb4_uca1400_ai_ci utf8mb4_uca1400_as_cs utf8mb4_uca1400_as_ci utf8mb4_uca1400_nopad_ai_ci
  utf8mb4_uca1400_nopad_as_cs utf8mb4_uca1400_german2_ai_ci utf8mb4_general_nopad_ci utf8mb4_nopad_bin utf8mb4_unicode_nopad_ci
  latin1_swedish_ci latin1_german2_ci latin1_bin cp1250_czech_cs utf16_unicode_ci sjis_japanese_ci binary`.split(/\s+/)

const types = ['varchar(3100)', 'longtext']

interface Example {
  readonly collation: string
  readonly type: string
  readonly rows: readonly { readonly text: string | null; readonly kind: number | null; readonly children: number }[]
  readonly wide: boolean
  readonly nulls: boolean
  readonly index: boolean
}

const text = fc.tuple(fc.constantFrom(...beginnings), fc.constantFrom(...endings)).map((parts) => parts.join(''))

const examplesOf = (known: readonly string[]): fc.Arbitrary<Example> =>
  fc.record({
    collation: fc.constantFrom(...known),
    type: fc.constantFrom(...types),
    rows: fc.array(
      fc.record({
        text: fc.option(text, { freq: 9 }),
        kind: fc.constantFrom(1, 1, 2, null),
        children: fc.constantFrom(0, 0, 1, 2),
      }),
      { minLength: 2, maxLength: 40 },
    ),
    wide: fc.boolean(),
    nulls: fc.boolean(),
    index: fc.boolean(),
  })

const columnOf = ({ collation, type }: Example): string => {
  if (collation === 'binary') return type.replace('varchar', 'varbinary').replace('text', 'blob')
  return `${type} CHARACTER SET ${collation.replace(/_.*$/, '')} COLLATE ${collation}`
}

async function load(database: MysqlDatabase, example: Example): Promise<void> {
  await database.script(`DROP TABLE IF EXISTS child, cart; SET sql_mode = '';
    CREATE TABLE cart (id int PRIMARY KEY, k ${columnOf(example)}, kind int, note varchar(9)) ROW_FORMAT = DYNAMIC;
    CREATE TABLE child (cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id))`)
  if (example.index) await database.query('CREATE INDEX by_kind ON cart (kind)')
  const rows = example.rows.map((row, id) => [id, row.text, row.kind, id % 3 === 0 ? 'x' : 'y'])
  await database.query('INSERT INTO cart VALUES ?', [rows])
  const children = example.rows.flatMap(({ children: many }, id) => Array.from({ length: many }, () => [id]))
  if (children.length > 0) await database.query('INSERT INTO child VALUES ?', [children])
}

/** By comparing each row with each other by the server's own `=`, without grouping, sorting or hashing. */
async function brute(database: MysqlDatabase, example: Example) {
  const by = example.wide ? ['k', 'kind'] : ['k']
  const equal = by.map((name) => `a.${name} ${example.nulls ? '<=>' : '='} b.${name}`).join(' AND ')
  const rows = await database.query<{ id: number; first: number; note: string; children: number }>(
    `SELECT a.id AS id, MIN(b.id) AS first, MIN(a.note) AS note,
       (SELECT COUNT(*) FROM child WHERE cart_id = a.id) AS children
     FROM cart AS a JOIN cart AS b ON ${equal} GROUP BY a.id`,
  )
  const exact = await database.query<{ id: number; bytes: string | null }>('SELECT id AS id, HEX(k) AS bytes FROM cart')
  expect(exact.length).toBe(example.rows.length)
  const groups = new Map<number, typeof rows>()
  for (const row of rows) groups.set(row.first, [...(groups.get(row.first) ?? []), row])
  const found = [...groups.values()].filter((members) => members.length > 1)
  const kindOf = (id: number) => (example.wide ? 0 : example.rows[id]?.kind)
  const identical = found.filter(
    (members) => new Set(members.map(({ id, note }) => `${note} ${kindOf(id)}`)).size === 1,
  )
  const surplus = found.flatMap((members) => members.filter(({ id, first }) => id !== first))
  return {
    groups: found.length,
    surplusRows: surplus.length,
    largestGroup: Math.max(0, ...found.map(({ length }) => length)),
    identicalGroups: identical.length,
    divergentGroups: found.length - identical.length,
    constraintGroups: found.length,
    constraintSurplusRows: surplus.length,
    referencesToSurplus: surplus.reduce((sum, { children }) => sum + Number(children), 0),
  }
}

const keySetOf = (example: Example, columns: readonly string[]): KeySet => ({
  table: { name: 'cart' },
  parts: columns.map((name) => ({ kind: 'column', name })),
  nulls: example.nulls ? 'looked-up' : 'never',
  match: {},
  boundAs: {},
  idiom: 'unknown',
  evidence: [],
  resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
})

/** The same table as it is, as a large one, and as a large one whose rows have no place: another way of counting each. */
const guises: Readonly<Record<string, (table: Table) => Table>> = {
  small: (table) => table,
  large: (table) => ({ ...table, estimatedRows: 10_000_000 }),
  'large, without places': (table) => ({ ...table, estimatedRows: 10_000_000, primaryKey: ['id', 'id'] }),
}

async function countAll(driver: MysqlDriver, database: string, example: Example, guise: (table: Table) => Table) {
  const sets = example.wide ? [['k', 'kind'], ['kind']] : [['k'], ['kind']]
  const { table, resolved } = await driver.readOnly(async (transaction) => {
    const [answer] = await readCatalog(transaction, [{ name: 'cart' }], [database])
    if (answer === undefined || !('table' in answer)) throw new Error('no table')
    const table = guise(answer.table)
    const resolved = []
    for (const columns of sets)
      resolved.push({ ...(await resolve(transaction, keySetOf(example, columns), answer.table)), table })
    return { table, resolved }
  })
  const [counts] = await countDuplicates(driver, table, resolved, { exists: false, samples: 2, budget: null })
  if (counts?.counted !== true) throw new Error(JSON.stringify(counts))
  return counts
}

const has = async (database: MysqlDatabase, collation: string): Promise<boolean> => {
  const charset = collation.replace(/_.*$/, '')
  return database.query(`SELECT CONVERT('a' USING ${charset}) COLLATE ${collation}`).then(
    () => true,
    () => collation === 'binary',
  )
}

forEachMysql((server: Server) => {
  let database: MysqlDatabase
  let driver: MysqlDriver
  let known: string[]
  beforeAll(async () => {
    database = await openMysqlDatabase(server, '', { attributes: 'CHARACTER SET utf8mb4' })
    driver = await openMysql2({ url: database.url, shown: '', schemas: [] }, { statementTimeout: 30_000 })
    known = []
    for (const collation of collations) if (await has(database, collation)) known.push(collation)
  })
  afterAll(async () => {
    await driver?.close()
    await database?.drop()
  })

  describe('counts equal those of comparing each row with each other', () => {
    test.each(Object.keys(guises))('%s', async (guise) => {
      expect(known.length).toBeGreaterThan(15)
      await fc.assert(
        fc.asyncProperty(examplesOf(known), async (example) => {
          await load(database, example)
          const {
            samples,
            firstSeen: _f,
            lastSeen: _l,
            bornWithinSecond: _b,
            ...counts
          } = await countAll(driver, database.name, example, guises[guise] as (table: Table) => Table)
          const expected = await brute(database, example)
          expect(counts).toMatchObject(expected)
          expect(samples.length).toBe(Math.min(2, expected.groups))
          expect(samples[0]?.rows ?? 0).toBe(expected.largestGroup)
        }),
        { numRuns: 60, seed: Number(process.env.GOC_AUDIT_TEST_SEED ?? 1) },
      )
    })
  })
})
