import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import {
  aliased,
  aliasOf,
  canLose,
  columnOf,
  keyNames,
  mapOf,
  relationOf,
  type Shape,
  samePlace,
  work,
  writtenColumns,
} from './names.js'

/** goc_changed_N: rows that stay and are written (goc_writes), with the new values, and survivors that aren't. */
export const changedOf = (ws: string, at: number): string => work(ws, `goc_changed_${at}`)

/** Positions of the tables of which something is archived. */
export function archivedTables(plan: Shape): number[] {
  return [...plan.tables.keys()].filter((at) => canLose(plan.tables[at]) || writtenColumns(plan, at).length > 0)
}

const inArchive = ({ archive }: Plan, name: string): string => relationOf({ schema: archive, name })

export const planTable = (plan: Plan): string => inArchive(plan, 'plan')
export const idMap = (plan: Plan): string => inArchive(plan, 'id_map')
export const conflicts = (plan: Plan): string => inArchive(plan, 'conflict')
export const builtTable = (plan: Plan): string => inArchive(plan, 'built')

/** The archive of one table, named after the plan. */
export function archiveName(plan: Plan, at: number): string {
  // Other characters take five bytes each in the name of the file.
  const name = `${plan.name}_${at + 1}_${plan.tables[at]?.name}`.replaceAll(/[^\w$]/g, '_')
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS - 9)}_${plan.hash.slice(0, 8)}`
}

const MOST_CHARACTERS = 64

export const archiveOf = (plan: Plan, at: number): string => inArchive(plan, archiveName(plan, at))

/** Under which a statement may read an archive: a (after), b (before), r (removed). */
export type ArchiveLetter = 'a' | 'b' | 'r'
export const archived = (plan: Plan, at: number, letter: ArchiveLetter): string =>
  `${archiveOf(plan, at)} AS goc_${letter}${at}`

export const columnList = (table: PlanTable, alias?: string): string =>
  table.columns.map(({ name }) => (alias === undefined ? quoteIdentifier(name) : columnOf(alias, name))).join(', ')

const OPTIONS = 'ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'

/** `plan` (what ran), `id_map` (row that went → row that stayed), `conflict` (what the way back could not restore), `built` (indexes and columns). */
export function sharedTables(plan: Plan): readonly (readonly [name: string, columns: string])[] {
  const key = 'plan varchar(64) NOT NULL'
  const table = 'table_schema varchar(64) NOT NULL, table_name varchar(64) NOT NULL'
  return [
    [
      planTable(plan),
      `name varchar(64) NOT NULL PRIMARY KEY, hash varchar(64) NOT NULL, state varchar(16) NOT NULL,
  applied_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), undone_at datetime(6) NULL`,
    ],
    [
      idMap(plan),
      `${key}, ${table}, number bigint NOT NULL, loser json NOT NULL, survivor json NOT NULL,
  PRIMARY KEY (plan, table_schema, table_name, number)`,
    ],
    [
      conflicts(plan),
      `${key}, number bigint NOT NULL, ${table}, row_key longtext NOT NULL, column_name varchar(64) NULL,
  reason text NOT NULL, archived longtext NULL, found longtext NULL, PRIMARY KEY (plan, number)`,
    ],
    [
      builtTable(plan),
      `${key}, ${table}, kind varchar(8) NOT NULL, name varchar(64) NOT NULL, definition longtext NULL,
  PRIMARY KEY (plan, table_schema, table_name, kind, name)`,
    ],
  ]
}

/** Statements that make the archive: the shared tables, and per table the rows as they were, with types of their own. */
export function createArchive(plan: Plan): string[] {
  return [
    ...sharedTables(plan).map(([name, columns]) => `CREATE TABLE IF NOT EXISTS ${name} (\n  ${columns}\n) ${OPTIONS}`),
    ...archivedTables(plan).map((at) => {
      const columns = plan.tables[at]?.columns.map(({ name, type }) => `  ${quoteIdentifier(name)} ${type} NULL`) ?? []
      return `CREATE TABLE IF NOT EXISTS ${archiveOf(plan, at)} (
  goc_row bigint NOT NULL, goc_state varchar(8) CHARACTER SET ascii NOT NULL,
${columns.join(',\n')},
  PRIMARY KEY (goc_row, goc_state)
) ${OPTIONS}`
    }),
  ]
}

/** What an undone run left. */
export function emptyArchive(plan: Plan): string[] {
  const name = quoteLiteral(plan.name)
  return [
    `DELETE FROM ${idMap(plan)} WHERE plan = ${name}`,
    `DELETE FROM ${builtTable(plan)} WHERE plan = ${name}`,
    ...archivedTables(plan).map((at) => `DELETE FROM ${archiveOf(plan, at)}`),
  ]
}

/** Rows that go, survivors and rows that change, as they are before; and who stands for whom. */
export function fillArchive(plan: Plan, ws: string): string[] {
  return archivedTables(plan).flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const t = aliasOf('t', at)
    const insert = `INSERT INTO ${archiveOf(plan, at)} (goc_row, goc_state, ${columnList(table)})`
    const kept = `${insert}
  SELECT c.goc_row, 'before', ${columnList(table, t)}
  FROM ${changedOf(ws, at)} AS c STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'c', 'p')}`
    if (!canLose(table)) return [kept]
    const order = keyNames(table, 'p').map((name) => `l.${name}`)
    return [
      `${insert}
  SELECT ROW_NUMBER() OVER (ORDER BY ${order.join(', ')}), 'removed', ${columnList(table, t)}
  FROM ${mapOf(ws, at)} AS l STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'l', 'p')}`,
      kept,
      `INSERT INTO ${idMap(plan)} (plan, table_schema, table_name, number, loser, survivor)
  SELECT ${[plan.name, table.schema, table.name].map(quoteLiteral).join(', ')}, ROW_NUMBER() OVER (ORDER BY ${order.join(', ')}), ${keyDocument(table, (n) => `l.goc_p${n}`)}, ${keyDocument(table, (n) => `l.goc_s${n}`)}
  FROM ${mapOf(ws, at)} AS l`,
    ]
  })
}

/** A row's key as a JSON document. */
export const keyDocument = (table: PlanTable, value: (n: number) => string): string =>
  documentSql(
    table,
    table.primaryKey.map((name, n) => [name, value(n)]),
  )

/** The whole row under an alias. */
export const rowDocument = (table: PlanTable, alias: string): string =>
  documentSql(
    table,
    table.columns.map(({ name }) => [name, columnOf(alias, name)]),
  )

const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)$/
const BYTES = /blob|binary|^bit$|geom|point|linestring|polygon|vector/

function documentSql(table: PlanTable, pairs: readonly (readonly [name: string, value: string])[]): string {
  return `JSON_OBJECT(${pairs.map(([name, value]) => `${quoteLiteral(name)}, ${shownSql(table, name, value)}`).join(', ')})`
}

/** As JSON and people can read it: bytes in hexadecimal, everything else as numbers or texts. */
export function shownSql({ columns }: PlanTable, name: string, value: string): string {
  const { baseType = '' } = columns.find((column) => column.name === name) ?? {}
  if (NUMBERS.test(baseType)) return value
  return BYTES.test(baseType) ? `CONCAT('0x', HEX(${value}))` : `CAST(${value} AS CHAR CHARACTER SET utf8mb4)`
}
