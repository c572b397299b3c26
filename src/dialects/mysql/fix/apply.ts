import type { Plan, PlanLimits, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { prettyIdentifier, quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf, changedOf, columnList, fillArchive } from './archive.js'
import { check, run, runAll } from './blocks.js'
import { changedRows } from './changes.js'
import { problemQueries } from './checks.js'
import {
  aliased,
  aliasOf,
  backEdges,
  canLose,
  columnOf,
  keyNames,
  mapOf,
  relationOf,
  type Shape,
  samePlace,
  writtenColumns,
} from './names.js'
import { undecidedSql } from './undecided.js'
import { placeOf, setSteps, stampSets } from './write.js'

/** Statements under the lock, up to COMMIT: the maps are filled, and now rows go and change. */
export const nameOf = ({ schema, name }: Pick<PlanTable, 'schema' | 'name'>): string =>
  `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

export const beforeOf = (at: number): string => `@goc_before_${at}`

export function countRows(plan: Plan, variable: (at: number) => string): string {
  const counts = plan.tables.map((_, at) => `${variable(at)} = (SELECT COUNT(*) FROM ${aliased(plan, at, 't')})`)
  return `SET ${counts.join(', ')}`
}

/** Undecided groups and limits stop it before a row is touched. */
export function checks(plan: Plan, ws: string): Statement[] {
  const undecided = plan.tables.flatMap((table, at) => {
    const sql = undecidedSql(plan, ws, at, 'names')
    if (sql === null) return []
    const text = `CONCAT(COUNT(*), ' duplicate groups of ', ${quoteLiteral(nameOf(table))}, ' differ in ', GROUP_CONCAT(DISTINCT u.goc_columns SEPARATOR '; '))`
    return check(
      null,
      `SELECT ${text} AS text FROM (${sql}) AS u HAVING COUNT(*) > 0`,
      'Say in .goc-audit.yml how these columns are merged, or `divergent: keep-survivor`, and let goc-audit write the migration again.',
    )
  })
  const problems = problemQueries(plan, ws).flatMap((sql) =>
    check(null, sql, 'Settle these rows by hand first, or leave the key set out.'),
  )
  const limits = plan.tables.flatMap((table, at) =>
    canLose(table) ? tableLimits(plan.limits, table, ws, at).flat() : [],
  )
  return [
    {
      comment: 'What the plan may not decide, and more than it was meant for, stops it here: nothing has been touched.',
      sql: 'DO 0',
    },
    ...undecided,
    ...problems,
    ...limits,
  ]
}

/** Surplus rows that no limit minds unless it was given. */
export const FREE_SURPLUS = 1000
export const DEFAULT_SURPLUS = 0.1

function tableLimits({ maxGroup, maxSurplus }: PlanLimits, table: PlanTable, ws: string, at: number): Statement[][] {
  const share = maxSurplus ?? DEFAULT_SURPLUS
  const least = maxSurplus === null ? ` AND COUNT(*) > ${FREE_SURPLUS}` : ''
  const name = quoteLiteral(nameOf(table))
  const survivor = keyNames(table, 's').join(', ')
  return [
    check(
      null,
      `SELECT CONCAT('a duplicate group of ', ${name}, ' has ', COUNT(*) + 1, ' rows, and the limit is ${maxGroup}') AS text
      FROM ${mapOf(ws, at)} GROUP BY ${survivor} HAVING COUNT(*) + 1 > ${maxGroup} ORDER BY COUNT(*) DESC`,
      'A placeholder such as an empty string is often the key of a large group. Raise the limit with --max-group if it is right.',
    ),
    check(
      null,
      `SELECT CONCAT(COUNT(*), ' of the ', ${beforeOf(at)}, ' rows of ', ${name}, ' are surplus, and the limit is ${Math.round(share * 10000) / 100} percent') AS text
      FROM ${mapOf(ws, at)} HAVING COUNT(*) > ${share} * ${beforeOf(at)}${least}`,
      'Look at the duplicate groups once more. Raise the limit with --max-surplus if it is right.',
    ),
  ]
}

export function changedTables(plan: Shape, ws: string): string[] {
  return archivedTables(plan).map((at) => {
    const table = plan.tables[at] as PlanTable
    const typeOf = (name: string) => table.columns.find((column) => column.name === name)?.type ?? 'text'
    const columns = [
      'goc_row bigint, goc_writes int',
      ...table.primaryKey.map((name, n) => `goc_p${n} ${typeOf(name)} NOT NULL`),
      ...writtenColumns(plan, at).map((name) => `${quoteIdentifier(name)} ${typeOf(name)} NULL`),
      `PRIMARY KEY (${keyNames(table, 'p').join(', ')})`,
    ]
    return `CREATE TEMPORARY TABLE ${changedOf(ws, at)} (${columns.join(', ')}) ENGINE = InnoDB`
  })
}

/** Rows that stay with other values, and survivors; the numbers go on where those of the removed rows end. */
function fillChanged(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at)
  const names = [...keyNames(table, 'p'), ...written.map(quoteIdentifier)]
  const changed = changedOf(ws, at)
  const insert = `INSERT INTO ${changed} (goc_row, goc_writes, ${names.join(', ')})`
  const rows = changedRows(plan, ws, at)
  const order = (alias: string, prefix: 'p' | 's') =>
    keyNames(table, prefix)
      .map((name) => `${alias}.${name}`)
      .join(', ')
  const count = (from: string) => `(SELECT COUNT(*) FROM ${from})`
  const t = aliasOf('t', at)
  const values = [order('s', 's'), ...written.map((name) => columnOf(t, name))].join(', ')
  return [
    `SET @goc_rows = ${canLose(table) ? count(mapOf(ws, at)) : '0'}`,
    ...(rows === null
      ? []
      : [
          `${insert}
  SELECT ROW_NUMBER() OVER (ORDER BY ${order('c', 'p')}) + @goc_rows, 1, ${names.map((name) => `c.${name}`).join(', ')}
  FROM (${rows}) AS c`,
        ]),
    ...(canLose(table)
      ? [
          `SET @goc_rows = @goc_rows + ${count(changed)}`,
          `${insert}
  SELECT ROW_NUMBER() OVER (ORDER BY ${order('s', 's')}) + @goc_rows, 0, ${values}
  FROM (SELECT DISTINCT ${keyNames(table, 's').join(', ')} FROM ${mapOf(ws, at)}) AS s STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 's', 's')}
  ON DUPLICATE KEY UPDATE ${changed}.goc_writes = ${changed}.goc_writes`,
        ]
      : []),
  ]
}

/** Archives, then removes, repoints and merges: children first, since foreign keys are checked row by row. */
export function mergeRows(plan: Plan, ws: string): Statement[] {
  const tables = archivedTables(plan)
  const children = [...tables].reverse()
  const parked = tables.flatMap((at) => park(plan, ws, at))
  const circles = tables.flatMap((at) => setSteps(plan, ws, at, backColumns(plan, at), []))
  return [
    ...runAll(
      'Rows that stay with other values, and survivors.',
      tables.flatMap((at) => fillChanged(plan, ws, at)),
    ),
    ...runAll('Everything that is removed or changed, as it is now.', fillArchive(plan, ws)),
    ...(parked.length === 0
      ? []
      : runAll('Rows that go let go of those that are still in place when their turn comes.', parked)),
    ...(circles.length === 0 ? [] : runAll('Rows that stay do so too.', circles)),
    ...children.flatMap((at) => [
      ...stillReferred(plan, ws, at),
      ...runAll(`Remove, repoint and merge: ${nameOf(plan.tables[at] as PlanTable)}`, changeTable(plan, ws, at)),
    ]),
    ...runAll(
      'What has become of the rows that stay.',
      tables.map((at) => archiveAfter(plan, ws, at)),
    ),
  ]
}

/** A trigger may have written new references to rows that go, whose foreign key would take what it wrote along. */
function stillReferred(plan: Plan, ws: string, at: number): Statement[] {
  const table = plan.tables[at] as PlanTable
  if (!canLose(table)) return []
  return plan.references.flatMap(({ from, to, columns, targets, foreignKey }) => {
    if (to !== at || from === at || foreignKey === null) return []
    const child = plan.tables[from] as PlanTable
    const [t, o] = [aliasOf('t', from), aliasOf('o', at)]
    const equal = columns.map((name, n) => `${columnOf(t, name)} = ${columnOf(o, targets[n] ?? '')}`)
    return check(
      null,
      `SELECT CONCAT(COUNT(*), ${quoteLiteral(` rows of ${nameOf(child)} refer to rows of ${nameOf(table)} that go`)}) AS text
      FROM ${mapOf(ws, at)} AS l STRAIGHT_JOIN ${aliased(plan, at, 'o')} ON ${samePlace(table, o, 'l', 'p')}
      STRAIGHT_JOIN ${aliased(plan, from, 't')} ON ${equal.join(' AND ')} HAVING COUNT(*) > 0`,
      'A trigger writes references to them. Drop it for the time of the migration; nothing has been changed.',
    )
  })
}

/** Columns of back edges that the migration writes. */
function backColumns(plan: Shape, at: number): string[] {
  const back = backEdges(plan, at).flatMap(({ columns }) => columns)
  return writtenColumns(plan, at).filter((name) => back.includes(name))
}

/** Losers refer to nothing, or to themselves, by what others are still found at. */
function park(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  if (!canLose(table)) return []
  const t = aliasOf('t', at)
  const sets = parkSets(plan, at, t)
  if (sets.size === 0) return []
  const all = [...sets].map(([name, value]) => `${columnOf(t, name)} = ${value}`)
  return [
    `UPDATE ${mapOf(ws, at)} AS l STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'l', 'p')} SET ${[...all, ...stampSets(table, t, [...sets.keys()])].join(', ')}`,
  ]
}

/** Values that columns of back edges can hold whatever else is in the table: NULL, or the row's own. */
export function parkSets(plan: Shape, at: number, alias: string): ReadonlyMap<string, string> {
  const table = plan.tables[at] as PlanTable
  const sets = new Map<string, string>()
  for (const { columns, targets, to } of backEdges(plan, at)) {
    const known = columns.map((name) => table.columns.find((column) => column.name === name))
    if (known.some((column) => column?.generated)) continue
    const nullable = known.filter((column) => column?.notNull === false)
    if (nullable.length > 0) for (const column of nullable) sets.set(column?.name ?? '', 'NULL')
    else if (to === at) for (const [n, name] of columns.entries()) sets.set(name, columnOf(alias, targets[n] ?? ''))
  }
  return sets
}

function changeTable(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const back = backColumns(plan, at)
  const rest = writtenColumns(plan, at).filter((name) => !back.includes(name))
  // By its whole name: an alias would be looked for in the session's database, which there may be none of.
  const own = relationOf(table)
  const remove = `DELETE ${own} FROM ${mapOf(ws, at)} AS l STRAIGHT_JOIN ${own} ON ${samePlace(table, own, 'l', 'p')}`
  return [...(canLose(table) ? [remove] : []), ...setSteps(plan, ws, at, rest, back)]
}

function archiveAfter(plan: Plan, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  return `INSERT INTO ${archiveOf(plan, at)} (goc_row, goc_state, ${columnList(table)})
  SELECT c.goc_row, 'after', ${columnList(table, t)}
  FROM ${changedOf(ws, at)} AS c STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${placeOf(plan, at, t, 'c', writtenColumns(plan, at))}`
}

/** Runs at the end of the data part: all of it, or nothing. */
export function commit(): Statement[] {
  return run(null, 'COMMIT', '@goc_problem IS NULL').concat(run(null, 'ROLLBACK', '@goc_problem IS NOT NULL'))
}
