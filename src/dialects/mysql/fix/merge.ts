import type { PlanMerge, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier } from '../sql-text.js'
import type { Gate, Step } from './mapping.js'
import {
  aliased,
  aliasOf,
  canLose,
  columnOf,
  joinedOf,
  keyNames,
  mapOf,
  memberOf,
  mergeCause,
  mergedOf,
  nowColumns,
  nowOf,
  type Shape,
  samePlace,
} from './names.js'
import { computedSteps } from './now.js'
import { countJoin, survivorOrder, tieBreak } from './order.js'
import { futureRows } from './work.js'

/** Computes the merged values anew from the whole of each group, and puts them into goc_now_N; nothing where no column has a policy. */
export function mergeSteps(plan: Shape, ws: string, at: number, gate: Gate): Step[] {
  const table = plan.tables[at] as PlanTable
  if (!canLose(table) || table.merge.length === 0) return []
  const always = (sql: string): Step => ({ comment: null, when: 'always', sql })
  const merged = mergedOf(ws, at)
  return [
    ...memberSteps(plan, ws, at, gate),
    always(`DELETE FROM ${merged}${gate('always', [])}`),
    always(fillMerged(plan, ws, at, gate)),
    ...table.merge
      .filter(({ policy }) => policy === 'concat')
      .flatMap(({ column }) => concat(plan, ws, at, column, gate).map(always)),
    always(applyMerged(plan, ws, at, gate)),
    ...computedSteps(plan, ws, at, gate),
  ]
}

/** The rows of each group, the survivor among them. */
export function memberSteps(plan: Shape, ws: string, at: number, gate: Gate): Step[] {
  const table = plan.tables[at] as PlanTable
  const [map, member] = [mapOf(ws, at), memberOf(ws, at)]
  const [p, s] = [keyNames(table, 'p').join(', '), keyNames(table, 's').join(', ')]
  return [
    `DELETE FROM ${member}${gate('always', [])}`,
    `INSERT INTO ${member} SELECT ${p}, ${s}, 0, goc_key, goc_cause FROM ${map}${gate('always', [])}`,
    `INSERT INTO ${member} SELECT DISTINCT ${s}, ${s}, 1, NULL, NULL FROM ${map}${gate('always', [])}`,
  ].map((sql) => ({ comment: null, sql, when: 'always' }))
}

function fillMerged(plan: Shape, ws: string, at: number, gate: Gate): string {
  const table = plan.tables[at] as PlanTable
  const s = keyNames(table, 's')
  const columns = table.merge.map(({ column }) => quoteIdentifier(column))
  const values = table.merge.map((merge, n) => `${mergedValue(plan, at, merge)} AS goc_v${n}`)
  const group = s.map((name) => `m.${name}`)
  const ranked = `SELECT ${group.join(', ')}, MIN(m.goc_cause) OVER (PARTITION BY ${group.join(', ')}) AS goc_because, ${values.join(', ')}, ${placeSql(plan, at)} AS goc_place FROM ${members(plan, ws, at)}${gate('always', [])}`
  return `INSERT INTO ${mergedOf(ws, at)} (${[...s, 'goc_cause', ...columns].join(', ')}) SELECT ${[...s, 'goc_because', ...columns.map((_, n) => `goc_v${n}`)].map((name) => `g.${name}`).join(', ')} FROM (${ranked}) AS g WHERE g.goc_place = 1`
}

/** FROM list: the rows of each group as m, with their values as b. */
export function members(plan: Shape, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const equal = table.primaryKey.map((_, n) => `b.goc_p${n} = m.goc_p${n}`).join(' AND ')
  return `${memberOf(ws, at)} AS m STRAIGHT_JOIN ${futureRows(plan, ws, at, 'b', { alive: false })} ON ${equal}${countJoin(plan, ws, at, 'm')}`
}

const groupOf = (table: PlanTable): string =>
  `PARTITION BY ${keyNames(table, 's')
    .map((name) => `m.${name}`)
    .join(', ')}`

/** The survivor first, then in the survivor order of the first of the table's keys that made the group. */
function placeSql(plan: Shape, at: number): string {
  const table = plan.tables[at] as PlanTable
  const group = groupOf(table)
  const place = (survivor: string) => `ROW_NUMBER() OVER (${group} ORDER BY ${placeOrder(plan, at, survivor)})`
  const [first = 'oldest', ...others] = new Set(table.keys.map(({ survivor }) => survivor))
  if (others.length === 0) return place(first)
  const cases = table.keys.map(({ survivor }, number) => `WHEN ${number} THEN ${place(survivor)}`)
  return `CASE MIN(m.goc_by) OVER (${group}) ${cases.join(' ')} END`
}

const placeOrder = (plan: Shape, at: number, survivor: string): string =>
  `m.goc_first DESC, ${survivorOrder(plan, at, survivor, 'b')}`

/** Over the whole group, the same for each of its rows. */
function mergedValue(plan: Shape, at: number, { column, policy }: PlanMerge): string {
  const table = plan.tables[at] as PlanTable
  const group = groupOf(table)
  const value = columnOf('b', column)
  const type = table.columns.find(({ name }) => name === column)?.type ?? ''
  const [stamp] = table.stamps
  const newest = `${stamp === undefined ? '' : `${columnOf('b', stamp)} DESC, `}${tieBreak(plan, at, 'b', ' DESC')}`
  const first = (order: string) => `FIRST_VALUE(${value}) OVER (${group} ORDER BY ${order})`
  const bits = (name: string) => {
    const all = `${name}(${value}) OVER (${group})`
    const signed = /unsigned|^bit/.test(type) ? all : `CAST(${all} AS SIGNED)`
    return `IF(COUNT(${value}) OVER (${group}) = 0, NULL, ${signed})`
  }
  switch (policy) {
    case 'first-non-null':
      // Whichever key made the group: the order of its own survivors.
      return first(`(${value} IS NULL), ${placeOrder(plan, at, table.keys[0]?.survivor ?? 'oldest')}`)
    case 'min':
      return first(`(${value} IS NULL), ${value}`)
    case 'max':
      return first(`(${value} IS NULL), ${value} DESC`)
    case 'latest':
      return first(newest)
    case 'sum':
      return `SUM(${value}) OVER (${group})`
    case 'or':
      return bits('BIT_OR')
    case 'and':
      return bits('BIT_AND')
    case 'concat':
      return 'NULL'
  }
}

/**
 * Different texts, a line each, in the order of the group's rows. By way of a table of their own: an UPDATE that joins the
 * rows themselves would lock them.
 */
function concat(plan: Shape, ws: string, at: number, column: string, gate: Gate): string[] {
  const table = plan.tables[at] as PlanTable
  const s = keyNames(table, 's')
  const list = (alias: string) => s.map((name) => `${alias}.${name}`).join(', ')
  const [value, joined] = [columnOf('b', column), joinedOf(ws, at)]
  const ranked = `SELECT ${list('m')}, ${value} AS goc_v, ${placeSql(plan, at)} AS goc_place FROM ${members(plan, ws, at)}${gate('always', [`${value} IS NOT NULL`])}`
  const different = `SELECT ${list('r')}, MIN(r.goc_v) AS goc_v, MIN(r.goc_place) AS goc_place FROM (${ranked}) AS r GROUP BY ${list('r')}, SHA2(CAST(r.goc_v AS BINARY), 256)`
  return [
    `DELETE FROM ${joined}${gate('always', [])}`,
    `INSERT INTO ${joined} SELECT ${list('u')}, GROUP_CONCAT(u.goc_v ORDER BY u.goc_place SEPARATOR '\n') FROM (${different}) AS u GROUP BY ${list('u')}`,
    `UPDATE ${mergedOf(ws, at)} AS g JOIN ${joined} AS j ON ${s.map((name) => `j.${name} = g.${name}`).join(' AND ')} SET ${columnOf('g', column)} = j.goc_v`,
  ]
}

function applyMerged(plan: Shape, ws: string, at: number, gate: Gate): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const now = nowOf(ws, at)
  const names = nowColumns(plan, at)
  const merged = table.merge.map(({ column }) => column)
  const values = names.map((name) => columnOf(merged.includes(name) ? 'g' : t, name))
  const keys = table.primaryKey.map((_, n) => `g.goc_s${n}`)
  const updates = merged.map((name) => `${now}.${quoteIdentifier(name)} = ${columnOf('g', name)}`)
  const into = [...keyNames(table, 'p'), mergeCause, ...names.map(quoteIdentifier)]
  return `INSERT INTO ${now} (${into.join(', ')}) SELECT ${[...keys, 'g.goc_cause', ...values].join(', ')} FROM ${mergedOf(ws, at)} AS g STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'g', 's')}${gate('always', [])} ON DUPLICATE KEY UPDATE ${[...updates, `${now}.${mergeCause} = g.goc_cause`].join(', ')}`
}
