import { listed, type Migration } from './migrations.js'
import type { Call, Value } from './python-values.js'

/** A model as the last migration leaves it. */
export interface Model {
  readonly name: string
  readonly table: string
  /** A proxy has no table of its own. */
  readonly proxy: boolean
  readonly managed: boolean
  /** Names of fields by their columns. */
  readonly fields: ReadonlyMap<string, string>
}

interface State {
  name: string
  /** As `db_table` says; null: Django's own name. Empty where it can't be read, which no table is called. */
  table: string | null
  readonly proxy: boolean
  managed: boolean
  readonly fields: Map<string, Column>
}

/** Named by `db_column`, or after the field; null where a field has none. */
type Column = { readonly name: string } | { readonly suffix: '' | '_id' } | null

type States = Map<string, State>

/** Replays what the operations do to the models' names, tables and columns. */
export function modelsOf(app: string, migrations: readonly Migration[]): Model[] {
  const states: States = new Map()
  for (const { operations } of migrations) replay(states, operations)
  return [...states.values()].map(({ name, table, proxy, managed, fields }) => ({
    name,
    table: table ?? `${app}_${name.toLowerCase()}`,
    proxy,
    managed,
    fields: new Map([...fields].flatMap(byColumn)),
  }))
}

function byColumn([field, column]: [string, Column]): [string, string][] {
  if (column === null) return []
  return [['name' in column ? column.name : field + column.suffix, field]]
}

function replay(states: States, operations: readonly Value[]): void {
  for (const operation of operations) {
    if (operation.kind !== 'call') continue
    // Also those of libraries that build on Django's: `PostgresCreateModel`.
    const known = Object.entries(effects).find(([name]) => operation.callee.endsWith(name))
    known?.[1](states, operation)
  }
}

const effects: Readonly<Record<string, (states: States, operation: Call) => void>> = {
  CreateModel(states, operation) {
    const name = text(operation, 0, 'name')
    const options = argument(operation, 2, 'options')
    const fields = listed(argument(operation, 1, 'fields')).map(listed)
    states.set(name.toLowerCase(), {
      name,
      table: tableOf(entry(options, 'db_table')),
      proxy: isName(entry(options, 'proxy'), 'True'),
      managed: !isName(entry(options, 'managed'), 'False'),
      fields: new Map(
        fields.flatMap(([field, definition]) => (field?.kind === 'string' ? [[field.text, columnOf(definition)]] : [])),
      ),
    })
  },
  DeleteModel: (states, operation) => void states.delete(text(operation, 0, 'name').toLowerCase()),
  RenameModel(states, operation) {
    const from = text(operation, 0, 'old_name').toLowerCase()
    const state = states.get(from)
    if (state === undefined) return
    states.delete(from)
    state.name = text(operation, 1, 'new_name')
    states.set(state.name.toLowerCase(), state)
  },
  AlterModelTable(states, operation) {
    const state = stateOf(states, operation, 'name')
    if (state !== undefined) state.table = tableOf(argument(operation, 1, 'table'))
  },
  AlterModelOptions(states, operation) {
    const state = stateOf(states, operation, 'name')
    if (state !== undefined) state.managed = !isName(entry(argument(operation, 1, 'options'), 'managed'), 'False')
  },
  AddField: setField,
  AlterField: setField,
  RemoveField(states, operation) {
    stateOf(states, operation)?.fields.delete(text(operation, 1, 'name'))
  },
  RenameField(states, operation) {
    const fields = stateOf(states, operation)?.fields
    const from = text(operation, 1, 'old_name')
    const column = fields?.get(from)
    if (fields === undefined || column === undefined) return
    fields.delete(from)
    fields.set(text(operation, 2, 'new_name'), column)
  },
  SeparateDatabaseAndState: (states, operation) => replay(states, listed(argument(operation, 1, 'state_operations'))),
  RunSQL: (states, operation) => replay(states, listed(argument(operation, 2, 'state_operations'))),
}

function setField(states: States, operation: Call): void {
  stateOf(states, operation)?.fields.set(text(operation, 1, 'name'), columnOf(argument(operation, 2, 'field')))
}

function columnOf(definition: Value | undefined): Column {
  if (definition?.kind !== 'call') return { suffix: '' }
  const { callee, named } = definition
  const given = named.get('db_column')
  if (given?.kind === 'string') return { name: given.text }
  if (/(ManyToManyField|TaggableManager|GenericRelation|CompositePrimaryKey)$/.test(callee)) return null
  // Django's own writing of any foreign key, whatever its class, says what happens on delete.
  return { suffix: named.has('on_delete') || /(ForeignKey|OneToOneField)$/.test(callee) ? '_id' : '' }
}

function tableOf(value: Value | undefined): string | null {
  if (value === undefined || isName(value, 'None')) return null
  // A schema in front is a trick that many use: '"shop"."cart"'.
  return value.kind === 'string' ? (value.text.split('"."').at(-1) ?? '').replaceAll('"', '') : ''
}

function stateOf(states: States, operation: Call, parameter = 'model_name'): State | undefined {
  return states.get(text(operation, 0, parameter).toLowerCase())
}

function text(operation: Call, position: number, parameter: string): string {
  const value = argument(operation, position, parameter)
  return value?.kind === 'string' ? value.text : ''
}

function argument(operation: Call, position: number, parameter: string): Value | undefined {
  return operation.named.get(parameter) ?? operation.positional[position]
}

function entry(options: Value | undefined, key: string): Value | undefined {
  return options?.kind === 'dict' ? options.entries.get(key) : undefined
}

function isName(value: Value | undefined, name: string): boolean {
  return value?.kind === 'name' && value.name === name
}
