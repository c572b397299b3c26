import type pg from 'pg'
import type { KeySet } from '../../src/model/keyset.js'

/** One thing to measure: a key of a table, and how many groups it must turn out to have. */
export interface Case {
  readonly title: string
  readonly table: string
  readonly columns: readonly string[]
  readonly groups: (rows: number) => number
}

const few = (rows: number) => Math.floor(rows / 5000)
const many = (rows: number) => Math.floor(rows / 200)

export const cases: readonly Case[] = [
  { title: 'text key, few duplicates', table: 'cart', columns: ['session_id'], groups: few },
  { title: 'integer key, few duplicates', table: 'cart', columns: ['user_id'], groups: few },
  { title: 'two integers, few duplicates', table: 'cart', columns: ['a', 'b'], groups: few },
  { title: 'text key, many duplicates', table: 'visit', columns: ['session_id'], groups: many },
  { title: 'integer key, many duplicates', table: 'visit', columns: ['user_id'], groups: many },
  { title: 'text key with an index', table: 'indexed', columns: ['session_id'], groups: few },
  {
    title: 'every row in a group of ten',
    table: 'crowd',
    columns: ['user_id'],
    groups: (rows) => Math.floor(rows / 10),
  },
]

/** Key sets of the first table that are counted together. */
export const together: readonly (readonly string[])[] = [
  ['session_id'],
  ['user_id'],
  ['a', 'b'],
  ['email'],
  ['user_id', 'note'],
  ['(lower(email))'],
  ['big'],
  ['session_id', 'a'],
]

/** In an order that has nothing to do with the key's, as people come. */
const shuffled = (rows: number) => `(i * 7919::bigint % ${prime(rows)})`

/** Row `i` of table `name`, where rows whose number `twin` accepts repeat the one before. */
function table(name: string, rows: number, twin: string | null, columns: string): string {
  const i = twin === null ? 'n' : `CASE WHEN ${twin} THEN n - 1 ELSE n END`
  return `CREATE TABLE ${name} AS SELECT n AS id, ${columns}, now() - (n * interval '1 second') AS created_at
    FROM (SELECT n, ${i} AS i FROM generate_series(1::bigint, ${rows}) AS n) AS r;
    ALTER TABLE ${name} ADD PRIMARY KEY (id);`
}

export async function load(client: pg.Client, rows: number): Promise<void> {
  const key = `md5(i::text) AS session_id, ${shuffled(rows)}::int AS user_id`
  const more = `'user' || i || '@example.com' AS email, (${shuffled(rows)} % 3000)::int AS a, (${shuffled(rows)} / 3000)::int AS b,
    i * 1000003 AS big, 'note ' || i % 7 AS note`
  await client.query('SET max_parallel_maintenance_workers = 0; SET synchronous_commit = off')
  await client.query(table('cart', rows, 'n % 5000 = 0', `${key}, ${more}`))
  await client.query(table('visit', rows, 'n % 200 = 0', `${key}, 'note ' || n % 7 AS note`))
  await client.query(table('indexed', rows, 'n % 5000 = 0', `${key}, 'note ' || n % 7 AS note`))
  await client.query('CREATE INDEX ON indexed (session_id)')
  await client.query(
    table('crowd', rows, null, `(n % ${Math.floor(rows / 10)})::int AS user_id, 'note ' || n % 7 AS note`),
  )
  await client.query('VACUUM ANALYZE')
  await client.query('CHECKPOINT')
}

/** The least prime above the number, so that multiplying modulo it only changes the order. */
export function prime(above: number): number {
  for (let candidate = above + 1; ; candidate += 1) {
    let divisor = 2
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor += 1
    if (divisor * divisor > candidate) return candidate
  }
}

/** Columns in parentheses are expressions. */
export function keySet(name: string, columns: readonly string[]): KeySet {
  return {
    table: { name },
    parts: columns.map((column) =>
      column.startsWith('(') ? { kind: 'expression', sql: column.slice(1, -1) } : { kind: 'column', name: column },
    ),
    match: {},
    boundAs: {},
    idiom: 'select-insert',
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
    evidence: [{ kind: 'declared' }],
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
