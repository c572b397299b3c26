import type { Table } from '../../model/catalog.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { selectedColumns } from './select-text.js'
import { spelling } from './spelling.js'
import {
  conjuncts,
  quoteIdentifier,
  quoteLiteral,
  quoteRelation,
  type Token,
  textOf,
  writtenTokens,
} from './sql-text.js'

/**
 * SQL that a person wrote, in one spelling. The server reads it, over the table whose columns it names, and prints what
 * it understood (EXPLAIN, then SHOW WARNINGS, note 1003). Nothing is executed.
 */

/** Alias of the base table below a view; shows up as a qualifier in what the server prints. */
const STAND_IN = 'goc_stand_in'

/** Expressions in one spelling: two that the server reads alike are spelled alike. */
export async function spell(
  transaction: ReadTransaction,
  relation: Table,
  expressions: readonly string[],
): Promise<readonly string[] | DatabaseError> {
  if (expressions.length === 0) return []
  const { server } = transaction
  const asked: Written[] = []
  for (const sql of expressions) {
    const taken = asked.reduce((sum, { texts }) => sum + texts.length, 0)
    const one = read(sql, server.sqlMode, taken)
    if (one instanceof Error) return one
    asked.push(one)
  }
  const from = sourceOf(relation)
  for (const { original } of asked) {
    // The server itself tells aggregates and window functions: they can't stand in a condition.
    const answer = await explain(transaction, `SELECT 1 FROM ${from} WHERE (${original}\n) IS NULL`)
    if (answer instanceof Error) return answer
  }
  const list = asked.map(({ sql }, at) => `(${sql}\n) AS ${quoteIdentifier(`goc_${at}`)}`)
  const printed = await explain(transaction, `SELECT ${list.join(', ')} FROM ${withoutConstants(relation, from)}`)
  if (printed instanceof Error) return printed
  const columns = selectedColumns(printed)
  if (columns === null || columns.length !== asked.length) return refusal(OTHER_ROWS)
  const table = relation.base?.table ?? relation
  const texts = asked.flatMap((one) => one.texts)
  return columns.map((column) => {
    const text = column.tokens.map((token) => {
      const at = token.kind === 'string' ? placeholderOf(textOf(token)) : null
      return at === null ? token.text : quoteLiteral(texts[at] ?? '')
    })
    return spelling(text.join(''), table)
  })
}

/** A condition, without what is always true. */
export async function spellCondition(
  transaction: ReadTransaction,
  relation: Table,
  condition: string,
): Promise<string | DatabaseError> {
  // Beside AND a bare number is printed as the comparison that it stands for.
  const spelled = await spell(transaction, relation, [`true AND (${condition}\n)`])
  if (spelled instanceof Error) return spelled
  const parts = conjuncts(spelled[0] ?? 'TRUE').filter((part) => !ALWAYS.test(part))
  const [only] = parts
  return parts.length < 2 ? (only ?? 'TRUE') : parts.map((part) => `(${part})`).join(' AND ')
}

const ALWAYS = /^(?:TRUE|1|(?<same>-?\d+|'(?:[^']|'')*') = \k<same>)$/

const OTHER_ROWS = 'subqueries, aggregates and window functions look at other rows than the one that is compared'

interface Written {
  /** As written. */
  readonly original: string
  /** With placeholders for the texts that the server doesn't print as they are. */
  readonly sql: string
  readonly texts: readonly string[]
}

const placeholder = (at: number): string => `goc-text-${at}`
const placeholderOf = (text: string): number | null => {
  const at = /^goc-text-(?<at>\d+)$/.exec(text)?.groups?.at
  return at === undefined ? null : Number(at)
}

/** Names of functions that do something, or wait, when called. */
const ACTS = /^(sleep|benchmark|get_lock|release_lock|release_all_locks|load_file|nextval|setval|lastval)$/i

/** Refuses what is more than one expression. */
function read(sql: string, sqlMode: string, taken: number): Written | DatabaseError {
  if (/\/\*[!+M]/.test(sql)) return refusal('it has a comment that the server takes for code')
  // Our own spelling of texts with backslashes, which the server would print as they are.
  const plain = sql.replaceAll(/_utf8mb4 0x(?<hex>(?:[0-9a-f]{2})*)\b/g, (_, hex: string) =>
    written(fromHex(hex), sqlMode),
  )
  const list = writtenTokens(plain, sqlMode)
  const problem = problemOf(list)
  if (problem !== null) return refusal(problem)
  const texts: string[] = []
  const out = list.map((token) => {
    const text = token.kind === 'string' ? textOf(token, sqlMode) : ''
    if (!/['\\\p{Cc}\u{10000}-\u{10ffff}]/u.test(text)) return token.text
    texts.push(text)
    return quoteLiteral(placeholder(taken + texts.length - 1))
  })
  return { original: sql, sql: out.join(''), texts }
}

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8')

/** A text as a person would write it in this sql_mode. */
function written(text: string, sqlMode: string): string {
  const doubled = text.replaceAll("'", "''")
  return `'${sqlMode.includes('NO_BACKSLASH_ESCAPES') ? doubled : doubled.replaceAll('\\', '\\\\')}'`
}

function problemOf(list: readonly Token[]): string | null {
  let depth = 0
  for (const [at, token] of list.entries()) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (depth < 0 || token.text === ';') return 'it is more than one expression'
    if (token.kind !== 'word') continue
    if (/^select$/i.test(token.text)) return OTHER_ROWS
    if (token.text.startsWith('@')) return 'variables differ from one session to the next'
    if (ACTS.test(token.text) && list[at + 1]?.text === '(') return `${token.text}() does more than to compute a value`
  }
  return null
}

function refusal(message: string): DatabaseError {
  return Object.assign(new Error(message), { code: 'GOC_REFUSED' })
}

/** The base table under the view's column names; anything but a view is its own source. */
function sourceOf(relation: Table): string {
  if (relation.base === null) return quoteRelation(relation)
  const columns = Object.entries(relation.base.columns).map(([name, sql]) => `${sql} AS ${quoteIdentifier(name)}`)
  const rows = `${quoteRelation(relation.base.table)} AS ${quoteIdentifier(STAND_IN)}`
  return `(SELECT ${columns.join(', ')} FROM ${rows}) AS ${quoteIdentifier(relation.name)}`
}

/**
 * Engines that count their rows exactly have a table of no row or of one read at once, and its values printed for its
 * columns; not for those of a union.
 */
function withoutConstants(relation: Table, from: string): string {
  const { engine } = relation.base?.table ?? relation
  if (engine === 'InnoDB') return from
  const rows = `SELECT ${relation.columns.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM ${from}`
  return `(${rows} UNION ALL ${rows}) AS ${quoteIdentifier(relation.name)}`
}

/** What is wrong with an ORDER BY list; null where nothing is. */
export async function checkOrder(
  transaction: ReadTransaction,
  relation: Table,
  order: string,
): Promise<DatabaseError | null> {
  const one = read(order, transaction.server.sqlMode, 0)
  if (one instanceof Error) return one
  const answer = await explain(transaction, `SELECT 1 FROM ${sourceOf(relation)} ORDER BY ${order}\n LIMIT 1`)
  return answer instanceof Error ? answer : null
}

/** What is wrong with the name of a column type; null where the server knows it. */
export async function checkType(transaction: ReadTransaction, type: string): Promise<DatabaseError | null> {
  if (!/^[\w ]+(\(\s*\d+\s*(,\s*\d+\s*)?\))?[\w ]*$/.test(type)) return refusal('it is no type')
  const answer = await explain(
    transaction,
    `SELECT 1 FROM JSON_TABLE('[]', '$[*]' COLUMNS (goc_value ${type} PATH '$')) AS goc_typed`,
  )
  return answer instanceof Error ? answer : null
}

/** What the server understood of a SELECT. */
export async function explain(
  { attempt, query, server }: ReadTransaction,
  sql: string,
): Promise<string | DatabaseError> {
  const how = server.flavour === 'mysql' ? 'FORMAT = TRADITIONAL' : 'EXTENDED'
  const answer = await attempt(`EXPLAIN ${how} ${sql}`)
  if ('error' in answer) return answer.error
  const warnings = await query<{ Code: number; Message: string }>('SHOW WARNINGS')
  const note = warnings.find(({ Code }) => Number(Code) === 1003)
  if (note === undefined) throw new Error('EXPLAIN told nothing of what it understood: is sql_notes off?')
  return note.Message.replace(/^\/\* select#1 \*\/ /, '')
}
