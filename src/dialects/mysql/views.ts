import type { Table, ViewBase } from '../../model/catalog.js'
import type { Name, ViewRow } from './catalog-queries.js'
import { readSelect, textOfTokens } from './select-text.js'
import { nameOf, type Token, words } from './sql-text.js'

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
  const columns = Object.fromEntries(definition.columns.map(({ name, tokens }) => [name, over(tokens)]))
  if (view.columns.some((column) => columns[column.name] === undefined)) return null
  const own = definition.where.length === 0 ? [] : [`(${over(definition.where)})`]
  const predicates = [...(under.base?.predicate == null ? [] : [under.base.predicate]), ...own]
  return { table, columns, predicate: predicates.length === 0 ? null : predicates.join(' AND ') }
}

/** Without the SHOW VIEW privilege there is no definition to be had. */
function parse({ definition, updatable }: ViewRow): Definition | null {
  if (updatable !== 'YES' || definition === null || definition === '') return null
  const select = readSelect(definition)
  const from = select === null ? null : fromOf(words(textOfTokens(select.from)))
  if (select === null || from === null) return null
  // A subquery reads other rows than the one that is inserted.
  if ([...select.columns.flatMap((column) => column.tokens), ...select.where].some(isSelect)) return null
  return {
    columns: select.columns.map(({ name, tokens }) => ({ name: nameOf(name), tokens })),
    ...from,
    where: select.where,
  }
}

const isSelect = ({ kind, text }: Token): boolean => kind === 'word' && /^select$/i.test(text)

/** `` `db`.`t` `` or `` `db`.`t` `alias` ``. */
function fromOf(list: readonly Token[]): { from: Name; alias: string } | null {
  const [schema, dot, name, alias] = list
  if (schema?.kind !== 'quoted' || dot?.text !== '.' || name?.kind !== 'quoted') return null
  if (list.length > 4 || (alias !== undefined && alias.kind !== 'quoted')) return null
  return { from: { schema: nameOf(schema), name: nameOf(name) }, alias: nameOf(alias ?? name) }
}

/** Without the qualifier of the table, and over the base table where the view lies on another view. */
function unqualified(list: readonly Token[], { from, alias }: Definition, under: Table): string {
  const out: string[] = []
  for (let at = 0; at < list.length; at += 1) {
    const [first, second, third] = [list[at], list[at + 2], list[at + 4]]
    const qualified = first?.kind === 'quoted' && list[at + 1]?.text === '.'
    const twice = qualified && list[at + 3]?.text === '.' && nameOf(first) === from.schema
    const column = twice ? third : qualified && nameOf(first) === alias ? second : undefined
    if (column === undefined) {
      out.push(list[at]?.text ?? '')
      continue
    }
    at += twice ? 4 : 2
    const known = under.base?.columns[nameOf(column)]
    out.push(known === undefined ? column.text : words(known).length === 1 ? known : `(${known})`)
  }
  return out.join('').trim()
}
