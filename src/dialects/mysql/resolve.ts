import type { Column, Table } from '../../model/catalog.js'
import { UserError } from '../../model/errors.js'
import type { KeyPart, KeySet, Match, SourceLocation } from '../../model/keyset.js'
import { keySetId, schemaInIds } from '../../model/keyset-id.js'
import type { LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { checkOrder, checkType, spell, spellCondition } from './expressions.js'
import { nearest } from './find.js'
import { nullOfExpression, rejectsNull } from './nulls.js'
import { columnsIn, conjuncts, constantEquality, plainColumn, quoteIdentifier, sameName } from './sql-text.js'

/** Finds the names of a key set in the catalog and puts its expressions in one spelling. */
export async function resolve(transaction: ReadTransaction, written: KeySet, relation: Table): Promise<ResolvedKeySet> {
  const keySet = withRealNames(written, relation)
  const id = keySetId({
    schema: schemaInIds(relation),
    table: relation.name,
    parts: keySet.parts,
    match: keySet.match,
    where: keySet.where,
  })
  const table = relation.base?.table ?? relation
  const own = relation.base?.predicate ?? null
  const inherited = own === null ? null : await spellWhere(transaction, { keySet, relation: table, where: own })
  const where =
    keySet.where === undefined ? null : await spellWhere(transaction, { keySet, relation, where: keySet.where })
  const predicate = [...conjuncts(inherited), ...conjuncts(where)].filter((part) => part !== 'TRUE')
  await checkResolution(transaction, keySet, relation)
  await checkBoundAs(transaction, keySet, relation)
  const context = { transaction, keySet, relation, table, predicate }
  const declared: LookupPart[] = []
  for (const part of keySet.parts) declared.push(await declaredPart(context, part))
  return {
    keySet,
    id,
    relation,
    table,
    parts: [...declared, ...fixedParts(predicate, table, declared)],
    predicate: predicate.length === 0 ? null : predicate.map((part) => `(${part})`).join(' AND '),
  }
}

/** Column names don't mind case here: as the table writes them. Unknown ones stay, to be reported. */
function withRealNames(keySet: KeySet, relation: Table): KeySet {
  const real = (name: string) => relation.columns.find((column) => sameName(column.name, name))?.name ?? name
  const renamed = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [real(name), value]))
  return {
    ...keySet,
    parts: keySet.parts.map((part) => (part.kind === 'column' ? { ...part, name: real(part.name) } : part)),
    match: renamed<Match>(keySet.match),
    boundAs: renamed(keySet.boundAs),
    ...(keySet.boundAsLocations === undefined ? {} : { boundAsLocations: renamed(keySet.boundAsLocations) }),
    resolution: { ...keySet.resolution, merge: renamed(keySet.resolution.merge) },
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
  const error = await checkOrder(transaction, relation, resolution.survivor)
  if (error !== null) throw sqlError(error, `the survivor's order \`${resolution.survivor}\``, relation, location)
}

async function checkBoundAs(transaction: ReadTransaction, keySet: KeySet, relation: Table): Promise<void> {
  for (const [name, type] of Object.entries(keySet.boundAs)) {
    const location = keySet.boundAsLocations?.[name] ?? keySet.location
    requireColumn(relation, name, location)
    const cause = await checkType(transaction, type)
    if (cause === null) continue
    throw new UserError(`The database doesn't know the type in bound_as of ${nameOfTable(relation)}: ${type}.`, {
      code: 'bound-as-rejected',
      location,
      cause,
      suggestions: ['Write it as in CREATE TABLE: varchar(40), bigint, decimal(10,2) …'],
    })
  }
}

async function spellWhere(
  transaction: ReadTransaction,
  { keySet, relation, where }: { readonly keySet: KeySet; readonly relation: Table; readonly where: string },
): Promise<string> {
  const spelled = await spellCondition(transaction, relation, where)
  if (!(spelled instanceof Error)) return spelled
  throw sqlError(spelled, `the predicate \`${where}\``, relation, keySet.whereLocation ?? keySet.location)
}

interface Context {
  readonly transaction: ReadTransaction
  readonly keySet: KeySet
  readonly relation: Table
  readonly table: Table
  readonly predicate: readonly string[]
}

async function declaredPart(context: Context, part: KeyPart): Promise<LookupPart> {
  const { keySet, relation, table, predicate } = context
  const location = part.location ?? keySet.location
  if (part.kind === 'column') requireColumn(relation, part.name, location)
  const names = table.columns.map((column) => column.name)
  const sql = part.kind === 'column' ? quoteIdentifier(part.name) : part.sql
  const spelled = await spell(context.transaction, relation, [sql])
  if (spelled instanceof Error) throw sqlError(spelled, `the expression \`${sql}\``, relation, location)
  const text = spelled[0] ?? sql
  const column = plainColumn(text, names)
  const columns = column === null ? columnsIn(text, names) : [column]
  const operand = column === null ? `(${text})` : text
  const always = predicate.includes(`${operand} IS NULL`)
  const excluded = !always && neverNull(text, columns, context)
  return {
    label: column ?? text,
    column,
    columns,
    match: part.kind === 'column' ? (keySet.match[part.name] ?? 'exact') : 'exact',
    nullable: !excluded,
    origin: 'declared',
    nullLookedUp: always ? 'always' : keySet.nulls === 'looked-up' && !excluded ? 'also' : 'never',
  }
}

/** `b > 0` in the predicate means no row whose b is NULL. */
function neverNull(text: string, columns: readonly string[], { table, predicate }: Context): boolean {
  const how = nullOfExpression(text)
  if (how === 'never' || predicate.includes(`(${text}) IS NOT NULL`)) return true
  const filled = (name: string) =>
    table.columns.some((column) => column.name === name && column.notNull) ||
    predicate.some((condition) => rejectsNull(condition, name))
  return how === 'with-input' && columns.every(filled)
}

/** `site_id = 1`, `b IS NULL` in the predicate: columns that are looked up without being listed. */
function fixedParts(predicate: readonly string[], table: Table, declared: readonly LookupPart[]): LookupPart[] {
  const taken = new Set(declared.map((part) => part.column))
  return predicate.flatMap((condition): LookupPart[] => {
    const fixed = fixedColumn(condition, table.columns)
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
  columns: readonly Column[],
): { readonly column: string; readonly constant: string; readonly isNull: boolean } | null {
  const names = columns.map((column) => column.name)
  const equality = constantEquality(condition)
  if (equality !== null) {
    const name = plainColumn(equality.left, names)
    const column = columns.find((candidate) => candidate.name === name)
    return column !== undefined && pins(column, equality.constant)
      ? { column: column.name, constant: equality.constant, isNull: false }
      : null
  }
  const nullTest = /^(?<operand>.+) (?:IS|<=>) NULL$/s.exec(condition)?.groups?.operand
  const column = nullTest === undefined ? null : plainColumn(nullTest, names)
  return column === null ? null : { column, constant: 'NULL', isNull: true }
}

/** A text column that is compared with anything but a text is converted first, so that several values are equal to it. */
function pins({ collation, baseType }: Column, constant: string): boolean {
  if (baseType === 'json') return false
  return collation === null || /^(?:_\w+ ?)?'|^_\w+ 0x/.test(constant)
}

const nameOfTable = ({ schema, name }: Table): string => `${schema}.${name}`

export function requireColumn(relation: Table, name: string, location: SourceLocation | undefined): Column {
  const column = relation.columns.find((candidate) => sameName(candidate.name, name))
  if (column !== undefined) return column
  const names = relation.columns.map((candidate) => candidate.name)
  const near = nearest(name, names)
  throw new UserError(`${nameOfTable(relation)} has no column "${name}".`, {
    code: 'column-missing',
    location,
    suggestions: [near === null ? `Its columns are: ${names.join(', ')}.` : `Did you mean "${near}"?`],
  })
}

function sqlError(
  error: DatabaseError,
  what: string,
  relation: Table,
  location: SourceLocation | undefined,
): UserError {
  const missing = error.errno === 1054 ? /'(?:.*\.)?(?<name>[^'.]+)' in /.exec(error.message)?.groups?.name : undefined
  const near =
    missing === undefined
      ? null
      : nearest(
          missing,
          relation.columns.map((column) => column.name),
        )
  return new UserError(`The database does not accept ${what} for ${nameOfTable(relation)}: ${error.message}.`, {
    code: 'sql-rejected',
    location,
    cause: error,
    suggestions: near === null ? [] : [`Did you mean "${near}"?`],
  })
}
