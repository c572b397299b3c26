import type { Column, Table } from '../../model/catalog.js'
import type { LookupPart, PartFact } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { charsetOf, collatedBy, isText } from './oracle.js'
import { plainColumn, quoteIdentifier, quoteLiteral, stripParentheses } from './sql-text.js'

export type Comparison = Pick<PartFact, 'relation' | 'cause' | 'detail'>

export const same: Comparison = { relation: 'same', cause: null, detail: null }

/** What a collation makes of texts; asked of the server, since its name doesn't tell. */
export interface CollationFacts {
  readonly ignoresCase: boolean
  /** Trailing blanks make no difference. */
  readonly pads: boolean
  /** LIKE tells texts apart that `=` calls equal. */
  readonly likeIsFiner: boolean
  /** Texts are equal only where their bytes are. */
  readonly exact: boolean
}

const EXACT: CollationFacts = { ignoresCase: false, pads: false, likeIsFiner: false, exact: true }

/** What is known of one lookup part before any index is looked at. */
export interface PartEquality {
  readonly part: LookupPart
  /** Spelled SQL whose equality the lookup asks for: `` `email` ``, `` lower(`email`) ``. */
  readonly compared: string
  /** The base column's catalog entry; null for expressions. */
  readonly column: Column | null
  /** Type that the driver binds; null where it is the column's own. */
  readonly bound: string | null
  readonly collation: CollationFacts
}

/** Asks the server how each part of the lookup compares. `boundAs` is by column name of the base table. */
export async function partEqualities(
  transaction: ReadTransaction,
  table: Table,
  parts: readonly LookupPart[],
  boundAs: Readonly<Record<string, string>>,
): Promise<PartEquality[]> {
  const result: PartEquality[] = []
  for (const part of parts.map((one) => unfolded(one, parts, table))) {
    const column = table.columns.find((candidate) => candidate.name === part.column) ?? null
    const sql = part.column === null ? part.label : quoteIdentifier(part.column)
    const bound = (column === null ? undefined : boundAs[column.name]) ?? null
    const source = column ?? collatedBy(part, table)
    result.push({
      part,
      compared: part.match === 'lower' || part.match === 'upper' ? `${part.match}(${sql})` : stripParentheses(sql),
      column,
      bound: bound === null ? null : bound.toLowerCase(),
      collation: source === null ? EXACT : await collationFacts(transaction, source),
    })
  }
  return result
}

/** `lower(email)` written as an expression is the column `email` matched by lower(). */
function unfolded(part: LookupPart, parts: readonly LookupPart[], table: Table): LookupPart {
  const fold = part.column === null ? /^(?<match>lower|upper)\((?<operand>.+)\)$/s.exec(part.label)?.groups : undefined
  const names = table.columns.map(({ name }) => name)
  const column = fold === undefined ? null : plainColumn(fold.operand ?? '', names)
  if (column === null || parts.some((other) => other !== part && other.columns.includes(column))) return part
  return { ...part, label: column, column, match: fold?.match === 'lower' ? 'lower' : 'upper' }
}

/** Texts that some collations call equal and LIKE, which goes by characters, doesn't. */
const PAIRS = [
  ['a', 'a '],
  ['ss', 'ß'],
  ['ae', 'æ'],
  ['a', 'a\u{200d}'],
  ['e\u{301}', 'é'],
] as const

export async function collationFacts({ attempt }: ReadTransaction, column: Column): Promise<CollationFacts> {
  const { collation } = column
  if (!isText(column) || collation === null || collation === 'binary') return EXACT
  const text = (value: string) => `CONVERT(${quoteLiteral(value)} USING ${charsetOf(collation)}) COLLATE ${collation}`
  const differs = PAIRS.map(([a, b]) => `(${text(a)} = ${text(b)} AND NOT ${text(a)} LIKE ${text(b)})`).join(' OR ')
  const answer = await attempt<{ ignoresCase: number; pads: number; likeIsFiner: number }>(
    `SELECT ${text('a')} = ${text('A')} AS ignoresCase, ${text('a')} = ${text('a ')} AS pads, ${differs} AS likeIsFiner`,
  )
  const row = 'rows' in answer ? answer.rows[0] : undefined
  if (row === undefined) return { ignoresCase: !column.deterministic, pads: true, likeIsFiner: true, exact: false }
  const [ignoresCase, pads, likeIsFiner] = [row.ignoresCase, row.pads, row.likeIsFiner].map((one) => Number(one) === 1)
  return {
    ignoresCase: ignoresCase === true,
    pads: pads === true,
    likeIsFiner: likeIsFiner === true,
    exact: column.deterministic,
  }
}

/** Index on a plain column (or a text as long as `prefix`) against a lookup of the same column. */
export function compareColumn(lookup: PartEquality, prefix: number | undefined): Comparison {
  const found = compareMatch(lookup) ?? compareBound(lookup) ?? same
  if (prefix === undefined) return found
  const cut: Comparison = {
    relation: 'coarser',
    cause: 'expression',
    detail: `it compares only the first ${prefix} ${lookup.column !== null && isText(lookup.column) ? 'characters' : 'bytes'} of ${lookup.part.label}`,
  }
  if (found.relation === 'same' || found.relation === 'coarser') return cut
  return found.relation === 'finer' ? { ...found, relation: 'incomparable' } : found
}

/** What `match` makes of the column's equality; null where nothing. */
export function compareMatch({ part, column, collation }: PartEquality): Comparison | null {
  if (column === null || part.match === 'exact' || !isText(column)) return null
  const { label, match } = part
  if (match === 'lower' || match === 'upper')
    return collation.ignoresCase
      ? same
      : {
          relation: 'finer',
          cause: 'match',
          detail: `the lookup compares ${match}(${label}), the index ${label} itself under ${column.collation}, so values that differ only in case are separate keys for it`,
        }
  if (match === 'like')
    return collation.likeIsFiner
      ? {
          relation: 'coarser',
          cause: 'match',
          detail: `LIKE compares character by character, without padding and expansions; the index compares by = under ${column.collation}, which calls more texts equal`,
        }
      : null
  return bytes({ column, collation })
}

/** The lookup compares bytes. */
function bytes({ column, collation }: Pick<PartEquality, 'column' | 'collation'>): Comparison | null {
  if (collation.exact) return null
  const what = collation.ignoresCase ? 'case' : collation.pads ? 'trailing blanks' : 'some letters'
  return {
    relation: 'coarser',
    cause: 'match',
    detail: `the lookup compares bytes, the index by ${column?.collation}, to which ${what} ${what.endsWith('s') ? 'make' : 'makes'} no difference`,
  }
}

const NUMERIC =
  /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|dec|float|double|real|bool|boolean|bit)\b/

/** What the type of the bound value makes of the column's equality; null where nothing. */
export function compareBound({ column, bound, collation, part }: PartEquality): Comparison | null {
  if (column === null || bound === null) return null
  if (isText(column)) {
    if (NUMERIC.test(bound))
      return {
        relation: 'finer',
        cause: 'bound-type',
        detail: `bound as ${bound}, ${part.label} is compared as a number: '1', '01' and '1abc' are equal to the lookup, while the index on ${column.type} tells them apart`,
      }
    return /^(binary|varbinary|(?:tiny|medium|long)?blob)|_bin\b/.test(bound) ? bytes({ column, collation }) : null
  }
  const real = /^(float|double|real)\b/.test(bound)
  if (real && /^(bigint|decimal)$/.test(column.baseType))
    return {
      relation: 'finer',
      cause: 'bound-type',
      detail: `bound as ${bound}, ${column.type} values are compared as doubles: beyond 15 digits the lookup calls values equal that the index tells apart`,
    }
  return null
}
