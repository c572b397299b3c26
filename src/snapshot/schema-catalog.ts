import { z } from 'zod'

const text = z.string()
const number = z.number()
const flag = z.boolean()

const column = z.object({
  name: text,
  type: text,
  notNull: flag,
  generatesKey: flag,
  generated: z.enum(['stored', 'virtual']).nullable(),
  expression: text.nullable(),
  default: text.nullable(),
  collation: text.nullable(),
  deterministic: flag,
  invisible: flag.optional(),
  stampedOnUpdate: flag.optional(),
  baseType: text,
  hasEquality: flag,
  isTimestamp: flag,
  isCreationStamp: flag,
})

const indexPart = z.object({
  column: text.nullable(),
  expression: text.nullable(),
  prefix: number.optional(),
  descending: flag.optional(),
  equality: z.object({
    kind: z.enum(['default', 'overlap', 'other']),
    operator: text,
    operatorClass: text.nullable(),
    collation: text.nullable(),
    deterministic: flag,
  }),
})

export const catalogIndex = z.object({
  name: text,
  schema: text,
  table: text,
  unique: flag,
  primary: flag,
  exclusion: flag,
  period: flag,
  constraint: text.nullable(),
  deferrable: flag,
  valid: flag,
  ready: flag,
  nullsNotDistinct: flag,
  method: text,
  parts: z.array(indexPart),
  predicate: text.nullable(),
  attached: z.object({ partitions: number, of: number }).nullable(),
  partitionLocal: flag,
  pinned: flag,
  ignored: flag.optional(),
})

const action = z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default'])

const reference = z.object({
  name: text,
  schema: text,
  table: text,
  columns: z.array(text),
  targetColumns: z.array(text),
  onDelete: action,
  onUpdate: action,
  estimatedRows: number,
  bytes: number,
})

export const catalogTable = z.object({
  id: text,
  schema: text,
  schemaImplied: flag.optional(),
  name: text,
  kind: z.enum(['table', 'partitioned-table', 'view', 'materialized-view', 'foreign-table']),
  engine: text.optional(),
  systemVersioned: flag.optional(),
  indexColumnBytes: number.optional(),
  temporary: flag,
  isPartition: flag,
  inheritanceChildren: number,
  partitioning: z.object({ columns: z.array(text), byExpression: flag, partitions: number }).nullable(),
  estimatedRows: number.nullable(),
  bytes: number.nullable(),
  columns: z.array(column),
  primaryKey: z.array(text),
  indexes: z.array(catalogIndex),
  references: z.array(reference),
  rowSecurity: z.enum(['off', 'bypassed', 'filters']),
  unreadableColumns: z.array(text),
  partlyHidden: flag.optional(),
  insertTriggers: z.array(z.object({ name: text, assigns: z.array(text) })),
  base: z
    .object({ table: z.int(), columns: z.record(text, text), predicate: text.nullable() })
    .nullable()
    .meta({ description: 'For a view: what it reads.' }),
})
