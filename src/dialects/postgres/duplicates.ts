import type { Table } from '../../model/catalog.js'
import type { DuplicateCounts, Duplicates } from '../../model/duplicates.js'
import { UserError } from '../../model/errors.js'
import type { ResolvedKeySet } from '../../model/verdict.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, PostgresDriver, ReadTransaction } from './driver.js'
import {
  allRows,
  countBornTogether,
  countGroups,
  describeGroups,
  type Groups,
  type Rows,
  sampleGroups,
  withinSecond,
} from './duplicates-exact.js'
import { type CountedKeySet, prepareKeySet } from './duplicates-key.js'
import { countReferences } from './duplicates-references.js'
import { failed, noEquality, whyNotCounted } from './duplicates-refused.js'

/**
 * Counts the key sets of one table in one snapshot. What fails for one of them is told in its own answer; a lost
 * connection and a cancellation reject.
 */
export async function countDuplicates(
  driver: PostgresDriver,
  table: Table,
  keySets: readonly ResolvedKeySet[],
  options: CountOptions,
): Promise<readonly Duplicates[]> {
  const refused = whyNotCounted(table, options)
  if (refused !== null) return keySets.map(() => refused)
  return driver.readOnly(async ({ attempt }) => {
    const transaction = { attempt, query: queryBy(attempt) }
    const answers: Duplicates[] = []
    for (const keySet of keySets) {
      answers.push(await orFailed(table, () => countKeySet(transaction, keySet, options)))
      options.onProgress?.(answers.length)
    }
    return answers
  })
}

/** A query whose failure leaves the transaction usable. */
function queryBy(attempt: ReadTransaction['attempt']): ReadTransaction['query'] {
  return async <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => {
    const answer = await attempt<Row>(sql, values)
    if ('error' in answer) throw answer.error
    return answer.rows
  }
}

async function orFailed(table: Table, work: () => Promise<Duplicates>): Promise<Duplicates> {
  try {
    return await work()
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return failed(error, table)
  }
}

function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error) || error instanceof UserError) return false
  return 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
}

async function countKeySet(
  transaction: ReadTransaction,
  keySet: ResolvedKeySet,
  options: CountOptions,
): Promise<Duplicates> {
  const counted = await prepareKeySet(transaction, keySet)
  if (counted instanceof Error) throw counted
  const without = counted.lookup.values.find(({ type }) => !type.groups)
  if (without !== undefined) return noEquality(counted.table, `"${without.label}"`)
  return describe(transaction, counted, allRows, options)
}

async function describe(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  options: CountOptions,
): Promise<DuplicateCounts> {
  const found = await describeGroups(transaction, counted, rows)
  const { lookup, constraint, stamp } = counted
  const totals = constraint === null ? found : await countGroups(transaction, constraint, rows)
  const any = found.groups > 0
  const references = any ? await countReferences(transaction, counted, rows, options.budget) : { rows: 0, notes: [] }
  return {
    counted: true,
    exact: true,
    nulls: lookup.values.some(({ groupsNulls }) => groupsNulls) ? 'grouped' : 'excluded',
    groups: found.groups,
    surplusRows: found.surplus,
    largestGroup: found.largest,
    identicalGroups: found.identical,
    divergentGroups: found.groups - found.identical,
    constraintGroups: totals.groups,
    constraintSurplusRows: totals.surplus,
    referencesToSurplus: references.rows,
    firstSeen: found.first,
    lastSeen: found.last,
    bornWithinSecond:
      stamp === null || !withinSecond(counted) ? null : await bornTogether(transaction, counted, rows, found),
    samples: any && options.samples > 0 ? await sampleGroups(transaction, counted, rows, options.samples) : [],
    notes: [...counted.notes, ...references.notes],
  }
}

function bornTogether(transaction: ReadTransaction, counted: CountedKeySet, rows: Rows, found: Groups) {
  return found.unsure === 0 ? found.born : countBornTogether(transaction, counted, rows)
}
