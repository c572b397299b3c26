import { quoteIdentifier, quoteLiteral } from '../../src/dialects/mysql/sql-text.js'
import { keySetId } from '../../src/model/keyset-id.js'
import type { Blueprint, ReferenceBlueprint, TableBlueprint } from './fix-blueprint.js'
import type { Draft } from './fix-example-tables.js'
import { type ExampleWriter, ordered } from './fix-examples.js'
import { modelFix } from './fix-model.js'
import type {
  Column,
  Condition,
  DeclaredKeySet,
  FixInput,
  ForeignKey,
  Ordering,
  Row,
  Table,
  Type,
} from './fix-schema.js'
import { keyOf } from './fix-values.js'

const TEXT = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'
const types: Readonly<Record<Type, string>> = {
  integer: 'int',
  bigint: 'bigint',
  text: `varchar(60) ${TEXT}`,
  boolean: 'tinyint(1)',
  timestamptz: 'datetime(1)',
  numeric: 'decimal(6,2)',
  'numeric(6,2)': 'decimal(6,2)',
  jsonb: `varchar(60) ${TEXT}`,
}

const names = (list: readonly string[]): string => list.map(quoteIdentifier).join(', ')
const lowerSql = (column: string): string => `lower(${quoteIdentifier(column)})`

function conditionSql({ column, test }: Condition): string {
  const name = quoteIdentifier(column)
  if (typeof test === 'object') return `${name} = ${quoteLiteral(test.equals)}`
  return test === 'is true' ? `${name} = 1` : `${name} ${test.toUpperCase()}`
}

function idOf({ table, parts, where }: Pick<DeclaredKeySet, 'table' | 'parts' | 'where'>): string {
  return keySetId({
    schema: undefined,
    table,
    parts: parts.map(({ column, expression }) =>
      expression ? { kind: 'expression', sql: lowerSql(column) } : { kind: 'column', name: column },
    ),
    match: Object.fromEntries(parts.map(({ column, fold }) => [column, fold ? 'lower' : 'exact'])),
    where: where === null ? undefined : conditionSql(where),
  })
}

function ddlOf({ tables, foreignKeys }: Pick<FixInput, 'tables' | 'foreignKeys'>): string {
  return [...tables.map(tableSql), ...foreignKeys.map(foreignKeySql)].join(';\n')
}

function tableSql({ name, columns, uniqueKeys }: Table): string {
  const keys = uniqueKeys.map(
    ({ form, parts }) =>
      `${form === 'primary key' ? 'PRIMARY KEY' : 'UNIQUE KEY'} (${names(parts.map(({ column }) => column))})`,
  )
  return `CREATE TABLE ${quoteIdentifier(name)} (\n  ${[...columns.map(columnSql), ...keys].join(',\n  ')}\n) ENGINE = InnoDB`
}

function columnSql({ name, type, notNull, generated, defaultsToNow }: Column): string {
  const base = generated === null ? '' : quoteIdentifier(generated.from)
  return [
    quoteIdentifier(name),
    types[type],
    ...(generated === null
      ? []
      : [`GENERATED ALWAYS AS (${generated.by === 'lower' ? `lower(${base})` : `${base} * 2`}) VIRTUAL`]),
    ...(notNull ? ['NOT NULL'] : []),
    ...(defaultsToNow ? ['DEFAULT CURRENT_TIMESTAMP(1)'] : []),
  ].join(' ')
}

function foreignKeySql({ table, columns, parent, targets, onDelete, onUpdate }: ForeignKey): string {
  return `ALTER TABLE ${quoteIdentifier(table)} ADD FOREIGN KEY (${names(columns)}) REFERENCES ${quoteIdentifier(parent)} (${names(targets)}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`
}

/** Rows may refer to each other in a circle. */
function insertsOf({ tables }: Pick<FixInput, 'tables'>): string {
  const inserts = tables.filter(({ rows }) => rows.length > 0).map(insertSql)
  return ['SET foreign_key_checks = 0', ...inserts, 'SET foreign_key_checks = 1'].join(';\n')
}

function insertSql({ name, columns, rows }: Table): string {
  const written = columns.filter(({ generated }) => generated === null)
  const lists = rows.map((row) => `(${written.map((column) => valueSql(row[column.name] ?? null, column)).join(', ')})`)
  return `INSERT INTO ${quoteIdentifier(name)} (${names(written.map((column) => column.name))}) VALUES\n  ${lists.join(',\n  ')}`
}

function valueSql(value: string | null, { type }: Column): string {
  if (value === null) return 'NULL'
  if (type === 'boolean') return value === 'true' ? '1' : '0'
  return quoteLiteral(type === 'timestamptz' ? value.replace(/\+00$/, '') : value)
}

/** As PostgreSQL has it where nothing is said: NULL is the highest. */
const orderSql = (orderings: readonly Ordering[]): string =>
  orderings
    .map(({ column, descending, nulls = descending ? 'first' : 'last' }) => {
      const name = quoteIdentifier(column)
      return `(${name} IS NULL)${nulls === 'first' ? ' DESC' : ''}, ${name}${descending ? ' DESC' : ''}`
    })
    .join(', ')

/** Names have no characters beyond the basic plane. */
const plainStyle = (style: number): number => (style === 11 ? 13 : style)

/** No partial, folded or deferrable unique keys, none without NULLs, and no table without a key. */
function restrict({ tables, cycle }: Blueprint): Blueprint {
  return { cycle, tables: tables.map(restrictTable) }
}

function restrictTable(table: TableBlueprint): TableBlueprint {
  const plain = { numeric: 'numeric(6,2)', jsonb: 'text' } as const
  return {
    ...table,
    style: plainStyle(table.style),
    primaryKey: table.primaryKey === 'none' ? 'one' : table.primaryKey,
    identity: null,
    columns: table.columns.map((column) => ({
      ...column,
      style: plainStyle(column.style),
      type: column.type === 'numeric' || column.type === 'jsonb' ? plain[column.type] : column.type,
    })),
    references: table.references.map(restrictReference),
    uniqueKeys: table.uniqueKeys.map((key) => ({ ...key, fold: false, where: null, nulls: false, deferrable: false })),
  }
}

const restrictReference = (reference: ReferenceBlueprint): ReferenceBlueprint => ({
  ...reference,
  style: plainStyle(reference.style),
  wide: false,
  valid: true,
  deferrable: 'NOT DEFERRABLE',
  onDelete: reference.onDelete === 'SET DEFAULT' ? 'RESTRICT' : reference.onDelete,
})

/** ON DELETE SET NULL takes columns that can be. */
function adjust(draft: Draft): Draft {
  const isFilled = (name: string) => draft.columns.some((column) => column.name === name && column.notNull)
  const inKey = (name: string) => draft.primaryKey.includes(name)
  for (const [at, key] of draft.foreignKeys.entries()) {
    if (key.onDelete === 'SET NULL' && key.columns.some((name) => isFilled(name) || inKey(name)))
      draft.foreignKeys[at] = { ...key, onDelete: 'NO ACTION' }
  }
  return draft
}

/**
 * What foreign keys and unique keys that are checked row by row stand in the way of: values that change and by which others
 * refer to a row, unless the foreign key carries the change on; and values that rows take from rows that stay.
 */
function refuses(input: FixInput): boolean {
  const { tables } = modelFix(input)
  const kept = (name: string) => {
    const { removed = [] } = tables.get(name) ?? {}
    const gone = new Set(removed.map(({ row }) => row))
    const rows = input.tables.find((table) => table.name === name)?.rows.filter((row) => !gone.has(row)) ?? []
    return rows.map((before, at) => ({ before, after: tables.get(name)?.rows[at] ?? before }))
  }
  const moves = input.foreignKeys.some(
    ({ parent, table, targets, onUpdate }) =>
      (onUpdate !== 'CASCADE' || parent === table) &&
      kept(parent).some(({ before, after }) => targets.some((name) => before[name] !== after[name])),
  )
  const takes = input.tables.some((table) =>
    table.uniqueKeys.some(({ parts }) => {
      const rows = kept(table.name).map(({ before, after }) => ({
        was: keyOf(table, parts, false, before),
        is: keyOf(table, parts, false, after),
      }))
      return rows.some(({ is, was }) => is !== null && is !== was && rows.some((other) => other.was === is))
    }),
  )

  return moves || takes
}

export const mysqlWriter: ExampleWriter = {
  condition: conditionSql,
  lower: lowerSql,
  id: idOf,
  ddl: ddlOf,
  inserts: insertsOf,
  order: orderSql,
  restrict,
  adjust,
  refuses,
}

/** What the tables hold now, by name, in the form of the model's rows. */
export async function readMysqlTables(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
  { tables }: Pick<FixInput, 'tables'>,
): Promise<Map<string, Row[]>> {
  const read = new Map<string, Row[]>()
  for (const table of tables) read.set(table.name, ordered((await query(readSql(table))) as Row[]))
  return read
}

function readSql({ name, columns }: Table): string {
  const values = columns.map((column) => `${textSql(column)} AS ${quoteIdentifier(column.name)}`)
  return `SELECT ${values.join(', ')} FROM ${quoteIdentifier(name)}`
}

function textSql({ name, type }: Column): string {
  const value = quoteIdentifier(name)
  if (type === 'boolean') return `IF(${value} IS NULL, NULL, IF(${value}, 'true', 'false'))`
  if (type === 'timestamptz') return `CONCAT(TRIM(TRAILING '.0' FROM CAST(${value} AS CHAR)), '+00')`
  return `CAST(${value} AS CHAR)`
}
