import type { Table } from '../../model/catalog.js'
import type { Duplicates } from '../../model/duplicates.js'
import type { ResolvedKeySet } from '../../model/verdict.js'
import type { CountOptions } from '../dialect.js'
import type { MysqlDriver, ReadTransaction } from './driver.js'
import { describe } from './duplicates-describe.js'
import type { Weights } from './duplicates-hash.js'
import { type CountedKeySet, type Key, prepareKeySet } from './duplicates-key.js'
import { failed, noEquality, whyNotCounted } from './duplicates-refused.js'
import { type Answer, type Found, search } from './duplicates-search.js'
import { isServerError } from './errors.js'

/**
 * Counts the key sets of one table in one snapshot. What fails for one of them is told in its own answer; a lost
 * connection and a cancellation reject.
 */
export async function countDuplicates(
  driver: MysqlDriver,
  table: Table,
  keySets: readonly ResolvedKeySet[],
  options: CountOptions,
): Promise<readonly Duplicates[]> {
  const refused = whyNotCounted(table, options)
  if (refused !== null) return keySets.map(() => refused)
  return driver.readOnly(async ({ attempt, server }) => {
    const transaction = { attempt, server, query: queryBy(attempt) }
    const weights: Weights = new Map()
    const prepared: (CountedKeySet | Duplicates)[] = []
    for (const keySet of keySets) prepared.push(await orFailed(table, () => prepare(transaction, keySet, weights)))
    const keys = prepared.flatMap((each) => (isRefused(each) ? [] : keysOf(each)))
    const places = await search(transaction, table, keys, options)
    const found = new Map(keys.map((key, at) => [key, places[at]]))
    const answers: Duplicates[] = []
    for (const each of prepared) {
      answers.push(
        isRefused(each)
          ? each
          : await orFailed(table, () => {
              const constraint = each.constraint === null ? null : foundOrThrow(found.get(each.constraint))
              return describe(transaction, each, { lookup: foundOrThrow(found.get(each.lookup)), constraint }, options)
            }),
      )
      options.onProgress?.(answers.length)
    }
    return answers
  })
}

const isRefused = (each: CountedKeySet | Duplicates): each is Duplicates => 'counted' in each

const keysOf = ({ lookup, constraint }: CountedKeySet): Key[] => (constraint === null ? [lookup] : [lookup, constraint])

/** A query whose failure leaves the transaction usable. */
function queryBy(attempt: ReadTransaction['attempt']): ReadTransaction['query'] {
  return async <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => {
    const answer = await attempt<Row>(sql, values)
    if ('error' in answer) throw answer.error
    return answer.rows
  }
}

async function orFailed<T>(table: Table, work: () => Promise<T>): Promise<T | Duplicates> {
  try {
    return await work()
  } catch (error) {
    if (!isServerError(error)) throw error
    return failed(error, table)
  }
}

async function prepare(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  weights: Weights,
): Promise<CountedKeySet | Duplicates> {
  const { table, parts } = resolved
  const without = parts.find(
    ({ origin, column }) =>
      origin === 'declared' && table.columns.some(({ name, hasEquality }) => name === column && !hasEquality),
  )
  return without === undefined ? prepareKeySet(transaction, resolved, weights) : noEquality(table, `"${without.label}"`)
}

function foundOrThrow(found: Answer | undefined): Found {
  if (found === undefined || found instanceof Error) throw found ?? new Error('a key was not searched')
  return found
}
