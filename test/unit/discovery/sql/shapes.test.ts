import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Shapes } from '../../../../src/discovery/sql/index.js'
import type { SqlInsert } from '../../../../src/model/sql.js'
import { BACKSLASH_SQL, STANDARD_SQL } from '../../../../src/model/statement.js'

const grammars = fc.constantFrom(STANDARD_SQL, BACKSLASH_SQL)

test('texts that differ in literals, blanks and comments are one shape', () => {
  const shapes = new Shapes()
  const ids = [
    `SELECT * FROM t WHERE a = 'x' AND b = 1 AND c IN (1, 2)`,
    `/* x */ SELECT  *\nFROM t WHERE a = 'it''s' AND b = -2.5e3 AND c IN ( 1,2 ,3) -- y`,
    `SELECT * FROM t WHERE a = E'\\'' AND b = 0 AND c IN ('a', 'b', NULL);`.replace(';', ''),
  ].map((text) => shapes.take(text, STANDARD_SQL).shape.id)
  expect(new Set(ids).size).toBe(1)
})

test('savepoints of any name, tags of any code are one shape', () => {
  const shapes = new Shapes()
  const id = (text: string) => shapes.take(text, STANDARD_SQL).shape.id
  expect(id('SAVEPOINT "s1_x1"')).toBe(id('SAVEPOINT "s2_x7"'))
  expect(id('DO $a$ BEGIN NULL; END $a$')).toBe(id('DO $b1$ BEGIN NULL; END $b1$'))
})

test('rows of any number are one shape, and each text has its own', () => {
  const shapes = new Shapes()
  const two = shapes.take("INSERT INTO t (a) VALUES ('x'), ('y') ON CONFLICT DO NOTHING", STANDARD_SQL)
  const three = shapes.take("INSERT INTO t (a) VALUES ('p'), ($1), ('q') ON CONFLICT DO NOTHING", STANDARD_SQL)
  expect(three.shape.id).toBe(two.shape.id)
  expect((two.statements[0] as SqlInsert).rows).toHaveLength(2)
  expect((three.statements[0] as SqlInsert).rows).toEqual([
    [{ kind: 'literal', at: 0, type: 'text' }],
    [{ kind: 'parameter', at: 1 }],
    [{ kind: 'literal', at: 1, type: 'text' }],
  ])
  expect(three.literals()).toEqual(['p', 'q'])
})

test('parameters after a list keep their own numbers', () => {
  const shapes = new Shapes()
  const one = shapes.take('SELECT * FROM t WHERE a IN ($1, $2) AND b = $3', STANDARD_SQL)
  const other = shapes.take('SELECT * FROM t WHERE a IN ($1, $2, $3) AND b = $4', STANDARD_SQL)
  expect(other.shape.id).toBe(one.shape.id)
  expect(one.statements).toMatchObject([{ members: [{ column: 'b', value: { at: 3 } }] }])
  expect(other.statements).toMatchObject([{ members: [{ column: 'b', value: { at: 4 } }] }])
})

test.each([
  ["SELECT 1 /*action='index',application='Shop',controller='carts'*/", 'carts#index'],
  ["SELECT 1 /*route='%2Fcarts',traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'*/", '/carts'],
  ["/*traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'*/ SELECT 1", ''],
  ['SELECT 1 /*application:Shop,job:Mailer*/', 'Mailer'],
  ['-- GetCart\nSELECT 1', 'GetCart'],
  ['SELECT 1', ''],
])('endpoint of %s', (text, endpoint) => {
  expect(new Shapes().take(text, STANDARD_SQL).endpoint).toBe(endpoint)
})

test('shapes are forgotten beyond the limit', () => {
  const shapes = new Shapes(10)
  const first = shapes.take('SELECT a0', STANDARD_SQL).shape.id
  for (let i = 1; i < 30; i++) shapes.take(`SELECT a${i}`, STANDARD_SQL)
  expect(shapes.take('SELECT a0', STANDARD_SQL).shape.id).not.toBe(first)
})

test('literals come back as they were, and never stand in a shape', () => {
  const quoted = (text: string, escapes: boolean) =>
    `'${(escapes ? text.replaceAll('\\', '\\\\') : text).replaceAll("'", "''")}'`
  fc.assert(
    fc.property(grammars, fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), (grammar, words) => {
      const values = words.map((word) => `secret${Buffer.from(word).toString('latin1')}`)
      const where = values.map((one, i) => `c${i} = ${quoted(one, grammar.backslashEscapes)}`).join(' AND ')
      const taken = new Shapes().take(`SELECT * FROM t WHERE ${where}`, grammar)
      expect(taken.literals()).toEqual(values)
      expect(taken.shape.text).not.toContain('secret')
      expect(taken.statements[0]?.kind).toBe('lookup')
    }),
  )
})

test('never throws, and knows a text again', () => {
  const piece = fc.constantFrom(
    ...`SELECT FROM WHERE INSERT INTO VALUES VALUE IN ARRAY ( ) [ ] , ; . ' " \` $1 ? $a$ $$ -- /* */ # \\ = <=> :: - 1 .5 0x1 E' X'
    _utf8' AND OR NOT EXISTS LIKE IS NULL BETWEEN CASE END WITH AS MERGE USING ON CONFLICT DO UPDATE SET DELETE CREATE FUNCTION
    SAVEPOINT LIMIT UNION a b \0 \n ...`.split(' '),
  )
  const shapes = new Shapes(100)
  const text = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join(' ')),
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(grammars, text, (grammar, sql) => {
      const taken = shapes.take(sql, grammar)
      const again = shapes.take(sql, grammar)
      expect(again.shape).toBe(taken.shape)
      expect(again.statements).toEqual(taken.statements)
      expect(again.literals().length).toBeLessThanOrEqual(sql.length)
      expect(typeof again.endpoint).toBe('string')
    }),
    { numRuns: 3000 },
  )
})

test.each(["'", '(', '/*', '/* */', '$a$', 'IN (1,', '(VALUES (', '-', 'SELECT (', '"', 'a ', ',(1)', ' AND (NOT '])(
  'takes linear time over 2 MB of %s',
  (piece) => {
    const started = performance.now()
    for (const text of [
      piece.repeat(2e6 / piece.length),
      `INSERT INTO t VALUES (1)${piece.repeat(2e6 / piece.length)}`,
    ]) {
      const taken = new Shapes().take(text, STANDARD_SQL)
      expect(taken.statements.length).toBeGreaterThan(0)
      taken.literals()
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  },
)
