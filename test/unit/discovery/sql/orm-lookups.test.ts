import { expect, test } from 'vitest'
import { Shapes } from '../../../../src/discovery/sql/index.js'
import { BACKSLASH_SQL, STANDARD_SQL } from '../../../../src/model/statement.js'

const only = (text: string, grammar = STANDARD_SQL) => {
  const { statements } = new Shapes().take(text, grammar)
  expect(statements).toHaveLength(1)
  return statements[0]
}

test('what TypeORM asks with existsBy is a lookup of the table inside', () => {
  const inner = 'WHERE EXISTS (SELECT 1 FROM ward w WHERE ((w.code = $1))) LIMIT 1'
  expect(only(`SELECT 1 AS "row_exists" FROM (SELECT 1 AS dummy_column) "dummy_table" ${inner}`)).toMatchObject({
    kind: 'lookup',
    table: { name: 'ward' },
    asks: 'exists',
    members: [{ column: 'code' }],
  })
  const onMysql =
    "SELECT 1 AS `r` FROM (SELECT 1 AS d) `x` WHERE (EXISTS (SELECT 1 FROM `ward` WHERE `code` = 'W1')) LIMIT 1"
  expect(only(onMysql, BACKSLASH_SQL)).toMatchObject({ kind: 'lookup', table: { name: 'ward' }, asks: 'exists' })
})

test.each([
  'SELECT 1 FROM (SELECT 1) x WHERE EXISTS (SELECT 1 FROM ward WHERE code = 1) AND now() > $1',
  'SELECT 1 FROM (SELECT 1) x WHERE y IN (SELECT id FROM ward WHERE code = 1)',
  'SELECT 1 FROM (SELECT 1) x',
])('where more is asked, it is none: %s', (text) => {
  expect(only(text)).toEqual({ kind: 'other' })
})

test('a function is one when its name is quoted, as in digests of MySQL', () => {
  const text = 'SELECT `id` FROM `owner` WHERE `LOWER` ( `owner` . `email` ) = ? LIMIT ?'
  expect(only(text, BACKSLASH_SQL)).toMatchObject({ members: [{ column: 'email', match: 'lower' }], conditions: [] })
})

test('what is said twice is one member', () => {
  const text =
    'SELECT * FROM phone WHERE (phone.patient_id = 4 AND phone.number = $1 AND phone.patient_id = 4) LIMIT 21'
  expect(only(text)).toMatchObject({ members: [{ column: 'patient_id' }, { column: 'number' }] })
})
