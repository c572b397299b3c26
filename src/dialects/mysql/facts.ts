import type { Index, Table } from '../../model/catalog.js'
import type { Answer, Facts, IndexFacts, PartFact, ResolvedKeySet } from '../../model/verdict.js'
import { conditionalOf } from './conditional.js'
import type { ReadTransaction } from './driver.js'
import { collationFacts, compareColumn, type PartEquality, partEqualities } from './equality.js'
import type { Computed } from './generated.js'
import { compareExpression, computedPart, isConstant, isNullFlag } from './index-expressions.js'
import { type Case, livingCases, lookupCases } from './lookup-cases.js'
import { notesOn } from './notes.js'
import { compatible, example, implies, isIdentity, pinnedBy, valueUnder } from './oracle.js'
import { fixedColumn } from './resolve.js'
import { spelling } from './spelling.js'
import { columnsIn, conjuncts, plainColumn, quoteIdentifier } from './sql-text.js'
import { staleRetryAdvice } from './stale-retry.js'
import { writeMismatches } from './write-mismatch.js'

export async function askFacts(transaction: ReadTransaction, resolved: ResolvedKeySet): Promise<Facts> {
  const { table, keySet } = resolved
  const unjudgeable = whyUnjudgeable(resolved)
  if (unjudgeable !== null) return { cases: [], indexes: [], writeMismatches: [], unjudgeable }
  const lookups = await partEqualities(transaction, table, resolved.parts, boundToBase(resolved))
  const indexes: ReadIndex[] = []
  for (const index of table.indexes) {
    if (!isOrdered(index)) continue
    const read = await readIndex(transaction, resolved, index, lookups)
    const open = read.parts.every((part) => part.lookupParts.length === 0)
    // Without any part left, it allows one row that meets the condition.
    if (!open || (read.parts.length === 0 && read.predicate.length > 0)) indexes.push(read)
  }
  const conditions = indexes.flatMap(({ predicate }) => predicate)
  const cases = await livingCases(transaction, table, lookupCases(resolved, conditions))
  const facts: IndexFacts[] = []
  for (const found of indexes) facts.push(await indexFacts(transaction, resolved, found, cases))
  return {
    cases: cases.map(({ label, nullParts }) => ({ label, nullParts })),
    indexes: facts,
    writeMismatches: await writeMismatches(transaction, resolved),
    unjudgeable: null,
    notes: notesOn(resolved, transaction.server),
    staleRetryAdvice: staleRetryAdvice(transaction.server),
    ...(keySet.isolation === undefined ? {} : { isolation: keySet.isolation }),
  }
}

/** FULLTEXT and SPATIAL indexes compare nothing for equality. */
const isOrdered = ({ method }: Index): boolean => /^(btree|hash|rtree)$/.test(method) && method !== 'rtree'

/** Engines that keep their rows elsewhere, in other tables, or not at all. */
const ELSEWHERE = /^(federated|connect|spider|mrg_myisam|merge|blackhole|s3|sphinx|oqgraph|mroonga)$/i

function whyUnjudgeable({ relation, table }: ResolvedKeySet): string | null {
  const name = `${relation.schema}.${relation.name}`
  if (relation.kind === 'view' && relation.base === null)
    return `${name} is a view that doesn't pass inserts on to one table: declare the key set on the table that is written`
  if (table.kind === 'foreign-table' || ELSEWHERE.test(table.engine ?? ''))
    return `${table.schema}.${table.name} is of the engine ${table.engine}, which doesn't check uniqueness over the rows that a lookup sees: audit the tables or the server behind it`
  return null
}

/** Types that the driver binds, by column of the base table. */
function boundToBase({ keySet, relation, table }: ResolvedKeySet): Record<string, string> {
  const names = table.columns.map(({ name }) => name)
  const entries = Object.entries(keySet.boundAs).map(([name, type]) => {
    const base = relation.base === null ? name : plainColumn(relation.base.columns[name] ?? '', names)
    return [base ?? name, type] as const
  })
  return Object.fromEntries(entries)
}

/** An index as it judges rows: `predicate` is what its expressions make of it. */
interface ReadIndex {
  readonly index: Index
  readonly parts: readonly PartFact[]
  readonly predicate: readonly string[]
}

async function readIndex(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  index: Index,
  lookups: readonly PartEquality[],
): Promise<ReadIndex> {
  const { table } = resolved
  const facts: PartFact[] = []
  const predicate: string[] = []
  for (const [indexPart, part] of index.parts.entries()) {
    const at = lookups.findIndex(({ part: { column } }) => column !== null && column === part.column)
    const computed = at >= 0 ? null : computedPart(part, table)
    const lookup = lookups[at]
    if (computed === null) {
      const comparison =
        lookup === undefined
          ? { relation: 'unknown' as const, cause: null, detail: null }
          : compareColumn(lookup, part.prefix)
      facts.push({ indexPart, lookupParts: at < 0 ? [] : [at], null: 'with-input', ...comparison })
      continue
    }
    const { predicate: condition, value } = conditionalOf(spelling(computed.printed, table))
    if (index.unique && condition !== null) predicate.push(...conjuncts(condition))
    if (index.unique && condition !== null && isConstant(value)) continue
    const fact =
      (await determined(transaction, resolved, value)) ??
      compareExpression(
        { sql: value, prefix: part.prefix, ...(await generatedBy(transaction, computed)) },
        table,
        lookups,
      )
    facts.push({ indexPart, ...fact })
  }
  return { index, parts: withNullFlags(facts, index, table, lookups), predicate }
}

async function generatedBy(
  transaction: ReadTransaction,
  { generated }: NonNullable<ReturnType<typeof computedPart>>,
): Promise<Pick<Computed, 'generated' | 'collation'>> {
  return { generated, collation: generated === null ? null : await collationFacts(transaction, generated) }
}

/** A part of the index that is one and the same for all rows that the lookup means; null where it isn't known to be. */
async function determined(
  transaction: ReadTransaction,
  { table, parts, predicate }: ResolvedKeySet,
  sql: string,
): Promise<Omit<PartFact, 'indexPart'> | null> {
  const conditions = conjuncts(predicate)
  const value = await valueUnder(transaction, table, conditions, sql)
  if (value === undefined) return null
  const columns = [...pinnedBy(conditions, sql, table).keys()]
  const lookupParts = parts.flatMap((part, at) => (part.columns.every((name) => columns.includes(name)) ? [at] : []))
  if (value.isNull)
    return {
      lookupParts,
      relation: 'finer',
      cause: 'expression',
      detail: `${sql} is NULL for every row that the lookup means, and NULLs are distinct for it`,
      null: 'possible',
    }
  const about = conditions.filter((condition) => columns.includes(fixedColumn(condition, table.columns)?.column ?? ''))
  const others = [`(${about.join(' AND ')}) IS NOT TRUE`, `(${sql}) <=> ${value.sql}`]
  const shared = about.length > 0 && (await example(transaction, table, others, [...about, sql]))
  return shared
    ? {
        lookupParts,
        relation: 'coarser',
        cause: 'expression',
        detail: `${sql} is the same for rows that don't meet ${about.join(' AND ')}`,
        null: 'never',
      }
    : { lookupParts, relation: 'same', cause: null, detail: null, null: 'never' }
}

/** `ifnull(b, 0)` beside `b IS NULL`: together they compare b and take NULL for one more value. */
function withNullFlags(
  facts: readonly PartFact[],
  index: Index,
  table: Table,
  lookups: readonly PartEquality[],
): PartFact[] {
  const sqlOf = ({ indexPart }: PartFact): string => {
    const part = index.parts[indexPart]
    const computed = part === undefined ? null : computedPart(part, table)
    return computed === null ? '' : spelling(computed.printed, table)
  }
  const isFlag = (fact: PartFact): boolean => {
    const lookup = fact.lookupParts.length === 1 ? lookups[fact.lookupParts[0] ?? 0] : undefined
    return lookup !== undefined && isNullFlag(sqlOf(fact), lookup)
  }
  const isFilled = (fact: PartFact) => /^(ifnull|coalesce)\(/.test(sqlOf(fact))
  return facts.map((fact) => {
    const others = facts.filter((other) => other !== fact && sameParts(other, fact))
    const whole: PartFact = { ...fact, relation: 'same', cause: null, detail: null, null: 'never' }
    if (isFlag(fact)) return others.some((other) => isFilled(other) && mergesNullOnly(other)) ? whole : fact
    return isFilled(fact) && mergesNullOnly(fact) && others.some(isFlag) ? whole : fact
  })
}

const mergesNullOnly = ({ relation, detail }: PartFact): boolean =>
  relation === 'same' || relation === 'finer' || detail?.includes('takes NULL for the value') === true

const sameParts = (one: PartFact, two: PartFact): boolean =>
  one.lookupParts.length === 1 && two.lookupParts.length === 1 && one.lookupParts[0] === two.lookupParts[0]

async function indexFacts(
  transaction: ReadTransaction,
  { table, parts, predicate }: ResolvedKeySet,
  found: ReadIndex,
  cases: readonly Case[],
): Promise<IndexFacts> {
  const implied: Answer[] = []
  const overlaps: Answer[] = []
  for (const { premises } of cases) {
    const answer = found.predicate.length === 0 ? 'yes' : await implies(transaction, table, premises, found.predicate)
    implied.push(answer)
    overlaps.push(answer === 'yes' ? 'yes' : await compatible(transaction, table, [...premises, ...found.predicate]))
  }
  const pinned = found.predicate.flatMap((condition) => fixedColumn(condition, table.columns)?.column ?? [])
  const pinnedParts = parts.flatMap((part, at) => (part.column !== null && pinned.includes(part.column) ? [at] : []))
  const unguarded = found.index.unique ? await unguardedBy(transaction, { table, parts, predicate }, found) : []
  const condition = found.predicate.map((one) => `(${one})`).join(' AND ')
  const isLongUnique =
    transaction.server.flavour === 'mariadb' && found.index.method === 'hash' && !/^memory$/i.test(table.engine ?? '')
  return {
    index: condition === '' ? found.index : { ...found.index, predicate: condition },
    parts: found.parts,
    implied,
    overlaps,
    pinnedParts,
    unguarded,
    ...(found.index.unique && isLongUnique ? { deadlockProne: true } : {}),
  }
}

/** Conditions of the lookup that rows in the index need not meet. */
async function unguardedBy(
  transaction: ReadTransaction,
  { table, parts, predicate }: Pick<ResolvedKeySet, 'table' | 'parts' | 'predicate'>,
  found: ReadIndex,
): Promise<IndexFacts['unguarded']> {
  const names = table.columns.map((column) => column.name)
  const inKey = new Set(found.parts.flatMap((part) => part.lookupParts))
  const compared = identicalColumns(found.index, table)
  const unguarded: { condition: string; lookupPart: number | null; certain: boolean }[] = []
  for (const condition of conjuncts(predicate)) {
    const fixed = fixedColumn(condition, table.columns)?.column
    const at = parts.findIndex((part) => part.column !== null && part.column === fixed)
    if (at >= 0 && inKey.has(at)) continue
    // Rows that conflict have these columns in common, and with them the condition.
    const mentioned = columnsIn(condition, names)
    if (mentioned.length > 0 && mentioned.every((name) => compared.includes(name))) continue
    const keyed = [...inKey].flatMap((number) => {
      const part = parts[number]
      return part?.column == null || part.nullLookedUp !== 'never'
        ? []
        : [`${quoteIdentifier(part.column)} IS NOT NULL`]
    })
    const answer = await implies(transaction, table, [...found.predicate, ...keyed], [condition])
    if (answer !== 'yes') unguarded.push({ condition, lookupPart: at < 0 ? null : at, certain: answer === 'no' })
  }
  return unguarded
}

/** Columns in which two rows that conflict hold the very same value. */
function identicalColumns(index: Index, table: Table): string[] {
  return index.parts.flatMap(({ column: name, prefix }) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    return column !== undefined && prefix === undefined && isIdentity(column) ? [column.name] : []
  })
}
