import { type Token, tokens } from './sql-text.js'

/** A SELECT from one table, as the server prints it, in its parts. */
export interface SelectText {
  /** `` expression AS `name` `` */
  readonly columns: readonly { readonly name: Token; readonly tokens: readonly Token[] }[]
  readonly from: readonly Token[]
  readonly where: readonly Token[]
}

/** Words that begin a clause which makes of the rows something else than one for each row of the table. */
const OTHER_CLAUSES =
  /^(group|having|limit|union|intersect|except|order|join|straight_join|procedure|into|for|with|window|distinct)$/i

/** Null for anything but a plain SELECT from one table. */
export function readSelect(sql: string): SelectText | null {
  const clauses = clausesOf(sql)
  if (clauses === null || clauses.others) return null
  const columns = selectedColumns(sql)
  return columns === null ? null : { ...clauses, columns }
}

/** What a SELECT selects, whatever it selects from; null for any other text. MySQL prints a comment before it. */
export function selectedColumns(sql: string): SelectText['columns'] | null {
  const list = members(clausesOf(sql)?.columns ?? [])
  const columns = list.flatMap((member) => columnOf(member) ?? [])
  return columns.length === list.length ? columns : null
}

export const textOfTokens = (list: readonly Token[]): string => list.map((token) => token.text).join('')

interface Clauses {
  readonly columns: Token[]
  readonly from: Token[]
  readonly where: Token[]
  /** There are more clauses than these, or several tables. */
  others: boolean
}

function clausesOf(sql: string): Clauses | null {
  const list = tokens(sql)
  const select = list.findIndex((token) => token.kind !== 'space')
  if (!/^select$/i.test(list[select]?.text ?? '')) return null
  const clauses: Clauses = { columns: [], from: [], where: [], others: false }
  let clause: 'columns' | 'from' | 'where' = 'columns'
  let depth = 0
  for (const token of list.slice(select + 1)) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    const word = depth === 0 && token.kind === 'word' ? token.text.toLowerCase() : ''
    if (OTHER_CLAUSES.test(word)) clauses.others = true
    if (word === 'from' && clause === 'columns') clause = 'from'
    else if (word === 'where' && clause === 'from') clause = 'where'
    else clauses[clause].push(token)
  }
  return clauses
}

function members(list: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of list) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (token.text === ',' && depth === 0) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

function columnOf(list: readonly Token[]): SelectText['columns'][number] | null {
  const as = list.findLastIndex((token) => token.kind === 'word' && /^as$/i.test(token.text))
  const name = list.slice(as + 1).find((token) => token.kind !== 'space')
  return name?.kind !== 'quoted' || as < 1 ? null : { name, tokens: list.slice(0, as) }
}
