import type { Table, ViewBase } from '../../model/catalog.js'
import type { Name, ViewRow } from './catalog-queries.js'
import { nameOf, type Token, tokens, words } from './sql-text.js'

/** A view's definition in its parts, where it is a plain SELECT from one table. */
interface Definition {
  readonly columns: readonly { readonly name: string; readonly tokens: readonly Token[] }[]
  readonly from: Name
  readonly alias: string
  readonly where: readonly Token[]
}

/** The one table or view that an updatable view reads; null for any other. */
export function readsFrom(row: ViewRow): Name | null {
  return parse(row)?.from ?? null
}

/**
 * What a view shows of the one table it reads, over the columns of its base table.
 * Null where that isn't one table, or where the view takes no inserts: then it can't be judged by that table.
 */
export function viewBase(view: Table, row: ViewRow, tableOf: (name: Name) => Table | undefined): ViewBase | null {
  const definition = parse(row)
  const under = definition === null ? undefined : tableOf(definition.from)
  const table = under?.kind === 'view' ? under.base?.table : under
  if (definition === null || under === undefined || table === undefined) return null
  const over = (list: readonly Token[]) => unqualified(list, definition, under)
  const columns = Object.fromEntries(definition.columns.map(({ name, tokens: list }) => [name, over(list)]))
  if (view.columns.some((column) => columns[column.name] === undefined)) return null
  const own = definition.where.length === 0 ? [] : [`(${over(definition.where)})`]
  const inherited = under.base?.predicate == null ? [] : [under.base.predicate]
  const predicates = [...inherited, ...own]
  return { table, columns, predicate: predicates.length === 0 ? null : predicates.join(' AND ') }
}

/** Words that begin a clause which makes of the rows something else than one for each row of the table. */
const OTHER_CLAUSES =
  /^(group|having|limit|union|intersect|except|order|join|straight_join|procedure|into|for|with|window)$/i

function parse({ definition, updatable }: ViewRow): Definition | null {
  if (updatable !== 'YES' || definition === null || definition === '') return null
  const list = tokens(definition)
  const select = list.findIndex((token) => token.kind !== 'space')
  if (!/^select$/i.test(list[select]?.text ?? '')) return null
  const clauses = clausesOf(list.slice(select + 1))
  if (clauses === null) return null
  const from = fromOf(words(text(clauses.from)))
  if (from === null) return null
  const columns = split(clauses.columns).map(columnOf)
  return columns.every((column) => column !== null) ? { columns, ...from, where: clauses.where } : null
}

const text = (list: readonly Token[]): string => list.map((token) => token.text).join('')

function clausesOf(list: readonly Token[]): Record<'columns' | 'from' | 'where', Token[]> | null {
  const clauses = { columns: [] as Token[], from: [] as Token[], where: [] as Token[] }
  let clause: keyof typeof clauses = 'columns'
  let depth = 0
  for (const token of list) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (depth === 0 && token.kind === 'word') {
      if (OTHER_CLAUSES.test(token.text)) return null
      if (/^from$/i.test(token.text) && clause === 'columns') {
        clause = 'from'
        continue
      }
      if (/^where$/i.test(token.text)) {
        clause = 'where'
        continue
      }
    }
    clauses[clause].push(token)
  }
  return clauses
}

/** `` `db`.`t` `` or `` `db`.`t` `alias` ``. */
function fromOf(list: readonly Token[]): { from: Name; alias: string } | null {
  const [schema, dot, name, alias] = list
  if (schema?.kind !== 'quoted' || dot?.text !== '.' || name?.kind !== 'quoted') return null
  if (list.length > 4 || (alias !== undefined && alias.kind !== 'quoted')) return null
  return { from: { schema: nameOf(schema), name: nameOf(name) }, alias: nameOf(alias ?? name) }
}

function split(list: readonly Token[]): Token[][] {
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

/** `` expression AS `name` `` */
function columnOf(list: readonly Token[]): { name: string; tokens: Token[] } | null {
  const trimmed = [...list]
  while (trimmed.at(-1)?.kind === 'space') trimmed.pop()
  const name = trimmed.at(-1)
  const as = trimmed.findLastIndex((token) => token.kind === 'word' && /^as$/i.test(token.text))
  if (name?.kind !== 'quoted' || as < 1) return null
  return { name: nameOf(name), tokens: trimmed.slice(0, as) }
}

/** Without the qualifier of the table, and over the base table where the view lies on another view. */
function unqualified(list: readonly Token[], { from, alias }: Definition, under: Table): string {
  const out: string[] = []
  for (let at = 0; at < list.length; at += 1) {
    const chain = [list[at], list[at + 2], list[at + 4]]
    const dots = [list[at + 1]?.text === '.', list[at + 3]?.text === '.']
    const long = dots[0] && dots[1] && chain[0]?.kind === 'quoted' && nameOf(chain[0]) === from.schema
    const short = dots[0] && chain[0]?.kind === 'quoted' && nameOf(chain[0]) === alias
    const column = long ? chain[2] : short ? chain[1] : undefined
    if (column === undefined) {
      out.push(list[at]?.text ?? '')
      continue
    }
    at += long ? 4 : 2
    const known = under.base?.columns[nameOf(column)]
    out.push(known === undefined ? column.text : isPlain(known) ? known : `(${known})`)
  }
  return out.join('').trim()
}

const isPlain = (sql: string): boolean => words(sql).length === 1
