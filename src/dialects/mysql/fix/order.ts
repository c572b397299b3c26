import type { PlanTable } from '../../../model/plan.js'
import {
  aliased,
  aliasOf,
  columnOf,
  countAlias,
  countOf,
  heldColumns,
  keyNames,
  relationOf,
  type Shape,
  sameKey,
  samePlace,
} from './names.js'

/**
 * ORDER BY list over a table's columns under `alias`: best row first, and the same order each time. Where others refer
 * to the rows by something that may change, a row that keeps it comes first.
 */
export function survivorOrder(plan: Shape, at: number, survivor: string, alias: string): string {
  const held = heldColumns(plan, at).length > 0
  return `${held ? `${alias}.goc_stays DESC, ` : ''}${policyOrder(plan, at, survivor, alias)}`
}

function policyOrder(plan: Shape, at: number, survivor: string, alias: string): string {
  const table = plan.tables[at] as PlanTable
  const ties = (direction: string) => tieBreak(plan, at, alias, direction)
  switch (survivor) {
    case 'oldest':
      return ties('')
    case 'newest':
      return ties(' DESC')
    case 'most-complete':
      return `${table.columns.map(({ name }) => `(${columnOf(alias, name)} IS NULL)`).join(' + ')}, ${ties('')}`
    case 'most-referenced':
      return `COALESCE(${COUNTED}.goc_n, 0) DESC, ${ties('')}`
    default:
      return `${survivor}\n, ${ties('')}`
  }
}

/** The row's key as it is before anything moves: where it is made of references, the rows of a group are going to have the same. */
export function tieBreak({ tables }: Shape, at: number, alias: string, direction: string): string {
  return (tables[at] as PlanTable).primaryKey.map((_, n) => `${alias}.goc_p${n}${direction}`).join(', ')
}

const COUNTED = 'goc_q'

const isCounted = (table: PlanTable | undefined): boolean =>
  table?.keys.some(({ survivor }) => survivor === 'most-referenced') === true

/** goc_count_N: how many rows refer to a row at present; a statement may name a locked child only once. */
export function countTable(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  if (!isCounted(table)) return []
  const types = table.primaryKey.map(
    (name, n) => `goc_p${n} ${table.columns.find((column) => column.name === name)?.type} NOT NULL`,
  )
  return [
    `CREATE TEMPORARY TABLE ${countOf(ws, at)} (${types.join(', ')}, goc_n bigint, PRIMARY KEY (${keyNames(table, 'p').join(', ')})) ENGINE = InnoDB`,
  ]
}

/** What survivorOrder needs beside the rows under `alias`. */
export function countJoin(plan: Shape, ws: string, at: number, alias: string): string {
  const table = plan.tables[at] as PlanTable
  return isCounted(table)
    ? ` LEFT JOIN ${countOf(ws, at)} AS ${COUNTED} ON ${sameKey(table, COUNTED, 'p', alias, 'p')}`
    : ''
}

/** Counts for the rows in `found`. */
export function countSteps(plan: Shape, ws: string, at: number, found: string, where: string): string[] {
  const table = plan.tables[at] as PlanTable
  if (!isCounted(table)) return []
  const [count, t] = [countOf(ws, at), aliasOf('t', at)]
  const keys = keyNames(table, 'p').map((name) => `c.${name}`)
  return [
    `INSERT INTO ${count} SELECT ${keys.join(', ')}, ${referenceCount(plan, at, t)} FROM ${found} AS c STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'c', 'p')}${where} ON DUPLICATE KEY UPDATE ${count}.goc_n = ${count}.goc_n`,
  ]
}

function referenceCount(plan: Shape, at: number, alias: string): string {
  const counts = plan.references.flatMap(({ from, to, columns, targets, where, asText }, number) => {
    if (to !== at) return []
    const child = countAlias(number)
    const equal = columns.map((column, n) => {
      const [own, value] = [columnOf(child, column), columnOf(alias, targets[n] ?? '')]
      return asText ? `${asTextSql(own)} = ${asTextSql(value)}` : `${own} = ${value}`
    })
    // A condition of the configuration's names columns as they are: the child is the only table here that has any.
    const rows = plan.tables[from] as PlanTable
    const columnList = rows.columns.map(({ name }) => columnOf(child, name)).join(', ')
    const source =
      where === null
        ? `${relationOf(rows)} AS ${child}`
        : `(SELECT ${columnList} FROM ${relationOf(rows)} AS ${child} WHERE ${where}\n) AS ${child}`
    return [`(SELECT COUNT(*) FROM ${source} WHERE ${equal.join(' AND ')})`]
  })
  return counts.length === 0 ? '0' : counts.join(' + ')
}

/** Both sides of a reference whose types or collations differ. */
export const asTextSql = (value: string): string => `CAST(${value} AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin`
