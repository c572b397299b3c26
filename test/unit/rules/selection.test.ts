import { describe, expect, test } from 'vitest'
import type { Gap, Hazard, Protection } from '../../../src/model/verdict.js'
import { findingsFor, rules } from '../../../src/rules/index.js'
import { type AuditedParts, audited, counts, facts, index, part, primaryKey } from '../../support/audited.js'

function reported(parts: AuditedParts): string[] {
  return findingsFor([audited(parts)]).map(({ rule, severity }) => `${severity} ${rule}`)
}

function because(protection: Protection, gap: Gap, hazards: readonly Hazard[] = []): AuditedParts {
  return { verdict: { protection, hazards, reasons: [{ index: 'uq_cart', gap, detail: 'x', protection }] } }
}

describe('the nearest index decides which protection rule speaks', () => {
  test.each<[Protection, Gap, string]>([
    ['none', 'extra-columns', 'error missing-unique'],
    ['none', 'overlaps', 'error missing-unique'],
    ['none', 'not-unique', 'error missing-unique'],
    ['conditional', 'partial', 'error partial-unique-only'],
    ['none', 'partial-other-rows', 'error partial-unique-only'],
    ['conditional', 'nullable', 'error nullable-key-column'],
    ['none', 'expression', 'error expression-mismatch'],
    ['none', 'collation', 'error expression-mismatch'],
    ['none', 'operator-class', 'error expression-mismatch'],
    ['none', 'bound-type', 'error expression-mismatch'],
    ['none', 'not-enforced', 'error invalid-unique-index'],
    ['degraded', 'invalid', 'error invalid-unique-index'],
    ['conditional', 'unattached', 'error invalid-unique-index'],
    ['none', 'partition-columns', 'error partition-local-unique'],
    ['conditional', 'partition-local', 'error partition-local-unique'],
    ['none', 'inheritance', 'error partition-local-unique'],
    ['degraded', 'deferrable', 'warning deferrable-unique-only'],
    ['degraded', 'exclusion', 'warning exclusion-only'],
    ['unknown', 'undecided', 'note not-analysed'],
  ])('%s because of %s', (protection, gap, expected) => {
    expect(reported(because(protection, gap))).toEqual([expected])
  })

  test('no index at all', () => {
    expect(reported({})).toEqual(['error missing-unique'])
  })

  test('an upsert without an index to conflict with', () => {
    const upsert = { keySet: { idiom: 'upsert' as const } }
    expect(reported(upsert)).toEqual(['error arbiter-mismatch'])
    expect(reported({ ...because('conditional', 'partial'), ...upsert })).toEqual(['error partial-unique-only'])
  })

  test('only the nearest reason counts', () => {
    const reasons = [
      { index: 'a', gap: 'partial' as const, detail: '', protection: 'conditional' as const },
      { index: 'b', gap: 'extra-columns' as const, detail: '', protection: 'none' as const },
    ]
    expect(reported({ verdict: { protection: 'conditional', reasons } })).toEqual(['error partial-unique-only'])
  })

  test('what can not be judged', () => {
    expect(reported({ verdict: { protection: 'unknown' }, facts: { unjudgeable: 'a foreign table' } })).toEqual([
      'note not-analysed',
    ])
  })
})

describe('hazards', () => {
  test.each<[string, AuditedParts, string[]]>([
    ['a narrower unique key', because('full', 'narrower', ['lockout']), ['warning overspecified-lookup']],
    ['a coarser equality', because('full', 'coarser', ['lockout']), ['warning lookup-lockout']],
    ['rows that the lookup leaves out', because('full', 'predicate-lockout', ['lockout']), ['warning lookup-lockout']],
    ['both too coarse and too fine', because('none', 'expression', ['lockout']), ['error expression-mismatch']],
    [
      'values that change',
      { verdict: { protection: 'full', hazards: ['write-mismatch'] } },
      ['warning inexact-lookup'],
    ],
    ['an old snapshot', { verdict: { protection: 'full', hazards: ['stale-retry'] } }, ['warning stale-retry']],
    ['deadlocks', { verdict: { protection: 'full', hazards: ['deadlock-prone'] } }, ['warning deadlock-prone-unique']],
  ])('%s', (_, parts, expected) => {
    expect(reported(parts)).toEqual(expected)
  })
})

describe('NULL keys that nobody looks up', () => {
  const unique = index('uq_cart', ['session_id', 'user_id'])
  const full = (on = unique): AuditedParts => ({
    parts: [part('session_id'), part('user_id', { nullable: true })],
    table: { indexes: [primaryKey, on] },
    verdict: { protection: 'full', coveredBy: ['uq_cart'] },
    facts: { indexes: [facts(on, [[0], [1]], { null: 'with-input' })] },
  })

  test('a note where the index lets them share a key', () => {
    expect(reported(full())).toEqual(['note nullable-key-column'])
  })

  test('nothing where the index takes NULLs for equal', () => {
    expect(reported(full(index('uq_cart', ['session_id', 'user_id'], { nullsNotDistinct: true })))).toEqual([])
  })
})

describe('notes about other indexes', () => {
  const own = index('uq_session', ['session_id'], { constraint: 'uq_session' })
  const safe = (...others: ReturnType<typeof index>[]): AuditedParts => ({
    table: { indexes: [primaryKey, own, ...others] },
    verdict: { protection: 'full', coveredBy: ['uq_session'] },
    facts: { indexes: [own, ...others].map((one) => facts(one, [[0]])) },
  })

  test('a generated primary key can not raise by itself', () => {
    expect(reported(safe())).toEqual([])
  })

  test('a second unique key can', () => {
    expect(reported(safe(index('uq_user', ['user_id'])))).toEqual(['note other-unique'])
  })

  test('a wider one can not', () => {
    expect(reported(safe(index('uq_both', ['user_id', 'session_id'])))).toEqual([])
  })

  test('row security can hide the row', () => {
    const parts = safe()
    expect(reported({ ...parts, table: { ...parts.table, rowSecurity: 'bypassed' } })).toEqual(['note other-unique'])
  })

  test('a twin is redundant, unless something holds on to it', () => {
    expect(reported(safe(index('uq_session_ccnew', ['session_id'], { valid: false })))).toEqual([
      'note redundant-index',
    ])
    expect(reported(safe(index('uq_session_2', ['session_id'], { pinned: true })))).toEqual([])
    expect(reported(safe(index('uq_live', ['session_id'], { predicate: 'user_id IS NULL' })))).toEqual([])
  })

  test('of two identical indexes the constraint is kept', () => {
    const parts = safe(index('a_twin', ['session_id']))
    const both = { ...parts, verdict: { protection: 'full' as const, coveredBy: ['a_twin', 'uq_session'] } }
    const [finding] = findingsFor([audited(both)])
    expect(finding?.suggestion).toBe('Drop a_twin and keep uq_session.')
  })
})

test('duplicate rows are reported whatever the protection', () => {
  expect(reported({ duplicates: counts(2, 5) })).toEqual(['error missing-unique', 'error duplicate-rows'])
  expect(reported({ duplicates: counts(1, 1), verdict: { protection: 'full' } })).toEqual(['error duplicate-rows'])
  const uncounted = { counted: false as const, reason: 'over-budget', detail: 'too big', incomplete: false }
  expect(reported({ duplicates: uncounted })).toEqual(['error missing-unique'])
})

test('findings come gravest first, then by key set', () => {
  const found = findingsFor([
    audited({ id: 'public.b(x)', duplicates: counts(1, 1) }),
    audited({ id: 'public.a(x)', ...because('degraded', 'deferrable') }),
    audited({ id: 'public.c(x)', ...because('unknown', 'undecided') }),
    audited({ id: 'public.a(y)' }),
  ])
  expect(found.map(({ id }) => id)).toEqual([
    'missing-unique:public.a(y)',
    'missing-unique:public.b(x)',
    'duplicate-rows:public.b(x)',
    'deferrable-unique-only:public.a(x)',
    'not-analysed:public.c(x)',
  ])
})

test('ids of rules are unique and kebab-case', () => {
  const ids = rules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
})
