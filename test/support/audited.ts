import type { AuditedKeySet, Remedy } from '../../src/model/audit.js'
import type { Column, Index, Table } from '../../src/model/catalog.js'
import type { DuplicateCounts, Duplicates } from '../../src/model/duplicates.js'
import type { KeySet } from '../../src/model/keyset.js'
import type { Facts, IndexFacts, LookupPart, PartFact, Verdict } from '../../src/model/verdict.js'

export function column(name: string, changes: Partial<Column> = {}): Column {
  return {
    name,
    type: 'text',
    notNull: true,
    generatesKey: false,
    generated: null,
    expression: null,
    default: null,
    collation: null,
    deterministic: true,
    baseType: 'text',
    hasEquality: true,
    isTimestamp: false,
    isCreationStamp: false,
    ...changes,
  }
}

/** A plain unique index on the columns named. */
export function index(name: string, columns: readonly string[], changes: Partial<Index> = {}): Index {
  return {
    name,
    schema: 'public',
    table: 'cart',
    unique: true,
    primary: false,
    exclusion: false,
    period: false,
    constraint: null,
    deferrable: false,
    valid: true,
    ready: true,
    nullsNotDistinct: false,
    method: 'btree',
    parts: columns.map((label) => ({
      ...(label.startsWith('(')
        ? { column: null, expression: label.slice(1, -1) }
        : { column: label, expression: null }),
      equality: { kind: 'default', operator: '=', operatorClass: null, collation: null, deterministic: true },
    })),
    predicate: null,
    attached: null,
    partitionLocal: false,
    pinned: false,
    ...changes,
  }
}

export const primaryKey = index('cart_pkey', ['id'], { primary: true, constraint: 'cart_pkey' })

export function table(changes: Partial<Table> = {}): Table {
  return {
    id: '1',
    schema: 'public',
    name: 'cart',
    kind: 'table',
    temporary: false,
    isPartition: false,
    inheritanceChildren: 0,
    partitioning: null,
    estimatedRows: 1000,
    bytes: 81_920,
    columns: [
      column('id', { type: 'bigint', generatesKey: true }),
      column('session_id'),
      column('user_id', { notNull: false }),
    ],
    primaryKey: ['id'],
    indexes: [primaryKey],
    references: [],
    rowSecurity: 'off',
    unreadableColumns: [],
    insertTriggers: [],
    base: null,
    ...changes,
  }
}

export function part(label: string, changes: Partial<LookupPart> = {}): LookupPart {
  return {
    label,
    column: label,
    columns: [label],
    match: 'exact',
    nullable: false,
    origin: 'declared',
    nullLookedUp: 'never',
    ...changes,
  }
}

/** Facts of an index whose parts are, in order, the lookup's parts of these numbers (empty: left open). */
export function facts(on: Index, lookupParts: readonly number[][], part: Partial<PartFact> = {}): IndexFacts {
  return {
    index: on,
    parts: lookupParts.map((numbers, indexPart) => ({
      indexPart,
      lookupParts: numbers,
      relation: 'same',
      cause: null,
      detail: null,
      null: 'never',
      ...part,
    })),
    implied: ['yes'],
    overlaps: ['yes'],
    pinnedParts: [],
    unguarded: [],
  }
}

export function counts(groups: number, surplusRows: number, changes: Partial<DuplicateCounts> = {}): DuplicateCounts {
  return {
    counted: true,
    exact: true,
    nulls: 'excluded',
    groups,
    surplusRows,
    largestGroup: groups === 0 ? 0 : surplusRows - groups + 2,
    identicalGroups: groups,
    divergentGroups: 0,
    constraintGroups: groups,
    constraintSurplusRows: surplusRows,
    referencesToSurplus: 0,
    firstSeen: null,
    lastSeen: null,
    bornWithinSecond: null,
    samples: [],
    notes: [],
    ...changes,
  }
}

export interface AuditedParts {
  readonly id?: string
  readonly keySet?: Partial<KeySet>
  readonly table?: Partial<Table>
  readonly parts?: readonly LookupPart[]
  readonly predicate?: string
  readonly facts?: Partial<Facts>
  readonly verdict?: Partial<Verdict>
  readonly duplicates?: Duplicates
  readonly remedy?: Partial<Remedy>
}

/** `public.cart(session_id)`, unprotected and without duplicate rows, changed as told. */
export function audited(changes: AuditedParts = {}): AuditedKeySet {
  const relation = table(changes.table)
  const parts = changes.parts ?? [part('session_id')]
  const declared = parts.filter(({ origin }) => origin === 'declared').map(({ label }) => label)
  const predicate = changes.predicate ?? null
  const where = predicate === null ? {} : { where: predicate }
  const keySet: KeySet = {
    table: { schema: relation.schema, name: relation.name },
    parts: declared.map((name) => ({ kind: 'column', name })),
    ...where,
    match: {},
    boundAs: {},
    idiom: 'select-insert',
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
    evidence: [{ kind: 'declared' }],
    ...changes.keySet,
  }
  const id = `${relation.schema}.${relation.name}(${declared.join(',')})${predicate === null ? '' : `[${predicate}]`}`
  return {
    resolved: { keySet, id: changes.id ?? id, relation, table: relation, parts, predicate },
    facts: {
      cases: [{ label: null, nullParts: [] }],
      indexes: [],
      writeMismatches: [],
      unjudgeable: null,
      ...changes.facts,
    },
    verdict: {
      protection: 'none',
      hazards: [],
      coveredBy: [],
      reasons: [],
      condition: null,
      unknownBecause: null,
      ...changes.verdict,
    },
    duplicates: changes.duplicates ?? counts(0, 0),
    remedy: { kind: 'none', sql: [], note: null, ...changes.remedy },
  }
}
