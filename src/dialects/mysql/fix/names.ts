import type { Plan, PlanReference, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier, quoteRelation } from '../sql-text.js'

export type Shape = Pick<Plan, 'tables' | 'references'>

/** Temporary tables of a run, by the table's position in the plan; `ws` is the database in which they are made. */
export const mapOf = (ws: string, table: number): string => work(ws, `goc_map_${table}`)
export const nowOf = (ws: string, table: number): string => work(ws, `goc_now_${table}`)
export const newOf = (ws: string, table: number): string => work(ws, `goc_new_${table}`)
export const memberOf = (ws: string, table: number): string => work(ws, `goc_member_${table}`)
export const mergedOf = (ws: string, table: number): string => work(ws, `goc_merged_${table}`)
export const twinsOf = (ws: string, table: number, key: number): string => work(ws, `goc_twins_${table}_${key}`)
export const foundOf = (ws: string, table: number, key: number): string => work(ws, `goc_found_${table}_${key}`)
export const countOf = (ws: string, table: number): string => work(ws, `goc_count_${table}`)
export const joinedOf = (ws: string, table: number): string => work(ws, `goc_joined_${table}`)
/** By the reference's position in the plan. */
export const movedOf = (ws: string, reference: number): string => work(ws, `goc_moved_${reference}`)

export const work = (ws: string, name: string): string => quoteRelation({ schema: ws, name })

export const relationOf = ({ schema, name }: Pick<PlanTable, 'schema' | 'name'>): string =>
  quoteRelation({ schema, name })

/** Letters of the aliases under which a statement may read a table of the plan. */
const LETTERS = ['t', 'o', 's', 'x', 'y'] as const
export type Letter = (typeof LETTERS)[number]

/** LOCK TABLES wants every alias named, and none twice: they carry the table's position. */
export const aliasOf = (letter: Letter, at: number): string => `goc_${letter}${at}`

/** FROM item: `shop`.`cart` AS goc_t3 */
export function aliased({ tables }: Shape, at: number, letter: Letter): string {
  return `${relationOf(tables[at] as PlanTable)} AS ${aliasOf(letter, at)}`
}

/** Under which the child of a reference is read where its parent's rows are counted. */
export const countAlias = (reference: number): string => `goc_n${reference}`

/** All aliases of a table, for LOCK TABLES. */
export function aliasesOf({ references }: Shape, at: number): string[] {
  const counted = references.flatMap(({ from }, number) => (from === at ? [countAlias(number)] : []))
  return [...LETTERS.map((letter) => aliasOf(letter, at)), ...counted]
}

export const columnOf = (alias: string, name: string): string => `${alias}.${quoteIdentifier(name)}`

/** Columns of a map: the key of the row that goes, and that of the row that stays for it. */
export const keyNames = (table: PlanTable | undefined, prefix: 'p' | 's'): string[] =>
  (table?.primaryKey ?? []).map((_, n) => `goc_${prefix}${n}`)

/** `goc_t3.id = m.goc_p0 AND …` */
export function samePlace(table: PlanTable, alias: string, map: string, prefix: 'p' | 's'): string {
  return table.primaryKey.map((name, n) => `${columnOf(alias, name)} = ${map}.goc_${prefix}${n}`).join(' AND ')
}

/** `a.goc_p0 = b.goc_s0 AND …` */
export function sameKey(
  table: PlanTable,
  left: string,
  leftPrefix: 'p' | 's',
  right: string,
  rightPrefix: 'p' | 's',
): string {
  return table.primaryKey.map((_, n) => `${left}.goc_${leftPrefix}${n} = ${right}.goc_${rightPrefix}${n}`).join(' AND ')
}

/** In goc_now_N: because of which key set the row's n-th reference is repointed, or its values are merged; NULL where not. */
export const causeOf = (reference: number): string => `goc_c${reference}`
export const mergeCause = 'goc_cm'

/** These columns, and those that they are computed from, however many steps away. */
export function withSources(table: PlanTable | undefined, columns: readonly string[]): string[] {
  const all = new Set(columns)
  for (let size = -1; size !== all.size; ) {
    size = all.size
    for (const { name, from } of table?.generated ?? []) if (all.has(name)) for (const each of from) all.add(each)
  }
  return [...all]
}

/** The references of a table, with their positions in the plan. */
export function referencesOf({ references }: Shape, at: number): (PlanReference & { readonly number: number })[] {
  return references.flatMap((reference, number) => (reference.from === at ? [{ ...reference, number }] : []))
}

export const canLose = (table: PlanTable | undefined): boolean => (table?.keys.length ?? 0) > 0

/** References, merged values, and what is computed from them: the columns that may hold something else afterwards. */
export function changingColumns({ tables, references }: Shape, at: number): string[] {
  const table = tables[at]
  const repointed = references.flatMap(({ from, columns }) => (from === at ? columns : []))
  const merged = canLose(table) ? (table?.merge.map(({ column }) => column) ?? []) : []
  const names = table?.columns.map(({ name }) => name) ?? []
  return names.filter((name) =>
    withSources(table, [name]).some((source) => repointed.includes(source) || merged.includes(source)),
  )
}

/** Columns of rows that stay which the migration writes. */
export function writtenColumns(plan: Shape, at: number): string[] {
  const generated = plan.tables[at]?.columns.flatMap((column) => (column.generated ? [column.name] : [])) ?? []
  return changingColumns(plan, at).filter((name) => !generated.includes(name))
}

/** Columns of goc_now_N: those that may change, and those that the computed ones among them are computed from. */
export function nowColumns(plan: Shape, at: number): string[] {
  const table = plan.tables[at]
  const wanted = withSources(table, changingColumns(plan, at))
  return table?.columns.flatMap(({ name }) => (wanted.includes(name) ? [name] : [])) ?? []
}

/** Whether the values by which others refer to rows of this table may change though the row stays. */
export function targetsChange(plan: Shape, { to, targets }: Pick<PlanReference, 'to' | 'targets'>): boolean {
  const changing = changingColumns(plan, to)
  return targets.some((column) => changing.includes(column))
}

/** Columns of a table by which others refer to its rows, and which may change though the row stays. */
export function heldColumns(plan: Shape, at: number): string[] {
  const targets = plan.references.flatMap((reference) =>
    reference.to === at && targetsChange(plan, reference) ? reference.targets : [],
  )
  return [...new Set(targets)]
}

/**
 * References of a table whose parent is still in place when the table's turn comes, children first: to itself, and those
 * that close a cycle of tables.
 */
export function backEdges(plan: Shape, at: number): (PlanReference & { readonly number: number })[] {
  return referencesOf(plan, at).filter(({ to }) => to >= at)
}

/** The least cause of a change in any of these columns, of the row of goc_now_N under `alias`. */
export function causeIn(plan: Shape, at: number, columns: readonly string[], alias: string): string {
  const table = plan.tables[at]
  const sources = withSources(table, columns)
  const moved = referencesOf(plan, at).flatMap((reference, n) =>
    reference.columns.some((column) => sources.includes(column)) ? [causeOf(n)] : [],
  )
  const merged =
    canLose(table) && table?.merge.some(({ column }) => sources.includes(column)) === true ? [mergeCause] : []
  return leastOf([...moved, ...merged].map((name) => `${alias}.${name}`))
}

/** LEAST gives NULL as soon as one is NULL. */
export function leastOf(causes: readonly string[]): string {
  const [first, ...others] = causes
  if (first === undefined) return 'NULL'
  if (others.length === 0) return first
  const filled = causes.map((cause) => `COALESCE(${cause}, ${NO_CAUSE})`)
  return `NULLIF(LEAST(${filled.join(', ')}), ${NO_CAUSE})`
}

const NO_CAUSE = 2_147_483_647

const TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/
/** Without an order of their own. */
const GEOMETRY = /^(geometry|point|linestring|polygon|multi\w+|geom\w+)$/
const BINARY =
  /^(binary|varbinary|tinyblob|blob|mediumblob|longblob|geometry|point|linestring|polygon|multi\w+|geom\w+)$/

/** The value byte by byte, so that what is equal but written differently is told apart. */
export function exactSql(table: PlanTable | undefined, name: string, value: string): string {
  const { baseType = '' } = table?.columns.find((column) => column.name === name) ?? {}
  if (TEXT.test(baseType) || GEOMETRY.test(baseType)) return `CAST(${value} AS BINARY)`
  if (baseType === 'json') return `CAST(CAST(${value} AS CHAR) AS BINARY)`
  return value
}

/** A text that differs whenever the value does. */
export function textSql(table: PlanTable | undefined, name: string, value: string): string {
  const { baseType = '' } = table?.columns.find((column) => column.name === name) ?? {}
  if (BINARY.test(baseType) || TEXT.test(baseType)) return `COALESCE(HEX(${value}), '-')`
  return `COALESCE(HEX(CAST(${value} AS CHAR)), '-')`
}

/** Whether any of these columns differs between the two rows. */
export function differs(table: PlanTable | undefined, columns: readonly string[], left: string, right: string): string {
  const each = columns.map(
    (name) => `${exactSql(table, name, columnOf(left, name))} <=> ${exactSql(table, name, columnOf(right, name))}`,
  )
  return `NOT (${each.join(' AND ')})`
}
