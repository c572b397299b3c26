import type { MemberKind } from '../model/profile.js'
import type { Shape, SqlInsert, SqlLookup, SqlMember, SqlStatement, SqlTable, SqlValue } from '../model/sql.js'
import { byText } from './bounded.js'
import { InsertState, LookupState, type Member, Memory, TableState } from './state.js'
import { hashOf } from './values.js'

/** A statement of a shape with what is counted of it. */
export type Compiled =
  | {
      readonly kind: 'lookup'
      readonly state: LookupState
      readonly values: readonly SqlValue[]
      readonly sql: SqlLookup
    }
  | { readonly kind: 'insert'; readonly state: InsertState }
  | {
      readonly kind: 'change'
      readonly table: TableState
      readonly deletes: boolean
      readonly members: readonly SqlMember[]
    }
  | { readonly kind: 'other'; readonly sql: SqlStatement }

/** All that was seen so far, by what it is. */
export class Registry {
  readonly tables = new Map<string, TableState>()
  readonly lookups = new Map<string, LookupState>()
  readonly inserts = new Map<string, InsertState>()
  readonly #shapes = new Map<number, readonly Compiled[]>()
  readonly #memory = new Memory()

  compiled(shape: Shape): readonly Compiled[] {
    let found = this.#shapes.get(shape.id)
    if (!found) {
      const hash = hashOf([shape.text])
      found = shape.statements.map((statement) => this.#compile(statement, hash))
      this.#shapes.set(shape.id, found)
      if (this.#shapes.size > 50_000) this.#shapes.clear()
    }
    return found
  }

  #compile(sql: SqlStatement, shape: number): Compiled {
    switch (sql.kind) {
      case 'lookup': {
        const { state, members } = this.#lookup(sql)
        remember(state.shapes, shape)
        return { kind: 'lookup', state, values: members.map(({ value }) => value), sql }
      }
      case 'insert': {
        const state = this.#insert(sql)
        remember(state.shapes, shape)
        return { kind: 'insert', state }
      }
      case 'update':
      case 'delete':
        return { kind: 'change', table: this.#table(sql.table), deletes: sql.kind === 'delete', members: sql.members }
      default:
        return { kind: 'other', sql }
    }
  }

  #table(table: SqlTable): TableState {
    const key = JSON.stringify([table.schema, table.name])
    const found = this.tables.get(key) ?? new TableState(this.tables.size, table)
    this.tables.set(key, found)
    return found
  }

  #lookup(sql: SqlLookup): { state: LookupState; members: readonly SqlMember[] } {
    const members = distinctMembers(sql.members)
    const conditions = [...new Set(sql.conditions.map((condition) => condition.sql))].sort(byText)
    const limited = sql.limit !== null || sql.asks !== 'rows'
    const kinds = members.map((member) => [member.column, member.match, kindOf(member)])
    const key = JSON.stringify([
      [sql.table.schema, sql.table.name],
      kinds,
      conditions,
      [sql.asks, limited, sql.joins, sql.grouped],
    ])
    let state = this.lookups.get(key)
    if (!state) {
      const table = this.#table(sql.table)
      const { asks, joins, grouped } = sql
      const counted = members.map(newMember)
      state = new LookupState(key, table, counted, conditions, asks, limited, joins, grouped, this.#memory)
      this.lookups.set(key, state)
      if (!sql.grouped) table.pairing(state)
    }
    state.locks ||= sql.locks
    members.forEach(({ cast }, at) => {
      if (cast) state.members[at]?.casts.add(cast)
    })
    return { state, members }
  }

  #insert(sql: SqlInsert): InsertState {
    const unless = sql.unless && this.#lookup(sql.unless).state.key
    const { conflict, idiom, columns } = sql
    const key = JSON.stringify([[sql.table.schema, sql.table.name], columns, conflict, idiom, unless])
    const found =
      this.inserts.get(key) ?? new InsertState(key, this.#table(sql.table), columns, conflict, idiom, unless)
    this.inserts.set(key, found)
    return found
  }
}

const remember = (shapes: Set<number>, hash: number): void => {
  if (shapes.size < 64) shapes.add(hash)
}

/** By column, then match; a column that is compared twice the same way counts once. */
function distinctMembers(members: readonly SqlMember[]): SqlMember[] {
  const seen = new Map<string, SqlMember>()
  for (const member of members) {
    const key = JSON.stringify([member.column, member.match])
    if (!seen.has(key)) seen.set(key, member)
  }
  return [...seen].sort(([a], [b]) => byText(a, b)).map(([, member]) => member)
}

function kindOf({ value, list }: SqlMember): MemberKind {
  if (list) return 'list'
  if (value.kind === 'null') return 'null'
  if (value.kind === 'boolean') return value.value ? 'true' : 'false'
  return 'value'
}

const newMember = (member: SqlMember): Member => ({
  column: member.column,
  match: member.match,
  kind: kindOf(member),
  digests: new Set(),
  nulls: 0,
  bound: 0,
  literalsBesideBound: 0,
  only: null,
  varied: false,
  casts: new Set(),
})
