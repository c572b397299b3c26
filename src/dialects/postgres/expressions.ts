import type { Column, IndexPart, Table } from '../../model/catalog.js'
import type { PartFact } from '../../model/verdict.js'
import { type Comparison, compareBound, compareMatch, isCitext, type PartEquality, same } from './equality.js'
import { columnsIn } from './sql-text.js'

/** Types whose `=` is identity: equal values are indistinguishable for every function. */
const IDENTITY =
  /^(smallint|integer|bigint|oid|boolean|uuid|date|timestamp (without|with) time zone|bytea|text|character varying|name|"char"|inet|cidr|macaddr8?)$/

/** Whether equal values of the column are the same value, so that whatever is computed from them is equal too. */
export function isIdentity({ baseType, deterministic }: Column): boolean {
  return deterministic && IDENTITY.test(baseType)
}

/** Functions that give NULL for NULL input only. */
const STRICT =
  /^(?:lower|upper|btrim|ltrim|rtrim|md5|date_trunc|abs|initcap|length|"left"|"right"|substr|replace|sha256|unaccent|encode|decode)\(/
const NEVER_NULL =
  /^COALESCE\((?:.*), (?:'(?:[^']|'')*'(?:::[\w ".]+)?|-?\d+|true|false|\('?-?\d+'?\)(?:::[\w ]+)?)\)$/s

export function nullOfExpression(sql: string): PartFact['null'] {
  if (NEVER_NULL.test(sql) || / IS (?:NOT )?NULL$/.test(sql)) return 'never'
  return STRICT.test(sql) || /^\(*[\w".]+\)*::[\w ]+$/.test(sql) ? 'with-input' : 'possible'
}

/** Index on an expression against the whole lookup: which parts determine it, and how finely. `sql` is in the server's spelling. */
export function compareExpression(
  sql: string,
  index: IndexPart,
  table: Table,
  lookups: readonly PartEquality[],
): Pick<PartFact, 'lookupParts' | 'relation' | 'cause' | 'detail' | 'null'> {
  const twin = lookups.findIndex((lookup) => lookup.compared === sql)
  if (twin >= 0 && index.equality.kind === 'default') {
    const fits = index.equality.deterministic === (lookups[twin]?.column?.deterministic ?? true)
    return {
      lookupParts: [twin],
      ...(fits
        ? same
        : {
            relation: 'unknown',
            cause: 'collation',
            detail: `its collation ${index.equality.collation} was not compared with the lookup's`,
          }),
      null: 'with-input',
    }
  }
  const columns = columnsIn(
    sql,
    table.columns.map((column) => column.name),
  )
  const parts = columns.map((column) => lookups.findIndex((lookup) => lookup.part.column === column))
  if (columns.length === 0 || parts.some((at) => at < 0))
    return { lookupParts: [], relation: 'unknown', cause: 'expression', detail: null, null: 'possible' }
  const used = [...new Set(parts)]
  return {
    lookupParts: used,
    null: nullOfExpression(sql),
    ...compareFunction(
      sql,
      used.flatMap((at) => lookups[at] ?? []),
    ),
  }
}

function compareFunction(sql: string, inputs: readonly PartEquality[]): Comparison {
  const [input] = inputs
  const folded =
    input !== undefined && inputs.length === 1
      ? /^(?<fold>lower|upper)\((?:[^()]|\([^()]*\))*\)$/.exec(sql)?.groups?.fold
      : undefined
  if (input !== undefined && folded !== undefined) {
    if (input.part.match === 'lower' || input.part.match === 'upper') {
      return {
        relation: 'incomparable',
        cause: 'expression',
        detail: `the index folds by ${folded}(), the lookup by ${input.part.match}(); they disagree on some letters (ß, İ, ı, ſ, ς, µ)`,
      }
    }
    if (input.ignoresCase && folded === 'lower' && input.castTo === null) return same
  }
  if (input !== undefined && inputs.length === 1) {
    const known = compareDisguised(sql, input)
    if (known !== null) return known
  }
  const identical = inputs.every(
    ({ part, column }) => column !== null && ['exact', 'like', 'binary'].includes(part.match) && isIdentity(column),
  )
  if (identical) {
    return {
      relation: 'coarser',
      cause: 'expression',
      detail: `it is unique on ${sql}, which gives the same for values that the lookup tells apart`,
    }
  }
  return {
    relation: 'unknown',
    cause: 'expression',
    detail: `whether ${sql} is the same for all values that the lookup calls equal was not decided`,
  }
}

/** `COALESCE(b, '')` compares values as b itself does, `citext::text` more finely; null for other expressions. */
function compareDisguised(sql: string, input: PartEquality): Comparison | null {
  const { part, column, castTo } = input
  if (column === null) return null
  const filled = NEVER_NULL.test(sql)
    ? /^COALESCE\((?<operand>\w+|"(?:[^"]|"")*"), /.exec(sql)?.groups?.operand
    : undefined
  if (filled !== undefined && column.deterministic) {
    const merged: Comparison = {
      relation: 'coarser',
      cause: 'expression',
      detail: `it is unique on ${sql}, which takes NULL for a value`,
    }
    const otherwise = compareMatch(input) ?? compareBound(input) ?? same
    if (column.notNull) return otherwise
    if (otherwise.relation === 'same') return merged
    return otherwise.relation === 'finer' ? { ...otherwise, relation: 'incomparable' } : otherwise
  }
  if (/^\(\w+\)::text$/.test(sql) && isCitext(column.baseType) && part.match === 'exact' && castTo === null)
    return {
      relation: 'finer',
      cause: 'expression',
      detail: `as text, it minds case, and the lookup of ${part.label} does not`,
    }
  return null
}
