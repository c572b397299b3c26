import type { Index, IndexPart, Table } from '../model/catalog.js'
import type { KeyPart, Match } from '../model/keyset.js'
import { keySetId } from '../model/keyset-id.js'

/** A key set as it would stand in the file. */
export interface ProposedKeySet {
  readonly schema: string
  readonly table: string
  readonly parts: readonly KeyPart[]
  readonly where?: string
  readonly match: Readonly<Record<string, Match>>
}

/**
 * `guaranteed`: a unique index shows it. `suspect`: looks like a key that nothing makes unique.
 * `weak`: could be one; written as a comment.
 */
export interface Proposal {
  readonly keySet: ProposedKeySet
  readonly strength: 'guaranteed' | 'suspect' | 'weak'
  /** A clause without capital and full stop. */
  readonly why: string
}

export const proposalId = (keySet: ProposedKeySet): string => keySetId(keySet)

/** What is looked up where somebody uses this index for a lookup; null where it holds no plain equality. */
export function keySetOfIndex(table: Table, index: Index): ProposedKeySet | null {
  if (index.exclusion || index.period) return null
  if (index.parts.some((part) => part.equality.kind === 'overlap' || part.prefix != null)) return null
  const members = index.parts.map((part) => member(table, part))
  return {
    schema: table.schema,
    table: table.name,
    parts: members.map(({ part }) => part),
    match: Object.fromEntries(
      members.flatMap(({ part, match }) => (match && part.kind === 'column' ? [[part.name, match]] : [])),
    ),
    ...(index.predicate === null ? {} : { where: unwrapped(index.predicate) }),
  }
}

function member(table: Table, part: IndexPart): { readonly part: KeyPart; readonly match?: Match } {
  if (part.column !== null) return { part: { kind: 'column', name: part.column } }
  const sql = part.expression ?? ''
  for (const { name } of table.columns) {
    const match = foldOf(sql, name)
    if (match) return { part: { kind: 'column', name }, match }
  }
  return { part: { kind: 'expression', sql: unwrapped(sql) } }
}

/** `lower(email)` → lower, however the server prints it. */
function foldOf(sql: string, column: string): 'lower' | 'upper' | undefined {
  const names = [column, `"${column.replaceAll('"', '""')}"`, `\`${column.replaceAll('`', '``')}\``]
  const operands = names.flatMap((name) => [name, `${name}::text`, `(${name})::text`])
  return (['lower', 'upper'] as const).find((fold) => operands.some((operand) => sql === `${fold}(${operand})`))
}

/** Without the parentheses that the server puts around a whole expression. */
function unwrapped(sql: string): string {
  if (!sql.startsWith('(') || !sql.endsWith(')')) return sql
  let depth = 0
  const end = [...sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)].find(({ 0: token }) => {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    return depth === 0
  })
  return end?.index === sql.length - 1 ? unwrapped(sql.slice(1, -1)) : sql
}
