import { isDeepStrictEqual } from 'node:util'
import { cellCount, type RowBlueprint } from './fix-blueprint.js'
import { referencesOf } from './fix-example-keys.js'
import { type Draft, pick } from './fix-example-tables.js'
import {
  type Column,
  type ForeignKey,
  meets,
  type Reference,
  type Row,
  type Table,
  type Type,
  type UniqueKey,
} from './fix-schema.js'
import { generate, keyOf } from './fix-values.js'

/** Few, so that rows collide. */
const values: Readonly<Record<Type, readonly string[]>> = {
  integer: ['1', '2', '3', '-7'],
  bigint: ['1', '2', '4294967296', '-1'],
  text: ['a', 'A', "b'\\", ''],
  boolean: ['true', 'false'],
  timestamptz: [
    '2024-01-01 00:00:00+00',
    '2023-05-05 05:05:05.5+00',
    '2024-02-29 12:00:00+00',
    '1999-12-31 23:59:59+00',
  ],
  numeric: ['1', '1.0', '2.50', '-3'],
  'numeric(6,2)': ['1.00', '2.50', '-3.00', '0.10'],
  jsonb: ['{"a": 1}', '{"a": 1.0}', '[]', '"A"'],
}

/** Rows that a table has; more are made, since some will break a constraint. */
const most = 12

/** Of no row. */
const orphan = '77'

type Cells = Record<string, string | null>

/** Rows in which every reference finds its parent, and no unique key finds two rows. */
export function fillTables(drafts: readonly Draft[]): Table[] {
  const rows = new Map<string, Cells[]>()
  const place = (name: string) => drafts.findIndex((draft) => draft.name === name)
  for (const draft of drafts) rows.set(draft.name, startRows(draft))
  // Those to the table itself, or back to a child, can be chosen once all rows are there.
  const isLate = ({ table, parent }: Reference) => place(parent) >= place(table)
  for (const late of [false, true])
    for (const draft of drafts)
      for (const reference of referencesOf(draft).filter((each) => isLate(each) === late)) refer(draft, reference, rows)
  const foreignKeys = drafts.flatMap((draft) => draft.foreignKeys)
  const valid = keepValid(
    drafts.map((draft) => toTable(draft, rows.get(draft.name) ?? [])),
    foreignKeys,
  )
  const few = valid.map((table) => ({ ...table, rows: table.rows.slice(0, most) }))
  return keepValid(few, foreignKeys)
}

function toTable({ name, columns, primaryKey, uniqueKeys }: Draft, rows: readonly Row[]): Table {
  const parts = primaryKey.map((column) => ({ column, fold: false }))
  const primary: UniqueKey = { form: 'primary key', parts, where: null, groupsNulls: false, deferrable: false }
  const keys = primaryKey.length === 0 ? uniqueKeys : [primary, ...uniqueKeys]
  return { name, columns, primaryKey, uniqueKeys: keys, rows: rows.map((row) => generate({ columns }, row)) }
}

function startRows(draft: Draft): Cells[] {
  return draft.blueprint.rows.map((_, number) =>
    Object.fromEntries(draft.columns.map((column, at) => [column.name, ownValue(draft, column, number, at)])),
  )
}

function ownValue(draft: Draft, column: Column, number: number, at: number): string | null {
  const { primaryKey, blueprint, code, own } = draft
  // Steps of any length pass every number below a prime once.
  const place = ((number + 1) * (blueprint.stride + 1)) % 19
  if (column.name === code) return `${number % 2 === 0 ? 'k' : 'K'}${number >> 1}`
  if (primaryKey.includes(column.name) && !referencesOf(draft).some(({ columns }) => columns.includes(column.name))) {
    if (primaryKey.length === 1) return String(place)
    return String(column.name === primaryKey[0] ? place % 3 : Math.floor(place / 3))
  }
  if (!own.has(column.name) && column.stamp === null) return null
  const cell = cellOf(blueprint.rows, number, at)
  return !column.notNull && cell % 5 === 4 ? null : pick(values[column.type], Math.floor(cell / 5))
}

function cellOf(rows: readonly RowBlueprint[], number: number, at: number): number {
  const { cells, like, except } = rows[number] as RowBlueprint
  const copied = like !== null && number > 0 && at % cellCount !== except
  return copied ? cellOf(rows, like % number, at) : (cells[at % cellCount] ?? 0)
}

/** Lets each row refer to one that agrees with what another reference has put into a column that both share. */
function refer(draft: Draft, reference: Reference, rows: ReadonlyMap<string, Cells[]>): void {
  const { columns, parent, targets } = reference
  const at = draft.columns.findIndex(({ name }) => name === columns.at(-1))
  const nullable = draft.columns[at]?.notNull === false
  for (const [number, row] of (rows.get(draft.name) ?? []).entries()) {
    const cell = cellOf(draft.blueprint.rows, number, at)
    const open = (rows.get(parent) ?? []).filter(
      (each) =>
        each !== row &&
        columns.every((name, n) => (row[name] ?? null) === null || row[name] === each[targets[n] ?? '']),
    )
    const found = nullable && cell % 6 === 5 ? undefined : open[Math.floor(cell / 6) % Math.max(1, open.length)]
    const lost = draft.declared.includes(reference) && cell % 6 === 4
    for (const [n, name] of columns.entries()) row[name] ??= lost ? orphan : (found?.[targets[n] ?? ''] ?? null)
  }
}

/** The tables without the rows that break a constraint, and without references to those. */
export function keepValid(tables: readonly Table[], foreignKeys: readonly ForeignKey[]): Table[] {
  const kept = tables.map((table): Table => {
    const own = foreignKeys.filter((each) => each.table === table.name)
    const rows = table.rows
      .map((row) =>
        own.reduce((found, each) => (hasParent(tables, each, found) ? found : orphaned(table, each, found)), row),
      )
      .filter(
        (row, at, all) =>
          isFilled(table, row) &&
          own.every((each) => hasParent(tables, each, row)) &&
          table.uniqueKeys.every((key) => all.slice(0, at).every((other) => !violates(table, key, other, row))),
      )
    return { ...table, rows }
  })
  return isDeepStrictEqual(kept, tables) ? kept : keepValid(kept, foreignKeys)
}

const isFilled = ({ columns }: Table, row: Row): boolean =>
  columns.every(({ name, notNull }) => !notNull || (row[name] ?? null) !== null)

/** The row without what it can do without of a reference. */
function orphaned({ columns }: Table, reference: Reference, row: Row): Row {
  const open = columns.filter(({ name, notNull }) => !notNull && reference.columns.includes(name))
  return { ...row, ...Object.fromEntries(open.map(({ name }) => [name, null])) }
}

function hasParent(tables: readonly Table[], { columns, parent, targets }: Reference, row: Row): boolean {
  if (columns.some((name) => (row[name] ?? null) === null)) return true
  const rows = tables.find(({ name }) => name === parent)?.rows ?? []
  return rows.some((each) => columns.every((name, n) => each[targets[n] ?? ''] === row[name]))
}

function violates(table: Table, { parts, where, groupsNulls }: UniqueKey, one: Row, other: Row): boolean {
  const [a, b] = [one, other].map((row) => keyOf(table, parts, groupsNulls, row))
  return a !== null && a === b && meets(one, where) && meets(other, where)
}
