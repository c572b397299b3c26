import type { PlanReference } from '../model/plan.js'
import type { KeySetFacts, PlanFacts } from '../model/plan-facts.js'

/** What merging the rows of some tables can touch. Tables are positions in the facts. */
export interface Reach {
  /** Parents before children; a cycle is cut where it was entered. */
  readonly order: readonly number[]
  /** Between tables of `order`, those alone whose values can change. */
  readonly references: readonly PlanReference[]
  /** By table: columns that may get another value. */
  readonly changing: ReadonlyMap<number, ReadonlySet<string>>
}

/**
 * From the tables whose key sets are fixed, along references, to wherever a value changes: rows of a child are repointed
 * when parents go, or when the values that they hold change; they go themselves when a unique key of theirs holds such a
 * column.
 */
export function reachOf(
  facts: PlanFacts,
  fixed: readonly KeySetFacts[],
  mergedColumns: (table: number) => readonly string[],
): Reach {
  const changing = new Map<number, Set<string>>()
  const losing = new Set<number>()
  const references = new Set<PlanReference>()
  const all = allReferences(facts)
  const queue: number[] = []
  const change = (table: number, columns: readonly string[]) => {
    const known = changing.get(table)
    const before = known?.size ?? -1
    const computed = facts.tables[table]?.generated.filter(({ from }) =>
      from.some((column) => columns.includes(column)),
    )
    changing.set(table, new Set([...(known ?? []), ...columns, ...(computed ?? []).map(({ name }) => name)]))
    if (changing.get(table)?.size !== before) queue.push(table)
  }
  const lose = (table: number) => {
    if (losing.has(table)) return
    losing.add(table)
    change(table, mergedColumns(table))
    queue.push(table)
  }
  for (const { table } of fixed) lose(table)
  for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
    const columns = changing.get(table) ?? new Set()
    const keys = facts.tables[table]?.uniqueKeys ?? []
    if (keys.some((key) => key.columns.some((column) => columns.has(column)))) lose(table)
    for (const reference of all) {
      if (reference.to !== table) continue
      if (!losing.has(table) && !reference.targets.some((column) => columns.has(column))) continue
      references.add(reference)
      change(reference.from, reference.columns)
    }
  }
  const used = [...references]
  const tables = [...changing.keys()]
  const order = facts.way.emptiesCycles ? cutWhereEmptied(facts, tables, used) : parentsFirst(tables, used)
  return { order, references: used, changing }
}

function allReferences(facts: PlanFacts): PlanReference[] {
  const foreignKeys = facts.tables.flatMap(({ children }, to) =>
    children.map(
      ({ child, reference }): PlanReference => ({
        from: child,
        columns: reference.columns,
        to,
        targets: reference.targetColumns,
        foreignKey: reference.name,
        onDelete: reference.onDelete,
        onUpdate: reference.onUpdate,
        where: null,
        asText: false,
        indexed: isIndexed(facts, child, reference.columns),
      }),
    ),
  )
  const declared = facts.declared.map(
    ({ child, columns, to, targets, where, asText }): PlanReference => ({
      from: child,
      columns,
      to,
      targets,
      foreignKey: null,
      onDelete: null,
      onUpdate: null,
      where,
      asText,
      indexed: !asText && isIndexed(facts, child, columns),
    }),
  )
  return [...foreignKeys, ...declared]
}

function isIndexed({ tables }: PlanFacts, child: number, columns: readonly string[]): boolean {
  const indexes = tables[child]?.table.indexes ?? []
  return indexes.some(({ parts, method, predicate, valid }) => {
    const first = parts.slice(0, columns.length).map(({ column }) => column)
    return valid && predicate === null && method === 'btree' && columns.every((column) => first.includes(column))
  })
}

/** Depth first from each table to its parents, so that they come before it; the same for the same input. */
function parentsFirst(tables: readonly number[], references: readonly PlanReference[]): number[] {
  const order: number[] = []
  const seen = new Set<number>()
  const visit = (table: number) => {
    if (seen.has(table)) return
    seen.add(table)
    for (const { from, to } of references) if (from === table) visit(to)
    order.push(table)
  }
  for (const table of [...tables].sort((a, b) => a - b)) visit(table)
  return order
}

/** The same, but where a cycle has to be cut, it is at a reference that can be NULL, if there is one. */
function cutWhereEmptied(facts: PlanFacts, tables: readonly number[], references: readonly PlanReference[]): number[] {
  const order: number[] = []
  const open = [...tables].sort((a, b) => a - b)
  const waits = (table: number, on: readonly PlanReference[]) =>
    on.some(({ from, to }) => from === table && to !== table && open.includes(to))
  const firm = references.filter((reference) => !canBeEmptied(facts, reference))
  while (open.length > 0) {
    const free = open.findIndex((table) => !waits(table, references))
    const next =
      free >= 0
        ? free
        : Math.max(
            0,
            open.findIndex((table) => !waits(table, firm)),
          )
    order.push(...open.splice(next, 1))
  }
  return order
}

/** Some column of it can be NULL, so that the row refers to nothing for a while. */
export function canBeEmptied(
  { tables }: Pick<PlanFacts, 'tables'>,
  { from, columns, foreignKey }: Pick<PlanReference, 'from' | 'columns' | 'foreignKey'>,
): boolean {
  const own = tables[from]?.table.columns.filter(({ name }) => columns.includes(name)) ?? []
  return foreignKey === null || own.some(({ notNull, generated }) => !notNull && generated === null)
}
