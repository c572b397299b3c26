import type { SqlStatement } from '../../../model/sql.js'
import { find, findWord, isWord, type Range, range, type Tokens } from './range.js'
import { namedTable, owns } from './table.js'
import { terms } from './where.js'

/** UPDATE and DELETE. */
export function change(t: Tokens, where: Range): SqlStatement {
  const kind = isWord(t, where.from, 'update') ? 'update' : 'delete'
  let at = where.from + 1
  while (isWord(t, at, 'low_priority', 'quick', 'ignore')) at++
  // `DELETE a FROM t a`
  const from = kind === 'delete' ? findWord(t, range(at, where.to), 'from') : -1
  const named = namedTable(t, from < 0 ? at : from + 1, where.to)
  if (!named) return { kind: 'unparsed', reason: `${kind}-without-table` }
  const start = findWord(t, where, 'where')
  const end = find(t, range(start + 1, where.to), (i) => isWord(t, i, 'returning', 'limit', 'order'))
  const piece = start < 0 ? range(0, 0) : range(start + 1, end < 0 ? where.to : end)
  const { members } = terms(t, piece, { owns: owns(named.table, named.alias), foreign: () => null })
  return { kind, table: named.table, members }
}
