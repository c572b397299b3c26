import { describe, expect, test } from 'vitest'
import {
  columnsIn,
  conjuncts,
  constantEquality,
  literalsIn,
  plainColumn,
  prettyIdentifier,
  quoteLiteral,
  stripParentheses,
  unqualify,
} from '../../../src/dialects/postgres/sql-text.js'

const known = ['a', 'b c', 'text', 'email', 'upper']

describe('columnsIn', () => {
  test.each([
    ['lower(email)', ['email']],
    ["(a = 1) AND (email = 'a'::text)", ['a', 'email']],
    ['"b c" || \'email\'::text', ['b c']],
    ['(a)::text', ['a']],
    ['upper(a)', ['a']],
    ['"upper" = 1', ['upper']],
    ['(a COLLATE "email")', ['a']],
    ['(p).email', []],
    ["E'it''s email'", []],
  ])('%s', (sql, columns) => {
    expect(columnsIn(sql, known)).toEqual(columns)
  })
})

describe('conjuncts', () => {
  test.each([
    [null, []],
    ['(deleted_at IS NULL)', ['deleted_at IS NULL']],
    ["((a = 1) AND (b = ' AND '::text))", ['a = 1', "b = ' AND '::text"]],
    ['((a = 1) AND ((b = 2) AND (c = 3)))', ['a = 1', 'b = 2', 'c = 3']],
    ['((a = 1) OR ((b = 2) AND (c = 3)))', ['(a = 1) OR ((b = 2) AND (c = 3))']],
    ['CASE WHEN (a AND b) THEN true ELSE (c AND d) END', ['CASE WHEN (a AND b) THEN true ELSE (c AND d) END']],
    ['(a) AND (b)', ['a', 'b']],
  ])('%s', (sql, parts) => {
    expect(conjuncts(sql)).toEqual(parts)
  })
})

test('constantEquality sees constants only', () => {
  expect(constantEquality("(kind)::text = 'x'::text")).toEqual({ left: '(kind)::text', constant: "'x'::text" })
  expect(constantEquality('site_id = 1')).toEqual({ left: 'site_id', constant: '1' })
  expect(constantEquality("n = '-1'::integer")).toEqual({ left: 'n', constant: "'-1'::integer" })
  expect(constantEquality("e = 'x'::shop.mood")).toEqual({ left: 'e', constant: "'x'::shop.mood" })
  expect(constantEquality('a = b')).toBeNull()
  expect(constantEquality("a = lower('X'::text)")).toBeNull()
})

test('plainColumn looks through casts that change nothing', () => {
  expect(plainColumn('(email)::text', known)).toBe('email')
  expect(plainColumn('"b c"', known)).toBe('b c')
  expect(plainColumn('(a)::integer', known)).toBeNull()
  expect(plainColumn('lower(email)', known)).toBeNull()
})

test('literalsIn finds constants and the members of arrays', () => {
  expect(literalsIn("(s = ANY ('{a,\"b c\"}'::text[])) AND (n = 5) AND (t = 'it''s'::text)")).toEqual({
    strings: ["it's", 'a', 'b c'],
    numbers: ['5'],
  })
})

test('unqualify spares quoted text and longer names', () => {
  expect(unqualify('t.a = \'t.b\'::text AND "t".c = xt.d', 't')).toBe("a = 't.b'::text AND c = xt.d")
})

test('stripParentheses takes off only what encloses everything', () => {
  expect(stripParentheses('((a))')).toBe('a')
  expect(stripParentheses('(a) AND (b)')).toBe('(a) AND (b)')
  expect(stripParentheses("(a = ')')")).toBe("a = ')'")
})

test('names are quoted where SQL needs it, and escaped where the eye or the clipboard does', () => {
  expect(['cart', 'select', 'Cart', 'a b', 'we"ird', 'ü'].map(prettyIdentifier)).toEqual([
    'cart',
    '"select"',
    '"Cart"',
    '"a b"',
    '"we""ird"',
    '"ü"',
  ])
  expect(prettyIdentifier('ta\nb\\le')).toBe('U&"ta\\000ab\\\\le"')
  expect(quoteLiteral("it's a \\")).toBe("E'it''s a \\\\'")
})
