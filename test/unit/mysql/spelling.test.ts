import { expect, test } from 'vitest'
import { parseExpression } from '../../../src/dialects/mysql/grammar.js'
import { spelling } from '../../../src/dialects/mysql/spelling.js'
import type { Column } from '../../../src/model/catalog.js'

const column = (name: string, baseType: string) => ({ name, baseType, type: baseType }) as Column
const table = { columns: [column('a', 'int'), column('b', 'varchar'), column('c', 'char'), column('d', 'varbinary')] }
const spelled = (printed: string) => spelling(printed, table)

test.each([
  ['((`t`.`a` = 1) and (`t`.`b` is not null))', '`t`.`a` = 1 and `t`.`b` is not null'],
  ["(`b` = _utf8mb4'x')", "`b` = 'x'"],
  ['(1 = `a`)', '`a` = 1'],
  ['(2 > `a`)', '`a` < 2'],
  ['(`a` = true)', '`a` = 1'],
  ["(not((`b` like 'x%')))", "`b` not like 'x%'"],
  ['((`a` is null) = false)', '`a` is null = false'],
  ['lower(`b`)', 'lcase(`t`.`b`)'],
  ['(`a` % 2)', '`a` MOD 2'],
  ["(`d` in (_binary'x',_binary'y'))", "`d` in ('x','y')"],
  ['rtrim(`c`)', '`c`'],
  ['(case when (`a` is null) then `b` end)', 'case when `a` is null then `b` end'],
])('%s and %s are one', (one, other) => {
  expect(spelled(one)).toBe(spelled(other))
})

test.each([
  ['`a` = 1 or `b` = 2 and `c` = 3', '(`a` = 1 or `b` = 2) and `c` = 3'],
  ["`b` = _binary'x'", "`b` = 'x'"],
  ['rtrim(`b`)', '`b`'],
  ['`a` - (1 - 2)', '`a` - 1 - 2'],
  ['`a` <=> NULL', '`a` = NULL'],
  ["`b` = 'x '", "`b` = 'x'"],
  ['`b` = 1', "`b` = '1'"],
])('%s and %s are two', (one, other) => {
  expect(spelled(one)).not.toBe(spelled(other))
})

test('what is spelled is spelled so again', () => {
  for (const sql of [
    "((`a` = 1) and (`b` in ('x','it''s','\\\\')) and not(`a` between 1 and 3))",
    'if((`r8ß%` is null),1,NULL)',
    "ifnull(lower(`b`),_utf8mb4'')",
    "unhex(sha2(trim(trailing weight_string(' ') from weight_string(rtrim(`b`))),256))",
    "(`b` ->> '$.key')",
    '(`a` + interval 1 day)',
  ])
    expect(spelled(spelled(sql))).toBe(spelled(sql))
})

test.each(['`a` = ', '(`a`', '`a` `b`', 'a'])('%s is no expression that we read', (sql) => {
  expect(parseExpression(sql)).toBeNull()
})
