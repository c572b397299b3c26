import type { Table } from '../../../model/catalog.js'
import type { TableFacts } from '../../../model/plan-facts.js'
import { prettyIdentifier } from '../sql-text.js'
import { labelOf } from './closure.js'

/** What else happens to rows of a table when they are changed or removed. */
export interface Consequences {
  readonly relation: string
  readonly rules: readonly string[]
  readonly triggers: readonly string[]
  readonly matviews: readonly string[]
  readonly publications: readonly string[]
  readonly noIdentity: boolean
  readonly partitionReferences: readonly string[]
  readonly periodReferences: readonly string[]
  readonly hiddenTypes: readonly string[]
  readonly outgoing: TableFacts['outgoing']
}

/** Why rows of a table can't be moved or removed safely. */
export function refusalOf(table: Table, more: Consequences | undefined): string | null {
  const name = labelOf(table)
  const [rule] = more?.rules ?? []
  const [reference] = more?.partitionReferences ?? []
  const [period] = more?.periodReferences ?? []
  const [hidden] = more?.hiddenTypes ?? []
  if (table.kind !== 'table' && table.kind !== 'partitioned-table')
    return `${name} is a ${table.kind.replace('-', ' ')}`
  if (table.temporary) return `${name} is temporary`
  if (table.isPartition) return `${name} is a partition: its rows are referenced through the partitioned table`
  if (table.rowSecurity === 'filters') return `row security hides rows of ${name} from this role`
  if (table.unreadableColumns.length > 0)
    return `this role may not read ${table.unreadableColumns.map((column) => prettyIdentifier(column)).join(', ')} of ${name}`
  if (rule !== undefined) return `the rule ${prettyIdentifier(rule)} on ${name} changes what UPDATE or DELETE does`
  if (reference !== undefined) return `a foreign key points to a single partition of ${name}: ${reference}`
  if (period !== undefined)
    return `a foreign key points to periods of ${name}, which several of its rows may fill together: ${period}`
  if (hidden !== undefined)
    return `${name} has a column ${hidden}, whose schema is not on the search path of this role, so that = may compare it as another type`
  const odd = table.columns.find((column) => column.name.startsWith('goc_'))
  return odd === undefined
    ? null
    : `${name} has a column ${prettyIdentifier(odd.name)}, and names that begin with goc_ are used by the migration`
}

export function warningsOf(
  tables: readonly Table[],
  consequences: ReadonlyMap<string, Consequences>,
  publishesAll: readonly string[],
): string[] {
  const each = tables.flatMap((table) => {
    const { triggers = [], matviews = [], publications = [], noIdentity = false } = consequences.get(table.id) ?? {}
    const name = labelOf(table)
    return [
      ...(triggers.length > 0
        ? [`Triggers of ${name} fire for every row that changes or goes: ${triggers.join(', ')}.`]
        : []),
      ...matviews.map((view) => `${view} shows the old rows of ${name} until REFRESH MATERIALIZED VIEW ${view}.`),
      ...(publications.length > 0
        ? [
            `${name} is published (${publications.join(', ')}): its subscribers receive the changed and removed rows, but not the unique index; run the last step there too.`,
          ]
        : []),
      ...(publications.length > 0 && noIdentity
        ? [
            `${name} is published without a replica identity, so that rows can't be changed or removed: ALTER TABLE ${name} REPLICA IDENTITY FULL.`,
          ]
        : []),
    ]
  })
  const all = publishesAll.map(
    (name) =>
      `The publication ${prettyIdentifier(name)} is FOR ALL TABLES, so that the archive is published too and a subscriber without its tables stops: create them there first (the up file names them), or leave the archive out.`,
  )
  return [...each, ...all]
}
