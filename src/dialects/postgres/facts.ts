import type { Index, Table } from '../../model/catalog.js'
import { UserError } from '../../model/errors.js'
import type { Answer, Facts, IndexFacts, PartFact, ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { compareColumn, type PartEquality, partEqualities } from './equality.js'
import { compareExpression, isIdentity } from './expressions.js'
import { type Case, livingCases, lookupCases, quoteSpelled } from './lookup-cases.js'
import { allowProofs, compatible, implies, spell, standIn } from './oracle.js'
import { fixedColumn } from './resolve.js'
import { columnsIn, conjuncts, stripParentheses } from './sql-text.js'
import { writeMismatches } from './write-mismatch.js'

export async function askFacts(transaction: ReadTransaction, resolved: ResolvedKeySet): Promise<Facts> {
  const { table, keySet } = resolved
  const unjudgeable = whyUnjudgeable(resolved)
  if (unjudgeable !== null) return { cases: [], indexes: [], writeMismatches: [], unjudgeable }
  await allowProofs(transaction)
  const lookups = await equalities(transaction, resolved)
  const indexes: { index: Index; parts: PartFact[]; predicate: string[] }[] = []
  for (const index of table.indexes) {
    const predicate = await spelledPredicate(transaction, table, index)
    const parts = await partFacts(transaction, resolved, { index, predicate }, lookups)
    if (parts.every((part) => part.lookupParts.length === 0)) continue
    indexes.push({ index, parts, predicate })
  }
  const cases = await livingCases(
    transaction,
    table,
    lookupCases(
      resolved,
      indexes.flatMap(({ predicate }) => predicate),
    ),
  )
  const facts: IndexFacts[] = []
  for (const found of indexes) facts.push(await indexFacts(transaction, resolved, found, cases))
  return {
    cases: cases.map(({ label, nullParts }) => ({ label, nullParts })),
    indexes: facts,
    writeMismatches: writeMismatches(resolved),
    unjudgeable: null,
    ...(keySet.isolation === undefined ? {} : { isolation: keySet.isolation }),
  }
}

function whyUnjudgeable({ relation }: ResolvedKeySet): string | null {
  const name = `${relation.schema}.${relation.name}`
  // Its rows live in the other session's memory; a session of ours can't have made any.
  if (relation.temporary) return `${name} is a temporary table of another session: nobody else can read its rows`
  switch (relation.kind) {
    case 'foreign-table':
      return `${name} is a foreign table: uniqueness is up to the remote server, which has to be audited itself`
    case 'materialized-view':
      return `${name} is a materialised view: its indexes say nothing about the rows it was made from`
    case 'view':
      return relation.base === null
        ? `${name} is a view that doesn't pass inserts on to one table: declare the key set on the table that is written`
        : null
    default:
      return null
  }
}

async function equalities(
  transaction: ReadTransaction,
  { keySet, relation, table, parts }: ResolvedKeySet,
): Promise<PartEquality[]> {
  const boundAs = Object.fromEntries(
    Object.entries(keySet.boundAs).map(([name, type]) => [
      relation.base === null ? name : stripParentheses(relation.base.columns[name] ?? name),
      type,
    ]),
  )
  try {
    return await partEqualities(transaction, table, parts, boundAs)
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause
    throw new UserError(
      `The database can't compare ${table.schema}.${table.name} with the types in bound_as: ${cause.message}.`,
      {
        code: 'bound-as-rejected',
        location: Object.values(keySet.boundAsLocations ?? {})[0] ?? keySet.location,
        cause,
      },
    )
  }
}

async function spelledPredicate(transaction: ReadTransaction, table: Table, index: Index): Promise<string[]> {
  if (index.predicate === null) return []
  const spelled = await spell(transaction, standIn(table), [index.predicate])
  return conjuncts(spelled instanceof Error ? index.predicate : (spelled[0] ?? index.predicate)).filter(
    (part) => part !== 'true',
  )
}

async function partFacts(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  { index, predicate }: { readonly index: Index; readonly predicate: readonly string[] },
  lookups: readonly PartEquality[],
): Promise<PartFact[]> {
  const conditions = [...conjuncts(resolved.predicate), ...predicate]
  const facts: PartFact[] = []
  for (const [indexPart, part] of index.parts.entries()) {
    if (part.column !== null) {
      const at = lookups.findIndex((lookup) => lookup.part.column === part.column)
      const lookup = lookups[at]
      const comparison =
        lookup === undefined
          ? { relation: 'unknown' as const, cause: null, detail: null }
          : compareColumn(part, lookup, index.period)
      facts.push({ indexPart, lookupParts: at < 0 ? [] : [at], null: 'with-input', ...comparison })
      continue
    }
    const sql = await spelledWithConstants(transaction, resolved.table, conditions, part.expression ?? '', lookups)
    facts.push({
      indexPart,
      ...(sql.constantBy.length > 0
        ? determined(sql.text, sql.constantBy, index, resolved)
        : compareExpression(sql.text, part, resolved.table, lookups)),
    })
  }
  return facts
}

/**
 * An index expression as it reads for rows that meet `conditions`, the lookup's and the index's own: `CASE WHEN deleted_at
 * IS NULL …` may become a constant, `constantBy` then names the columns that make it one.
 */
async function spelledWithConstants(
  transaction: ReadTransaction,
  table: Table,
  conditions: readonly string[],
  expression: string,
  lookups: readonly PartEquality[],
): Promise<{ readonly text: string; readonly constantBy: readonly string[] }> {
  const names = table.columns.map((column) => column.name)
  const read = async (constants: Readonly<Record<string, string>>) => {
    const spelled = await spell(transaction, standIn(table, constants), [expression])
    return stripParentheses(spelled instanceof Error ? expression : (spelled[0] ?? expression))
  }
  const fixed = conditions.flatMap((condition) => fixedColumn(condition, names) ?? [])
  const mentioned = columnsIn(expression, names)
  const used = fixed.flatMap(({ column: name, constant, isNull }) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    // Equal to a constant isn't the same as the constant where the type calls different values equal.
    return column !== undefined && mentioned.includes(name) && (isNull || isIdentity(column))
      ? [[name, `(${constant})::${column.baseType}`] as const]
      : []
  })
  const plain = await read({})
  if (conditions.includes(plain)) return { text: 'true', constantBy: mentioned }
  if (used.length === 0 || lookups.some((lookup) => lookup.compared === plain)) return { text: plain, constantBy: [] }
  const text = await read(Object.fromEntries(used))
  return { text, constantBy: columnsIn(text, names).length === 0 ? used.map(([name]) => name) : [] }
}

/** A part of the index that is one and the same for all rows that the lookup means. */
function determined(
  text: string,
  columns: readonly string[],
  index: Index,
  { parts }: ResolvedKeySet,
): Omit<PartFact, 'indexPart'> {
  const lookupParts = parts.flatMap((part, at) => (part.columns.every((name) => columns.includes(name)) ? [at] : []))
  const isNull = /^NULL\b/.test(text)
  if (!isNull || index.nullsNotDistinct)
    return { lookupParts, relation: 'same', cause: null, detail: null, null: 'never' }
  return {
    lookupParts,
    relation: 'finer',
    cause: 'expression',
    detail: 'one of its expressions is NULL for every row that the lookup means, and NULLs are distinct for it',
    null: 'possible',
  }
}

async function indexFacts(
  transaction: ReadTransaction,
  { table, parts, predicate }: ResolvedKeySet,
  found: { readonly index: Index; readonly parts: readonly PartFact[]; readonly predicate: readonly string[] },
  cases: readonly Case[],
): Promise<IndexFacts> {
  const names = table.columns.map((column) => column.name)
  const implied: Answer[] = []
  const overlaps: Answer[] = []
  for (const { premises } of cases) {
    const answer = found.predicate.length === 0 ? 'yes' : await implies(transaction, table, premises, found.predicate)
    implied.push(answer)
    overlaps.push(answer === 'yes' ? 'yes' : await compatible(transaction, table, [...premises, ...found.predicate]))
  }
  const pinned = found.predicate.flatMap((condition) => fixedColumn(condition, names)?.column ?? [])
  const pinnedParts = parts.flatMap((part, at) => (part.column !== null && pinned.includes(part.column) ? [at] : []))
  const inKey = new Set(found.parts.flatMap((part) => part.lookupParts))
  const compared = identicalColumns(found.index, table)
  const unguarded: { condition: string; lookupPart: number | null; certain: boolean }[] = []
  for (const condition of found.index.unique || found.index.exclusion ? conjuncts(predicate) : []) {
    const at = parts.findIndex((part) => part.column !== null && part.column === fixedColumn(condition, names)?.column)
    if (at >= 0 && inKey.has(at)) continue
    // Rows that conflict have these columns in common, and with them the condition.
    const mentioned = columnsIn(condition, names)
    if (mentioned.length > 0 && mentioned.every((name) => compared.includes(name))) continue
    const keyed = [...inKey].flatMap((number) => {
      const part = parts[number]
      return part?.column == null || part.nullLookedUp !== 'never' ? [] : [`${quoteSpelled(part.column)} IS NOT NULL`]
    })
    const answer = await implies(transaction, table, [...found.predicate, ...keyed], [condition])
    if (answer !== 'yes') unguarded.push({ condition, lookupPart: at < 0 ? null : at, certain: answer === 'no' })
  }
  return { index: found.index, parts: found.parts, implied, overlaps, pinnedParts, unguarded }
}

/** Columns in which two rows that conflict hold the very same value. */
function identicalColumns(index: Index, table: Table): string[] {
  return index.parts.flatMap(({ column: name, equality }) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    return column !== undefined && equality.kind === 'default' && equality.deterministic && isIdentity(column)
      ? [column.name]
      : []
  })
}
