import type { Remedy } from '../../model/audit.js'
import type { Table } from '../../model/catalog.js'
import type { Facts, ResolvedKeySet } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'
import { prettyIdentifier } from './sql-text.js'
import { type IndexDefinition, indexFor, shortName } from './uniqueness.js'

const ONLINE = ', ALGORITHM=INPLACE, LOCK=NONE'
const COPY = ', ALGORITHM=COPY, LOCK=SHARED'

/** How uniqueness can be had for a key set, in the user's own names. */
export function suggest(resolved: ResolvedKeySet, facts: Facts, server: ServerInfo): Remedy {
  const { table, parts } = resolved
  if (facts.unjudgeable !== null) return { kind: 'none', sql: [], note: null }
  const relation = `${prettyIdentifier(table.schema)}.${prettyIdentifier(table.name)}`
  const missing = (table.partitioning?.columns ?? []).filter(
    (column) => !parts.some((part) => part.column === column && part.match === 'exact' && part.origin === 'declared'),
  )
  if (table.partitioning?.byExpression === true && missing.length === 0 && table.partitioning.columns.length === 0)
    return sideTable(resolved, `${relation} is partitioned by an expression, so no unique index is possible on it`)
  if (missing.length > 0)
    return sideTable(
      resolved,
      `${relation} is partitioned by ${missing.join(', ')}, which the lookup doesn't contain, and a unique index must`,
    )
  const nullable = parts.find(({ column, nullLookedUp }) => nullLookedUp === 'also' && isPartitioning(column, table))
  if (nullable !== undefined)
    return {
      kind: 'none',
      sql: [],
      note: `${relation} is partitioned by ${nullable.label}, which a unique index must contain as it is, and every NULL counts as another value to it. Make the column NOT NULL`,
    }
  const index = indexFor(resolved, server)
  if ('refused' in index) return { kind: 'none', sql: [], note: `${index.refused}. ${index.advice}` }
  const statements = [
    ...index.generatedColumns.map(
      ({ name, definition }) =>
        `ALTER TABLE ${relation} ADD COLUMN ${prettyIdentifier(name)} ${definition}${index.columnsOnline ? ONLINE : COPY};`,
    ),
    `ALTER TABLE ${relation} ADD UNIQUE KEY ${prettyIdentifier(index.name)} (${index.members})${index.online ? ONLINE : COPY};`,
  ]
  const history = table.systemVersioned === true ? ['SET system_versioning_alter_history = KEEP;'] : []
  return { kind: kindOf(resolved, index), sql: [...history, ...statements], note: noteOn(resolved, index) }
}

const isPartitioning = (column: string | null, { partitioning }: Table): boolean =>
  column !== null && (partitioning?.columns.includes(column) ?? false)

function kindOf({ predicate }: ResolvedKeySet, { generatedColumns, members }: IndexDefinition): Remedy['kind'] {
  if (predicate !== null) return 'partial'
  return generatedColumns.length > 0 || members.includes('(') ? 'expression' : 'plain'
}

function noteOn({ table }: ResolvedKeySet, index: IndexDefinition): string | null {
  const { generatedColumns } = index
  const online = index.online && (index.columnsOnline || generatedColumns.length === 0)
  const notes: string[] = []
  if (generatedColumns.length > 0)
    notes.push('the generated columns are invisible: SELECT * and INSERT without a list of columns go on as before')
  if (generatedColumns.some(({ definition }) => definition.includes('WEIGHT_STRING')))
    notes.push('after an upgrade of the server that changes the collation, the index has to be rebuilt, as any other')
  notes.push(
    online
      ? 'writers go on meanwhile; set lock_wait_timeout to a few seconds first, since the statement waits for every open transaction on the table'
      : 'the server copies the table for this, and writers wait until it is done',
  )
  if (table.systemVersioned === true)
    notes.push(
      'only current rows are kept unique; but where rows with the same key were removed or changed by one statement, their history has the same moment twice, and the index is refused until that history is deleted (DELETE HISTORY)',
    )
  return notes.join('; ')
}

/** A table of keys: its primary key is what the audited table can't have. */
function sideTable({ table, parts, id }: ResolvedKeySet, why: string): Remedy {
  const columns = parts.flatMap((part) => {
    const column = table.columns.find((candidate) => candidate.name === part.column)
    return part.origin === 'declared' && column !== undefined ? [column] : []
  })
  const name = `${prettyIdentifier(table.schema)}.${prettyIdentifier(shortName(`${table.name}_key`, id))}`
  const list = columns.map(
    ({ name: column, type, collation }) =>
      `${prettyIdentifier(column)} ${type}${collation === null ? '' : ` COLLATE ${collation}`} NOT NULL`,
  )
  return {
    kind: 'side-table',
    sql: [
      `CREATE TABLE ${name} (${list.join(', ')}, PRIMARY KEY (${columns.map((column) => prettyIdentifier(column.name)).join(', ')}));`,
    ],
    note: `${why}. Use a side table of keys: INSERT INTO ${name} first, in the same transaction, and let its primary key decide who creates the row`,
  }
}
