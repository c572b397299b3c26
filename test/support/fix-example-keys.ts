import type { KeySetBlueprint, UniqueBlueprint } from './fix-blueprint.js'
import { type Draft, pick } from './fix-example-tables.js'
import { type Condition, columnsOf, type DeclaredKeySet, type KeyPart, type UniqueKey } from './fix-schema.js'

/** What a key set looks up, before it is known how its rows are merged. */
export type Lookup = Pick<DeclaredKeySet, 'parts' | 'where' | 'groupsNulls'> & { readonly blueprint: KeySetBlueprint }

export const referencesOf = ({ foreignKeys, declared }: Draft) => [...foreignKeys, ...declared]

const hasKey = ({ primaryKey }: Draft): boolean => primaryKey.length > 0

/** Key sets whose rows nothing keeps from being duplicates. */
export function lookupsOf(draft: Draft, nulls: boolean): Lookup[] {
  const found: Lookup[] = []
  for (const blueprint of draft.blueprint.keySets) {
    const folds = blueprint.fold !== null && hasKey(draft)
    const parts = partsOf(draft, blueprint, folds, [...draft.shared]).map((part) => ({
      ...part,
      expression: part.fold && blueprint.fold === 'expression',
    }))
    const where = conditionOf(draft, blueprint.where, parts)
    const lookup: Lookup = { parts, where, groupsNulls: nulls && blueprint.nulls, blueprint }
    const known = [uniqueKey(draft.primaryKey), ...draft.uniqueKeys]
    if (parts.length === 0 || known.some((key) => protects(key, lookup))) continue
    if (!found.some((each) => isTwin(each, lookup))) found.push(lookup)
  }
  return found
}

/** Unique keys that leave the lookups their duplicate rows. */
export function addUniqueKeys(draft: Draft, lookups: readonly Lookup[], nulls: boolean): void {
  for (const blueprint of draft.blueprint.uniqueKeys) {
    // Without a primary key nothing says which of two rows is kept, so those that meet must be equal.
    const folds = blueprint.fold && hasKey(draft)
    const named = partsOf(draft, blueprint, folds, [])
    const where = conditionOf(draft, hasKey(draft) ? blueprint.where : null, named)
    const repointed = referencesOf(draft).some(({ columns }) =>
      columns.some((each) => columnsOf({ parts: named, where }).includes(each)),
    )
    const parts = repointed ? partsOf(draft, blueprint, folds, [...draft.shared]) : named
    // Of few values only few would be left.
    const isNarrow = parts.length < (repointed ? 1 : 2) || (!repointed && blueprint.references > 0)
    if (isNarrow) continue
    const plain = where === null && parts.every(({ fold }) => !fold)
    const key: UniqueKey = {
      form: plain && blueprint.constraint ? 'constraint' : 'index',
      parts,
      where,
      groupsNulls: nulls && blueprint.nulls,
      deferrable: plain && blueprint.constraint && blueprint.deferrable,
    }
    if (!lookups.some((lookup) => protects(key, lookup))) draft.uniqueKeys.push(key)
  }
}

function partsOf(
  draft: Draft,
  { references, columns }: Pick<UniqueBlueprint, 'references' | 'columns'>,
  folds: boolean,
  always: readonly string[],
): KeyPart[] {
  const all = referencesOf(draft)
  const start = (columns[0] ?? 0) % Math.max(1, all.length)
  const chosen = [...all.slice(start), ...all.slice(0, start)].slice(0, references)
  const own = [...draft.own.keys(), ...(folds && draft.code !== null ? [draft.code] : [])]
  const names = [
    ...always,
    ...chosen.flatMap((reference) => reference.columns),
    ...(own.length === 0 ? [] : columns.map((number) => pick(own, number))),
  ]
  const isText = (name: string) => draft.columns.some((column) => column.name === name && column.type === 'text')
  return [...new Set(names)].map((name) => ({ column: name, fold: folds && own.includes(name) && isText(name) }))
}

/** A condition on a column that isn't in the key, or on a row's own parent. */
function conditionOf(draft: Draft, number: number | null, parts: readonly KeyPart[]): Condition | null {
  const conditions = draft.columns.flatMap(({ name, type, notNull }): Condition[] => {
    const isParent = draft.foreignKeys.some(({ columns, parent }) => parent === draft.name && columns.at(-1) === name)
    if (isParent) return [{ column: name, test: 'is null' }]
    if (!draft.own.has(name)) return []
    return [
      ...(notNull ? [] : [{ column: name, test: 'is null' } as const, { column: name, test: 'is not null' } as const]),
      ...(type === 'boolean' ? [{ column: name, test: 'is true' } as const] : []),
      ...(type === 'text' ? [{ column: name, test: { equals: 'a' } }] : []),
    ]
  })
  const open = conditions.filter(({ column }) => parts.every((part) => part.column !== column))
  return number === null || open.length === 0 ? null : pick(open, number)
}

function uniqueKey(names: readonly string[]): Pick<UniqueKey, 'parts'> {
  return { parts: names.map((column) => ({ column, fold: false })) }
}

/** Whether rows that are equal for the lookup are so for the key, so that there can't be two of them. */
function protects(key: Pick<UniqueKey, 'parts'>, lookup: Lookup): boolean {
  const covered = ({ column, fold }: KeyPart) =>
    lookup.parts.some((part) => part.column === column && (fold || !part.fold))
  return key.parts.length > 0 && key.parts.every(covered)
}

function isTwin(one: Lookup, other: Lookup): boolean {
  const text = ({ parts, where }: Lookup) => JSON.stringify([parts.map((part) => JSON.stringify(part)).sort(), where])
  return text(one) === text(other)
}
