import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresDriver } from '../../src/dialects/postgres/driver.js'
import { openDriver } from '../../src/dialects/postgres/drivers/index.js'
import { countDuplicates } from '../../src/dialects/postgres/duplicates.js'
import { readCatalog } from '../../src/dialects/postgres/find.js'
import { resolve } from '../../src/dialects/postgres/resolve.js'
import type { Table } from '../../src/model/catalog.js'
import type { Duplicates } from '../../src/model/duplicates.js'
import type { KeySet } from '../../src/model/keyset.js'
import { type Database, openDatabase } from '../support/database.js'
import { forEachPostgres } from '../support/servers.js'

/** Values of a type as SQL, each with the class of values that its own `=` calls equal. */
interface Kind {
  readonly type: string
  readonly values: readonly (readonly [sql: string, equals: string])[]
}

const each = (type: string, ...values: string[]): Kind => ({ type, values: values.map((sql) => [sql, sql]) })

const kinds: Readonly<Record<string, Kind>> = {
  text: each('text', `''`, `'a'`, `'A'`, `'a '`, `' a'`, `'ä'`, `'🙂'`, `'it''s'`, `E'x\\ny'`, `'NULL'`),
  citext: {
    type: 'citext',
    values: [
      [`'a'`, 'a'],
      [`'A'`, 'a'],
      [`'b'`, 'b'],
      [`''`, ''],
    ],
  },
  bpchar: {
    type: 'char(4)',
    values: [
      [`'a'`, 'a'],
      [`'a  '`, 'a'],
      [`' a'`, ' a'],
      [`''`, ''],
    ],
  },
  folded: {
    type: 'text COLLATE folded',
    values: [
      [`'a'`, 'a'],
      [`'A'`, 'a'],
      [`'b'`, 'b'],
    ],
  },
  integer: each('int', '0', '-1', '2147483647', '-2147483648', '7'),
  bigint: each('bigint', '0', '4294967296', '4294967297', '-1', '9223372036854775807'),
  numeric: {
    type: 'numeric',
    values: [
      ['1', '1'],
      ['1.0', '1'],
      ['1.00', '1'],
      [`'NaN'`, 'NaN'],
      ['1e-9', 'small'],
    ],
  },
  double: {
    type: 'float8',
    values: [
      ['0', '0'],
      [`'-0'`, '0'],
      [`'NaN'`, 'NaN'],
      [`'Infinity'`, 'inf'],
      ['0.1', '.1'],
    ],
  },
  boolean: each('bool', 'true', 'false'),
  date: each('date', `'2024-01-01'`, `'infinity'`, `'-infinity'`, `'5000000-01-01'`, `'0001-01-01 BC'`),
  timestamp: each('timestamptz', `'2024-01-01Z'`, `'infinity'`, `'2024-01-01 00:00:00.000001Z'`),
  interval: {
    type: 'interval',
    values: [
      [`'1 day'`, 'd'],
      [`'24:00:00'`, 'd'],
      [`'1 month'`, 'm'],
      [`'30 days'`, 'm'],
    ],
  },
  uuid: each('uuid', `'00000000-0000-0000-0000-000000000000'`, `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`),
  bytea: each('bytea', `''`, `'\\x00'`, `'\\x0000'`, `'\\xff'`),
  jsonb: {
    type: 'jsonb',
    values: [
      [`'{"a": 1, "b": 2}'`, '1'],
      [`'{"b": 2, "a": 1.0}'`, '1'],
      [`'null'`, 'n'],
      ['NULL', '∅'],
    ],
  },
  enum: each('mood', `'ok'`, `'sad'`),
  array: each('int[]', `'{}'`, `'{1,2}'`, `'{NULL}'`, `'{{1,2}}'`),
  range: {
    type: 'int4range',
    values: [
      [`'[1,3)'`, '1'],
      [`'[1,2]'`, '1'],
      [`'empty'`, 'e'],
      [`'(,)'`, 'all'],
    ],
  },
  row: each('pair', `'(1,)'`, `'(,)'`, `'(1,2)'`),
  domain: each('positive', '1', '2'),
  money: each('money', '1', '2'),
  bits: each('varbit', `B'1'`, `B'01'`, `B''`),
  xid: each('xid', `'1'`, `'2'`),
}
/** No equality: told apart by their text, and never in a key. */
const others: Readonly<Record<string, Kind>> = {
  json: each('json', `'{"a":1}'`, `'{"a": 1}'`),
  point: each('point', `'(1,2)'`, `'(1,3)'`),
}

const types = `CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TYPE pair AS (a int, b int);
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`

/** Milliseconds after an arbitrary moment, or null. */
const stamps = [0, 400, 900, 1900, 2901, 60_000, null]
const start = Date.UTC(2024, 0, 1)

interface Row {
  /** By column: number of its kind's value, or null. */
  readonly cells: readonly (number | null)[]
  readonly stamp: number | null
  readonly live: boolean | null
  /** Rows of the child table that point here. */
  readonly children: number
}

interface Example {
  readonly columns: readonly string[]
  readonly keys: number
  readonly rows: readonly Row[]
  readonly nulls: boolean
  readonly predicate: boolean
  /** Number of a column that has a merge policy, beyond the last for none. */
  readonly merged: number
  readonly newest: boolean
  readonly primaryKey: boolean
}

const examples: fc.Arbitrary<Example> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 3 }),
    fc.array(fc.constantFrom(...Object.keys(kinds), ...Object.keys(others)), { maxLength: 3 }),
  )
  .chain(([keys, rest]) =>
    fc.record({
      columns: fc.constant([...keys, ...rest]),
      keys: fc.constant(keys.length),
      rows: fc.array(
        fc.record({
          cells: fc.tuple(...[...keys, ...rest].map((name) => cellOf(name))),
          stamp: fc.constantFrom(...stamps),
          live: fc.constantFrom(true, true, true, false, null),
          children: fc.constantFrom(0, 0, 1, 3),
        }),
        { maxLength: 30 },
      ),
      nulls: fc.boolean(),
      predicate: fc.boolean(),
      merged: fc.nat(6),
      newest: fc.boolean(),
      primaryKey: fc.boolean(),
    }),
  )

const kindOf = (name: string): Kind => kinds[name] ?? (others[name] as Kind)
const cellOf = (name: string): fc.Arbitrary<number | null> =>
  fc
    .option(fc.nat(Math.min(2, kindOf(name).values.length - 1)), { freq: 4 })
    .chain((cell) =>
      cell === null ? fc.constant(null) : fc.oneof(fc.constant(cell), fc.nat(kindOf(name).values.length - 1)),
    )

function script(example: Example): string {
  const columns = example.columns.map((name, at) => `c${at} ${kindOf(name).type}`)
  const rows = example.rows.map(({ cells, stamp, live }, id) => {
    const values = cells.map((cell, at) => sqlOf(example, at, cell))
    const at = stamp === null ? 'NULL' : `'${new Date(start + stamp).toISOString()}'`
    return `(${[id, ...values, at, String(live)].join(', ')})`
  })
  const children = example.rows.flatMap(({ children: many }, id) => Array.from({ length: many }, () => `(${id})`))
  const list = ['id int', ...columns, 'created_at timestamptz', 'live bool'].join(', ')
  return `DROP TABLE IF EXISTS child, cart;
    CREATE TABLE cart (${list}, ${example.primaryKey ? 'PRIMARY' : 'UNIQUE'} ${example.primaryKey ? 'KEY (id)' : '(id)'});
    CREATE TABLE child (cart_id int REFERENCES cart (id));
    ${rows.length === 0 ? '' : `INSERT INTO cart VALUES ${rows.join(', ')};`}
    ${children.length === 0 ? '' : `INSERT INTO child VALUES ${children.join(', ')};`}
    ANALYZE cart`
}

function sqlOf({ columns }: Example, at: number, cell: number | null): string {
  return cell === null ? 'NULL' : (kindOf(columns[at] as string).values[cell]?.[0] as string)
}

/** What the value is equal to; null for NULL. */
function classOf({ columns }: Example, at: number, cell: number | null): string | null {
  const value = cell === null ? undefined : kindOf(columns[at] as string).values[cell]
  return value === undefined || value[0] === 'NULL' ? null : value[1]
}

function keySetOf(example: Example): KeySet {
  const merged = example.merged < example.columns.length ? { [`c${example.merged}`]: 'max' as const } : {}
  return {
    table: { name: 'cart' },
    parts: Array.from({ length: example.keys }, (_, at) => ({ kind: 'column', name: `c${at}` })),
    ...(example.predicate ? { where: 'live' } : {}),
    nulls: example.nulls ? 'looked-up' : 'never',
    match: {},
    boundAs: {},
    idiom: 'unknown',
    evidence: [],
    resolution: { survivor: example.newest ? 'newest' : 'oldest', merge: merged, divergent: 'stop', references: [] },
  }
}

/** The same numbers by hand. */
function brute(example: Example) {
  const groups = new Map<string, { id: number; row: Row }[]>()
  for (const [id, row] of example.rows.entries()) {
    const key = row.cells.slice(0, example.keys).map((cell, at) => classOf(example, at, cell))
    if ((example.predicate && row.live !== true) || (!example.nulls && key.includes(null))) continue
    const text = JSON.stringify(key)
    groups.set(text, [...(groups.get(text) ?? []), { id, row }])
  }
  const found = [...groups.values()].filter((members) => members.length > 1)
  const compared = example.columns.map((_, at) => at).filter((at) => at >= example.keys && at !== example.merged)
  const variant = ({ id, row }: { id: number; row: Row }) =>
    JSON.stringify([
      ...compared.map((at) => classOf(example, at, row.cells[at] ?? null)),
      example.predicate ? null : row.live,
      example.primaryKey ? null : id,
    ])
  const identical = found.filter((members) => new Set(members.map(variant)).size === 1).length
  const times = (members: { row: Row }[]) =>
    members.flatMap(({ row }) => (row.stamp === null ? [] : [row.stamp])).sort((a, b) => a - b)
  const all = times(found.flat())
  const surplus = found.flatMap((members) => (example.newest ? members.slice(0, -1) : members.slice(1)))
  const iso = (ms: number | undefined) => (ms === undefined ? null : start + ms)
  return {
    groups: found.length,
    surplusRows: surplus.length,
    largestGroup: Math.max(0, ...found.map((members) => members.length)),
    identicalGroups: identical,
    divergentGroups: found.length - identical,
    constraintGroups: found.length,
    constraintSurplusRows: surplus.length,
    referencesToSurplus: surplus.reduce((sum, { row }) => sum + row.children, 0),
    firstSeen: iso(all[0]),
    lastSeen: iso(all.at(-1)),
    bornWithinSecond: found.filter((members) =>
      times(members).some((time, at, list) => at > 0 && time - (list[at - 1] as number) <= 1000),
    ).length,
  }
}

type Guise = (table: Table) => Table

/** The same table as it is, as a large one, and as a large one whose rows have no place: another way of counting each. */
const guises: Readonly<Record<string, Guise>> = {
  small: (table) => table,
  large: (table) => ({ ...table, estimatedRows: 10_000_000 }),
  'large, without places': (table) => ({ ...table, estimatedRows: 10_000_000, kind: 'view' }),
}

async function countAll(driver: PostgresDriver, asked: readonly Example[], guise: Guise) {
  const { table, resolved } = await driver.readOnly(async (transaction) => {
    const [answer] = await readCatalog(transaction, [{ name: 'cart' }], ['public'])
    if (answer === undefined || !('table' in answer)) throw new Error('no table')
    const table = guise(answer.table)
    const resolved = []
    for (const example of asked)
      resolved.push({ ...(await resolve(transaction, keySetOf(example), answer.table)), table })
    return { table, resolved }
  })
  const options = { exists: false, samples: 2, budget: null }
  return { table, duplicates: await countDuplicates(driver, table, resolved, options) }
}

function compare(example: Example, table: Table, duplicates: Duplicates | undefined): void {
  if (duplicates?.counted !== true) throw new Error(JSON.stringify(duplicates))
  const { counted: _, exact, nulls, samples, notes, firstSeen, lastSeen, references, ...numbers } = duplicates
  const time = (text: string | null) => (text === null ? null : Date.parse(text))
  const known = brute(example)
  // Without a primary key or a place in the table, nothing says which row is the first.
  const ordered = example.primaryKey || table.kind !== 'view'
  const { referencesToSurplus } = ordered ? known : numbers
  expect({ ...numbers, firstSeen: time(firstSeen), lastSeen: time(lastSeen), notes }).toEqual({
    ...known,
    referencesToSurplus,
    notes: [],
  })
  if (references && numbers.referencesToSurplus !== null)
    expect(references.reduce((sum, { rows }) => sum + rows, 0)).toBe(numbers.referencesToSurplus)
  expect(samples.length).toBe(Math.min(2, known.groups))
  expect(samples[0]?.rows ?? 0).toBe(known.largestGroup)
}

forEachPostgres(
  (server) => {
    let database: Database
    let driver: PostgresDriver
    beforeAll(async () => {
      database = await openDatabase(server, types)
      driver = await openDriver({ url: database.url, shown: '', schemas: ['public'] }, { statementTimeout: 30_000 })
    })
    afterAll(async () => {
      await driver?.close()
      await database?.drop()
    })

    describe('counts equal those of a brute-force count in memory', () => {
      test.each(Object.keys(guises))('%s', async (guise) => {
        await fc.assert(
          fc.asyncProperty(examples, async (example) => {
            await database.script(script(example))
            // Key sets of one table are counted together, and a narrower one helps with a wider one.
            const narrower = { ...example, keys: 1 }
            const asked = example.keys > 1 ? [example, narrower] : [example]
            const { table, duplicates } = await countAll(driver, asked, guises[guise] as Guise)
            for (const [at, each] of asked.entries()) compare(each, table, duplicates[at])
          }),
          { numRuns: 25, seed: Number(process.env.GOC_AUDIT_TEST_SEED ?? 1) },
        )
      })
    })
  },
  { pglite: false },
)
