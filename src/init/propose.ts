import type { Index, Table } from '../model/catalog.js'
import type { TableStatistics } from '../model/statistics.js'
import { keySetOfIndex, type Proposal, proposalId } from './proposal.js'
import { suspectsOf } from './suspects.js'

/** What the file should list for one table, best known first, each key set once. */
export function propose(table: Table, statistics: TableStatistics): readonly Proposal[] {
  const seen = new Set<string>()
  return [...shownByUniqueIndexes(table), ...suspectsOf(table, statistics)].filter(({ keySet }) => {
    const id = proposalId(keySet)
    return !seen.has(id) && seen.add(id)
  })
}

/** Tables that rows are inserted into; partitions are dealt with as their parent. */
export function isAuditable(table: Table): boolean {
  return (table.kind === 'table' || table.kind === 'partitioned-table') && !table.isPartition && !table.temporary
}

function shownByUniqueIndexes(table: Table): Proposal[] {
  const unique = table.indexes.filter((index) => index.unique && !isSurrogate(table, index))
  const kept = unique.filter((index) => !unique.some((other) => other !== index && isNarrower(other, index)))
  // Those that hold first: of two that show the same key set, theirs is the reason given.
  return [...kept.filter(holds), ...kept.filter((index) => !holds(index))].flatMap((index) => {
    const keySet = keySetOfIndex(table, index)
    if (keySet === null) return []
    return [{ keySet, strength: holds(index) ? 'guaranteed' : 'suspect', why: whyOf(table, index) } as const]
  })
}

const holds = (index: Index): boolean => index.valid && index.ready && !index.partitionLocal

/** Nobody looks a row up, and then inserts it, by a value that the database makes. */
function isSurrogate(table: Table, index: Index): boolean {
  const columns = table.columns.filter((column) => index.parts.some((part) => part.column === column.name))
  if (columns.some((column) => column.generatesKey)) return true
  return index.primary && columns.length === 1 && /^(id|pk|uuid|guid)$/i.test(columns[0]?.name ?? '')
}

/** A unique index on some of the columns makes one on more of them beside the point. */
function isNarrower(index: Index, than: Index): boolean {
  if (!holds(index) || index.predicate !== null || index.parts.length >= than.parts.length) return false
  return index.parts.every(({ column, expression }) =>
    than.parts.some((part) => part.column === column && part.expression === expression),
  )
}

function whyOf(table: Table, index: Index): string {
  if (index.partitionLocal) return `index ${index.name} is unique in partition ${index.table} only`
  if (!index.valid || !index.ready) return `unique index ${index.name} is not valid: it guarantees nothing`
  const kind = index.primary ? 'primary key' : index.constraint ? 'unique constraint' : 'unique index'
  const nullable = table.columns
    .filter((column) => !column.notNull && index.parts.some((part) => part.column === column.name))
    .map((column) => column.name)
  const nulls =
    nullable.length > 0 && !index.nullsNotDistinct ? [`rows with NULL in ${nullable.join(' or ')} may repeat`] : []
  const later = index.deferrable ? ['deferrable, so ON CONFLICT cannot use it'] : []
  return [`${kind} ${index.name}`, ...nulls, ...later].join('; ')
}
