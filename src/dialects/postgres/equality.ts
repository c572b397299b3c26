import type { Column, IndexPart, Table } from '../../model/catalog.js'
import type { LookupPart, PartFact } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { explain, spell, standIn } from './oracle.js'
import { plainColumn, quoteIdentifier, stripParentheses } from './sql-text.js'

export type Comparison = Pick<PartFact, 'relation' | 'cause' | 'detail'>

export const same: Comparison = { relation: 'same', cause: null, detail: null }

/** What is known of one lookup part before any index is looked at. */
export interface PartEquality {
  readonly part: LookupPart
  /** Spelled SQL whose equality the lookup asks for: `email`, `lower(email)`. */
  readonly compared: string
  /** The base column's catalog entry; null for expressions. */
  readonly column: Column | null
  /** Type that the column is cast to before comparing with the bound value; null where it isn't. */
  readonly castTo: string | null
  /** The column's own `=` ignores case (citext, or a collation that does). */
  readonly ignoresCase: boolean
}

export const isCitext = (type: string): boolean => /(^|\.)citext$/.test(type)
const isText = (type: string): boolean =>
  /^(text|character varying|character|name|"char")$/.test(type) || isCitext(type)

/** Asks the server how each part of the lookup compares. `boundAs` is by column name as declared. */
export async function partEqualities(
  transaction: ReadTransaction,
  table: Table,
  parts: readonly LookupPart[],
  boundAs: Readonly<Record<string, string>>,
): Promise<PartEquality[]> {
  const names = table.columns.map((column) => column.name)
  const folded = parts.map((part) => unfolded(part, parts, names))
  const wanted = folded.map((part) => {
    const sql = part.column === null ? part.label : quoteIdentifier(part.column)
    return part.match === 'lower' || part.match === 'upper' ? `${part.match}(${sql})` : sql
  })
  const spelled = await spell(transaction, standIn(table), wanted)
  if (spelled instanceof Error) throw spelled
  const result: PartEquality[] = []
  for (const [at, part] of folded.entries()) {
    const column = table.columns.find((candidate) => candidate.name === part.column) ?? null
    const bound = column === null ? undefined : boundAs[column.name]
    result.push({
      part,
      compared: stripParentheses(spelled[at] ?? ''),
      column,
      castTo: column === null || bound === undefined ? null : await castFor(transaction, column, bound),
      ignoresCase: column !== null && (isCitext(column.baseType) || (await collationIgnoresCase(transaction, column))),
    })
  }
  return result
}

/** `lower(email)` written as an expression is the column `email` matched by lower(). */
function unfolded(part: LookupPart, parts: readonly LookupPart[], names: readonly string[]): LookupPart {
  const fold = part.column === null ? /^(?<match>lower|upper)\((?<operand>.+)\)$/s.exec(part.label)?.groups : undefined
  const column = fold === undefined ? null : plainColumn(fold.operand ?? '', names)
  if (column === null || parts.some((other) => other !== part && other.columns.includes(column))) return part
  return { ...part, label: column, column, match: fold?.match === 'lower' ? 'lower' : 'upper' }
}

/** What `column = $1::bound` turns the column into; the server's parser decides. Throws for types that don't compare. */
export async function castFor(transaction: ReadTransaction, column: Column, bound: string): Promise<string | null> {
  const values = `(VALUES (NULL::${column.baseType}), (NULL)) AS v(c)`
  const plan = await explain(transaction, `SELECT 1 FROM ${values} WHERE c = (SELECT NULL::${bound})`)
  if (plan instanceof Error) throw plan
  return /\("\*VALUES\*"\.column1\)::(?<type>.+?) = /.exec(plan.Filter ?? '')?.groups?.type ?? null
}

async function collationIgnoresCase(transaction: ReadTransaction, column: Column): Promise<boolean> {
  if (column.deterministic || column.collation === null) return false
  const answer = await transaction.attempt<{ same: boolean }>(`SELECT 'a' = 'A' COLLATE ${column.collation} AS same`)
  return 'rows' in answer && answer.rows[0]?.same === true
}

/** Index on a plain column against a lookup of the same column. */
export function compareColumn(index: IndexPart, lookup: PartEquality, period: boolean): Comparison {
  const { equality } = index
  if (equality.kind === 'overlap') {
    // Equal periods overlap, and a temporal key refuses the empty ones; under EXCLUDE equal empty ranges may repeat.
    return period
      ? same
      : {
          relation: 'finer',
          cause: 'overlap',
          detail: `it excludes by ${equality.operator}, under which empty ranges may repeat`,
        }
  }
  if (equality.kind === 'other') {
    return {
      relation: 'finer',
      cause: 'operator-class',
      detail: `it compares by operator ${equality.operator}, not by =`,
    }
  }
  return compareMatch(lookup) ?? compareBound(lookup) ?? compareCollation(index, lookup)
}

function compareCollation(index: IndexPart, { column }: PartEquality): Comparison {
  const { collation, deterministic } = index.equality
  if (column === null || collation === null || (deterministic && column.deterministic)) return same
  if (deterministic)
    return {
      relation: 'finer',
      cause: 'collation',
      detail: `its collation ${collation} tells texts apart that the column's ${column.collation ?? 'own'} calls equal`,
    }
  if (column.deterministic)
    return {
      relation: 'coarser',
      cause: 'collation',
      detail: `its collation ${collation} calls texts equal that the lookup tells apart`,
    }
  return {
    relation: 'unknown',
    cause: 'collation',
    detail: `its collation ${collation} and the column's ${column.collation ?? 'own'} both merge texts, perhaps not the same ones`,
  }
}

/** What `match` makes of the column's equality; null where nothing. */
export function compareMatch({ part, column, ignoresCase }: PartEquality): Comparison | null {
  if (column === null || part.match === 'exact' || !isText(column.baseType)) return null
  const label = part.label
  if (part.match === 'lower' || part.match === 'upper') {
    if (!ignoresCase)
      return {
        relation: 'finer',
        cause: 'match',
        detail: `the lookup compares ${part.match}(${label}), the index ${label} itself, so values that differ only in case are separate keys for it`,
      }
    if (isCitext(column.baseType) && part.match === 'upper')
      return {
        relation: 'incomparable',
        cause: 'match',
        detail: `citext folds by lower(), the lookup by upper(); they disagree on some letters (ß, İ, ſ, ς)`,
      }
    return same
  }
  if (part.match === 'like') {
    if (!column.deterministic)
      return { relation: 'unknown', cause: 'match', detail: 'LIKE under a collation that merges texts was not decided' }
    return column.baseType === 'character'
      ? { relation: 'coarser', cause: 'match', detail: 'LIKE minds trailing blanks, the index does not' }
      : null
  }
  const merges = isCitext(column.baseType) || !column.deterministic || column.baseType === 'character'
  return merges
    ? {
        relation: 'coarser',
        cause: 'match',
        detail: 'the lookup compares bytes, the index merges texts that differ in them',
      }
    : null
}

/** A cast of the column to a type that merges or separates values. */
export function compareBound({ column, castTo }: PartEquality): Comparison | null {
  if (column === null || castTo === null) return null
  const from = column.baseType
  if (isCitext(from) || from === 'character') {
    if (!/^(text|character varying)/.test(castTo)) return null
    const what = from === 'character' ? 'trailing blanks' : 'case'
    return {
      relation: 'coarser',
      cause: 'bound-type',
      detail: `bound as ${castTo}, the lookup minds ${what}; the index on ${from} does not`,
    }
  }
  if (isText(from)) return null
  const widening =
    /^(numeric|bigint|integer|timestamp.*|double precision)$/.test(castTo) &&
    /^(smallint|integer|bigint|date|timestamp without time zone|real)$/.test(from)
  if (widening && !(from === 'bigint' && castTo === 'double precision')) return null
  if (castTo === 'double precision' || castTo === 'real')
    return {
      relation: 'finer',
      cause: 'bound-type',
      detail: `bound as ${castTo}, the lookup calls ${from} values equal that the index tells apart`,
    }
  return {
    relation: 'unknown',
    cause: 'bound-type',
    detail: `bound as ${castTo}, the column is cast before it is compared; what that merges was not decided`,
  }
}
