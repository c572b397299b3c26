import { expect, test } from 'vitest'
import { Discoverer, discover, mergeProfiles } from '../../../src/discovery/index.js'
import type { Discovery, Profile } from '../../../src/model/profile.js'
import { BACKSLASH_SQL, STANDARD_SQL, type StatementTotals } from '../../../src/model/statement.js'

type Row = readonly [text: string, calls: number, rows: number, errors?: number]

const totals = (
  [text, calls, rows, errors = Number.NaN]: Row,
  rest: Partial<StatementTotals> = {},
): StatementTotals => ({
  grammar: STANDARD_SQL,
  database: 'app',
  text,
  calls,
  rows,
  errors,
  truncated: false,
  ...rest,
})

function profileOf(rows: readonly Row[], rest: Partial<StatementTotals> = {}): Profile {
  const discoverer = new Discoverer()
  for (const row of rows) discoverer.totals(totals(row, rest))
  return discoverer.finish()
}

const found = (...rows: Row[]): Discovery => discover(profileOf(rows))
const digests = (...rows: Row[]): Discovery => discover(profileOf(rows, { grammar: BACKSLASH_SQL }))
const told = ({ keySets }: Discovery): string[] =>
  keySets.map(({ id, idiom, evidence }) => `${evidence.grade} ${id} ${idiom}`)
const reasons = ({ dropped }: Discovery): string[] => dropped.map(({ reason, example }) => `${example} ${reason}`)

const INSERT_CART = 'INSERT INTO carts (session_key, total) VALUES ($1, $2)'
const FIND_CART = 'SELECT * FROM carts WHERE session_key = $1 LIMIT $2'

test('misses that are as many as the INSERTs', () => {
  const discovery = found([FIND_CART, 100, 58], [INSERT_CART, 40, 40])
  expect(told(discovery)).toEqual(['C carts(session_key) select-insert'])
  expect(discovery.keySets[0]?.evidence).toMatchObject({ kind: 'statistics', lookups: 100, inserts: 40, pairs: 0 })
  expect(discovery.keySets[0]?.evidence.because).toEqual([
    'Of 100 lookups about 42 found nothing (58 rows), and 40 rows were inserted.',
  ])
  expect(discovery.notes.join(' ')).toContain('neither the order of statements nor their values')
})

test('the further apart misses and INSERTs are, the less is said', () => {
  expect(told(found([FIND_CART, 100, 40], [INSERT_CART, 36, 36]))).toEqual(['D carts(session_key) select-insert'])
  expect(reasons(found([FIND_CART, 100, 10], [INSERT_CART, 20, 20]))).toEqual([
    'carts(session_key) missed-more-than-inserted',
  ])
  expect(reasons(found([FIND_CART, 50, 50], [INSERT_CART, 50, 50]))).toEqual([
    'carts(session_key) found-more-than-inserted',
  ])
})

test('several rows per lookup are a collection', () => {
  const discovery = found(
    ['SELECT * FROM posts WHERE topic_id = $1 ORDER BY id', 50, 195],
    ['INSERT INTO posts (topic_id, body) VALUES ($1, $2)', 50, 50],
  )
  expect(told(discovery)).toEqual([])
  expect(reasons(discovery)).toEqual(['posts(topic_id) several-rows-per-lookup'])
})

test('lookups that ask for NULL are of the same key', () => {
  const discovery = found(
    ['SELECT * FROM subscriptions WHERE member_id = $1 AND topic_id IS NULL LIMIT $2', 14, 1],
    ['SELECT * FROM subscriptions WHERE member_id = $1 AND topic_id = $2 LIMIT $3', 36, 0],
    ['INSERT INTO subscriptions (member_id, topic_id) VALUES ($1, $2)', 49, 49],
  )
  expect(told(discovery)).toEqual(['C subscriptions(member_id,topic_id) select-insert'])
  expect(discovery.keySets[0]?.nulls).toBe('looked-up')
})

test('of lookups that nest, the one that agrees', () => {
  const insert: Row = ['INSERT INTO topics (forum_id, slug, title) VALUES ($1, $2, $3)', 40, 40]
  const wide: Row = ['SELECT id FROM topics WHERE forum_id = $1 AND slug = $2 LIMIT $3', 90, 50]
  const discovery = found(insert, wide, ['SELECT id FROM topics WHERE slug = $1', 60, 30])
  expect(told(discovery)).toEqual(['C topics(forum_id,slug) select-insert'])
  expect(reasons(discovery)).toEqual(['topics(slug) another-lookup-of-the-table-agrees-better'])
})

test('a lookup by what the INSERT leaves out', () => {
  const discovery = found(['SELECT * FROM carts WHERE id = $1', 90, 50], [INSERT_CART, 40, 40])
  expect([told(discovery), reasons(discovery)]).toEqual([[], []])
})

test("a validator's check: by its rows, or by shape alone where it always has one", () => {
  const insert: Row = ['INSERT INTO articles (slug) VALUES ($1)', 30, 30]
  expect(told(found(['SELECT $1 AS one FROM articles WHERE slug = $2 LIMIT $3', 50, 18], insert))).toEqual([
    'C articles(slug) validator',
  ])
  expect(told(found(['SELECT count(*) FROM articles WHERE slug = $1', 35, 35], insert))).toEqual([
    'D articles(slug) validator',
  ])
})

test('conflict targets and NOT EXISTS name their key', () => {
  const discovery = found(
    ['INSERT INTO stock (sku, hall, n) VALUES ($1, $2, $3) ON CONFLICT (sku, hall) DO UPDATE SET n = excluded.n', 9, 9],
    [
      'INSERT INTO votes (poll, who) SELECT $1, $2 WHERE NOT EXISTS (SELECT $3 FROM votes WHERE poll = $4 AND who = $5)',
      8,
      5,
    ],
    ['INSERT INTO people (mail) VALUES ($1) ON CONFLICT (lower(mail)) DO NOTHING', 7, 3],
    ['INSERT INTO logs (mail) VALUES ($1) ON CONFLICT DO NOTHING', 7, 3],
  )
  expect(told(discovery)).toEqual([
    'C people(lower(mail)) upsert',
    'C stock(hall,sku) upsert',
    'C votes(poll,who) not-exists',
  ])
})

test('lookups as many as INSERTs failed', () => {
  const discovery = digests(
    ['INSERT INTO `badges` ( `member` , `badge` ) VALUES (...)', 50, 42, 8],
    ['SELECT * FROM `badges` WHERE `member` = ? AND `badge` = ? LIMIT ?', 8, 8, 0],
  )
  expect(told(discovery)).toEqual(['D badges(badge,member) insert-first'])
})

test("names of a digest that are keywords, functions' quoted names, executions of prepared statements", () => {
  const discovery = digests(
    ['SELECT `owner` . `id` FROM OWNER WHERE `LOWER` ( `owner` . `email` ) = ? AND TYPE = ? LIMIT ?', 45, 20, 0],
    ['PREPARE INSERT INTO OWNER ( `email` , TYPE ) VALUES (...)', 9, 0, 0],
    ['EXECUTE INSERT INTO OWNER ( `email` , TYPE ) VALUES (...)', 25, 25, 0],
  )
  expect(told(discovery)).toEqual(['C owner(lower(email),type) select-insert'])
  expect(discovery.keySets[0]?.evidence.inserts).toBe(25)
})

test("a digest's list may be of one value", () => {
  const insert: Row = ['INSERT INTO `asset` ( TYPE , `plate` ) VALUES (...)', 44, 44, 0]
  const find = 'SELECT `id` FROM `asset` WHERE `plate` = ? AND `asset` . `type` IN (...) LIMIT ?'
  expect(told(digests([find, 90, 46, 0], insert))).toEqual(['D asset(plate,type) select-insert'])
  expect(reasons(digests([find, 90, 62, 0], insert))).toEqual(['asset(plate,type) found-more-than-inserted'])
  expect(reasons(digests([find, 90, 200, 0], insert))).toEqual(['asset(plate,type) several-rows-per-lookup'])
})

test('what a log tells of a key set stands, and how it writes names', () => {
  const discoverer = new Discoverer()
  const common = {
    at: Number.NaN,
    duration: Number.NaN,
    session: '1',
    database: 'app',
    application: '',
    transaction: '',
  }
  const logged = (text: string): void =>
    discoverer.statement({ ...common, text, grammar: BACKSLASH_SQL, parameters: null, rows: Number.NaN })
  logged("SELECT * FROM `Owner` WHERE `Name` = 'somebody'")
  logged("INSERT INTO `Owner` (`Name`, `Type`) VALUES ('somebody', 'x')")
  const given = (...row: Row): void => discoverer.totals(totals(row, { grammar: BACKSLASH_SQL }))
  given('SELECT * FROM OWNER WHERE NAME = ?', 50, 10, 0)
  given('SELECT * FROM OWNER WHERE TYPE = ?', 50, 10, 0)
  given('INSERT INTO OWNER ( NAME , TYPE ) VALUES (...)', 40, 40, 0)
  expect(discover(discoverer.finish()).keySets.map(({ id, evidence }) => `${evidence.kind} ${id}`)).toEqual([
    'log "Owner"("Name")',
    'statistics "Owner"("Type")',
  ])
})

test("texts that were cut off, and PostgreSQL's own checks of foreign keys", () => {
  const cut = discover(
    profileOf([['SELECT `a` , `b` FROM `t` WHERE `c` ...', 9, 9]], { grammar: BACKSLASH_SQL, truncated: true }),
  )
  expect(cut.statements.notAnalysed).toMatchObject([{ reason: 'truncated', count: 1 }])
  expect(cut.notes.join(' ')).toContain('max_digest_length')
  const check = 'SELECT $2 FROM ONLY "public"."t" x WHERE "id" OPERATOR(pg_catalog.=) $1 FOR KEY SHARE OF x'
  expect(found([check, 9, 9]).statements.read).toBe(0)
})

test('profiles of statistics add up, whatever the order', () => {
  const [a, b] = [
    profileOf([[FIND_CART, 60, 30]]),
    profileOf([
      [FIND_CART, 40, 28],
      [INSERT_CART, 40, 40],
    ]),
  ]
  const both = discover(mergeProfiles(a, b))
  expect(both).toEqual(discover(mergeProfiles(b, a)))
  expect(told(both)).toEqual(['C carts(session_key) select-insert'])
})
