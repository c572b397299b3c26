import type { Table } from '../../model/catalog.js'
import type { CountOptions } from '../dialect.js'
import type { ReadTransaction } from './driver.js'
import { allRows, countGroups, type Rows } from './duplicates-exact.js'
import { groupingIndex } from './duplicates-index.js'
import type { Key } from './duplicates-key.js'
import { atPlaces, locate, placeOf, withHash } from './duplicates-locate.js'
import { type HashedKey, isHashed, type Suspects, screen, split } from './duplicates-screen.js'
import { isServerError, type ServerError } from './errors.js'

/** Where the duplicate groups of a key are. */
export type Found =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'rows'
      /** Hold every duplicate group whole, each in one of the parts, and perhaps other rows. */
      readonly rows: readonly Rows[]
      /** A moderate number of rows, so that each statement about them is cheap. */
      readonly few: boolean
      /** False after `--exists`: not all groups are among them. */
      readonly all: boolean
    }

export type Answer = Found | ServerError

/** Below this, a look at all rows takes less time than a plan. */
const SMALL = { rows: 20_000, bytes: 4 * 1024 * 1024 }
/** More rows than this aren't fetched one by one. */
const MOST_PLACES = 20_000

const none: Found = { kind: 'none' }
const everything: Found = { kind: 'rows', rows: [allRows], few: false, all: true }

/**
 * Finds the rows of each key's duplicate groups, in as few scans as possible. Keys of one table; answers in their order.
 * A key that fails has its error as the answer.
 */
export async function search(
  transaction: ReadTransaction,
  table: Table,
  keys: readonly Key[],
  { exists }: Pick<CountOptions, 'exists'>,
): Promise<Answer[]> {
  if (isSmall(table)) return keys.map(() => everything)
  const answers: (Answer | undefined)[] = keys.map(() => undefined)
  // A narrower key first: the groups of a wider one are within its rows.
  const order = keys.map((_, at) => at).sort((a, b) => (keys[a]?.values.length ?? 0) - (keys[b]?.values.length ?? 0))
  const pending: Pending[] = []
  for (const at of order) {
    const key = keys[at] as Key
    await settle(
      transaction,
      table,
      pending.filter((each) => contains(key, each.key)),
      answers,
    )
    answers[at] = fromNarrower(key, keys, answers)
    if (answers[at] !== undefined) continue
    const answer = await guarded(() => searchOne(transaction, table, key, exists))
    if ('suspects' in answer) pending.push({ at, key: answer.key, suspects: answer.suspects })
    else answers[at] = answer
  }
  await settle(transaction, table, pending, answers)
  return answers.map((answer) => answer ?? everything)
}

interface Pending {
  readonly at: number
  readonly key: HashedKey
  readonly suspects: Suspects
}

async function searchOne(
  transaction: ReadTransaction,
  table: Table,
  key: Key,
  exists: boolean,
): Promise<Found | { readonly key: HashedKey; readonly suspects: Suspects }> {
  if (!isHashed(key)) {
    const { groups } = await countGroups(transaction, key, allRows)
    return groups === 0 ? none : everything
  }
  const suspects = await screen(transaction, key, { place: placeOf(table), index: groupingIndex(table, key), exists })
  if (suspects === 'unhashed') return everything
  if (suspects === 'many') {
    const rows = await split(transaction, key)
    return rows === null ? everything : { kind: 'rows', rows, few: false, all: true }
  }
  if (suspects.hashes.length === 0) return none
  if (!exists) return { key, suspects }
  const [first] = suspects.hashes
  const rows = withHash(key, first === undefined ? [] : [first])
  const { groups } = await countGroups(transaction, key, rows)
  // Two keys may share a hash; that happens too seldom to be quick about it.
  return groups > 0 ? { kind: 'rows', rows: [rows], few: true, all: false } : everything
}

/** Finds where the suspects of several keys are, in one scan for all. */
async function settle(
  { query }: ReadTransaction,
  table: Table,
  pending: readonly Pending[],
  answers: (Answer | undefined)[],
): Promise<void> {
  const open = pending.filter(({ at }) => answers[at] === undefined)
  const few = open.filter(({ suspects }) => suspects.rows <= MOST_PLACES)
  const place = placeOf(table)
  for (const { at, key, suspects } of open)
    answers[at] = {
      kind: 'rows',
      rows: [withHash(key, suspects.hashes)],
      few: few.some((each) => each.at === at),
      all: true,
    }
  if (place === null || few.length === 0) return
  const found = await guarded(() => locate(query, place, few))
  if (found instanceof Error) return
  for (const [n, { at }] of few.entries())
    answers[at] = { kind: 'rows', rows: [atPlaces(place, found[n] ?? [])], few: true, all: true }
}

/** Whether rows that share the wide key always share the narrow one. */
function contains(wide: Key, narrow: Key): boolean {
  return (
    narrow.values.length < wide.values.length &&
    narrow.values.every(({ sql, groupsNulls }) =>
      wide.values.some((value) => value.sql === sql && value.groupsNulls === groupsNulls),
    ) &&
    narrow.conditions.every((condition) => wide.conditions.includes(condition))
  )
}

function fromNarrower(key: Key, keys: readonly Key[], answers: readonly (Answer | undefined)[]): Found | undefined {
  for (const [at, other] of keys.entries()) {
    const answer = answers[at]
    if (answer === undefined || answer instanceof Error || !contains(key, other)) continue
    if (answer.kind === 'none' || (answer.few && answer.all)) return answer
  }
  return undefined
}

function isSmall({ estimatedRows, bytes }: Table): boolean {
  return estimatedRows === null ? bytes !== null && bytes <= SMALL.bytes : estimatedRows <= SMALL.rows
}

async function guarded<T>(work: () => Promise<T>): Promise<T | ServerError> {
  try {
    return await work()
  } catch (error) {
    if (isServerError(error)) return error
    throw error
  }
}
