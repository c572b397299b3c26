import type { Column, Table } from '../../model/catalog.js'
import type { Answer, LookupPart } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { rejectsNull } from './nulls.js'
import { fixedColumn } from './resolve.js'
import { columnsIn, literalsIn, plainColumn, quoteIdentifier, quoteLiteral, words } from './sql-text.js'

/**
 * Questions about conditions, answered by computing them over rows of sample values. No table is read: the rows are typed
 * constants, so that no privilege is needed either.
 */

const TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/
export const isText = ({ baseType }: Pick<Column, 'baseType'>): boolean => TEXT.test(baseType)

/** The column that an expression has its collation from. */
export function collatedBy({ columns }: Pick<LookupPart, 'columns'>, table: Table): Column | null {
  const used = table.columns.filter(({ name }) => columns.includes(name))
  return used.find(isText) ?? used[0] ?? null
}

const BINARY = /^(binary|varbinary|tinyblob|blob|mediumblob|longblob)$/
const WHOLE = /^(tinyint|smallint|mediumint|int|bigint|year|bit)$/
const IDENTITY = /^(tinyint|smallint|mediumint|int|bigint|year|bit|date|time|datetime|timestamp|uuid|inet4|inet6)$/

/** Whether equal values of the column are the same value, so that whatever is computed from them is equal too. */
export function isIdentity(column: Column): boolean {
  return IDENTITY.test(column.baseType) || BINARY.test(column.baseType) || (isText(column) && column.deterministic)
}

/** Character set that a collation belongs to. */
export const charsetOf = (collation: string): string => collation.replace(/_.*$/s, '')

/** SQL with the type and the collation of the column; null where there is no way to write one. */
export function typed(column: Column, value: string): string | null {
  const { baseType, type } = column
  if (isText(column))
    return column.collation === null
      ? null
      : `CONVERT(${value} USING ${charsetOf(column.collation)}) COLLATE ${column.collation}`
  if (WHOLE.test(baseType))
    return `CAST(${value} AS ${/unsigned/.test(type) || baseType === 'bit' ? 'UNSIGNED' : 'SIGNED'})`
  if (baseType === 'decimal') return `CAST(${value} AS ${type.replace(/\).*$/s, ')')})`
  if (/^(float|double)$/.test(baseType)) return `(${value} + 0e0)`
  if (/^(date|time|datetime|timestamp)$/.test(baseType))
    return `CAST(${value} AS ${type.replace(/^timestamp/, 'datetime')})`
  if (BINARY.test(baseType)) return `CAST(${value} AS BINARY)`
  return null
}

/** One row in which each of the named columns holds a constant; null where a type can't be written. */
function rowOf(table: Table, constants: ReadonlyMap<string, string>): string | null {
  const values = [...constants].map(([name, constant]) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    const value = column === undefined ? null : typed(column, constant)
    return value === null ? null : `${value} AS ${quoteIdentifier(name)}`
  })
  return values.includes(null) ? null : `(SELECT ${values.join(', ') || '1 AS `?`'}) AS goc_row`
}

/** Operators and functions whose result is the same for values that `=` calls equal. */
function comparesOnly(expression: string): boolean {
  const list = words(expression)
  return !list.some(
    ({ kind, text }, at) =>
      kind === 'word' &&
      (/^(like|regexp|rlike|collate|binary)$/i.test(text) ||
        (list[at + 1]?.text === '(' && !/^(if|ifnull|coalesce|nullif|and|or|not|in|when|then|else|is)$/i.test(text))),
  )
}

/** Of the columns that conditions pin, those that an expression mentions, with their constants. */
export function pinnedBy(conditions: readonly string[], expression: string, table: Table): ReadonlyMap<string, string> {
  const names = table.columns.map((column) => column.name)
  const mentioned = columnsIn(expression, names)
  const pinned = new Map<string, string>()
  for (const condition of conditions) {
    const fixed = fixedColumn(condition, table.columns)
    const column = table.columns.find((candidate) => candidate.name === fixed?.column)
    if (fixed === null || column === undefined || !mentioned.includes(column.name)) continue
    if (fixed.isNull || isIdentity(column) || comparesOnly(expression)) pinned.set(column.name, fixed.constant)
  }
  return pinned
}

/** What an expression is where the conditions pin all of its columns; undefined where they don't, or it can't be computed. */
export async function valueUnder(
  { attempt }: ReadTransaction,
  table: Table,
  conditions: readonly string[],
  expression: string,
): Promise<{ readonly isNull: boolean; readonly isTrue: boolean; readonly sql: string } | undefined> {
  const names = table.columns.map((column) => column.name)
  const pinned = pinnedBy(conditions, expression, table)
  if (columnsIn(expression, names).some((name) => !pinned.has(name))) return undefined
  const row = rowOf(table, pinned)
  if (row === null) return undefined
  const answer = await attempt<{ isNull: number; isTrue: number | null }>(
    `SELECT (${expression}) IS NULL AS isNull, (${expression}) IS TRUE AS isTrue FROM ${row}`,
  )
  if ('error' in answer || answer.rows[0] === undefined) return undefined
  const { isNull, isTrue } = answer.rows[0]
  return {
    isNull: Number(isNull) === 1,
    isTrue: Number(isTrue) === 1,
    sql: `(SELECT ${expression} FROM ${row})`,
  }
}

/** Combinations tried at most when looking for an example row. */
const MAX_COMBINATIONS = 4096

/** Is there, among rows of sample values, one that meets all the conditions? False proves nothing. */
export async function example(
  { attempt }: ReadTransaction,
  table: Table,
  conditions: readonly string[],
  /** Where the columns and the constants of the samples come from; the conditions where nothing is said. */
  about: readonly string[] = conditions,
): Promise<boolean> {
  const names = table.columns.map((column) => column.name)
  const mentioned = new Set(about.flatMap((condition) => columnsIn(condition, names)))
  const lists: string[] = []
  let combinations = 1
  for (const column of table.columns.filter(({ name }) => mentioned.has(name))) {
    const values = sampleValues(column, about).flatMap((value) => typed(column, value) ?? [])
    if (values.length === 0) return false
    combinations *= values.length
    const rows = values.map((value) => `SELECT ${value} AS ${quoteIdentifier(column.name)}`)
    lists.push(`(${rows.join(' UNION ALL ')}) AS goc_${lists.length}`)
  }
  if (combinations > MAX_COMBINATIONS) return false
  const from = lists.length === 0 ? '(SELECT 1 AS `?`) AS goc_0' : lists.join(' CROSS JOIN ')
  const answer = await attempt(
    `SELECT 1 FROM ${from} WHERE ${conditions.map((one) => `(${one})`).join(' AND ')} LIMIT 1`,
  )
  return 'rows' in answer && answer.rows.length > 0
}

function sampleValues(column: Column, conditions: readonly string[]): string[] {
  const literals = conditions.map(literalsIn)
  const strings = [...new Set(literals.flatMap((found) => found.strings))]
  const numbers = [...new Set(literals.flatMap((found) => found.numbers))]
  const values = column.notNull ? [] : ['NULL']
  if (/^(enum|set)$/.test(column.baseType))
    values.push(...literalsIn(column.type).strings.slice(0, 12).map(quoteLiteral))
  else if (isText(column) || BINARY.test(column.baseType)) values.push(...[...strings, 'x', ''].map(quoteLiteral))
  else if (/^(date|datetime|timestamp)$/.test(column.baseType))
    values.push(
      ...strings.filter((text) => /^\d{4}-\d\d-\d\d/.test(text)).map(quoteLiteral),
      "'2001-01-01'",
      "'2101-01-01'",
    )
  else if (column.baseType === 'time') values.push("'00:00:00'", "'12:00:00'")
  else {
    const whole = [...numbers.filter((text) => /^-?\d{1,9}$/.test(text)).map(Number), 0]
    const unsigned = /unsigned/.test(column.type) || column.baseType === 'bit'
    const around = whole.flatMap((value) => [value - 1, value, value + 1]).filter((value) => !unsigned || value >= 0)
    values.push(...around.map(String))
  }
  return [...new Set(values)].slice(0, 16)
}

function notNullFacts(table: Table, conditions: readonly string[]): string[] {
  const names = table.columns.map((column) => column.name)
  const mentioned = new Set(conditions.flatMap((condition) => columnsIn(condition, names)))
  return table.columns
    .filter((column) => column.notNull && mentioned.has(column.name))
    .map((column) => `${quoteIdentifier(column.name)} IS NOT NULL`)
}

/** True when it is proven that no row can meet all of the conditions; false proves nothing. */
export async function contradictory(
  transaction: ReadTransaction,
  table: Table,
  conditions: readonly string[],
): Promise<boolean> {
  const all = [...conditions, ...notNullFacts(table, conditions)]
  for (const condition of all) {
    const others = all.filter((one) => one !== condition)
    const value = await valueUnder(transaction, table, others, condition)
    if (value !== undefined && !value.isTrue) return true
  }
  return false
}

/** Do all of `premises` together imply all of `conclusions`? */
export async function implies(
  transaction: ReadTransaction,
  table: Table,
  premises: readonly string[],
  conclusions: readonly string[],
): Promise<Answer> {
  const given = [...premises, ...notNullFacts(table, [...premises, ...conclusions])]
  let answer: Answer = 'yes'
  for (const conclusion of conclusions) {
    if (given.includes(conclusion)) continue
    const value = await valueUnder(transaction, table, given, conclusion)
    if (value?.isTrue === true || provesNotNull(table, given, conclusion)) continue
    if (value !== undefined || (await example(transaction, table, [...given, `(${conclusion}) IS NOT TRUE`])))
      return 'no'
    answer = 'unknown'
  }
  return answer
}

/** `b > 0` can't be true of a NULL. */
function provesNotNull(table: Table, premises: readonly string[], conclusion: string): boolean {
  const operand = /^(?<operand>.+) IS NOT NULL$/su.exec(conclusion)?.groups?.operand
  const names = table.columns.map((column) => column.name)
  const column = operand === undefined ? null : plainColumn(operand, names)
  return column !== null && premises.some((premise) => rejectsNull(premise, column))
}

/** Can a row meet all of the conditions? */
export async function compatible(
  transaction: ReadTransaction,
  table: Table,
  conditions: readonly string[],
): Promise<Answer> {
  if (await contradictory(transaction, table, conditions)) return 'no'
  return (await example(transaction, table, conditions)) ? 'yes' : 'unknown'
}
