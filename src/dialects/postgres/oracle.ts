import type { Column, Table } from '../../model/catalog.js'
import type { Answer } from '../../model/verdict.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { columnsIn, literalsIn, quoteIdentifier, quoteLiteral, unqualify } from './sql-text.js'

/**
 * Questions about SQL that only the server can answer, asked of its planner. Nothing is executed and no table is read:
 * conditions are explained over a relation of typed NULLs, so that no privilege is needed either.
 */

export interface PlanNode {
  readonly Output?: readonly string[]
  readonly Filter?: string
  readonly 'Node Type': string
  readonly 'One-Time Filter'?: string
  readonly 'Relation Name'?: string
  readonly Alias?: string
  readonly Schema?: string
  readonly Plans?: readonly PlanNode[]
}

export async function explain(transaction: ReadTransaction, sql: string): Promise<PlanNode | DatabaseError> {
  const answer = await transaction.attempt<{ 'QUERY PLAN': unknown }>(
    `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${sql}`,
  )
  if ('error' in answer) return answer.error
  const plan = answer.rows[0]?.['QUERY PLAN']
  const document = (typeof plan === 'string' ? JSON.parse(plan) : plan) as readonly { readonly Plan: PlanNode }[]
  const first = document[0]?.Plan
  if (first === undefined) throw new Error('EXPLAIN printed no plan')
  return first
}

/** Shows up as a qualifier in what the server prints, and is taken off again. */
export const STAND_IN = 'goc_stand_in'

/** A stand-in for the table: the same columns and types, no rows, no privileges. Columns may be fixed to a constant. */
export function standIn(table: Table, constants: Readonly<Record<string, string>> = {}): string {
  const open = table.columns.filter((column) => constants[column.name] === undefined)
  const nulls = open.map((column) => `NULL::${column.baseType} AS ${quoteIdentifier(column.name)}`)
  const inner = `SELECT ${[...nulls, 'NULL AS "?"'].join(', ')} OFFSET 0`
  const fixed = Object.entries(constants).map(([name, constant]) => `${constant} AS ${quoteIdentifier(name)}`)
  const outer = [...open.map((column) => `${STAND_IN}.${quoteIdentifier(column.name)}`), ...fixed].join(', ')
  return `(SELECT ${outer} FROM (${inner}) AS ${STAND_IN}) AS ${quoteIdentifier(table.name)}`
}

/** A FROM item that names the table's columns, to spell expressions in: the table itself where it may be read. */
export function source(table: Table, alias?: string): string {
  const readable = table.unreadableColumns.length === 0 && table.rowSecurity !== 'filters'
  if (!readable || (table.kind !== 'table' && table.kind !== 'partitioned-table')) {
    return standIn(alias === undefined ? table : { ...table, name: alias })
  }
  const name = `ONLY ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
  return alias === undefined ? name : `${name} AS ${quoteIdentifier(alias)}`
}

/** Expressions in the server's own spelling, constants folded; two that mean the same mostly read the same. */
export async function spell(
  transaction: ReadTransaction,
  from: string,
  expressions: readonly string[],
): Promise<readonly string[] | DatabaseError> {
  if (expressions.length === 0) return []
  const plan = await explain(
    transaction,
    `SELECT ${expressions.map((sql) => `(${sql}\n)`).join(', ')} FROM ${from} WHERE false`,
  )
  if (plan instanceof Error) return plan
  const output = plan.Output ?? []
  if (plan['Node Type'] !== 'Result' || output.some(readsRows)) {
    const message = 'subqueries, aggregates and window functions look at other rows than the one that is compared'
    return Object.assign(new Error(message), { code: '0A000' })
  }
  return output.map((sql) => unqualify(sql, STAND_IN))
}

/** A subquery, as EXPLAIN shows it: `(SubPlan 1)`, `(InitPlan 1).col1`, before 17 `$0`. */
function readsRows(sql: string): boolean {
  return /\b(?:SubPlan|InitPlan) \d|\$\d/.test(sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''))
}

/** A condition that must be boolean; `true AND …` folds away. */
export async function spellCondition(
  transaction: ReadTransaction,
  from: string,
  condition: string,
): Promise<string | DatabaseError> {
  const spelled = await spell(transaction, from, [`true AND (${condition}\n)`])
  return spelled instanceof Error ? spelled : (spelled[0] ?? 'true')
}

/** `x IS TRUE` and its kin in forms that the planner's prover knows. */
function provable(condition: string): string {
  const test = /^(?<x>.+) IS (?<word>NOT TRUE|NOT FALSE|TRUE|FALSE)$/s.exec(condition)?.groups
  const coalesced = /^COALESCE\((?<x>.+), (?<word>true|false)\)$/s.exec(condition)?.groups
  const x = test?.x ?? coalesced?.x
  const word =
    test?.word ?? (coalesced?.word === 'false' ? 'TRUE' : coalesced?.word === 'true' ? 'NOT FALSE' : undefined)
  if (x === undefined || word === undefined) return `(${condition})`
  if (word === 'TRUE') return `(${x})`
  if (word === 'FALSE') return `(NOT (${x}))`
  return word === 'NOT FALSE' ? `((${x}) OR (${x}) IS NULL)` : `(NOT (${x}) OR (${x}) IS NULL)`
}

/** A condition known to be true; the prover doesn't see that `NOT x` then is about an x that isn't NULL. */
function premise(condition: string): string {
  const negated = /^NOT (?<x>\w+|"(?:[^"]|"")*")$/.exec(condition)?.groups?.x
  return negated === undefined ? provable(condition) : `(NOT ${negated}) AND ${negated} IS NOT NULL`
}

function notNullFacts(table: Table, conditions: readonly string[]): string[] {
  const names = table.columns.map((column) => column.name)
  const mentioned = new Set(conditions.flatMap((condition) => columnsIn(condition, names)))
  return table.columns
    .filter((column) => column.notNull && mentioned.has(column.name))
    .map((column) => `${quoteIdentifier(column.name)} IS NOT NULL`)
}

/** True when the planner proves that no row can meet all the conditions; false proves nothing. */
async function refuted(transaction: ReadTransaction, table: Table, conditions: readonly string[]): Promise<boolean> {
  const plan = await explain(transaction, `SELECT 1 FROM ${standIn(table)} WHERE ${conditions.join(' AND ')}`)
  return !(plan instanceof Error) && plan['One-Time Filter'] === 'false'
}

/** Needed for `refuted`: the planner then compares a query's own conditions with each other. */
export async function allowProofs(transaction: ReadTransaction): Promise<void> {
  await transaction.query('SET LOCAL constraint_exclusion = on')
}

const NULL_TEST = /\bIS (?:NULL|NOT TRUE|NOT FALSE|UNKNOWN|(?:NOT )?DISTINCT)\b/

/**
 * Do all of `premises` together imply all of `conclusions`?
 * Proof: `premises AND (conclusion) IS NOT TRUE` is contradictory. Disproof: a row of sample values that meets the
 * premises and not the conclusion. Neither found: unknown.
 */
export async function implies(
  transaction: ReadTransaction,
  table: Table,
  premises: readonly string[],
  conclusions: readonly string[],
): Promise<Answer> {
  const open = conclusions.filter((conclusion) => !premises.includes(conclusion))
  if (open.length === 0) return 'yes'
  const given = [...premises.map(premise), ...notNullFacts(table, [...premises, ...open]), 'true']
  let answer: Answer = 'yes'
  for (const conclusion of open) {
    // Under a premise such as `b IS NULL` the planner takes a conclusion that is NULL for a proven one.
    const disproven =
      premises.some((premise) => NULL_TEST.test(premise)) &&
      (await example(transaction, table, [...given, `(${conclusion}) IS NOT TRUE`]))
    if (disproven) return 'no'
    if (await refuted(transaction, table, [...given, `(${provable(conclusion)}) IS NOT TRUE`])) continue
    if (await example(transaction, table, [...given, `(${conclusion}) IS NOT TRUE`])) return 'no'
    answer = 'unknown'
  }
  return answer
}

/** True when it is proven that no row can meet all of the conditions; false proves nothing. */
export function contradictory(
  transaction: ReadTransaction,
  table: Table,
  conditions: readonly string[],
): Promise<boolean> {
  return refuted(transaction, table, [...conditions.map(premise), ...notNullFacts(table, conditions), 'true'])
}

/** Can a row meet all of the conditions? */
export async function compatible(
  transaction: ReadTransaction,
  table: Table,
  conditions: readonly string[],
): Promise<Answer> {
  if (await contradictory(transaction, table, conditions)) return 'no'
  const given = [...conditions.map(premise), ...notNullFacts(table, conditions), 'true']
  return (await example(transaction, table, given)) ? 'yes' : 'unknown'
}

/** Combinations tried at most when looking for an example row. */
const MAX_COMBINATIONS = 4096

async function example(transaction: ReadTransaction, table: Table, conditions: readonly string[]): Promise<boolean> {
  const names = table.columns.map((column) => column.name)
  const mentioned = new Set(conditions.flatMap((condition) => columnsIn(condition, names)))
  const columns = table.columns.filter((column) => mentioned.has(column.name))
  const lists: string[] = []
  let combinations = 1
  for (const column of columns) {
    const values = await sampleValues(transaction, column, conditions)
    combinations *= values.length
    lists.push(
      `(VALUES ${values.map((value) => `(${value}::${column.baseType})`).join(', ')}) AS "v${lists.length}"(${quoteIdentifier(column.name)})`,
    )
  }
  if (combinations > MAX_COMBINATIONS) return false
  const rows = lists.length === 0 ? 'SELECT 1 AS "?"' : `SELECT * FROM ${lists.join(' CROSS JOIN ')}`
  const answer = await transaction.attempt(
    `SELECT 1 FROM (${rows}) AS ${quoteIdentifier(table.name)} WHERE ${conditions.join(' AND ')} LIMIT 1`,
  )
  return 'rows' in answer && answer.rows.length > 0
}

async function sampleValues(
  transaction: ReadTransaction,
  column: Column,
  conditions: readonly string[],
): Promise<string[]> {
  const literals = conditions.map(literalsIn)
  const strings = [...new Set(literals.flatMap((found) => found.strings))]
  const numbers = [...new Set(literals.flatMap((found) => found.numbers))]
  const values = ['NULL']
  if (/^(text|character varying|character|name|(.+\.)?citext)$/.test(column.baseType)) {
    values.push(...[...strings, 'x', ''].map(quoteLiteral))
  } else if (/^(smallint|integer|bigint|numeric|real|double precision)$/.test(column.baseType)) {
    const whole = [...numbers.filter((text) => /^-?\d{1,9}$/.test(text)).map(Number), 0]
    values.push(...whole.flatMap((value) => [value - 1, value, value + 1]).map(String))
  } else if (column.baseType === 'boolean') {
    values.push('true', 'false')
  } else if (column.isTimestamp) {
    values.push("'2001-01-01'", "'2101-01-01'")
  } else if (column.baseType === 'uuid') {
    values.push("'00000000-0000-4000-8000-000000000001'")
  } else {
    const labels = await transaction.attempt<{ label: string }>(
      'SELECT enumlabel AS label FROM pg_enum WHERE enumtypid = to_regtype($1) ORDER BY enumsortorder LIMIT 20',
      [column.baseType],
    )
    if ('rows' in labels) values.push(...labels.rows.map(({ label }) => quoteLiteral(label)))
  }
  return [...new Set(values)].slice(0, 16)
}
