import type { SqlTable } from '../../../model/sql.js'
import { dotted, isName, isOpen, isWord, type Tokens } from './range.js'

export interface NamedTable {
  readonly table: SqlTable
  readonly alias: string | null
  readonly next: number
}

const NOT_ALIASES = new Set(
  `where join inner left right cross natural full on using use force ignore partition tablesample for straight_join group
  order limit set values value select default union returning when with overriding window having offset fetch lock
  except intersect into outer as not from and`.split(/\s+/),
)

/** `[ONLY] [schema.]name [[AS] alias]` from `at`; null where none is. */
export function namedTable(t: Tokens, at: number, to: number): NamedTable | null {
  const name = dotted(t, isWord(t, at, 'only') && isName(t, at + 1) ? at + 1 : at, to)
  if (!name) return null
  const table = { schema: name.names.at(-2) ?? null, name: name.names.at(-1) ?? '' }
  const { alias, next } = aliasAt(t, name.next, to)
  return { table, alias, next }
}

export function aliasAt(t: Tokens, at: number, to: number): { readonly alias: string | null; readonly next: number } {
  const as = at < to && isWord(t, at, 'as')
  const start = as ? at + 1 : at
  const named =
    start < to && isName(t, start) && (as || t[start]?.kind === 'quoted' || !NOT_ALIASES.has(t[start]?.text ?? ''))
  return named ? { alias: t[start]?.name ?? null, next: start + 1 } : { alias: null, next: at }
}

export const sameTable = (a: SqlTable, b: SqlTable): boolean =>
  a.name === b.name && (a.schema === null || b.schema === null || a.schema === b.schema)

const same = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase()

/** Whether a qualifier means this table. */
export const owns =
  (table: SqlTable, alias: string | null) =>
  (qualifier: string | null): boolean =>
    qualifier === null || same(qualifier, alias ?? table.name) || same(qualifier, table.name)

export const isCall = (t: Tokens, at: number): boolean => isOpen(t, at)
