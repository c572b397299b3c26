import { quoteIdentifier, quoteLiteral } from '../../src/dialects/postgres/sql-text.js'
import { keySetId } from '../../src/model/keyset-id.js'
import type { ExampleWriter } from './fix-examples.js'
import type {
  Column,
  Condition,
  DeclaredKeySet,
  FixInput,
  ForeignKey,
  Ordering,
  Table,
  UniqueKey,
} from './fix-schema.js'

export const schema = 'public'

const names = (list: readonly string[]): string => list.map(quoteIdentifier).join(', ')

function conditionSql({ column, test }: Condition): string {
  const name = quoteIdentifier(column)
  if (typeof test === 'object') return `${name} = ${quoteLiteral(test.equals)}`
  return test === 'is true' ? name : `${name} ${test.toUpperCase()}`
}

const lowerSql = (column: string): string => `lower(${quoteIdentifier(column)})`

/** As reports print it. */
function idOf({ table, parts, where }: Pick<DeclaredKeySet, 'table' | 'parts' | 'where'>): string {
  return keySetId({
    schema,
    table,
    parts: parts.map(({ column, expression }) =>
      expression ? { kind: 'expression', sql: lowerSql(column) } : { kind: 'column', name: column },
    ),
    match: Object.fromEntries(parts.map(({ column, fold }) => [column, fold ? 'lower' : 'exact'])),
    where: where === null ? undefined : conditionSql(where),
  })
}

/** For an empty database. */
function ddlOf({ tables, foreignKeys }: Pick<FixInput, 'tables' | 'foreignKeys'>): string {
  return [
    ...tables.map(tableSql),
    ...tables.flatMap((table) =>
      table.uniqueKeys.flatMap((key) => (key.form === 'index' ? [indexSql(table, key)] : [])),
    ),
    ...foreignKeys.map(foreignKeySql),
  ].join(';\n')
}

function tableSql({ name, columns, uniqueKeys }: Table): string {
  const constraints = uniqueKeys.flatMap(({ form, parts, groupsNulls, deferrable }) => {
    if (form === 'index') return []
    const nulls = groupsNulls ? ' NULLS NOT DISTINCT' : ''
    return [
      `${form === 'constraint' ? `UNIQUE${nulls}` : 'PRIMARY KEY'} (${names(parts.map(({ column }) => column))})${deferrable ? ' DEFERRABLE' : ''}`,
    ]
  })
  return `CREATE TABLE ${quoteIdentifier(name)} (\n  ${[...columns.map(columnSql), ...constraints].join(',\n  ')}\n)`
}

function columnSql({ name, type, notNull, identity, generated, defaultsToNow }: Column): string {
  const base = generated === null ? '' : quoteIdentifier(generated.from)
  return [
    quoteIdentifier(name),
    type,
    ...(notNull ? ['NOT NULL'] : []),
    ...(identity === null ? [] : [`GENERATED ${identity} AS IDENTITY`]),
    ...(generated === null
      ? []
      : [`GENERATED ALWAYS AS (${generated.by === 'lower' ? `lower(${base})` : `${base} * 2`}) STORED`]),
    ...(defaultsToNow ? ['DEFAULT now()'] : []),
  ].join(' ')
}

function indexSql({ name }: Table, { parts, where, groupsNulls }: UniqueKey): string {
  const members = parts.map(({ column, fold }) => (fold ? lowerSql(column) : quoteIdentifier(column))).join(', ')
  const nulls = groupsNulls ? ' NULLS NOT DISTINCT' : ''
  const condition = where === null ? '' : ` WHERE ${conditionSql(where)}`
  return `CREATE UNIQUE INDEX ON ${quoteIdentifier(name)} (${members})${nulls}${condition}`
}

function foreignKeySql(key: ForeignKey): string {
  const { table, columns, parent, targets, onDelete, onUpdate, deferrable, valid } = key
  return `ALTER TABLE ${quoteIdentifier(table)} ADD FOREIGN KEY (${names(columns)}) REFERENCES ${quoteIdentifier(parent)} (${names(targets)})
  ON DELETE ${onDelete} ON UPDATE ${onUpdate} ${deferrable}${valid ? '' : ' NOT VALID'}`
}

/** One statement, since rows may refer to each other in a circle. */
function insertsOf({ tables }: Pick<FixInput, 'tables'>): string {
  const inserts = tables.flatMap((table, at) => (table.rows.length === 0 ? [] : [`i${at} AS (${insertSql(table)})`]))
  return inserts.length === 0 ? 'SELECT' : `WITH ${inserts.join(',\n')}\nSELECT`
}

function insertSql({ name, columns, rows }: Table): string {
  const written = columns.filter(({ generated }) => generated === null)
  const lists = rows.map((row) => `(${written.map((column) => valueSql(row[column.name] ?? null, column)).join(', ')})`)
  const list = names(written.map((column) => column.name))
  return `INSERT INTO ${quoteIdentifier(name)} (${list}) OVERRIDING SYSTEM VALUE VALUES\n  ${lists.join(',\n  ')}`
}

const valueSql = (value: string | null, { type }: Column): string =>
  value === null ? 'NULL' : `${quoteLiteral(value)}::${type}`

const orderSql = (orderings: readonly Ordering[]): string =>
  orderings
    .map(({ column, descending, nulls }) => {
      const order = `${quoteIdentifier(column)}${descending ? ' DESC' : ' ASC'}`
      return nulls === undefined ? order : `${order} NULLS ${nulls.toUpperCase()}`
    })
    .join(', ')

export const postgresWriter: ExampleWriter = {
  condition: conditionSql,
  lower: lowerSql,
  id: idOf,
  ddl: ddlOf,
  inserts: insertsOf,
  order: orderSql,
  restrict: (blueprint) => blueprint,
  adjust: (draft) => draft,
  refuses: () => false,
}
