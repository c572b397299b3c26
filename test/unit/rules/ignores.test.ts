import { expect, test } from 'vitest'
import { applyIgnores, findingsFor, matchesId, selects } from '../../../src/rules/index.js'
import { audited } from '../../support/audited.js'

const findings = findingsFor([audited({ id: 'public.event(kind)' }), audited({ id: 'public.cart(a,b)' })])
const today = '2026-06-01'
const complete = { today, complete: true }

test('an entry hides its finding', () => {
  const entry = { keyset: 'public.event(kind)', rule: 'missing-unique', reason: 'append-only', until: today }
  const sifted = applyIgnores(findings, [entry], complete)
  expect(sifted.ignored.map(({ id }) => id)).toEqual(['missing-unique:public.event(kind)'])
  expect(sifted.findings.map(({ id }) => id)).toEqual(['missing-unique:public.cart(a,b)'])
})

test('an expired entry hides nothing and is reported', () => {
  const entry = { keyset: 'public.event(kind)', rule: 'missing-unique', reason: 'append-only', until: '2026-05-31' }
  const sifted = applyIgnores(findings, [entry], complete)
  expect(sifted.ignored).toEqual([])
  expect(sifted.findings.at(-1)).toEqual({
    id: 'stale-ignore:public.event(kind)',
    rule: 'stale-ignore',
    severity: 'warning',
    keySet: 'public.event(kind)',
    message:
      'The ignore entry for missing-unique of public.event(kind) ended on 2026-05-31; it hides nothing any more. Its reason was: append-only.',
    suggestion: 'Fix what missing-unique reports, or set a new day in `until`.',
  })
})

test('entries without a match are reported once per key set, and only after a complete scan', () => {
  const entries = ['duplicate-rows', 'stale-retry'].map((rule) => ({ keyset: 'public.gone(a)', rule, reason: 'old' }))
  const sifted = applyIgnores(findings, entries, complete)
  expect(sifted.findings.filter(({ rule }) => rule === 'stale-ignore')).toHaveLength(1)
  expect(applyIgnores(findings, entries, { today, complete: false }).findings).toEqual(findings)
})

test.each([
  ['public.cart(a,b)', 'public.cart(a,b)', true],
  ['public.cart(b, a)', 'public.cart(a,b)', true],
  ['public.cart(b,a)[x = 1]', 'public.cart(a,b)[x = 1]', true],
  ['public.*', 'public.cart(a,b)', true],
  ['*(a,?)', 'public.cart(a,b)', true],
  ['public.cart(a)', 'public.cart(a,b)', false],
  ['public.cart(a,b)', 'public.cart(a,b)[x = 1]', false],
  ['public.t("a,b",c)', 'public.t(c,"a,b")', true],
  ['public.t(lower(a),b)', 'public.t(b,lower(a))', true],
  ['public.t(.)', 'public.t(a)', false],
  ['public."a\\nb"(c)', 'public."a\nb"(c)', true],
])('%s means %s: %s', (pattern, id, expected) => {
  expect(matchesId(pattern, id)).toBe(expected)
})

test.each([
  ['cart', 'public.cart(a,b)[x = 1]', true],
  ['public.cart', 'public.cart(a,b)', true],
  ['cart(b,a)', 'public.cart(a,b)', true],
  ['cart(a,b)', 'public.cart(a,b)[x = 1]', true],
  ['public.cart(a,b)', 'public.cart(a,b)[x = 1]', true],
  ['"Shop".*', '"Shop"."a.b"(c)', true],
  ['"a.b"', '"Shop"."a.b"(c)', true],
  ['car', 'public.cart(a,b)', false],
  ['public', 'public.cart(a,b)', false],
])('--only %s selects %s: %s', (pattern, id, expected) => {
  expect(selects(pattern, id)).toBe(expected)
})
