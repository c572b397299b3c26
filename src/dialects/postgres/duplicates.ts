import type { Table } from '../../model/catalog.js'
import type { Duplicates } from '../../model/duplicates.js'
import type { ResolvedKeySet } from '../../model/verdict.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, PostgresDriver, ReadTransaction } from './driver.js'
import { describe } from './duplicates-describe.js'
import { type CountedKeySet, type Key, prepareKeySet } from './duplicates-key.js'
import { failed, isDatabaseError, noEquality, whyNotCounted } from './duplicates-refused.js'
import { type Found, search } from './duplicates-search.js'
import { readSettings } from './duplicates-settings.js'
import type { KnownTypes } from './duplicates-types.js'

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
    const types: KnownTypes = new Map()
    const prepared: (CountedKeySet | Duplicates)[] = []
    for (const keySet of keySets) prepared.push(await orFailed(table, () => prepare(transaction, keySet, types)))
    const settings = await readSettings(transaction.query)
    const keys = prepared.flatMap((each) => (isRefused(each) ? [] : keysOf(each)))
    const places = await search(transaction, settings, table, keys, options)
    const found = new Map(keys.map((key, at) => [key, places[at]]))
    const answers: Duplicates[] = []
    for (const each of prepared) {
      answers.push(
        isRefused(each)
          ? each
          : await orFailed(table, () => {
              const constraint = each.constraint === null ? null : foundOrThrow(found.get(each.constraint))
              return describe(
                transaction,
                settings,
                each,
                { lookup: foundOrThrow(found.get(each.lookup)), constraint },
                options,
              )
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
    if (!isDatabaseError(error)) throw error
    return failed(error, table)
  }
}

async function prepare(
  transaction: ReadTransaction,
  keySet: ResolvedKeySet,
  types: KnownTypes,
): Promise<CountedKeySet | Duplicates> {
  const counted = await prepareKeySet(transaction, keySet, types)
  if (counted instanceof Error) throw counted
  const without = counted.lookup.values.find(({ type }) => !type.groups)
  return without === undefined ? counted : noEquality(counted.table, `"${without.label}"`)
}

function foundOrThrow(found: Found | DatabaseError | undefined): Found {
  if (found === undefined || found instanceof Error) throw found ?? new Error('a key was not searched')
  return found
}
