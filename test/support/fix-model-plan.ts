import type { MergePolicy } from '../../src/model/keyset.js'
import {
  type Condition,
  columnsOf,
  type DeclaredKeySet,
  type Divergent,
  type FixInput,
  type KeyPart,
  type Merge,
  meets,
  type Reference,
  type Row,
  type Survivor,
  type Table,
  type UniqueKey,
} from './fix-schema.js'

/** What the configuration means for each table, before any row is looked at. */
export interface ModelPlan {
  /** Parents before children. */
  readonly tables: readonly ModelTable[]
  readonly references: readonly Reference[]
}

export interface ModelTable extends Table {
  /** In the order in which they are applied. */
  readonly keys: readonly ModelKey[]
  readonly merge: readonly (readonly [column: string, policy: Exclude<MergePolicy, 'keep'>])[]
  /** Those that its rows hold. */
  readonly references: readonly Reference[]
  /** Column that says which row is the latest. */
  readonly stamp: string | null
}

export interface ModelKey {
  /** Id of the key set; null for a unique key that exists. */
  readonly keySet: string | null
  readonly parts: readonly KeyPart[]
  readonly where: Condition | null
  readonly groupsNulls: boolean
  /** All columns that it speaks of. */
  readonly columns: readonly string[]
  readonly survivor: Survivor
  readonly divergent: Divergent
  /** Columns in which the rows of a group must agree. */
  readonly compared: readonly string[]
}

export function tableOf({ tables }: ModelPlan, name: string): ModelTable {
  const found = tables.find((table) => table.name === name)
  if (found === undefined) throw new Error(`There is no table ${name}.`)
  return found
}

export const valuesOf = (row: Row, columns: readonly string[]): (string | null)[] =>
  columns.map((column) => row[column] ?? null)

export const isSameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at])

/** Position of the row that a row refers to as it was; null where it refers to none. */
export function parentOf(plan: ModelPlan, { columns, parent, targets, where }: Reference, raw: Row): number | null {
  const values = valuesOf(raw, columns)
  if (values.includes(null) || !meets(raw, where)) return null
  const at = tableOf(plan, parent).rows.findIndex((row) => targets.every((name, n) => row[name] === values[n]))
  return at < 0 ? null : at
}

/**
 * Key sets that are `undecided` merge nothing. They still are what their tables' owners said about merging rows and
 * about references, so that goes on for what other key sets make collide.
 */
export function planOf(input: FixInput, undecided: ReadonlySet<string>): ModelPlan {
  const references = referencesOf(input)
  const tables = input.tables.map((table): ModelTable => {
    const own = references.filter((reference) => reference.table === table.name)
    const policies = policiesOf(input, table)
    return {
      ...table,
      keys: [
        ...declaredKeys(input, table, undecided).map((keySet) => declaredKey(table, keySet, policies)),
        ...collidingKeys(table, own).map((key) => existingKey(input, table, key, policies)),
      ],
      merge: mergeOf(table, policies),
      references: own,
      stamp: (stampOf(table, 'change') ?? stampOf(table, 'creation'))?.name ?? null,
    }
  })
  return { tables, references }
}

/** Foreign keys, and what `references` entries add to them. */
function referencesOf({ tables, foreignKeys, declared }: FixInput): Reference[] {
  const found: Reference[] = [...foreignKeys]
  for (const { table: parent, references } of declared) {
    const targets = tables.find(({ name }) => name === parent)?.primaryKey ?? []
    for (const { table, columns, where } of references) {
      const known = found.some(
        (each) => each.table === table && each.parent === parent && `${each.columns}` === `${columns}`,
      )
      if (!known) found.push({ table, columns, parent, targets, where })
    }
  }
  return found
}

function declaredKeys({ declared }: FixInput, { name }: Table, undecided: ReadonlySet<string>): DeclaredKeySet[] {
  return declared
    .filter(({ id, table }) => table === name && !undecided.has(id))
    .sort((a, b) => a.parts.length - b.parts.length)
}

/** Unique keys that rows may violate once they are repointed. */
function collidingKeys(table: Table, references: readonly Reference[]): UniqueKey[] {
  const repointed = references.flatMap(({ columns }) => columns)
  return table.uniqueKeys.filter((key) => columnsOf(key).some((column) => repointed.includes(column)))
}

function policiesOf({ declared }: FixInput, { name }: Table): Merge {
  const named = declared.flatMap(({ references }) => references).filter(({ table }) => table === name)
  const own = declared.filter(({ table }) => table === name)
  return Object.assign({}, ...[...named, ...own].map(({ merge }) => merge))
}

function mergeOf({ columns }: Table, policies: Merge): ModelTable['merge'] {
  return columns.flatMap(({ name, stamp }) => {
    const policy = policies[name] ?? (stamp === 'creation' ? 'min' : 'keep')
    return policy === 'keep' ? [] : [[name, policy] as const]
  })
}

function stampOf({ columns }: Table, of: 'change' | 'creation') {
  return columns.find(({ stamp }) => stamp === of)
}

function declaredKey(table: Table, keySet: DeclaredKeySet, policies: Merge): ModelKey {
  const { id, parts, where, groupsNulls, survivor, divergent } = keySet
  // Texts that an expression calls equal may differ, and then one of them would be lost.
  const agreeing = parts.filter(({ expression }) => !expression).map(({ column }) => column)
  const columns = columnsOf(keySet)
  const compared = comparedIn(table, agreeing, policies)
  return { keySet: id, parts, where, groupsNulls, columns, survivor, divergent, compared }
}

/** A table's own key set, the first as configured, says how its rows are merged when they collide. */
function existingKey({ declared }: FixInput, table: Table, key: UniqueKey, policies: Merge): ModelKey {
  const { parts, where, groupsNulls } = key
  const own = declared.find((keySet) => keySet.table === table.name)
  const columns = columnsOf(key)
  return {
    keySet: null,
    parts,
    where,
    groupsNulls,
    columns,
    survivor: own?.survivor ?? 'oldest',
    divergent: own?.divergent ?? 'stop',
    compared: comparedIn(table, columns, policies),
  }
}

function comparedIn({ columns, primaryKey }: Table, key: readonly string[], policies: Merge): string[] {
  return columns
    .filter(({ generated, stamp }) => generated === null && stamp !== 'creation')
    .map(({ name }) => name)
    .filter((name) => !key.includes(name) && !primaryKey.includes(name) && !(name in policies))
}
