import type { KeySql } from '../../../model/plan.js'
import type { UniqueIndex } from '../../../model/plan-facts.js'
import type { LookupPart, ResolvedKeySet } from '../../../model/verdict.js'
import { quoteIdentifier, sameName } from '../sql-text.js'

const NAME_LENGTH = 64

/** What makes key sets unique. Indexes of one table have names of their own, those of other key sets included. */
export function uniqueIndexes(): (resolved: ResolvedKeySet) => readonly UniqueIndex[] {
  const given = new Map<string, string[]>()
  return (resolved) => {
    const { table } = resolved
    const names = given.get(table.id) ?? table.indexes.map(({ name }) => name)
    const name = freeName(
      ['uq', table.name, ...declaredParts(resolved).map(({ columns }) => columns.join('_'))].join('_'),
      names,
    )
    given.set(table.id, [...names, name])
    return [toUnique(resolved, name)]
  }
}

function freeName(wanted: string, taken: readonly string[]): string {
  const names = [wanted, ...taken.map((_, at) => `${wanted.slice(0, NAME_LENGTH - 4)}_${at + 2}`)]
  return names.find((name) => !taken.some((other) => sameName(other, name)))?.slice(0, NAME_LENGTH) ?? wanted
}

const declaredParts = ({ parts }: ResolvedKeySet): LookupPart[] =>
  parts.filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')

function toUnique(resolved: ResolvedKeySet, name: string): UniqueIndex {
  const { table } = resolved
  const parts = declaredParts(resolved)
  const common = { name, predicate: null, nullsNotDistinct: false, constraint: true }
  return {
    ...common,
    generatedColumns: [],
    members: parts.map(memberSql).join(', '),
    model: {
      ...common,
      schema: table.schema,
      table: table.name,
      members: parts.map(({ column, label }) => (column === null ? { expression: label } : { column, fold: null })),
    },
  }
}

const memberSql = ({ column, label }: LookupPart): string => (column === null ? `(${label})` : quoteIdentifier(column))

/** The key set as values to group by. */
export function keySqlOf(resolved: ResolvedKeySet): KeySql & { readonly columns: readonly string[] } {
  const parts = declaredParts(resolved)
  return {
    values: parts.map((part) => ({ sql: memberSql(part), groupsNulls: part.nullLookedUp === 'also' })),
    conditions: [
      ...(resolved.predicate === null ? [] : [`(${resolved.predicate})`]),
      ...parts.flatMap((part) =>
        part.nullable && part.nullLookedUp !== 'also' ? [`(${memberSql(part)}) IS NOT NULL`] : [],
      ),
    ],
    columns: [...new Set(resolved.parts.flatMap(({ columns }) => columns))],
  }
}
