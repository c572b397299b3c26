import type { Column, IndexPart, Table } from '../../model/catalog.js'
import type { PartFact } from '../../model/verdict.js'
import { type Comparison, compareBound, compareColumn, compareMatch, type PartEquality, same } from './equality.js'
import { type Computed, ownCollation, ownType } from './generated.js'
import { nullOfExpression } from './nulls.js'
import { isIdentity, isText } from './oracle.js'
import { columnsIn, constantEquality, plainColumn, quoteIdentifier, stripParentheses } from './sql-text.js'

export type ExpressionFact = Omit<PartFact, 'indexPart'>

/** The expression behind an index part, as the catalog has it; null for a column that is stored as it is given. */
export function computedPart(part: IndexPart, table: Table): { printed: string; generated: Column | null } | null {
  if (part.column === null) return { printed: part.expression ?? '', generated: null }
  const column = table.columns.find(({ name }) => name === part.column)
  return column?.generated == null ? null : { printed: column.expression ?? '', generated: column }
}

/** Whether a spelled value is one constant, whatever the row. */
export const isConstant = (sql: string): boolean => constantEquality(`x = ${sql}`)?.constant === sql

/** Index on a computed value against the whole lookup: which parts determine it, and how finely. */
export function compareExpression(computed: Computed, table: Table, lookups: readonly PartEquality[]): ExpressionFact {
  const { sql } = computed
  const names = table.columns.map((column) => column.name)
  const used = partsIn(sql, names, lookups)
  if (used === null)
    return { lookupParts: [], relation: 'unknown', cause: 'expression', detail: null, null: 'possible' }
  const inputs = used.flatMap((at) => lookups[at] ?? [])
  const comparison = cut(compareFunction(computed, inputs, names), computed)
  return { lookupParts: used, null: nullOf(sql, inputs), ...comparison }
}

/** The parts of the lookup that determine an expression; null where it has none, or is made of more than them. */
function partsIn(sql: string, names: readonly string[], lookups: readonly PartEquality[]): number[] | null {
  for (const operand of [sql, filledOf(sql)?.operand, operandOfFlag(sql)]) {
    const twin = lookups.findIndex(({ compared }) => compared === operand)
    if (twin >= 0) return [twin]
  }
  const digested = DIGEST.exec(filledOf(sql)?.operand ?? sql)?.groups?.operand
  const twin = lookups.findIndex(({ part, compared }) => part.column === null && digested?.includes(compared) === true)
  if (twin >= 0) return [twin]
  const parts = columnsIn(sql, names).map((column) => lookups.findIndex((lookup) => lookup.part.column === column))
  return parts.length === 0 || parts.includes(-1) ? null : [...new Set(parts)]
}

/** `ifnull(b, '')` taken apart. */
function filledOf(sql: string): { readonly operand: string; readonly filler: string } | null {
  const found = /^(?:ifnull|coalesce)\((?<operand>.+), (?<filler>[^,]+?)\)$/su.exec(sql)?.groups
  if (found?.operand === undefined || found.filler === undefined || !isConstant(found.filler)) return null
  return { operand: stripParentheses(found.operand), filler: found.filler }
}

/** Whether it tells just the NULLs of what the lookup compares. */
export function isNullFlag(sql: string, { compared }: PartEquality): boolean {
  const operand = operandOfFlag(sql)
  return operand !== null && (operand === compared || nullOfExpression(operand) === 'with-input')
}

/** What `b IS NULL` asks about. */
function operandOfFlag(sql: string): string | null {
  const operand = /^(?<operand>.+) IS (?:NOT )?NULL$/su.exec(sql)?.groups?.operand
  return operand === undefined ? null : stripParentheses(operand)
}

/** Digests and casts between dates give NULL for NULL only. */
function nullOf(sql: string, inputs: readonly PartEquality[]): PartFact['null'] {
  const digest = DIGEST.exec(sql)?.groups
  const isDate = inputs.every(({ column }) => /^(date|datetime|timestamp)$/.test(column?.baseType ?? ''))
  const isCast = isDate && /^cast\(`(?:[^`]|``)+` as (?:date|datetime)(?:\(\d\))?\)$/.test(sql)
  const isTwin = inputs.some(({ compared }) => compared === sql)
  return digest !== undefined || isCast || isTwin ? 'with-input' : nullOfExpression(sql)
}

function cut(comparison: Comparison, { sql, prefix }: Computed): Comparison {
  if (prefix === undefined) return comparison
  if (comparison.relation === 'finer') return { ...comparison, relation: 'incomparable' }
  if (comparison.relation !== 'same') return comparison
  return {
    relation: 'coarser',
    cause: 'expression',
    detail: `it compares only the first ${prefix} characters of ${sql}`,
  }
}

function compareFunction(computed: Computed, inputs: readonly PartEquality[], names: readonly string[]): Comparison {
  const { sql } = computed
  const [input] = inputs
  if (input !== undefined && inputs.length === 1) {
    const known =
      compareTwin(computed, input) ??
      compareCopy(computed, input, names) ??
      compareDigest(sql, input) ??
      compareFold(computed, input) ??
      compareFilled(computed, input, names)
    if (known !== null) return bounded(known, input)
    const flag = compareFlag(sql, input, names)
    if (flag !== null) return flag
  }
  const exact = inputs.every(
    ({ part, column, bound }) =>
      column !== null && bound === null && ['exact', 'like', 'binary'].includes(part.match) && isIdentity(column),
  )
  if (exact)
    return {
      relation: 'coarser',
      cause: 'expression',
      detail: `it is unique on ${sql}, which gives the same for values that the lookup tells apart`,
    }
  return {
    relation: 'unknown',
    cause: 'expression',
    detail: `whether ${sql} is the same for all values that the lookup calls equal was not decided`,
  }
}

/** Whatever the index makes of the column, values that only the lookup calls equal remain apart for it. */
function bounded(known: Comparison, input: PartEquality): Comparison {
  const bound = compareBound(input)
  if (bound?.relation !== 'finer') return known
  if (known.relation === 'same') return bound
  return known.relation === 'coarser' ? { ...bound, relation: 'incomparable' } : known
}

/** Just what the lookup computes. */
function compareTwin(computed: Computed, input: PartEquality): Comparison | null {
  const isColumn = input.column !== null && input.compared === quoteIdentifier(input.column.name)
  if (computed.sql !== input.compared || isColumn) return null
  return ownCollation(computed, input) ?? compareBound(input) ?? same
}

/** The column itself, perhaps as bytes or under another collation. */
function compareCopy(computed: Computed, input: PartEquality, names: readonly string[]): Comparison | null {
  const { sql } = computed
  const { column } = input
  if (column === null) return null
  if (plainColumn(sql, names) === column.name) {
    const own = ownType(computed, column) ?? ownCollation(computed, input)
    if (own === null) return compareColumn(input, undefined)
    if (own.relation === 'finer' && computed.collation?.exact === true) return compareToBytes(sql, input)
    return input.part.match === 'exact' ? own : { ...own, relation: 'unknown' }
  }
  return isBytesOf(sql, quoteIdentifier(column.name)) ? compareToBytes(sql, input) : null
}

const isBytesOf = (sql: string, name: string): boolean =>
  [`cast(${name} as char charset binary)`, `cast(${name} as binary)`, `hex(${name})`].includes(sql)

/** An index on the bytes of the column. */
function compareToBytes(sql: string, input: PartEquality): Comparison {
  const lookup = compareMatch(input) ?? compareBound(input)
  const likeBytes = input.part.match === 'like' && /_bin$/.test(input.column?.collation ?? '')
  const comparesBytes =
    likeBytes || input.part.match === 'binary' || lookup?.detail?.startsWith('the lookup compares bytes') === true
  if (comparesBytes || (lookup === null && input.collation.exact)) return same
  return {
    relation: 'finer',
    cause: 'expression',
    detail: `it compares the bytes of ${sql}, and the lookup calls texts equal that differ in them`,
  }
}

const DIGEST = /^(?<fold>unhex\()?(?<name>sha2|md5|sha1|sha|crc32|to_base64)\((?<operand>.+?)(?:, ?\d+)?\)\)?$/su

/** A digest of the column's bytes, or of what its collation makes of them. */
function compareDigest(sql: string, input: PartEquality): Comparison | null {
  const found = DIGEST.exec(sql)?.groups
  if (found?.operand === undefined) return null
  const { column, collation } = input
  const name = column === null ? input.compared : quoteIdentifier(column.name)
  const short = found.name === 'crc32'
  if (isBytesOf(found.operand, name) && !short) return compareToBytes(found.operand, input)
  if (found.operand === name || found.operand === input.compared) {
    const isNumber = column !== null && !isText(column)
    const exact = isNumber || collation.exact || (input.part.match === 'binary' && found.operand === name)
    const lookup = found.operand === name ? (compareMatch(input) ?? compareBound(input)) : null
    if (exact && (lookup === null || input.part.match === 'binary')) return short ? shortDigest(sql) : same
    return {
      relation: short ? 'incomparable' : 'finer',
      cause: 'expression',
      detail: `it compares digests of bytes, and the lookup calls texts equal that differ in them (${column?.collation ?? 'by their collation'})`,
    }
  }
  if (found.operand.includes(input.compared) && input.compared !== name)
    return weighs(found.operand, input.compared, input) && !short ? same : null
  if (!weighs(found.operand, name, input)) return null
  return short ? shortDigest(sql) : (compareMatch(input) ?? compareBound(input) ?? same)
}

function shortDigest(sql: string): Comparison {
  return { relation: 'coarser', cause: 'expression', detail: `${sql} is the same for some texts that differ` }
}

/** Whether an expression gives the same bytes for just those texts of the column that its collation calls equal. */
function weighs(operand: string, name: string, { collation, column }: PartEquality): boolean {
  const trims = collation.pads && column?.baseType !== 'char'
  const weight = String.raw`weight_string\(${trims ? String.raw`rtrim\(NAME\)` : 'NAME'}(?:, ?\d+)*\)`
  const pattern = collation.pads ? String.raw`trim\(trailing weight_string\(.+?\) from ${weight}\)` : weight
  return new RegExp(`^${pattern}$`, 'iu').test(operand.replaceAll(name, 'NAME'))
}

/** `lower(email)`, where it isn't what the lookup compares itself. */
function compareFold(computed: Computed, input: PartEquality): Comparison | null {
  const fold = /^(?<fold>lower|upper)\((?<operand>`(?:[^`]|``)+`)\)$/u.exec(computed.sql)?.groups?.fold
  if (fold === undefined || input.column === null) return null
  const { match } = input.part
  if (input.collation.ignoresCase) {
    const folded = compareMatch(input) ?? compareBound(input) ?? same
    return ownCollation(computed, input) ?? folded
  }
  if (match === 'lower' || match === 'upper')
    return {
      relation: 'incomparable',
      cause: 'expression',
      detail: `the index folds by ${fold}(), the lookup by ${match}(); they disagree on some letters`,
    }
  return {
    relation: 'coarser',
    cause: 'expression',
    detail: `it is unique on ${fold}(${input.part.label}), and the lookup minds case`,
  }
}

/** `ifnull(b, '')` compares values as b itself does. */
function compareFilled(computed: Computed, input: PartEquality, names: readonly string[]): Comparison | null {
  const { column } = input
  const found = filledOf(computed.sql)
  if (found === null) return null
  // As seconds, a timestamp is the same in every time zone.
  const seconds = column?.baseType === 'timestamp' ? `unix_timestamp(${quoteIdentifier(column.name)})` : null
  const operand = column !== null && found.operand === seconds ? quoteIdentifier(column.name) : found.operand
  const otherwise = compareFunction({ ...computed, sql: operand }, [input], names)
  if (column?.notNull === true) return otherwise
  if (otherwise.relation === 'same')
    return {
      relation: 'coarser',
      cause: 'expression',
      detail: `it is unique on ${computed.sql}, which takes NULL for the value ${found.filler}`,
    }
  return otherwise.relation === 'finer' ? { ...otherwise, relation: 'incomparable' } : otherwise
}

/** `b IS NULL`: equal values are NULL together. */
function compareFlag(sql: string, { compared, column }: PartEquality, names: readonly string[]): Comparison | null {
  const operand = operandOfFlag(sql)
  if (operand === null) return null
  const isOfColumn = column !== null && plainColumn(operand, names) === column.name
  return operand === compared || isOfColumn
    ? { relation: 'coarser', cause: 'expression', detail: `it is unique on ${sql}, whatever the value is` }
    : null
}
