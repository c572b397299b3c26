import type { Blueprint, ColumnBlueprint, ReferenceBlueprint, TableBlueprint } from './fix-blueprint.js'
import { nameOf } from './fix-example-names.js'
import type { Column, Condition, ForeignKey, Reference, Type, UniqueKey } from './fix-schema.js'

/** A table that is being built. */
export interface Draft {
  readonly blueprint: TableBlueprint
  readonly name: string
  readonly columns: Column[]
  readonly primaryKey: string[]
  /** Without the primary key. */
  readonly uniqueKeys: UniqueKey[]
  readonly foreignKeys: ForeignKey[]
  /** References that only the configuration will tell of. */
  readonly declared: Reference[]
  /** Columns with values of the row's own, with their blueprints. */
  readonly own: Map<string, ColumnBlueprint>
  readonly code: string | null
  /** References that others share as part of their own to this table: rows that differ in them must not meet. */
  readonly shared: Set<string>
}

/** Undefined only if there is nothing to choose from. */
export const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T

export const column = (name: string, type: Type, more: Partial<Column> = {}): Column => ({
  name,
  type,
  notNull: false,
  identity: null,
  generated: null,
  stamp: null,
  defaultsToNow: false,
  ...more,
})

export const uniqueOn = (names: readonly string[], more: Partial<UniqueKey> = {}): UniqueKey => ({
  form: 'constraint',
  parts: names.map((name) => ({ column: name, fold: false })),
  where: null,
  groupsNulls: false,
  deferrable: false,
  ...more,
})

/** Tables with their columns and references, parents before children. */
export function buildTables({ tables, cycle }: Blueprint): Draft[] {
  const drafts: Draft[] = []
  for (const [number, blueprint] of tables.entries()) {
    const draft = startTable(blueprint, number)
    drafts.push(draft)
    for (const reference of blueprint.references) addReference(drafts, draft, reference)
  }
  if (cycle) closeCycle(drafts)
  return drafts
}

function startTable(blueprint: TableBlueprint, number: number): Draft {
  const { style } = blueprint
  const leaf = blueprint.primaryKey === 'none' && number > 0
  const draft: Draft = {
    blueprint,
    name: nameOf('t', number, style),
    columns: [],
    primaryKey: [],
    uniqueKeys: [],
    foreignKeys: [],
    declared: [],
    own: new Map(),
    code: blueprint.code && !leaf ? nameOf('code', 0, style) : null,
    shared: new Set(),
  }
  if (!leaf) startKey(draft, number)
  if (draft.code !== null) {
    draft.columns.push(column(draft.code, 'text', { notNull: true }))
    draft.uniqueKeys.push(uniqueOn([draft.code]))
  }
  addOwnColumns(draft, leaf)
  return draft
}

function startKey({ blueprint, columns, primaryKey }: Draft, number: number): void {
  if (blueprint.primaryKey === 'references' && number > 0) return
  const { identity, style } = blueprint
  const names = blueprint.primaryKey === 'two' ? [nameOf('a', 0, style), nameOf('b', 1, style)] : ['id']
  for (const name of names)
    columns.push(column(name, 'integer', { notNull: true, identity: names.length === 1 ? identity : null }))
  primaryKey.push(...names)
}

/** Without a primary key nothing says which of two rows is kept, so their values must not be equal but different. */
const exact = (type: Type): Type => (type === 'numeric' ? 'numeric(6,2)' : type === 'jsonb' ? 'text' : type)

function addOwnColumns({ blueprint, columns, own }: Draft, leaf: boolean): void {
  for (const [number, each] of blueprint.columns.entries()) {
    const name = nameOf('c', number, each.style)
    columns.push(column(name, leaf ? exact(each.type) : each.type, { notNull: each.notNull }))
    own.set(name, each)
  }
  if (blueprint.updated) {
    columns.push(column('updated_at', 'timestamptz', { stamp: 'change' }))
    own.set('updated_at', { type: 'timestamptz', notNull: false, style: 0, policy: blueprint.style })
  }
  if (blueprint.created !== null) {
    const byDefault = blueprint.created === 'by default'
    const name = byDefault ? nameOf('since', 0, blueprint.style) : 'created_at'
    columns.push(column(name, 'timestamptz', { stamp: 'creation', defaultsToNow: byDefault }))
  }
  const base = columns.find(({ name, type }) => own.has(name) && (type === 'text' || type === 'integer'))
  if (!blueprint.generated || base === undefined) return
  const by = base.type === 'text' ? 'lower' : 'double'
  columns.push(column(nameOf('g', 0, blueprint.style), base.type, { generated: { from: base.name, by } }))
}

const isLeaf = ({ blueprint, primaryKey }: Draft): boolean => blueprint.primaryKey === 'none' && primaryKey.length === 0

function addReference(drafts: readonly Draft[], draft: Draft, blueprint: ReferenceBlueprint): void {
  const earlier = drafts.filter((each) => each !== draft && !isLeaf(each))
  const keyed = draft.primaryKey.length > 0
  const toSelf = blueprint.self && keyed
  const parent = toSelf ? draft : pick(earlier, blueprint.to)
  // The first table has nothing else to refer to.
  if (parent === undefined) return
  const inKey = !toSelf && draft.blueprint.primaryKey === 'references' && isKeyOpen(draft)
  if (blueprint.declared !== null && !toSelf && !inKey) {
    addDeclared(draft, parent, blueprint, blueprint.declared)
    return
  }
  const notNull = inKey || (blueprint.notNull && !toSelf)
  if (blueprint.target === 'shared' && !inKey && addShared(draft, parent, blueprint, notNull)) return
  const targets = blueprint.target === 'code' && parent.code !== null && !inKey ? [parent.code] : parent.primaryKey
  const columns = addColumns(draft, parent, targets, blueprint, notNull)
  draft.foreignKeys.push(foreignKey(draft, columns, parent, targets, blueprint))
  if (inKey) draft.primaryKey.push(...columns)
}

/** A primary key is made of at most two references, and before the table refers to itself by it. */
const isKeyOpen = ({ name, foreignKeys }: Draft): boolean =>
  foreignKeys.length < 2 && foreignKeys.every(({ parent }) => parent !== name)

function addColumns(
  draft: Draft,
  parent: Draft,
  targets: readonly string[],
  { style, wide }: ReferenceBlueprint,
  notNull: boolean,
): string[] {
  return targets.map((target) => {
    const type = parent.columns.find(({ name }) => name === target)?.type ?? 'integer'
    const name = nameOf('r', draft.columns.length, style)
    draft.columns.push(column(name, wide && type === 'integer' ? 'bigint' : type, { notNull }))
    return name
  })
}

function foreignKey(
  { name }: Draft,
  columns: readonly string[],
  parent: Draft,
  targets: readonly string[],
  { onDelete, onUpdate, deferrable, valid }: ReferenceBlueprint,
): ForeignKey {
  return { table: name, columns, parent: parent.name, targets, where: null, onDelete, onUpdate, deferrable, valid }
}

function addDeclared(
  draft: Draft,
  parent: Draft,
  blueprint: ReferenceBlueprint,
  { where, text }: NonNullable<ReferenceBlueprint['declared']>,
): void {
  const columns = parent.primaryKey.map(() => {
    const name = nameOf('r', draft.columns.length, blueprint.style)
    draft.columns.push(column(name, text ? 'text' : 'integer'))
    return name
  })
  const kind = draft.columns.find(({ name, type }) => draft.own.has(name) && type === 'text')
  const condition: Condition | null = where && kind !== undefined ? { column: kind.name, test: { equals: 'a' } } : null
  draft.declared.push({ table: draft.name, columns, parent: parent.name, targets: parent.primaryKey, where: condition })
}

/**
 * A reference whose first column is one to a third table too, as of tenants: (tenant, parent) to (tenant, id) of the
 * parent. False where the parent has no such column.
 */
function addShared(draft: Draft, parent: Draft, blueprint: ReferenceBlueprint, notNull: boolean): boolean {
  const [id, ...others] = parent.primaryKey
  const tenant = parent.foreignKeys.find(
    ({ columns, parent: to }) => columns.length === 1 && to !== parent.name && isNotNull(parent, columns[0]),
  )
  const [shared] = tenant?.columns ?? []
  if (tenant === undefined || shared === undefined || id === undefined || others.length > 0) return false
  if (parent.foreignKeys.some(({ columns }) => columns.includes(id))) return false
  if (!parent.shared.has(shared)) parent.uniqueKeys.push(uniqueOn([shared, id]))
  parent.shared.add(shared)
  const own = draft === parent ? shared : addTenant(draft, parent, tenant, blueprint)
  const [column = ''] = addColumns(draft, parent, [id], blueprint, notNull)
  draft.foreignKeys.push(foreignKey(draft, [own, column], parent, [shared, id], blueprint))
  return true
}

function addTenant(draft: Draft, parent: Draft, tenant: ForeignKey, { style }: ReferenceBlueprint): string {
  const name = nameOf('r', draft.columns.length, style)
  const type = parent.columns.find((each) => each.name === tenant.columns[0])?.type ?? 'integer'
  draft.columns.push(column(name, type, { notNull: true }))
  draft.foreignKeys.push({ ...tenant, table: draft.name, columns: [name] })
  return name
}

const isNotNull = ({ columns }: Draft, wanted: string | undefined): boolean =>
  columns.some(({ name, notNull }) => name === wanted && notNull)

/** Between the first table that refers to another one and that one, so that only these two are in a circle. */
function closeCycle(drafts: readonly Draft[]): void {
  const toOthers = ({ name, foreignKeys }: Draft) => foreignKeys.filter(({ parent }) => parent !== name)
  const child = drafts.find((draft) => toOthers(draft).length > 0)
  if (child === undefined || isLeaf(child)) return
  const [found] = toOthers(child)
  const parent = drafts.find(({ name }) => name === found?.parent)
  const [blueprint] = child.blueprint.references
  if (parent === undefined || blueprint === undefined) return
  const columns = addColumns(parent, child, child.primaryKey, blueprint, false)
  parent.foreignKeys.push(foreignKey(parent, columns, child, child.primaryKey, blueprint))
}
