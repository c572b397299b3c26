import { closest, distance } from 'fastest-levenshtein'
import type { Column, Table } from '../../model/catalog.js'
import { UserError } from '../../model/errors.js'
import type { KeyPart, KeySet, SourceLocation } from '../../model/keyset.js'
import { keySetId } from '../../model/keyset-id.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { nullOfExpression } from './expressions.js'
import { allowProofs, contradictory, explain, STAND_IN, source, spell, spellCondition } from './oracle.js'
import { columnsIn, conjuncts, constantEquality, plainColumn, quoteIdentifier, stripParentheses } from './sql-text.js'

/** Finds the names of a key set in the catalog and puts its expressions in the server's spelling. */
export async function resolve(transaction: ReadTransaction, keySet: KeySet, relation: Table): Promise<ResolvedKeySet> {
  const id = keySetId({
    schema: relation.schema,
    table: relation.name,
    parts: keySet.parts,
    match: keySet.match,
    where: keySet.where,
  })
  const table = relation.base?.table ?? relation
  const from = viewSource(relation)
  const where = keySet.where === undefined ? null : await spellWhere(transaction, from, keySet, relation)
  const predicate = [...conjuncts(relation.base?.predicate ?? null), ...conjuncts(where)].filter(
    (part) => part !== 'true',
  )
  await checkResolution(transaction, keySet, relation)
  const declared: LookupPart[] = []
  for (const part of keySet.parts)
    declared.push(await declaredPart({ transaction, from, keySet, relation, table, predicate }, part))
  return {
    keySet,
    id,
    relation,
    table,
    parts: [...declared, ...fixedParts(predicate, table, declared)],
    predicate: predicate.length === 0 ? null : predicate.map((part) => `(${part})`).join(' AND '),
  }
}

const SURVIVORS: readonly string[] = ['oldest', 'newest', 'most-complete', 'most-referenced']

/** Misspelt names in what says how to resolve duplicate groups would otherwise show up only when there are some. */
async function checkResolution(
  transaction: ReadTransaction,
  { resolution, location }: KeySet,
  relation: Table,
): Promise<void> {
  for (const name of Object.keys(resolution.merge)) requireColumn(relation, name, location)
  if (SURVIVORS.includes(resolution.survivor)) return
  const plan = await explain(
    transaction,
    `SELECT 1 FROM ${viewSource(relation)} WHERE false ORDER BY ${resolution.survivor}`,
  )
  if (plan instanceof Error) throw sqlError(plan, `the survivor's order \`${resolution.survivor}\``, relation, location)
}

/** The base table under the view's column names; anything but a view is its own source. */
function viewSource(relation: Table): string {
  if (relation.base === null) return source(relation)
  const columns = Object.entries(relation.base.columns).map(([name, sql]) => `${sql} AS ${quoteIdentifier(name)}`)
  const rows = source(relation.base.table, STAND_IN)
  return `(SELECT ${columns.join(', ')} FROM ${rows}) AS ${quoteIdentifier(relation.name)}`
}

async function spellWhere(
  transaction: ReadTransaction,
  from: string,
  keySet: KeySet,
  relation: Table,
): Promise<string> {
  const spelled = await spellCondition(transaction, from, keySet.where ?? 'true')
  if (!(spelled instanceof Error)) return spelled
  throw sqlError(spelled, `the predicate \`${keySet.where}\``, relation, keySet.whereLocation ?? keySet.location)
}

interface Context {
  readonly transaction: ReadTransaction
  readonly from: string
  readonly keySet: KeySet
  readonly relation: Table
  readonly table: Table
  readonly predicate: readonly string[]
}

async function declaredPart(context: Context, part: KeyPart): Promise<LookupPart> {
  const { keySet, relation, table, predicate } = context
  if (part.kind === 'column') requireColumn(relation, part.name, part.location ?? keySet.location)
  const names = table.columns.map((column) => column.name)
  const sql = part.kind === 'column' ? quoteIdentifier(part.name) : part.sql
  const spelled = await spell(context.transaction, context.from, [sql])
  if (spelled instanceof Error)
    throw sqlError(spelled, `the expression \`${sql}\``, relation, part.location ?? keySet.location)
  const text = spelled[0] ?? sql
  const column = plainColumn(text, names)
  const columns = column === null ? columnsIn(text, names) : [column]
  const known = table.columns.find((candidate) => candidate.name === column)
  const excluded =
    predicate.includes(`${stripParentheses(text)} IS NOT NULL`) ||
    (known?.notNull ?? neverNull(stripParentheses(text), columns, table)) ||
    (await excludesNull(context, text, columns))
  const always = predicate.includes(`${stripParentheses(text)} IS NULL`)
  return {
    label: column === null ? stripParentheses(text) : column,
    column,
    columns,
    match: part.kind === 'column' ? (keySet.match[part.name] ?? 'exact') : 'exact',
    nullable: !excluded,
    origin: 'declared',
    nullLookedUp: always ? 'always' : keySet.nulls === 'looked-up' && !excluded ? 'also' : 'never',
  }
}

/** `b > 0` in the predicate means no row whose b is NULL. */
async function excludesNull({ transaction, table, predicate }: Context, sql: string, columns: readonly string[]) {
  const test = `(${sql}) IS NULL`
  const names = table.columns.map((column) => column.name)
  const about = predicate.filter((condition) => columnsIn(condition, names).some((name) => columns.includes(name)))
  if (about.length === 0 || predicate.includes(`${stripParentheses(sql)} IS NULL`)) return false
  await allowProofs(transaction)
  return contradictory(transaction, table, [...about, test])
}

function neverNull(expression: string, columns: readonly string[], table: Table): boolean {
  const how = nullOfExpression(expression)
  const filled = table.columns.filter((column) => column.notNull).map((column) => column.name)
  return how === 'never' || (how === 'with-input' && columns.every((column) => filled.includes(column)))
}

/** `site_id = 1`, `active`, `b IS NULL` in the predicate: columns that are looked up without being listed. */
function fixedParts(predicate: readonly string[], table: Table, declared: readonly LookupPart[]): LookupPart[] {
  const names = table.columns.map((column) => column.name)
  const taken = new Set(declared.map((part) => part.column))
  return predicate.flatMap((condition): LookupPart[] => {
    const fixed = fixedColumn(condition, names)
    if (fixed === null || taken.has(fixed.column)) return []
    taken.add(fixed.column)
    return [
      {
        label: fixed.column,
        column: fixed.column,
        columns: [fixed.column],
        match: 'exact',
        nullable: fixed.isNull,
        origin: 'fixed',
        nullLookedUp: fixed.isNull ? 'always' : 'never',
      },
    ]
  })
}

/** The column that a condition pins to one value, with that value as SQL; null for any other condition. */
export function fixedColumn(
  condition: string,
  names: readonly string[],
): { readonly column: string; readonly constant: string; readonly isNull: boolean } | null {
  const equality = constantEquality(condition)
  if (equality !== null) {
    const column = plainColumn(equality.left, names)
    return column === null ? null : { column, constant: equality.constant, isNull: false }
  }
  const nullTest = /^(?<operand>.+) IS NULL$/s.exec(condition)?.groups?.operand
  if (nullTest !== undefined) {
    const column = plainColumn(nullTest, names)
    return column === null ? null : { column, constant: 'NULL', isNull: true }
  }
  const negated = /^NOT (?<operand>.+)$/s.exec(condition)?.groups?.operand
  const truth = /^(?<operand>.+) IS (?<word>TRUE|FALSE)$/s.exec(condition)?.groups
  const filled = /^COALESCE\((?<operand>.+), false\)$/s.exec(condition)?.groups?.operand
  const column = plainColumn(negated ?? truth?.operand ?? filled ?? condition, names)
  return column === null
    ? null
    : { column, constant: String(negated === undefined && truth?.word !== 'FALSE'), isNull: false }
}

export function requireColumn(relation: Table, name: string, location: SourceLocation | undefined): Column {
  const column = relation.columns.find((candidate) => candidate.name === name)
  if (column !== undefined) return column
  const names = relation.columns.map((candidate) => candidate.name)
  const near = nearest(name, names)
  throw new UserError(`${relation.schema}.${relation.name} has no column "${name}".`, {
    code: 'column-missing',
    location,
    suggestions: [near === null ? `Its columns are: ${names.join(', ')}.` : `Did you mean "${near}"?`],
  })
}

/** The known name that a mistyped one most likely stands for; null where nothing is close. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const candidate = closest(name.toLowerCase(), [...known])
  return distance(name.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3))
    ? candidate
    : null
}

function sqlError(
  error: DatabaseError,
  what: string,
  relation: Table,
  location: SourceLocation | undefined,
): UserError {
  const missing =
    error.code === '42703'
      ? /column "?(?:.*\.)?(?<name>[^"]+)"? does not exist/.exec(error.message)?.groups?.name
      : undefined
  const near =
    missing === undefined
      ? null
      : nearest(
          missing,
          relation.columns.map((column) => column.name),
        )
  return new UserError(
    `The database does not accept ${what} for ${relation.schema}.${relation.name}: ${error.message}.`,
    {
      code: 'sql-rejected',
      location,
      cause: error,
      suggestions: near === null ? (error.hint === undefined ? [] : [error.hint]) : [`Did you mean "${near}"?`],
    },
  )
}
