import { describe, expect, test } from 'vitest'
import { constraintOf } from '../../../src/emitters/django/constraint.js'
import type { ModelChange } from '../../../src/model/plan.js'
import { modelChange } from './samples.js'

const model = {
  name: 'Cart',
  table: 'shop_cart',
  proxy: false,
  managed: true,
  fields: new Map(
    ['session', 'email', 'status', 'flag', 'number', 'deleted_at', 'Odd "name"'].map((field) => [field, field]),
  ).set('user_id', 'user'),
}

/** The arguments but for the name and the fields, or why there are none. */
function told(change: Partial<ModelChange>): string {
  const constraint = constraintOf(modelChange({ name: 'u', ...change }), model)
  if (constraint.kind === 'none') return `none: ${constraint.why}`
  expect(constraint.args.at(-1)).toBe('name="u"')
  return constraint.args.slice(0, -1).join(', ')
}

describe('keys', () => {
  test.each<[string, Partial<ModelChange>, string]>([
    ['a column', {}, 'fields=["session"]'],
    [
      'columns, in their order, by their fields',
      { members: ['user_id', 'session'].map((column) => ({ column, fold: null })) },
      'fields=["user", "session"]',
    ],
    [
      'folded',
      {
        members: [
          { column: 'user_id', fold: null },
          { column: 'email', fold: 'lower' },
        ],
      },
      '"user", Lower("email")',
    ],
    ['folded, as the server prints it', { members: [{ expression: 'upper((email)::text)' }] }, 'Upper("email")'],
    ['folded, in parentheses', { members: [{ expression: '(lower(email))' }] }, 'Lower("email")'],
    ['NULL equal to NULL', { nullsNotDistinct: true }, 'fields=["session"], nulls_distinct=False'],
    [
      'another expression',
      { members: [{ expression: "(data ->> 'id')" }] },
      "none: Django has no sure form of (data ->> 'id')",
    ],
    [
      'a cast that matters',
      { members: [{ expression: 'lower((number)::character(3))' }] },
      'none: Django has no sure form of lower((number)::character(3))',
    ],
    [
      'more than the fold',
      { members: [{ expression: 'lower(email) || status' }] },
      'none: Django has no sure form of lower(email) || status',
    ],
    [
      'a column without a field',
      { members: [{ column: 'gone', fold: null }] },
      'none: the migrations show no field for the column gone',
    ],
  ])('%s', (_, change, expected) => {
    expect(told(change)).toBe(expected)
  })

  test('what has to be imported, and which version it needs', () => {
    const members: ModelChange['members'] = [
      { column: 'email', fold: 'upper' },
      { column: 'status', fold: 'lower' },
      { column: 'session', fold: 'lower' },
    ]
    expect(constraintOf(modelChange({ members }), model)).toMatchObject({ functions: ['Lower', 'Upper'], needs: '4.0' })
    expect(constraintOf(modelChange({ members, nullsNotDistinct: true }), model)).toMatchObject({ needs: '5.0' })
    expect(constraintOf(modelChange({ predicate: 'flag' }), model)).toMatchObject({ functions: [], needs: null })
  })
})

describe('conditions', () => {
  test.each([
    ['(deleted_at IS NULL)', 'deleted_at__isnull=True'],
    ['deleted_at is not null', 'deleted_at__isnull=False'],
    ['flag', 'flag=True'],
    ['(NOT flag)', 'flag=False'],
    ['(flag = true)', 'flag=True'],
    ['(flag = false)', 'flag=False'],
    ["((status)::text = 'it''s \"\\'::text)", 'status="it\'s \\"\\\\"'],
    ["(status = 'a'::character varying)", 'status="a"'],
    ["Status='a'", 'status="a"'],
    ['(number = 5)', 'number=5'],
    ["(number = '-1'::integer)", 'number=-1'],
    ['number = -1.5', 'number=-1.5'],
    ['number = (-1)', 'number=-1'],
    ['(user_id = 7)', 'user=7'],
    [
      "((deleted_at IS NULL) AND ((status)::text = 'a'::text) AND (NOT flag))",
      'deleted_at__isnull=True, status="a", flag=False',
    ],
    [
      "deleted_at IS NULL AND (status IS NOT NULL AND status = 'a')",
      'deleted_at__isnull=True, status__isnull=False, status="a"',
    ],
  ])('%s', (predicate, expected) => {
    expect(told({ predicate })).toBe(`fields=["session"], condition=models.Q(${expected})`)
  })

  test.each([
    'flag OR (number = 5)',
    '(number > 5)',
    '(number <> 5)',
    'NOT (deleted_at IS NULL)',
    'NOT flag = true',
    'number = 007',
    "number = '1e3'::integer",
    'number = 1e3',
    "deleted_at = '2020-01-01'::date",
    "((status)::bpchar = 'a'::bpchar)",
    "status = E'a\\n'",
    "status IN ('a', 'b')",
    "(status)::text = ANY ('{a}'::text[])",
    "lower(status) = 'a'",
    'status = email',
    "status = 'a' AND status = 'b'",
    'flag AND',
    '(flag',
    'flag IS UNKNOWN',
    '"Status" = \'a\'',
    'gone IS NULL',
    'status = \'a\' COLLATE "C"',
    '',
  ])('not %s', (predicate) => {
    expect(told({ predicate })).toBe(`none: its condition, ${predicate}, has no simple form in Django`)
  })
})
