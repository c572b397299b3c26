import { expect, test } from 'vitest'
import { Discoverer, discover } from '../../../src/discovery/index.js'
import type { Discovery } from '../../../src/model/profile.js'
import { STANDARD_SQL } from '../../../src/model/statement.js'

/** Of one session, a statement per text, 100 ms apart. */
function discovery(...texts: readonly string[]): Discovery {
  const discoverer = new Discoverer()
  const common = { database: '', application: '', transaction: '', parameters: null, grammar: STANDARD_SQL }
  texts.forEach((text, at) => {
    discoverer.statement({ ...common, at: at * 100, duration: Number.NaN, session: 'a', text, rows: Number.NaN })
  })
  return discover(discoverer.finish())
}

test('a conflict target is a key without any lookup', () => {
  const { keySets } = discovery(
    "INSERT INTO totals (day, sensor, n) VALUES ('2026-01-01', 7, 1) ON CONFLICT (sensor, day) DO UPDATE SET n = 2",
  )
  expect(keySets).toMatchObject([{ id: 'totals(day,sensor)', idiom: 'upsert', evidence: { grade: 'B', inserts: 1 } }])
})

test('so is the lookup inside an INSERT', () => {
  const { keySets } = discovery(
    "INSERT INTO votes (poll, member) SELECT 1, 'abcdef' WHERE NOT EXISTS (SELECT 1 FROM votes WHERE poll = 1 AND member = 'abcdef')",
  )
  expect(keySets).toMatchObject([{ id: 'votes(member,poll)', idiom: 'not-exists' }])
})

test('a conflict of columns that nobody names is not analysed, with a reason', () => {
  const { keySets, statements } = discovery("INSERT INTO marks (name) VALUES ('abcdef') ON CONFLICT DO NOTHING")
  expect(keySets).toEqual([])
  expect(statements.notAnalysed).toEqual([
    { reason: 'conflict-of-unnamed-columns', count: 1, example: 'INSERT INTO marks (name)' },
  ])
})

test('a predicate is quoted as SQL needs it, and rows that left it may come again', () => {
  const once = (n: number): string[] => [
    `SELECT * FROM "Card" WHERE code = 'abcdef' AND "GoneOn" IS NULL LIMIT 1`,
    `INSERT INTO "Card" (code, "GoneOn") VALUES ('abcdef', NULL)`,
    `UPDATE "Card" SET "GoneOn" = ${n} WHERE code = 'abcdef'`,
  ]
  const { keySets } = discovery(...[1, 2, 3, 4].flatMap(once))
  expect(keySets).toMatchObject([{ id: '"Card"(code)["GoneOn" IS NULL]', predicate: '"GoneOn" IS NULL' }])
})

test('reasons are words in kebab-case, one entry per candidate', () => {
  const { dropped } = discovery(
    'SELECT * FROM comments WHERE ticket = 5',
    "INSERT INTO comments (ticket, body) VALUES (5, 'x')",
    'SELECT * FROM comments WHERE ticket = 5',
    "INSERT INTO comments (ticket, body) VALUES (5, 'y')",
  )
  expect(dropped).toEqual([
    { reason: 'inserted-again-though-the-key-was-there', count: 1, example: 'comments(ticket)' },
  ])
})
