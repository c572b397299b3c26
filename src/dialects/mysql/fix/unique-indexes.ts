import type { AddedColumn } from '../../../model/plan.js'
import type { Refusal, UniqueIndex } from '../../../model/plan-facts.js'
import type { LookupPart, ResolvedKeySet } from '../../../model/verdict.js'
import type { ServerInfo } from '../driver.js'
import { nameOf, prettyIdentifier, quoteIdentifier, sameName, tokens } from '../sql-text.js'
import { hashedName, type IndexDefinition, indexFor, keyPartsOf } from '../uniqueness.js'

/**
 * What makes key sets unique, or why nothing can. Names belong to their table: where another key set's index or column
 * has one already, there is a hash at its end.
 */
export function uniqueIndexes(server: ServerInfo): (resolved: ResolvedKeySet) => readonly UniqueIndex[] | Refusal {
  const given = new Map<string, { readonly indexes: string[]; readonly columns: string[] }>()
  return (resolved) => {
    const { table, id } = resolved
    const index = indexFor(resolved, server)
    if ('refused' in index) return index
    const taken = given.get(table.id) ?? { indexes: [], columns: [] }
    given.set(table.id, taken)
    const name = free(index.name, taken.indexes, id)
    const renamed = index.generatedColumns.map((column) => ({
      ...column,
      from: column.name,
      name: free(column.name, taken.columns, id),
    }))
    taken.indexes.push(name)
    taken.columns.push(...renamed.map((column) => column.name))
    return [toUnique(resolved, { ...index, name, members: withNames(index.members, renamed) }, renamed)]
  }
}

const free = (name: string, taken: readonly string[], id: string): string =>
  taken.some((other) => sameName(other, name)) ? hashedName(name, id) : name

type Renamed = AddedColumn & { readonly from: string }

function withNames(members: string, columns: readonly Renamed[]): string {
  return tokens(members)
    .map((token) => {
      const column = columns.find(({ from }) => sameName(from, nameOf(token)))
      return column === undefined ? token.text : prettyIdentifier(column.name)
    })
    .join('')
}

function toUnique(resolved: ResolvedKeySet, index: IndexDefinition, columns: readonly Renamed[]): UniqueIndex {
  const { table, predicate } = resolved
  const { name, members } = index
  const parts = keyPartsOf(resolved)
  // An index with computed members is nothing that a framework's constraint would make.
  const constraint = predicate === null && columns.length === 0 && !members.includes('(')
  return {
    name,
    members,
    generatedColumns: columns.map(({ from, ...column }) => column),
    // NULL and conditions are what the computed members are for.
    nullsNotDistinct: false,
    predicate: null,
    constraint,
    model: {
      schema: table.schema,
      table: table.name,
      name,
      members: parts.map(memberOf),
      predicate,
      nullsNotDistinct: parts.some(({ nullLookedUp }) => nullLookedUp === 'also'),
      constraint,
    },
  }
}

function memberOf({ column, match, label }: LookupPart): UniqueIndex['model']['members'][number] {
  if (column === null) return { expression: label }
  if (match === 'binary') return { expression: `CAST(${quoteIdentifier(column)} AS BINARY)` }
  return { column, fold: match === 'lower' || match === 'upper' ? match : null }
}
