import type { KeySql, Plan, PlanTable, UniqueKey } from '../../../model/plan.js'
import { archivedTables, rowDocument } from './archive.js'
import type { Step } from './mapping.js'
import { aliased, aliasOf, columnOf, relationOf, withSources, writtenColumns } from './names.js'
import { asTextSql } from './order.js'
import {
  alsoOf,
  backOf,
  fillThen,
  keepOf,
  keyReason,
  lostOf,
  MORE,
  placeTable,
  referenceReason,
  takenOf,
  thenOf,
  undoOf,
} from './undo-views.js'

/** Parents outside of the plan, which only the way back reads. */
const outsideAlias = (at: number, n: number): string => `goc_z${at}_${n}`

/** Steps of a round; a round that finds nothing is the last. What was found stays as it is now, or in the archive. */
export function eliminations(plan: Plan, ws: string): Step[] {
  const tables = archivedTables(plan)
  const afterwards = tables.flatMap((at) => fillThen(plan, ws, at))
  const found = tables.flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const steps = [
      ...table.unique.flatMap((key, number) => uniqueSteps(plan, ws, at, key, number)),
      ...outgoingOf(plan, at).flatMap((reference) => referenceSteps(plan, ws, at, reference)),
    ]
    return steps.map(
      (sql, n): Step => ({ comment: n === 0 ? `${table.schema}.${table.name}` : null, when: 'always', sql }),
    )
  })
  return [...afterwards.map((sql): Step => ({ comment: null, when: 'always', sql })), ...found]
}

/** A query with one text that changes as long as something is found. */
export function eliminated(plan: Plan, ws: string): string {
  const sums = archivedTables(plan).flatMap((at) => {
    const kept = writtenColumns(plan, at).map((_, n) => `(${keepOf(n)} <> 0)`)
    return [
      ...(kept.length === 0 ? [] : [`(SELECT COALESCE(SUM(${kept.join(' + ')}), 0) FROM ${undoOf(ws, at)})`]),
      `(SELECT COUNT(goc_why) FROM ${backOf(ws, at)})`,
    ]
  })
  return `SELECT CONCAT_WS(';', ${["''", ...sums].join(', ')})`
}

/** `found`: rows (goc_row, goc_found). These columns of theirs keep what they hold now. */
function keepColumns(plan: Plan, ws: string, at: number, columns: readonly string[], found: string, reason: number) {
  const written = writtenColumns(plan, at)
  const numbers = written.flatMap((name, n) => (columns.includes(name) ? [n] : []))
  const sets = numbers.map((n) => `u.${keepOf(n)} = IF(u.${keepOf(n)} = 0, ${reason}, u.${keepOf(n)})`)
  return `UPDATE ${undoOf(ws, at)} AS u JOIN (${found}) AS f ON f.goc_row = u.goc_row SET u.goc_found = COALESCE(u.goc_found, f.goc_found), ${sets.join(', ')} WHERE ${MORE}`
}

/** These stay in the archive. */
const keepAway = (ws: string, at: number, found: string, reason: number): string =>
  `UPDATE ${backOf(ws, at)} AS k JOIN (${found}) AS f ON f.goc_row = k.goc_row SET k.goc_found = COALESCE(k.goc_found, f.goc_found), k.goc_why = COALESCE(k.goc_why, ${reason}) WHERE ${MORE}`

/** A key that somebody else has taken meanwhile. */
function uniqueSteps(plan: Plan, ws: string, at: number, key: UniqueKey, number: number): string[] {
  const table = plan.tables[at] as PlanTable
  const sources = withSources(table, key.columns)
  const written = writtenColumns(plan, at).filter((column) => sources.includes(column))
  const reason = keyReason(number)
  const rows = takenOf(ws, at, number)
  const where = ` WHERE ${[MORE, ...key.conditions].join(' AND ')}`
  const kinds = written.length > 0 ? (['undo', 'back'] as const) : (['back'] as const)
  return [
    `DELETE FROM ${rows} WHERE ${MORE}`,
    `INSERT INTO ${rows} SELECT goc_row, goc_kind, ${key.values.map(({ sql }) => `(${sql})`).join(', ')} FROM ${thenOf(ws, at)}${where}`,
    ...kinds.flatMap((kind) =>
      [takenByOthers(plan, ws, at, key, rows, kind), takenByRestored(key, rows, kind)].map((found) =>
        kind === 'undo' ? keepColumns(plan, ws, at, written, found, reason) : keepAway(ws, at, found, reason),
      ),
    ),
  ]
}

/** By rows that stay as they are. */
function takenByOthers(plan: Plan, ws: string, at: number, key: KeySql, rows: string, kind: string): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const equal = key.values.map(({ sql, groupsNulls }, n) => `(${sql}) ${groupsNulls ? '<=>' : '='} q.goc_k${n}`)
  const own = table.primaryKey.map((name, n) => `d.goc_p${n} = ${columnOf(t, name)}`)
  return `SELECT q.goc_row, MIN(${rowDocument(table, t)}) AS goc_found
  FROM ${rows} AS q STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${[...equal, ...key.conditions].join(' AND ')}
  LEFT JOIN ${placeTable(ws, at)} AS d ON ${own.join(' AND ')}
  WHERE q.goc_kind = '${kind}' AND d.goc_p0 IS NULL GROUP BY q.goc_row`
}

/** By rows that get other values back. */
function takenByRestored({ values }: KeySql, rows: string, kind: string): string {
  const group = `PARTITION BY ${values.map((_, n) => `q.goc_k${n}`).join(', ')}`
  const filled = values.flatMap(({ groupsNulls }, n) => (groupsNulls ? [] : [`q.goc_k${n} IS NOT NULL`]))
  const where = filled.length === 0 ? '' : ` WHERE ${filled.join(' AND ')}`
  return `SELECT w.goc_row, NULL AS goc_found FROM (
    SELECT q.goc_row, q.goc_kind, SUM(q.goc_kind = 'undo') OVER (${group}) AS goc_n FROM ${rows} AS q${where}
  ) AS w WHERE w.goc_kind = '${kind}' AND w.goc_n > ${kind === 'undo' ? 1 : 0}`
}

interface Outgoing {
  readonly columns: readonly string[]
  readonly targets: readonly string[]
  /** FROM item with the parent's rows as they are now; null for a reference that nothing enforces. */
  readonly now: { readonly rows: string; readonly alias: string } | null
  /** The parent is no table of the plan. */
  readonly outside: boolean
  /** Position of the parent where rows of it were removed or changed. */
  readonly parent: number | null
  readonly where: string | null
  readonly asText: boolean
}

export function outgoingOf(plan: Plan, at: number): Outgoing[] {
  const changed = archivedTables(plan)
  const enforced = (plan.tables[at] as PlanTable).outgoing.map(({ schema, table, columns, targets }, n): Outgoing => {
    const to = plan.tables.findIndex((each) => each.schema === schema && each.name === table)
    const alias = to < 0 ? outsideAlias(at, n) : aliasOf('o', to)
    const rows = to < 0 ? `${relationOf({ schema, name: table })} AS ${alias}` : aliased(plan, to, 'o')
    return {
      columns,
      targets,
      now: { rows, alias },
      outside: to < 0,
      parent: changed.includes(to) ? to : null,
      where: null,
      asText: false,
    }
  })
  const declared = plan.references
    .filter(({ from, foreignKey }) => from === at && foreignKey === null)
    .map(
      ({ columns, targets, to, where, asText }): Outgoing => ({
        columns,
        targets,
        now: null,
        outside: false,
        parent: to,
        where,
        asText,
      }),
    )
  return [...enforced, ...declared]
}

/** A parent that isn't there any more, or whose id belongs to another row now. */
function referenceSteps(plan: Plan, ws: string, at: number, reference: Outgoing): string[] {
  const { columns, targets, now, parent, where, asText } = reference
  const side = (sql: string) => (asText ? asTextSql(sql) : sql)
  const equal = (alias: string) =>
    columns.map((name, n) => `${side(columnOf(alias, targets[n] ?? ''))} = ${side(columnOf('n', name))}`).join(' AND ')
  const lost: string[] = []
  if (now !== null) {
    const others = parent === null ? { join: '', where: '' } : outsideUndo(plan, ws, parent, now.alias)
    const gone = [`NOT EXISTS (SELECT 1 FROM ${now.rows}${others.join} WHERE ${equal(now.alias)}${others.where})`]
    if (parent !== null) gone.push(`NOT EXISTS (SELECT 1 FROM ${alsoOf(ws, parent)} AS p WHERE ${equal('p')})`)
    lost.push(gone.join(' AND '))
  }
  if (parent !== null) lost.push(`EXISTS (SELECT 1 FROM ${lostOf(ws, parent)} AS p WHERE ${equal('p')})`)
  const filled = columns.map((name) => `${columnOf('n', name)} IS NOT NULL`).join(' AND ')
  const rows = (kind: string) =>
    `(SELECT * FROM ${thenOf(ws, at)} WHERE goc_kind = '${kind}'${where === null ? '' : ` AND (${where}\n)`}) AS n`
  const written = writtenColumns(plan, at).filter((column) => columns.includes(column))
  return lost.flatMap((condition) => {
    const found = (kind: string) =>
      `SELECT n.goc_row, NULL AS goc_found FROM ${rows(kind)} WHERE ${MORE} AND ${filled} AND ${condition}`
    return [
      ...(written.length === 0 ? [] : [keepColumns(plan, ws, at, written, found('undo'), referenceReason)]),
      keepAway(ws, at, found('back'), referenceReason),
    ]
  })
}

/** Rows of the parent that don't change on the way back. */
function outsideUndo(plan: Plan, ws: string, parent: number, alias: string) {
  const { primaryKey } = plan.tables[parent] as PlanTable
  const equal = primaryKey.map((name, n) => `v.goc_p${n} = ${columnOf(alias, name)}`)
  return {
    join: ` LEFT JOIN ${placeTable(ws, parent)} AS v ON ${equal.join(' AND ')}`,
    where: ' AND v.goc_p0 IS NULL',
  }
}
