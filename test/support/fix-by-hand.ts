import { column, uniqueOn } from './fix-example-tables.js'
import { modelFix } from './fix-model.js'
import type { DeclaredKeySet, ForeignKey, Row, Table, Type, UniqueKey } from './fix-schema.js'

/** Short ways to write down a database and its key sets. */

export type Value = string | number | null

/** `id name n:numeric`: columns, of which those named …id are integers and others texts; the first is the primary key. */
export function table(
  name: string,
  columns: string,
  rows: readonly (readonly Value[])[],
  more: Partial<Pick<Table, 'primaryKey' | 'uniqueKeys'>> = {},
): Table {
  const list = columns.split(' ').map((each) => {
    const [column = '', type = /id$/.test(column) ? 'integer' : 'text'] = each.split(':')
    return typed(column, type as Type)
  })
  const { primaryKey = list.slice(0, 1).map((each) => each.name), uniqueKeys = [] } = more
  return {
    name,
    columns: list,
    primaryKey,
    uniqueKeys: [uniqueOn(primaryKey, { form: 'primary key' }), ...uniqueKeys],
    rows: rows.map((values) => Object.fromEntries(list.map((each, at) => [each.name, textOf(values[at])]))),
  }
}

const typed = (name: string, type: Type) =>
  name === 'created_at' ? column(name, 'timestamptz', { stamp: 'creation' }) : column(name, type)

const textOf = (value: Value | undefined): string | null => (value == null ? null : String(value))

export const unique = (columns: string): { uniqueKeys: UniqueKey[] } => ({ uniqueKeys: [uniqueOn(columns.split('+'))] })

/** `line.order_id` to `order`, which is to its id; several columns are joined by +. */
export function reference(from: string, to: string): ForeignKey {
  const [table = '', columns = ''] = from.split('.')
  const [parent = '', targets = 'id'] = to.split('.')
  return {
    table,
    columns: columns.split('+'),
    parent,
    targets: targets.split('+'),
    where: null,
    onDelete: 'NO ACTION',
    onUpdate: 'NO ACTION',
    deferrable: 'NOT DEFERRABLE',
    valid: true,
  }
}

/** `person.tenant_id+name`, which is its id too. */
export function keySet(id: string, more: Partial<DeclaredKeySet> = {}): DeclaredKeySet {
  const [table = '', columns = ''] = id.split('.')
  return {
    id,
    table,
    parts: columns.split('+').map((name) => ({ column: name, fold: false, expression: false })),
    where: null,
    groupsNulls: false,
    survivor: 'oldest',
    divergent: 'stop',
    merge: {},
    references: [],
    ...more,
  }
}

/** The model's result, and the rows that a table has after it: `1 a NULL`. */
export function fix(
  tables: readonly Table[],
  foreignKeys: readonly ForeignKey[],
  ...declared: readonly DeclaredKeySet[]
) {
  const result = modelFix({ tables, foreignKeys, declared })
  const rows = (name: string): readonly Row[] => result.tables.get(name)?.rows ?? []
  return {
    ...result,
    rows: (name: string) =>
      rows(name).map((row) => Object.values(row).map(String).join(' ').replaceAll('null', 'NULL')),
    ids: (name: string) => rows(name).map(({ id }) => id),
  }
}
