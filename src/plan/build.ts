import type { Column, Table } from '../model/catalog.js'
import type { MergePolicy, Resolution } from '../model/keyset.js'
import type { PlanKey, PlanMerge, PlanReference, PlanTable, PlanUniqueness } from '../model/plan.js'
import type { KeySetFacts, PlanFacts, UniqueKeyFacts } from '../model/plan-facts.js'
import { type Reach, reachOf } from './reach.js'

/** The steps of a plan, before it has a name. */
export interface Steps {
  readonly tables: readonly PlanTable[]
  readonly references: readonly PlanReference[]
  readonly uniqueness: readonly PlanUniqueness[]
}

/**
 * Steps that merge the rows of the key sets in `fixed` (positions in `facts.keySets`) and of whatever collides because
 * of it, parents before children. The other key sets only say how rows of their tables are merged.
 */
export function buildSteps(facts: PlanFacts, fixed: readonly number[]): Steps {
  const declared = fixed.flatMap((at) => facts.keySets[at] ?? [])
  const reach = reachOf(facts, declared, (table) => mergeOf(facts, table).merge.map(({ column }) => column))
  const position = new Map(reach.order.map((table, at) => [table, at]))
  const place = (table: number): number => position.get(table) ?? -1
  return {
    tables: reach.order.map((table) => planTable(facts, declared, reach, table)),
    references: reach.references.map(({ from, to, ...reference }) => ({
      ...reference,
      from: place(from),
      to: place(to),
    })),
    uniqueness: declared.flatMap(({ table, resolved, uniqueness }) =>
      'refused' in uniqueness
        ? []
        : uniqueness.map((index) => ({ ...index, table: place(table), keySet: resolved.id })),
    ),
  }
}

function planTable(facts: PlanFacts, declared: readonly KeySetFacts[], reach: Reach, at: number): PlanTable {
  const { table, uniqueKeys, outgoing, generated } = facts.tables[at] as PlanFacts['tables'][number]
  const { merge, settled } = mergeOf(facts, at)
  const own = declared.filter((each) => each.table === at).sort((a, b) => a.key.values.length - b.key.values.length)
  const moved = reach.changing.get(at) ?? new Set()
  const existing = uniqueKeys.filter(({ columns }) => columns.some((column) => moved.has(column)))
  const compared = comparer(table, settled)
  return {
    schema: table.schema,
    name: table.name,
    only: table.kind === 'table' && !table.isPartition,
    columns: table.columns.map(({ name, type, baseType, notNull, generated }) => ({
      name,
      type,
      baseType,
      notNull,
      generated: generated !== null,
    })),
    generated,
    primaryKey: table.primaryKey,
    keys: [
      ...own.map((each) => declaredKey(each, compared)),
      ...existing.map((key) => existingKey(key, resolutionFor(facts, at, key), compared)),
    ],
    merge,
    unique: uniqueKeys,
    outgoing,
    stamps: stampsOf(table),
  }
}

type Comparer = (keyColumns: readonly string[]) => PlanKey['compared']

/** Generated columns only follow from others; a creation stamp is no property of what the row stands for. */
function comparer(table: Table, settled: readonly string[]): Comparer {
  const open = table.columns.filter(
    ({ name, generated, isCreationStamp }) =>
      !settled.includes(name) && !table.primaryKey.includes(name) && generated === null && !isCreationStamp,
  )
  return (keyColumns) =>
    open.filter(({ name }) => !keyColumns.includes(name)).map(({ name, hasEquality }) => ({ name, hasEquality }))
}

function declaredKey({ resolved, key }: KeySetFacts, compared: Comparer): PlanKey {
  const { survivor, divergent } = resolved.keySet.resolution
  return {
    kind: 'declared',
    label: resolved.id,
    ...key,
    survivor,
    divergent,
    compared: compared(resolved.parts.flatMap(({ column }) => column ?? [])),
  }
}

function existingKey(key: UniqueKeyFacts, resolution: Resolution | null, compared: Comparer): PlanKey {
  const { name, values, conditions, columns } = key
  return {
    kind: 'existing',
    label: name,
    values,
    conditions,
    columns,
    survivor: resolution?.survivor ?? 'oldest',
    divergent: resolution?.divergent ?? 'stop',
    compared: compared(columns),
  }
}

/** A table's own key set says how its colliding rows are merged; best the one that is about the same columns. */
function resolutionFor(facts: PlanFacts, table: number, { columns }: UniqueKeyFacts): Resolution | null {
  const own = facts.keySets.filter((each) => each.table === table)
  const same = own.find(({ resolved: { parts } }) =>
    parts.every(({ column }) => column !== null && columns.includes(column)),
  )
  return (same ?? own[0])?.resolved.keySet.resolution ?? null
}

/**
 * Policies of a table's key sets and of the `references` entries that name it; creation stamps take the earliest.
 * Columns with a policy are `settled`, those to be kept included: rows may differ in them.
 */
function mergeOf(
  facts: PlanFacts,
  at: number,
): { readonly merge: readonly PlanMerge[]; readonly settled: readonly string[] } {
  const { table } = facts.tables[at] as PlanFacts['tables'][number]
  const asked = new Map<string, MergePolicy>()
  const take = (merge: Readonly<Record<string, MergePolicy>>) => {
    for (const [column, policy] of Object.entries(merge)) asked.set(column, policy)
  }
  for (const { resolved } of facts.keySets) {
    for (const { table: child, merge } of resolved.keySet.resolution.references)
      if (child.name === table.name && (child.schema ?? table.schema) === table.schema) take(merge)
  }
  for (const each of facts.keySets) if (each.table === at) take(each.resolved.keySet.resolution.merge)
  const merge = table.columns.flatMap((column): PlanMerge[] => {
    const policy = asked.get(column.name)
    if (policy !== undefined) return policy === 'keep' ? [] : [{ column: column.name, policy, implicit: false }]
    return column.isCreationStamp && column.generated === null
      ? [{ column: column.name, policy: 'min', implicit: true }]
      : []
  })
  return { merge, settled: [...asked.keys()] }
}

function stampsOf({ columns }: Table): string[] {
  const stamps = columns.filter(({ isTimestamp, generated }) => isTimestamp && generated === null)
  const updated = (column: Column) => /^(updated|modified|changed)|_(updated|modified|changed)(_|$)/i.test(column.name)
  const best = stamps.find(updated) ?? stamps.find(({ isCreationStamp }) => isCreationStamp)
  return best === undefined ? [] : [best.name]
}
