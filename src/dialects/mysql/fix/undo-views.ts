import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier } from '../sql-text.js'
import { archived, archivedTables, archiveOf, columnList } from './archive.js'
import {
  aliased,
  aliasOf,
  columnOf,
  exactSql,
  keyNames,
  type Shape,
  withSources,
  work,
  writtenColumns,
} from './names.js'

export const undoOf = (ws: string, at: number): string => work(ws, `goc_undo_${at}`)
export const backOf = (ws: string, at: number): string => work(ws, `goc_back_${at}`)
export const thenOf = (ws: string, at: number): string => work(ws, `goc_then_${at}`)
/** The same rows again, since MySQL opens a temporary table once in a statement. */
export const alsoOf = (ws: string, at: number): string => work(ws, `goc_also_${at}`)
/** Removed rows that can't come back. */
export const lostOf = (ws: string, at: number): string => work(ws, `goc_lost_${at}`)
/** Keys that the rows of goc_undo_N have now. */
export const placeTable = (ws: string, at: number): string => work(ws, `goc_place_${at}`)
export const takenOf = (ws: string, at: number, key: number): string => work(ws, `goc_key_${at}_${key}`)

/** In goc_undo_N: why the n-th written column stays as it is now; 0: it is restored. */
export const keepOf = (n: number): string => `goc_keep_${n}`

/** Reasons, by their numbers. From `firstReason` on they are told. */
export const sameBefore = 1
export const changedSinceReason = 2
export const referenceReason = 3
export const keyReason = (key: number): number => 4 + key

const typeOf = (table: PlanTable, name: string): string =>
  table.columns.find((column) => column.name === name)?.type ?? 'text'

const keyTypes = (table: PlanTable, nullable: boolean): string[] =>
  table.primaryKey.map((name, n) => `goc_p${n} ${typeOf(table, name)}${nullable ? ' NULL' : ' NOT NULL'}`)

/**
 * Where the way back is worked out.
 *
 * - goc_undo_N: rows that the migration changed, by the key that they have now, and the columns that stay as they are now
 * - goc_back_N: rows that the migration removed; `goc_why` says why one can't come back
 * - goc_then_N, goc_also_N: both kinds of rows as they would be afterwards; all others stay as they are
 * - goc_lost_N: removed rows that stay in the archive
 * - goc_place_N: keys that rows which are to change have now
 * - goc_key_N_K: what these rows hold in a unique key
 */
export function undoTables(plan: Plan, ws: string): string[] {
  const create = (name: string, columns: readonly string[]) =>
    `CREATE TEMPORARY TABLE ${name} (${columns.join(', ')}) ENGINE = InnoDB`
  return archivedTables(plan).flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const keep = writtenColumns(plan, at).map((_, n) => `${keepOf(n)} int NOT NULL`)
    const place = keyNames(table, 'p').join(', ')
    const columns = table.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type} NULL`)
    const rows = [
      'goc_row bigint PRIMARY KEY, goc_kind varchar(4) CHARACTER SET ascii',
      ...keyTypes(table, true),
      ...columns,
      `KEY (${place})`,
    ]
    return [
      create(undoOf(ws, at), [
        'goc_row bigint PRIMARY KEY, goc_found longtext CHARACTER SET utf8mb4',
        ...keep,
        ...keyTypes(table, false),
        `KEY (${place})`,
      ]),
      create(placeTable(ws, at), [...keyTypes(table, false), `PRIMARY KEY (${place})`]),
      create(backOf(ws, at), ['goc_row bigint PRIMARY KEY, goc_why int, goc_found longtext CHARACTER SET utf8mb4']),
      create(thenOf(ws, at), rows),
      ...[alsoOf(ws, at), lostOf(ws, at)].map((name) => create(name, [...rows, ...targetKeys(plan, at)])),
      ...table.unique.map(({ values }, key) => {
        const parts = values.map(({ sql }, n) => `(${sql}) AS goc_k${n}`)
        // The server knows best what type and collation an expression has.
        return `CREATE TEMPORARY TABLE ${takenOf(ws, at, key)} ENGINE = InnoDB AS SELECT goc_row, goc_kind, ${parts.join(', ')} FROM ${thenOf(ws, at)} WHERE FALSE`
      }),
    ]
  })
}

/** Indexes by which references find their parents. */
function targetKeys({ references }: Shape, at: number): string[] {
  const lists = references.filter(({ to }) => to === at).map(({ targets }) => targets.map(quoteIdentifier).join(', '))
  return [...new Set(lists)].map((list) => `KEY (${list})`)
}

/** FROM list: u (the row), bN (before), aN (after), tN (now). */
export function undoFrom(plan: Plan, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const equal = table.primaryKey.map((name, n) => `${columnOf(aliasOf('t', at), name)} = u.goc_p${n}`)
  return `${undoOf(ws, at)} AS u
  STRAIGHT_JOIN ${archived(plan, at, 'b')} ON goc_b${at}.goc_row = u.goc_row AND goc_b${at}.goc_state = 'before'
  STRAIGHT_JOIN ${archived(plan, at, 'a')} ON goc_a${at}.goc_row = u.goc_row AND goc_a${at}.goc_state = 'after'
  STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${equal.join(' AND ')}`
}

const same = (table: PlanTable, name: string, left: string, right: string): string =>
  `${exactSql(table, name, columnOf(left, name))} <=> ${exactSql(table, name, columnOf(right, name))}`

/** Fills goc_undo_N and goc_back_N. A row is found again by its key as the migration left it. */
export function fillUndo(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const [a, b] = [`goc_a${at}`, `goc_b${at}`]
  const written = writtenColumns(plan, at)
  const keep = written.map(
    (name) => `IF(${same(table, name, b, a)}, ${sameBefore}, IF(${same(table, name, t, a)}, 0, ${changedSinceReason}))`,
  )
  const equal = table.primaryKey.map((name) => `${columnOf(t, name)} = ${columnOf(a, name)}`)
  const values = [`${a}.goc_row`, ...keep, ...table.primaryKey.map((name) => columnOf(t, name))]
  const names = ['goc_row', ...written.map((_, n) => keepOf(n)), ...keyNames(table, 'p')]
  return [
    `INSERT INTO ${undoOf(ws, at)} (${names.join(', ')})
  SELECT ${values.join(', ')}
  FROM ${archived(plan, at, 'a')}
  STRAIGHT_JOIN ${archived(plan, at, 'b')} ON ${b}.goc_row = ${a}.goc_row AND ${b}.goc_state = 'before'
  STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${equal.join(' AND ')}
  WHERE ${a}.goc_state = 'after'`,
    `INSERT INTO ${placeTable(ws, at)} SELECT ${keyNames(table, 'p').join(', ')} FROM ${undoOf(ws, at)}`,
    `INSERT INTO ${backOf(ws, at)} (goc_row) SELECT goc_row FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed'`,
  ]
}

/** Holds in a round that may still find something; to the server a constant, so that it reads nothing otherwise. */
export const MORE = '@goc_more = 1'

/** Computes goc_then_N anew, its copy, and goc_lost_N. */
export function fillThen(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at)
  const [t, b, r] = [aliasOf('t', at), `goc_b${at}`, `goc_r${at}`]
  const then = thenOf(ws, at)
  const value = (name: string) => {
    const n = written.indexOf(name)
    return n < 0 ? columnOf(t, name) : `IF(u.${keepOf(n)} = 0, ${columnOf(b, name)}, ${columnOf(t, name)})`
  }
  const names = keyNames(table, 'p').join(', ')
  const copy = `goc_row, goc_kind, ${names}, ${columnList(table)}`
  const removed = (into: string, why: string) => `INSERT INTO ${into} (goc_row, goc_kind, ${columnList(table)})
  SELECT k.goc_row, 'back', ${columnList(table, r)}
  FROM ${backOf(ws, at)} AS k STRAIGHT_JOIN ${archived(plan, at, 'r')} ON ${r}.goc_row = k.goc_row AND ${r}.goc_state = 'removed'
  WHERE ${MORE} AND k.goc_why IS ${why}`
  return [
    `DELETE FROM ${then} WHERE ${MORE}`,
    `INSERT INTO ${then} (${copy})
  SELECT u.goc_row, 'undo', ${keyNames(table, 'p')
    .map((name) => `u.${name}`)
    .join(', ')}, ${table.columns.map(({ name }) => value(name)).join(', ')}
  FROM ${undoFrom(plan, ws, at)} WHERE ${MORE}`,
    ...recompute(plan, ws, at),
    removed(then, 'NULL'),
    `DELETE FROM ${alsoOf(ws, at)} WHERE ${MORE}`,
    `INSERT INTO ${alsoOf(ws, at)} (${copy}) SELECT ${copy} FROM ${then} WHERE ${MORE}`,
    `DELETE FROM ${lostOf(ws, at)} WHERE ${MORE}`,
    removed(lostOf(ws, at), 'NOT NULL'),
  ]
}

/** Columns that the server computes from restored ones, one after the other, since one may rest on another. */
function recompute(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at)
  const computed = table.generated.filter(({ name }) =>
    withSources(table, [name]).some((source) => written.includes(source)),
  )
  const depth = (name: string) => withSources(table, [name]).length
  return [...computed]
    .sort((one, other) => depth(one.name) - depth(other.name))
    .map(({ name, sql }) => `UPDATE ${thenOf(ws, at)} SET ${quoteIdentifier(name)} = (${sql}) WHERE ${MORE}`)
}
