import { WAY } from '../../src/dialects/postgres/fix/way.js'
import type { Fix } from '../../src/model/fix.js'
import type { Plan, PlanTable } from '../../src/model/plan.js'
import type { RehearsedTable, SampleGroup, UndecidedGroups } from '../../src/model/rehearsal.js'
import type { DeclaredKeySet } from '../../src/report/fix-advice.js'
import { buildFixReport, type FixReportOptions } from '../../src/report/fix-build.js'
import type { Emitted, FixReport } from '../../src/report/fix-report.js'
import { column, index, table } from './audited.js'
import { keySet } from './scan.js'

export function planTable(name: string, columns: readonly string[], changes: Partial<PlanTable> = {}): PlanTable {
  return {
    schema: 'public',
    name,
    only: true,
    columns: columns.map((each) => ({ name: each, type: 'text', baseType: 'text', notNull: true, generated: false })),
    generated: [],
    primaryKey: ['id'],
    keys: [],
    merge: [],
    unique: [],
    outgoing: [],
    stamps: [],
    ...changes,
  }
}

export function planKey(label: string, columns: readonly string[], changes: Partial<PlanTable['keys'][number]> = {}) {
  return {
    kind: 'declared' as const,
    label,
    columns,
    values: [],
    conditions: [],
    survivor: 'oldest',
    divergent: 'stop' as const,
    compared: [],
    ...changes,
  }
}

const cart = planTable('cart', ['id', 'session_id', 'quantity', 'note', 'created_at', 'kind'], {
  keys: [planKey('public.cart(session_id)', ['session_id'])],
  merge: [
    { column: 'quantity', policy: 'sum', implicit: false },
    { column: 'created_at', policy: 'min', implicit: true },
  ],
})
const item = planTable('cart_item', ['id', 'cart_id', 'sku'], {
  keys: [planKey('cart_item_cart_id_sku_key', ['cart_id', 'sku'], { kind: 'existing', survivor: 'newest' })],
})
const visit = planTable('visit', ['id', 'cart_id'])

export const samplePlan: Plan = {
  name: 'cart_session_id',
  hash: '0123456789abcdef'.repeat(4),
  archive: 'goc_audit',
  searchPath: ['public'],
  tables: [cart, item, visit],
  references: [
    reference(1, 'cart_item_cart_id_fkey'),
    reference(2, null),
    { ...reference(2, 'visit_old_cart_fkey'), columns: ['old_cart'] },
  ],
  uniqueness: [
    {
      table: 0,
      keySet: 'public.cart(session_id)',
      name: 'uq_cart_session_id',
      members: 'session_id',
      generatedColumns: [],
      nullsNotDistinct: true,
      predicate: 'deleted_at IS NULL',
      constraint: false,
      model: {
        schema: 'public',
        table: 'cart',
        name: 'uq_cart_session_id',
        members: [{ column: 'session_id', fold: null }, { expression: 'lower(note)' }],
        predicate: 'deleted_at IS NULL',
        nullsNotDistinct: true,
        constraint: false,
      },
    },
  ],
  limits: { maxSurplus: null, maxGroup: 1000 },
}

function reference(from: number, foreignKey: string | null): Plan['references'][number] {
  return {
    from,
    columns: ['cart_id'],
    to: 0,
    targets: ['id'],
    foreignKey,
    onDelete: null,
    onUpdate: null,
    where: null,
    asText: false,
    indexed: true,
  }
}

export const cartSample: SampleGroup = {
  rows: 5,
  shown: [
    sampleRow('1', '2', 'Ann Lee', '2026-01-01 10:00:00+00'),
    sampleRow('7', '1', null, '2026-01-02 10:00:00+00'),
    sampleRow('31', '4', 'Ann Lee, 1 High Street', '2026-01-03 10:00:00+00'),
  ],
}

function sampleRow(id: string, quantity: string, note: string | null, created: string) {
  return { id, note, quantity, kind: '', created_at: created, session_id: 'ABC-123' }
}

const rehearsed = (changes: Partial<RehearsedTable>): RehearsedTable => ({
  rows: 12_000,
  surplusRows: 0,
  groups: 0,
  largestGroup: 0,
  changedRows: 0,
  byKey: [],
  samples: [],
  ...changes,
})

export function undecidedGroups(changes: Partial<UndecidedGroups> = {}): UndecidedGroups {
  return {
    schema: 'public',
    table: 'tag',
    keySet: 'public.tag(name)',
    columns: ['color', 'label'],
    groups: 2,
    rows: 5,
    samples: [
      {
        rows: 2,
        shown: [
          { id: '1', name: 'red', color: 'f00', label: null },
          { id: '2', name: 'red', color: 'a00', label: 'Red' },
        ],
      },
    ],
    ...changes,
  }
}

/** A key set `tag` in the user's file, referenced by `tagging`, which again is referenced by `vote`. */
export const declaredTag: DeclaredKeySet = {
  id: 'public.tag(name)',
  keySet: keySet('tag', ['name'], { location: { file: '.goc-audit.yml', line: 12, column: 5 } }),
  table: table({
    id: '20',
    name: 'tag',
    columns: ['id', 'name', 'color', 'label'].map((name) => column(name)),
    references: [
      {
        name: 'tagging_tag_id_fkey',
        schema: 'public',
        table: 'tagging',
        columns: ['tag_id'],
        targetColumns: ['id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
        estimatedRows: 10,
        bytes: 8192,
      },
    ],
  }),
}
export const undecidedTables = [
  declaredTag.table,
  table({ id: '21', name: 'tagging', columns: ['id', 'tag_id', 'weight'].map((name) => column(name)) }),
  table({
    id: '22',
    name: 'vote',
    columns: ['id', 'tagging_id', 'Voter', 'score'].map((name) => column(name)),
    indexes: [index('vote_pkey', ['id'], { primary: true }), index('vote_key', ['tagging_id', 'Voter'])],
  }),
]

/** Something of everything. */
export function plannedFix(changes: Partial<Fix> = {}): Fix {
  return {
    database: { name: 'shop', dialect: 'postgresql', flavour: 'postgresql', version: '17.4' },
    plan: samplePlan,
    rehearsal: {
      tables: [
        rehearsed({
          ...{ surplusRows: 104, groups: 100, largestGroup: 5, changedRows: 99, byKey: [104] },
          samples: [cartSample],
        }),
        rehearsed({ rows: 30, surplusRows: 1, groups: 1, largestGroup: 2, changedRows: 2, byKey: [1] }),
        rehearsed({ rows: 7 }),
      ],
      repointed: [2, 0, 0],
      undecided: [],
      problems: [],
    },
    script: {
      name: 'cart_session_id',
      header: ['goc-audit'],
      up: [phase('Merge'), { ...phase('Attach'), transaction: 'outside' }],
      down: [phase('Undo')],
      cleanup: [phase('Clean up')],
      modelChanges: samplePlan.uniqueness.map(({ model }) => model),
      target: { vendor: 'postgresql', clientArguments: '-v ON_ERROR_STOP=1' },
    },
    stall: 3.2,
    fixed: ['public.cart(session_id)'],
    protected: ['public.users(lower(email))'],
    undecided: [
      {
        keySet: 'public.tag(name)',
        groups: [
          undecidedGroups(),
          undecidedGroups({ table: 'tagging', columns: ['weight'], groups: 1, rows: 2, samples: [] }),
          undecidedGroups({ table: 'vote', columns: ['score'], groups: 1, rows: 3, samples: [] }),
        ],
        problems: ["rows of public.tag would become each other's ancestors through parent_id"],
      },
    ],
    refused: [
      {
        keySet: 'public.event(kind)',
        reason: 'public.event is partitioned by day, which the lookup does not contain',
        advice: 'CREATE TABLE public.event_key (kind text, PRIMARY KEY (kind));',
      },
      {
        keySet: 'public.visitor(token)',
        reason: 'writers would wait for about 95 seconds, and the limit is 30',
        advice: 'Fix fewer key sets at a time with --only, or accept the wait with --max-stall.',
      },
    ],
    suspected: [
      { schema: 'public', table: 'audit_log', column: 'cart_id', to: 'public.cart' },
      { schema: 'public', table: 'Log', column: 'cartId', to: 'public.cart' },
    ],
    warnings: ['Triggers of public.cart fire for every row that changes or goes: stamp.'],
    way: WAY,
    ...changes,
  }
}

const phase = (title: string) => ({
  title,
  comment: ['What it does.'],
  transaction: 'own' as const,
  statements: [{ comment: null, sql: 'SELECT 1' }],
})

export const nothingPlanned: Partial<Fix> = { plan: null, rehearsal: null, script: null, stall: 0, fixed: [] }

export const sqlFiles: Emitted = {
  format: 'sql',
  files: (['up', 'down', 'cleanup'] as const).map((kind, at) => ({
    path: `migrations/goc-audit/0001_goc_audit_cart_session_id.${kind}.sql`,
    kind,
    order: at + 1,
  })),
  notes: [],
}

export function fixReport(fix: Fix = plannedFix(), options: Partial<FixReportOptions> = {}): FixReport {
  return buildFixReport(fix, {
    tool: { name: 'goc-audit', version: '0.1.0' },
    showValues: false,
    maxStall: 30,
    emitted: null,
    declared: [declaredTag],
    tables: undecidedTables,
    ...options,
  })
}
