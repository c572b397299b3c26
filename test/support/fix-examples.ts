import { isDeepStrictEqual } from 'node:util'
import type fc from 'fast-check'
import type { z } from 'zod'
import type { configSchema } from '../../src/config/schema.js'
import { quoteIdentifier } from '../../src/dialects/postgres/sql-text.js'
import { quoted } from '../../src/model/keyset-id.js'
import { type Blueprint, blueprints } from './fix-blueprint.js'
import { declareKeySets } from './fix-example-keysets.js'
import { fillTables } from './fix-example-rows.js'
import { postgresWriter, schema } from './fix-example-sql.js'
import { buildTables, type Draft } from './fix-example-tables.js'
import { modelFix } from './fix-model.js'
import type { Condition, DeclaredKeySet, FixInput, Merge, Ordering, Row, Table } from './fix-schema.js'

/** What `.goc-audit.yml` holds under `keysets`. */
export type ConfigKeySet = NonNullable<z.input<typeof configSchema>['keysets']>[number]

export interface FixExample extends FixInput {
  /** For an empty database, and then its rows; in `public`. */
  readonly ddl: string
  readonly inserts: string
  readonly keySets: readonly ConfigKeySet[]
}

export interface ExampleOptions {
  /** Key sets may look up NULLs, and unique keys be NULLS NOT DISTINCT, which takes PostgreSQL 15. */
  readonly nulls: boolean
  /** PostgreSQL's by default. */
  readonly writer?: ExampleWriter
}

/** What databases differ in. */
export interface ExampleWriter {
  condition(condition: Condition): string
  lower(column: string): string
  /** As reports print it. */
  id(keySet: Pick<DeclaredKeySet, 'table' | 'parts' | 'where'>): string
  ddl(input: Pick<FixInput, 'tables' | 'foreignKeys'>): string
  inserts(input: Pick<FixInput, 'tables'>): string
  /** An ORDER BY list. */
  order(orderings: readonly Ordering[]): string
  /** Takes away what the database doesn't have. */
  restrict(blueprint: Blueprint): Blueprint
  adjust(draft: Draft): Draft
  /** It may refuse this, though it could be done. */
  refuses(input: FixInput): boolean
}

/**
 * Databases with duplicate rows, and key sets to fix them by. What two rows of a group could want contradictory things
 * of is left out, as the modules that make the pieces say, and so is what may well be done in two ways.
 */
export function fixExamples({ nulls, writer = postgresWriter }: ExampleOptions): fc.Arbitrary<FixExample> {
  return blueprints
    .map((blueprint) => toExample(writer.restrict(blueprint), nulls, writer))
    .filter((example) => example.declared.length > 0 && isSettled(example) && !writer.refuses(example))
}

/** Not if it is open what should be done, or in which order. */
function isSettled(input: FixInput): boolean {
  const { tables, fixed, doubtful } = modelFix(input)
  if (doubtful) return false
  return reorder(input).every((variant) => {
    const other = modelFix({ ...input, tables: variant })
    return isDeepStrictEqual({ tables, fixed }, { tables: other.tables, fixed: other.fixed })
  })
}

/** The tables in other orders that are as good: of unique keys, and of two tables that refer to each other. */
function reorder(input: FixInput): (readonly Table[])[] {
  const turned = turnCircle(input)
  const backwards = input.tables.map((table) => ({ ...table, uniqueKeys: table.uniqueKeys.toReversed() }))
  return turned === null ? [backwards] : [backwards, turned]
}

/** The tables with the child of a circle before its parent. */
function turnCircle({ tables, foreignKeys }: FixInput): readonly Table[] | null {
  const place = (wanted: string) => tables.findIndex(({ name }) => name === wanted)
  const back = foreignKeys.find(({ table, parent }) => place(table) < place(parent))
  if (back === undefined) return null
  const [parent, child] = [place(back.table), place(back.parent)]
  return [
    ...tables.slice(0, parent),
    ...tables.slice(parent + 1, child + 1),
    ...tables.slice(parent, parent + 1),
    ...tables.slice(child + 1),
  ]
}

function toExample(blueprint: Blueprint, nulls: boolean, writer: ExampleWriter): FixExample {
  const drafts = buildTables(blueprint).map(writer.adjust)
  const declared = declareKeySets(drafts, nulls, writer.id)
  const input = { tables: fillTables(drafts), foreignKeys: drafts.flatMap(({ foreignKeys }) => foreignKeys), declared }
  const keySets = declared.map((keySet) => configOf(keySet, writer))
  return { ...input, ddl: writer.ddl(input), inserts: writer.inserts(input), keySets }
}

function configOf(keySet: DeclaredKeySet, writer: ExampleWriter): ConfigKeySet {
  const { table, parts, where, groupsNulls, survivor, divergent, merge, references } = keySet
  const folded = parts.filter(({ fold, expression }) => fold && !expression)
  const conditionIn = (condition: Condition | null) =>
    condition === null ? {} : { where: writer.condition(condition) }
  return {
    table: quoted(table),
    columns: parts.map(({ column, expression }) => (expression ? `(${writer.lower(column)})` : quoted(column))),
    ...conditionIn(where),
    ...(folded.length > 0 && { match: byColumn(folded.map(({ column }) => [column, 'lower' as const])) }),
    ...(groupsNulls && { nulls: 'looked-up' }),
    survivor: typeof survivor === 'string' ? survivor : writer.order(survivor),
    divergent,
    merge: mergeIn(merge),
    references: references.map((entry) => ({
      table: quoted(entry.table),
      columns: entry.columns.map(quoted),
      ...conditionIn(entry.where),
      merge: mergeIn(entry.merge),
    })),
  }
}

const byColumn = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.map(([name, value]) => [quoted(name), value]))

const mergeIn = (merge: Merge) => byColumn(Object.entries(merge))

/** In an order of their own, so that they can be compared. */
export function ordered(rows: readonly Row[]): Row[] {
  const text = (row: Row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
  return rows
    .map((row) => [text(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, row]) => row)
}

/** What the tables hold now, by name, in the form of the model's rows. */
export async function readTables(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
  { tables }: Pick<FixInput, 'tables'>,
): Promise<Map<string, Row[]>> {
  const read = new Map<string, Row[]>()
  for (const table of tables) read.set(table.name, ordered((await query(readSql(table))) as Row[]))
  return read
}

function readSql({ name, columns }: Table): string {
  const values = columns.map((column) => {
    const value = quoteIdentifier(column.name)
    const text = column.type === 'timestamptz' ? `(${value} AT TIME ZONE 'UTC')::text || '+00'` : `${value}::text`
    return `${text} AS ${value}`
  })
  return `SELECT ${values.join(', ')} FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}
