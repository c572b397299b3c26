import type { Index, Table } from '../../model/catalog.js'
import { UserError } from '../../model/errors.js'
import type {
  Answer,
  Facts,
  IndexFacts,
  LookupCase,
  LookupPart,
  PartFact,
  ResolvedKeySet,
} from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { compareColumn, compareExpression, type PartEquality, partEqualities } from './equality.js'
import { allowProofs, compatible, implies, spell, standIn } from './oracle.js'
import { fixedColumn } from './resolve.js'
import { columnsIn, conjuncts, quoteIdentifier, stripParentheses } from './sql-text.js'
import { writeMismatches } from './write-mismatch.js'

/** More cases than this aren't told apart; the rest of the lookup is then judged as a whole. */
const MAX_CASES = 16

interface Case extends LookupCase {
  /** What is true of every row that the lookup means in this case, spelled. */
  readonly premises: readonly string[]
}

export async function askFacts(transaction: ReadTransaction, resolved: ResolvedKeySet): Promise<Facts> {
  const { table, keySet } = resolved
  const unjudgeable = whyUnjudgeable(resolved)
  if (unjudgeable !== null) return { cases: [], indexes: [], writeMismatches: [], unjudgeable }
  await allowProofs(transaction)
  const lookups = await equalities(transaction, resolved)
  const indexes: { index: Index; parts: PartFact[]; predicate: string[] }[] = []
  for (const index of table.indexes) {
    const parts = await partFacts(transaction, resolved, index, lookups)
    if (parts.every((part) => part.lookupParts.length === 0)) continue
    indexes.push({ index, parts, predicate: await spelledPredicate(transaction, table, index) })
  }
  const cases = lookupCases(
    resolved,
    indexes.flatMap(({ predicate }) => predicate),
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
  index: Index,
  lookups: readonly PartEquality[],
): Promise<PartFact[]> {
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
    const sql = await spelledWithConstants(transaction, resolved, part.expression ?? '')
    facts.push({
      indexPart,
      ...(sql.constant ? determined(sql.text, resolved) : compareExpression(sql.text, part, resolved.table, lookups)),
    })
  }
  return facts
}

/** An index expression as it reads for rows that meet the lookup's predicate: `CASE WHEN deleted_at IS NULL …` may become a constant. */
async function spelledWithConstants(
  transaction: ReadTransaction,
  { table, predicate }: ResolvedKeySet,
  expression: string,
) {
  const names = table.columns.map((column) => column.name)
  const fixed = conjuncts(predicate).flatMap((condition) => fixedColumn(condition, names) ?? [])
  const used = fixed.filter(({ column }) => columnsIn(expression, names).includes(column))
  const types = new Map(table.columns.map((column) => [column.name, column.baseType]))
  const constants = Object.fromEntries(
    used.map(({ column, constant }) => [column, `(${constant})::${types.get(column)}`]),
  )
  const spelled = await spell(transaction, standIn(table, constants), [expression])
  const text = stripParentheses(spelled instanceof Error ? expression : (spelled[0] ?? expression))
  return { text, constant: used.length > 0 && columnsIn(text, names).length === 0 }
}

function determined(text: string, { parts }: ResolvedKeySet): Omit<PartFact, 'indexPart'> {
  const fixed = parts.flatMap((part, at) => (part.origin === 'fixed' ? [at] : []))
  return {
    lookupParts: fixed,
    relation: 'same',
    cause: null,
    detail: null,
    null: /^NULL\b/.test(text) ? 'possible' : 'never',
  }
}

/**
 * The lookup's meaning in parts that one index may cover and another not: looked-up columns being NULL or not, true
 * or false, equal to a constant or not, wherever some index's predicate speaks of them.
 */
function lookupCases({ table, parts, predicate }: ResolvedKeySet, conditions: readonly string[]): Case[] {
  const names = table.columns.map((column) => column.name)
  const always = parts.flatMap((part, at) => (part.nullLookedUp === 'always' ? [at] : []))
  const notNull = parts.flatMap((part) =>
    part.nullLookedUp === 'never' && part.column !== null && part.match !== 'like'
      ? [`${quoteSpelled(part.column)} IS NOT NULL`]
      : [],
  )
  let cases: Case[] = [{ label: null, nullParts: always, premises: [...conjuncts(predicate), ...notNull] }]
  for (const [at, part] of parts.entries()) {
    const splits = caseSplits(part, at, names, conditions)
    if (splits.length < 2 || cases.length * splits.length > MAX_CASES) continue
    cases = cases.flatMap((known) =>
      splits.map((split) => ({
        label: known.label === null ? split.label : `${known.label} and ${split.label}`,
        nullParts: [...known.nullParts, ...split.nullParts],
        premises: [...known.premises, ...split.premises],
      })),
    )
  }
  return cases
}

function quoteSpelled(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name)
}

function caseSplits(
  part: LookupPart,
  at: number,
  names: readonly string[],
  conditions: readonly string[],
): { label: string; nullParts: number[]; premises: string[] }[] {
  const sql = part.column === null ? `(${part.label})` : quoteSpelled(part.column)
  const values: { label: string; nullParts: number[]; premises: string[] }[] = []
  if (part.origin === 'declared' && part.column !== null && part.match === 'exact') {
    const constants = [
      ...new Set(
        conditions.flatMap((condition) => {
          const fixed = fixedColumn(condition, names)
          const inner = fixedColumn(/^NOT (.+)$/s.exec(condition)?.[1] ?? condition.replace(' <> ', ' = '), names)
          return [fixed, inner].flatMap((found) =>
            found?.column === part.column && !found.isNull ? [found.constant] : [],
          )
        }),
      ),
    ]
    const booleans = constants.some((constant) => constant === 'true' || constant === 'false')
    if (booleans)
      values.push(
        { label: sql, nullParts: [], premises: [sql] },
        { label: `NOT ${sql}`, nullParts: [], premises: [`NOT ${sql}`] },
      )
    else if (constants.length > 0 && constants.length < 6) {
      for (const constant of constants)
        values.push({ label: `${sql} = ${constant}`, nullParts: [], premises: [`${sql} = ${constant}`] })
      values.push({
        label: `any other ${sql}`,
        nullParts: [],
        premises: [...constants.map((constant) => `${sql} <> ${constant}`)],
      })
    }
  }
  if (part.nullLookedUp !== 'also') return values
  if (values.length === 0) values.push({ label: `${sql} IS NOT NULL`, nullParts: [], premises: [`${sql} IS NOT NULL`] })
  return [...values, { label: `${sql} IS NULL`, nullParts: [at], premises: [`${sql} IS NULL`] }]
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
  const unguarded: { condition: string; lookupPart: number | null; certain: boolean }[] = []
  for (const condition of found.index.unique || found.index.exclusion ? conjuncts(predicate) : []) {
    const at = parts.findIndex(
      (part) => part.origin === 'fixed' && part.column === (fixedColumn(condition, names)?.column ?? ''),
    )
    if (at >= 0 && inKey.has(at)) continue
    const keyed = [...inKey].flatMap((number) => {
      const part = parts[number]
      return part?.column == null || part.nullLookedUp !== 'never' ? [] : [`${quoteSpelled(part.column)} IS NOT NULL`]
    })
    const answer = await implies(transaction, table, [...found.predicate, ...keyed], [condition])
    if (answer !== 'yes') unguarded.push({ condition, lookupPart: at < 0 ? null : at, certain: answer === 'no' })
  }
  return { index: found.index, parts: found.parts, implied, overlaps, pinnedParts, unguarded }
}
