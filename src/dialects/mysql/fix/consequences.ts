import type { IncomingReference, Table } from '../../../model/catalog.js'
import type { OutgoingReference } from '../../../model/plan.js'
import type { Refusal } from '../../../model/plan-facts.js'
import { prettyIdentifier, quoteRelation } from '../sql-text.js'
import { labelOf } from './closure.js'
import type { LogSettings } from './facts-queries.js'
import { areUnique, withoutRowKey } from './unique-keys.js'

/** What else is to know of a table. */
export interface Consequences {
  readonly triggers: readonly string[]
  /** Our user may read every column, those included that the catalog hides from it. */
  readonly readable: boolean
  readonly outgoing: readonly OutgoingReference[]
  /** A foreign key of it that closes a circle in which no column can be NULL. */
  readonly circle: OutgoingReference | null
}

const BY_HAND = 'Its rows have to be merged by hand.'

/** Rows of another server. */
const ELSEWHERE = /^(federated|connect|spider|ndbcluster)$/i

/** Why rows of a table can't be moved or removed safely. `table`: with the key that its rows are known by. */
export function refusalOf(table: Table, { circle, readable }: Consequences): Refusal | null {
  const name = labelOf(table)
  if (table.kind !== 'table' && table.kind !== 'partitioned-table')
    return { refused: `${name} is a ${table.kind.replace('-', ' ')}`, advice: BY_HAND }
  if (table.temporary) return { refused: `${name} is temporary`, advice: BY_HAND }
  if (table.engine?.toLowerCase() !== 'innodb') return storedElsewhere(table)
  if (table.unreadableColumns.length > 0) {
    const columns = table.unreadableColumns.map((column) => prettyIdentifier(column)).join(', ')
    return { refused: `this user may not read ${columns} of ${name}`, advice: 'Connect as a user who may.' }
  }
  if (!readable)
    return { refused: `this user may not read some columns of ${name}`, advice: 'Connect as a user who may.' }
  if (table.primaryKey.length === 0) return withoutRowKey(table)
  const vague = table.references.find(({ targetColumns }) => !areUnique(table, targetColumns))
  if (vague !== undefined) return withoutUniqueTarget(table, vague)
  if (circle !== null) {
    const columns = listOf(circle.columns)
    return {
      refused: `rows of ${name} refer by ${columns}, which can't be NULL, to rows that refer to them in turn, so that none of them can go first`,
      advice: `Let ${columns} be NULL for the time of the migration.`,
    }
  }
  if (table.name.toLowerCase().startsWith('goc_'))
    return {
      refused: `temporary tables of the migration could hide ${name}, since names that begin with goc_ are used by the migration`,
      advice: 'Give the table another name.',
    }
  const odd = table.columns.find((column) => column.name.toLowerCase().startsWith('goc_'))
  return odd === undefined
    ? null
    : {
        refused: `${name} has a column ${prettyIdentifier(odd.name)}, and names that begin with goc_ are used by the migration`,
        advice: 'Give the column another name.',
      }
}

const listOf = (columns: readonly string[]): string => columns.map((column) => prettyIdentifier(column)).join(', ')

function storedElsewhere(table: Table): Refusal {
  const { engine = 'no storage engine' } = table
  const refused = `${labelOf(table)} is stored by ${engine}, where an interrupted migration can't be rolled back`
  return {
    refused,
    advice: ELSEWHERE.test(engine)
      ? 'Fix it where its rows are kept.'
      : `Store it by InnoDB first: ALTER TABLE ${quoteRelation(table)} ENGINE = InnoDB;`,
  }
}

/** Deleting any of several rows that a child may mean is refused, even when others stay. */
function withoutUniqueTarget(table: Table, { name, schema, table: child, targetColumns }: IncomingReference): Refusal {
  const columns = listOf(targetColumns)
  return {
    refused: `the foreign key ${prettyIdentifier(name)} of ${labelOf({ schema, name: child })} points to ${columns} of ${labelOf(table)}, where no unique key says which row is meant`,
    advice: `Let it point to the primary key, or declare ${columns} in key_sets and fix that first, without the foreign key.`,
  }
}

/** By position of the table: a foreign key that is part of a circle of such that can't be emptied. */
export function firmCircles(
  tables: readonly Table[],
  outgoing: readonly (readonly (OutgoingReference & { readonly to: number })[])[],
): (OutgoingReference | null)[] {
  const firm = outgoing.map((references, at) => references.filter(({ columns }) => !canBeNull(tables[at], columns)))
  const reaches = (from: number, target: number): boolean => {
    const seen = new Set<number>()
    const open = [from]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === target) return true
      if (seen.has(at)) continue
      seen.add(at)
      open.push(...(firm[at] ?? []).map(({ to }) => to))
    }
    return false
  }
  return firm.map((references, at) => references.find(({ to }) => reaches(to, at)) ?? null)
}

const canBeNull = (table: Table | undefined, columns: readonly string[]): boolean =>
  table?.columns.some(({ name, notNull, generated }) => columns.includes(name) && !notNull && generated === null) ??
  true

/** Of the tables, each with what is known of it. */
export function warningsOf(tables: readonly (readonly [Table, Consequences])[], log: LogSettings): string[] {
  return [
    ...tables.flatMap(([table, consequences]) => tableWarnings(table, consequences)),
    ...logWarnings(log),
    ...TOOLS,
  ]
}

function tableWarnings(table: Table, { triggers }: Consequences): string[] {
  const name = labelOf(table)
  const stamps = table.columns.flatMap((column) => (column.stampedOnUpdate ? [prettyIdentifier(column.name)] : []))
  const carried = table.references.some(({ onUpdate }) => onUpdate === 'cascade' || onUpdate === 'set null')
  return [
    ...(triggers.length > 0
      ? [
          `Triggers of ${name} fire for every row that changes or goes: ${triggers.join(', ')}.${carried ? ' They do not fire for what a foreign key carries on to rows of other tables.' : ''}`,
        ]
      : []),
    ...(stamps.length > 0
      ? [
          `${stamps.join(', ')} of ${name} ${stamps.length === 1 ? 'keeps its value' : 'keep their values'} in rows that change, though any other UPDATE sets the time.`,
        ]
      : []),
    ...(table.systemVersioned
      ? [
          `Old versions of rows of ${name} are not checked and stay as they are: they may hold duplicates. Every row that changes or goes leaves one more.`,
        ]
      : []),
  ]
}

function logWarnings({ logs, format, gtids, cluster }: LogSettings): string[] {
  return [
    ...(logs
      ? [
          'The binary log is on: replicas, and readers like Debezium and Maxwell, receive every row that changes or goes, and every row of the archive.',
          'A replica builds the unique index when the server is done with it, and lags behind for as long as that takes there.',
        ]
      : []),
    ...(logs && format !== 'ROW' && format !== ''
      ? [
          `binlog_format is ${format}: unless the user who runs the files may set it to ROW, replicas repeat their statements, each with a search of its own, instead of receiving rows.${format === 'STATEMENT' && gtids ? ' With GTIDs they then fail at the first temporary table made inside of a transaction (error 1787), and nothing happens.' : ''}`,
        ]
      : []),
    ...(cluster === null
      ? []
      : [
          `The server is a member of a cluster (${cluster}), whose other members know nothing of LOCK TABLES: let nobody write to them while it runs.`,
        ]),
  ]
}

/** They copy the table into one that has the unique index already. */
const TOOLS = [
  'Online schema change tools are no substitute for the files: gh-ost, pt-online-schema-change and LHM copy with INSERT IGNORE, and gh-ost follows with REPLACE, so that of rows that are duplicates by the new index all but one are lost, without an error.',
  'They are safe only while there are no duplicates and none can come, since something else stops them: then gh-ost with --panic-on-warnings, pt-online-schema-change with --no-check-unique-key-change (it refuses otherwise).',
]
