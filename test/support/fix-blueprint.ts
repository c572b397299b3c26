import fc from 'fast-check'
import type { Divergent, ForeignKey, Type } from './fix-schema.js'

/**
 * The choices that an example is made from. Each stands for itself, so that any of them can be left away or made
 * smaller while a failure is shrunk; numbers choose among whatever there is, round and round.
 */
export interface Blueprint {
  readonly tables: readonly TableBlueprint[]
  /** A table refers to one that refers to it. */
  readonly cycle: boolean
}

export interface TableBlueprint {
  readonly style: number
  readonly primaryKey: 'one' | 'two' | 'references' | 'none'
  readonly identity: 'ALWAYS' | 'BY DEFAULT' | null
  /** Order of the primary key's values among the rows. */
  readonly stride: number
  /** A unique text that others may refer to. */
  readonly code: boolean
  readonly columns: readonly ColumnBlueprint[]
  readonly generated: boolean
  readonly created: 'by name' | 'by default' | null
  readonly updated: boolean
  readonly references: readonly ReferenceBlueprint[]
  readonly uniqueKeys: readonly UniqueBlueprint[]
  readonly keySets: readonly KeySetBlueprint[]
  readonly survivor: SurvivorBlueprint
  readonly divergent: Divergent
  /** If it has no key set of its own, one that it refers to says how its rows are merged. */
  readonly entry: boolean
  readonly rows: readonly RowBlueprint[]
}

export interface ColumnBlueprint {
  readonly type: Type
  readonly notNull: boolean
  readonly style: number
  /** Which merge policy, beyond the last for none. */
  readonly policy: number
}

export interface ReferenceBlueprint {
  readonly to: number
  readonly self: boolean
  readonly target: 'primary key' | 'code' | 'shared'
  /** Known from the configuration only; what else it looks at, and whether its values are texts. */
  readonly declared: { readonly where: boolean; readonly text: boolean } | null
  readonly notNull: boolean
  readonly wide: boolean
  readonly style: number
  readonly onDelete: ForeignKey['onDelete']
  readonly onUpdate: ForeignKey['onUpdate']
  readonly deferrable: ForeignKey['deferrable']
  readonly valid: boolean
}

export interface UniqueBlueprint {
  /** How many references it begins with. */
  readonly references: number
  readonly columns: readonly number[]
  readonly fold: boolean
  readonly where: number | null
  readonly nulls: boolean
  readonly constraint: boolean
  readonly deferrable: boolean
}

export interface KeySetBlueprint {
  readonly references: number
  readonly columns: readonly number[]
  readonly fold: 'match' | 'expression' | null
  readonly where: number | null
  readonly nulls: boolean
  /** Where it differs from other key sets of the table. */
  readonly survivor: SurvivorBlueprint | null
  readonly divergent: Divergent | null
}

export interface SurvivorBlueprint {
  readonly word: 'oldest' | 'newest' | 'most-complete' | 'most-referenced' | 'list'
  readonly list: readonly {
    readonly column: number
    readonly descending: boolean
    readonly nulls: 'first' | 'last' | null
  }[]
}

export interface RowBlueprint {
  readonly cells: readonly number[]
  /** An earlier row that it is a copy of, except in one cell. */
  readonly like: number | null
  readonly except: number
}

/** Cells that a row blueprint has; columns beyond take them again from the start. */
export const cellCount = 8

const sometimes = (one: number, of: number): fc.Arbitrary<boolean> => fc.nat(of - 1).map((n) => n >= of - one)
/** Null `nulls` times as often as not. */
const orNull = <T>(nulls: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: nulls, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
const list = <T>(arbitrary: fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.array(arbitrary, { minLength, maxLength, size: 'max' })
const style = fc.nat(15)

const column: fc.Arbitrary<ColumnBlueprint> = fc.record({
  type: fc.constantFrom<Type>(
    'text',
    'integer',
    'text',
    'integer',
    'boolean',
    'numeric(6,2)',
    'numeric',
    'timestamptz',
    'bigint',
    'jsonb',
  ),
  notNull: fc.boolean(),
  style,
  policy: fc.nat(5),
})

const reference: fc.Arbitrary<ReferenceBlueprint> = fc.record({
  to: fc.nat(4),
  self: sometimes(1, 4),
  target: fc.constantFrom('primary key', 'primary key', 'primary key', 'code', 'shared'),
  declared: orNull(7, fc.record({ where: fc.boolean(), text: sometimes(1, 3) })),
  notNull: fc.boolean(),
  wide: sometimes(1, 6),
  style,
  onDelete: fc.constantFrom('NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT'),
  onUpdate: fc.constantFrom('NO ACTION', 'NO ACTION', 'CASCADE'),
  deferrable: fc.constantFrom('NOT DEFERRABLE', 'NOT DEFERRABLE', 'DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'),
  valid: sometimes(4, 5),
})

const uniqueKey: fc.Arbitrary<UniqueBlueprint> = fc.record({
  references: fc.constantFrom(1, 1, 1, 1, 2, 2, 0),
  columns: fc.uniqueArray(fc.nat(5), { maxLength: 2 }),
  fold: sometimes(1, 4),
  where: orNull(3, fc.nat(12)),
  nulls: sometimes(1, 5),
  constraint: fc.boolean(),
  deferrable: sometimes(1, 5),
})

const survivor: fc.Arbitrary<SurvivorBlueprint> = fc.record({
  word: fc.constantFrom('oldest', 'newest', 'most-complete', 'most-referenced', 'list'),
  list: list(
    fc.record({
      column: fc.nat(8),
      descending: fc.boolean(),
      nulls: fc.constantFrom(null, null, 'first', 'last'),
    }),
    1,
    2,
  ),
})

const divergent = fc.constantFrom<Divergent>('keep-survivor', 'keep-survivor', 'keep-survivor', 'stop')

const keySet: fc.Arbitrary<KeySetBlueprint> = fc.record({
  references: fc.constantFrom(0, 0, 0, 1, 1, 2),
  columns: fc.oneof(fc.tuple(fc.nat(5)), fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 2 })),
  fold: fc.constantFrom(null, null, null, 'match', 'expression'),
  where: orNull(4, fc.nat(12)),
  nulls: sometimes(1, 3),
  survivor: orNull(2, survivor),
  divergent: orNull(2, divergent),
})

const row: fc.Arbitrary<RowBlueprint> = fc.record({
  cells: fc.array(fc.nat(59), { minLength: cellCount, maxLength: cellCount }),
  like: orNull(1, fc.nat(11)),
  except: fc.nat(cellCount - 1),
})

const table: fc.Arbitrary<TableBlueprint> = fc.record({
  style,
  primaryKey: fc.constantFrom('one', 'one', 'one', 'one', 'two', 'references', 'references', 'references', 'none'),
  identity: fc.constantFrom(null, null, 'ALWAYS', 'BY DEFAULT'),
  stride: fc.nat(11),
  code: sometimes(1, 4),
  columns: fc.oneof(list(column, 0, 1), list(column, 1, 4)),
  generated: sometimes(1, 5),
  created: fc.constantFrom(null, null, 'by name', 'by default'),
  updated: sometimes(1, 5),
  references: list(reference, 1, 3),
  uniqueKeys: list(uniqueKey, 0, 2),
  keySets: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list(keySet, 1, 2) }),
  survivor,
  divergent,
  entry: sometimes(7, 8),
  rows: list(row, 6, 18),
})

/** The first table has a key set, so that there is something to fix. */
const first = fc
  .tuple(table, list(column, 2, 5), list(keySet, 1, 2))
  .map(([rest, columns, keySets]): TableBlueprint => ({ ...rest, columns, keySets }))

/** Without fast-check's liking for what is small or the same, with which few rows would collide. */
export const blueprints: fc.Arbitrary<Blueprint> = fc.noBias(
  fc.record({
    tables: fc.tuple(first, list(table, 1, 5)).map(([parent, others]) => [parent, ...others]),
    cycle: sometimes(1, 8),
  }),
)
