import type { SqlStatement, SqlValue } from '../../../model/sql.js'
import { columnsOf, rowsOf, sourceOf } from './insert.js'
import { OTHER, operand } from './operand.js'
import { commas, findWord, inside, isOpen, isWord, type Range, range, type Tokens } from './range.js'
import { namedTable, owns } from './table.js'
import { terms } from './where.js'

/** MERGE that inserts what isn't there: an insert unless its ON finds a row. */
export function merge(t: Tokens, where: Range): SqlStatement {
  const named = namedTable(t, where.from + (isWord(t, where.from + 1, 'into') ? 2 : 1), where.to)
  const using = findWord(t, where, 'using')
  const on = using < 0 ? -1 : findWord(t, range(using, where.to), 'on')
  if (!named || on < 0) return { kind: 'unparsed', reason: 'merge-without-on' }
  const when = findWord(t, range(on, where.to), 'when')
  const source = sourceOf(t, range(using + 1, on))
  const foreign = (qualifier: string | null, name: string): SqlValue => source?.find(qualifier, name) ?? OTHER
  const names = { owns: owns(named.table, named.alias), foreign }
  const condition = range(on + 1, when < 0 ? where.to : when)
  const ours = { owns: (q: string | null) => q !== null && names.owns(q), foreign }
  const found = terms(t, condition, ours)
  const at = findWord(t, range(on, where.to), 'insert')
  if (at < 0) return { kind: 'update', table: named.table, members: found.members }
  const columns = isOpen(t, at + 1) ? columnsOf(t, inside(t, at + 1)) : null
  const values = findWord(t, range(at, where.to), 'values')
  const row = values < 0 || !isOpen(t, values + 1) ? null : inside(t, values + 1)
  const rows = row ? rowsFrom(t, row, source?.rows.length ?? 1, source) : rowsOf(t, range(0, 0), columns)
  const asks = { asks: 'exists', limit: null, locks: false, joins: false, ordered: false, grouped: false } as const
  const unless = { kind: 'lookup', table: named.table, ...found, ...asks } as const
  return { kind: 'insert', table: named.table, columns, rows, conflict: null, unless, idiom: 'merge' }
}

/** What is inserted for each row of the source. */
function rowsFrom(t: Tokens, row: Range, count: number, source: ReturnType<typeof sourceOf>): SqlValue[][] {
  const cells = commas(t, row).map((cell) => operand(t, cell))
  return Array.from({ length: count }, (_, i) =>
    cells.map((cell) => {
      if (cell.kind === 'value') return cell.value
      if (cell.kind !== 'column' || !source) return OTHER
      const place = source.columns.findIndex((column) => column.toLowerCase() === cell.name.toLowerCase())
      return source.rows[i]?.[place] ?? OTHER
    }),
  )
}
