import type { AuditedKeySet } from '../../src/model/audit.js'
import type { Gap, Protection, Reason } from '../../src/model/verdict.js'
import { audited, column, counts, facts, index, part, primaryKey } from './audited.js'

function reason(name: string, gap: Gap, detail: string, protection: Protection = 'none'): Reason {
  return { index: name, gap, detail, protection }
}

const id = column('id', { type: 'bigint', generatesKey: true })
const wider = index('uq_cart_user', ['session_id', 'user_id'], { constraint: 'uq_cart_user' })
const live = index('account_email_live', ['email'], { table: 'account', predicate: '(deleted_at IS NULL)' })
const lower = index('member_email', ['(lower(email))'], { table: 'member' })
const account = { name: 'account', columns: [id, column('email'), column('deleted_at', { notNull: false })] }

/** One key set per thing that a rule can say, worded as the real stages word their parts. */
export const samples: Readonly<Record<string, AuditedKeySet>> = {
  'missing-unique': audited({
    keySet: { location: { file: '.goc-audit.yml', line: 7, column: 5 } },
    facts: { indexes: [facts(wider, [[0], []]), facts(primaryKey, [[]])] },
    verdict: {
      reasons: [
        reason(
          'uq_cart_user',
          'extra-columns',
          'it also contains user_id, so rows that differ there may share the looked-up values',
        ),
        reason('cart_pkey', 'extra-columns', 'it also contains id, so rows that differ there may share it'),
      ],
    },
    duplicates: counts(3, 7, {
      identicalGroups: 1,
      divergentGroups: 2,
      referencesToSurplus: 12,
      bornWithinSecond: 2,
      firstSeen: '2026-01-03T10:00:00Z',
      lastSeen: '2026-05-30T08:12:44Z',
      samples: [
        { key: { session_id: 'f3ac-77aa91' }, rows: 5, differingColumns: ['user_id', 'created_at'] },
        { key: { session_id: '' }, rows: 2, differingColumns: [] },
      ],
    }),
    remedy: {
      kind: 'plain',
      sql: ['CREATE UNIQUE INDEX CONCURRENTLY uq_cart_session_id ON public.cart (session_id);'],
      note: 'run it by itself, outside a transaction',
    },
  }),
  'missing-unique, nothing near': audited({
    parts: [part('tenant_id'), part('email')],
    table: account,
    keySet: { idiom: 'validator' },
    remedy: {
      kind: 'plain',
      sql: ['CREATE UNIQUE INDEX uq_account_tenant_id_email ON public.account (tenant_id, email);'],
    },
  }),
  'missing-unique, impossible type': audited({
    parts: [part('payload')],
    remedy: { note: 'json has no equality; use jsonb, or index an expression of it' },
    duplicates: {
      counted: false,
      reason: 'no-equality',
      detail: 'payload is json, which has no equality',
      incomplete: false,
    },
  }),
  'arbiter-mismatch': audited({
    keySet: { idiom: 'upsert' },
    remedy: { kind: 'plain', sql: ['CREATE UNIQUE INDEX uq_cart_session_id ON public.cart (session_id);'] },
  }),
  'partial-unique-only': audited({
    table: account,
    parts: [part('email')],
    facts: { indexes: [facts(live, [[0]])] },
    verdict: {
      protection: 'conditional',
      coveredBy: ['account_email_live'],
      condition: 'only rows where (deleted_at IS NULL)',
      reasons: [
        reason('account_email_live', 'partial', 'it covers only rows where (deleted_at IS NULL)', 'conditional'),
      ],
    },
    duplicates: counts(1, 1),
    remedy: { kind: 'plain', sql: ['CREATE UNIQUE INDEX uq_account_email ON public.account (email);'] },
  }),
  'nullable-key-column': audited({
    parts: [part('session_id'), part('user_id', { nullable: true, nullLookedUp: 'also' })],
    facts: { indexes: [facts(wider, [[0], [1]], { null: 'with-input' })] },
    verdict: {
      protection: 'conditional',
      coveredBy: ['uq_cart_user'],
      condition: 'only rows where user_id IS NOT NULL',
      reasons: [
        reason(
          'uq_cart_user',
          'nullable',
          'NULLs are distinct for it: rows where user_id IS NULL may repeat',
          'conditional',
        ),
      ],
    },
    duplicates: counts(2, 2, { nulls: 'grouped' }),
    remedy: {
      kind: 'nulls-not-distinct',
      sql: ['CREATE UNIQUE INDEX uq_cart_session_id_user_id ON public.cart (session_id, user_id) NULLS NOT DISTINCT;'],
    },
  }),
  'nullable-key-column, not looked up': audited({
    parts: [part('session_id'), part('user_id', { nullable: true })],
    facts: { indexes: [facts(wider, [[0], [1]], { null: 'with-input' })] },
    verdict: { protection: 'full', coveredBy: ['uq_cart_user'] },
  }),
  'expression-mismatch': audited({
    table: { name: 'member', columns: [id, column('email')] },
    parts: [part('email', { match: 'upper' })],
    facts: { indexes: [facts(lower, [[0]], { relation: 'incomparable', cause: 'expression' })] },
    verdict: {
      hazards: ['lockout'],
      reasons: [
        reason('member_email', 'expression', 'lower() and upper() disagree on some letters (ß, İ, ſ, ς)'),
        reason('member_email', 'coarser', 'lower() calls equal what the lookup tells apart'),
      ],
    },
    remedy: { kind: 'expression', sql: ['CREATE UNIQUE INDEX uq_member_upper_email ON public.member (upper(email));'] },
  }),
  'invalid-unique-index': audited({
    facts: { indexes: [facts(index('uq_cart', ['session_id'], { valid: false }), [[0]])] },
    verdict: {
      protection: 'degraded',
      coveredBy: ['uq_cart'],
      reasons: [
        reason(
          'uq_cart',
          'invalid',
          'its build was interrupted (indisvalid = false, indisready = true): new rows are checked, older twins may remain, and ON CONFLICT cannot use it',
          'degraded',
        ),
      ],
    },
    duplicates: counts(1, 1),
    remedy: {
      kind: 'plain',
      sql: [
        'DROP INDEX CONCURRENTLY public.uq_cart;',
        'CREATE UNIQUE INDEX CONCURRENTLY uq_cart_session_id ON public.cart (session_id);',
      ],
    },
  }),
  'partition-local-unique': audited({
    table: { partitioning: { columns: ['tenant'], byExpression: false, partitions: 4 } },
    facts: { indexes: [facts(index('cart_key', ['tenant', 'session_id']), [[], [0]])] },
    verdict: {
      reasons: [
        reason(
          'cart_key',
          'partition-columns',
          'tenant is what the table is partitioned by, so each partition may hold its own row',
        ),
      ],
    },
    remedy: {
      kind: 'side-table',
      sql: ['CREATE TABLE public.cart_key (session_id text PRIMARY KEY);'],
      note: 'insert the key there first, in the same transaction',
    },
  }),
  'deferrable-unique-only': audited({
    facts: { indexes: [facts(index('uq_cart', ['session_id'], { deferrable: true, constraint: 'uq_cart' }), [[0]])] },
    verdict: {
      protection: 'degraded',
      coveredBy: ['uq_cart'],
      reasons: [
        reason(
          'uq_cart',
          'deferrable',
          'it is deferrable: a violation can surface only at COMMIT, and ON CONFLICT cannot use it',
          'degraded',
        ),
      ],
    },
    remedy: {
      kind: 'plain',
      sql: ['ALTER TABLE public.cart DROP CONSTRAINT uq_cart, ADD CONSTRAINT uq_cart UNIQUE (session_id);'],
    },
  }),
  'exclusion-only': audited({
    facts: {
      indexes: [
        facts(index('cart_excl', ['session_id'], { unique: false, exclusion: true, constraint: 'cart_excl' }), [[0]]),
      ],
    },
    verdict: {
      protection: 'degraded',
      coveredBy: ['cart_excl'],
      reasons: [
        reason(
          'cart_excl',
          'exclusion',
          'it is an exclusion constraint: it raises 23P01 instead of 23505, and ON CONFLICT (columns) cannot use it',
          'degraded',
        ),
      ],
    },
    remedy: { kind: 'plain', sql: ['CREATE UNIQUE INDEX uq_cart_session_id ON public.cart (session_id);'] },
  }),
  'overspecified-lookup': audited({
    parts: [part('session_id'), part('user_id')],
    facts: { indexes: [facts(index('uq_session', ['session_id'], { constraint: 'uq_session' }), [[0]])] },
    verdict: {
      protection: 'full',
      hazards: ['lockout'],
      coveredBy: ['uq_session'],
      reasons: [reason('uq_session', 'narrower', 'it allows one row whatever user_id is', 'full')],
    },
  }),
  'lookup-lockout': audited({
    table: { name: 'member', columns: [id, column('email')] },
    parts: [part('email')],
    facts: { indexes: [facts(lower, [[0]], { relation: 'coarser', cause: 'expression' })] },
    verdict: {
      protection: 'full',
      hazards: ['lockout'],
      coveredBy: ['member_email'],
      reasons: [reason('member_email', 'coarser', 'lower(email) calls equal what the lookup tells apart', 'full')],
    },
  }),
  'lookup-lockout, hidden rows': audited({
    table: account,
    parts: [part('email')],
    predicate: 'deleted_at IS NULL',
    facts: { indexes: [facts(index('account_email', ['email'], { table: 'account' }), [[0]])] },
    verdict: {
      protection: 'full',
      hazards: ['lockout'],
      coveredBy: ['account_email'],
      reasons: [
        reason(
          'account_email',
          'predicate-lockout',
          "it also holds rows that don't meet deleted_at IS NULL; such a row blocks the INSERT and the lookup never finds it",
          'full',
        ),
      ],
    },
  }),
  'inexact-lookup': audited({
    table: { name: 'price', columns: [id, column('amount', { type: 'real' })] },
    parts: [part('amount')],
    facts: { writeMismatches: [{ column: 'amount', detail: 'amount is real: 0.1 is stored as 0.100000001490116' }] },
    verdict: { protection: 'full', hazards: ['write-mismatch'], coveredBy: ['price_amount_key'] },
  }),
  'stale-retry': audited({
    facts: { isolation: 'repeatable-read' },
    verdict: { protection: 'full', hazards: ['stale-retry'], coveredBy: ['uq_cart'] },
  }),
  'deadlock-prone-unique': audited({
    verdict: { protection: 'full', hazards: ['deadlock-prone'], coveredBy: ['uq_cart'] },
  }),
  'other-unique': audited({
    table: { indexes: [primaryKey, index('uq_user', ['user_id'])], rowSecurity: 'bypassed' },
    verdict: { protection: 'full', coveredBy: ['uq_session'] },
  }),
  'redundant-index': audited({
    facts: {
      indexes: [
        facts(index('uq_session', ['session_id'], { constraint: 'uq_session' }), [[0]]),
        facts(index('uq_session_ccnew', ['session_id'], { valid: false }), [[0]]),
      ],
    },
    verdict: { protection: 'full', coveredBy: ['uq_session'] },
  }),
  'not-analysed': audited({
    facts: { unjudgeable: 'cart is a foreign table; its rows and indexes lie on another server' },
    verdict: { protection: 'unknown' },
    duplicates: { counted: false, reason: 'not-judgeable', detail: 'cart is a foreign table', incomplete: false },
  }),
  'not-analysed, undecided': audited({
    facts: { indexes: [facts(index('uq_cart', ['session_id'], { predicate: '((length(session_id) > 0))' }), [[0]])] },
    verdict: {
      protection: 'unknown',
      unknownBecause:
        'whether the lookup implies its predicate ((length(session_id) > 0)) could not be proven either way',
      reasons: [
        reason(
          'uq_cart',
          'undecided',
          'whether the lookup implies its predicate ((length(session_id) > 0)) could not be proven either way',
          'unknown',
        ),
      ],
    },
  }),
}
