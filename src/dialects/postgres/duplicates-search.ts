import type { Table } from '../../model/catalog.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { allRows, countGroups, type Rows } from './duplicates-exact.js'
import type { Key } from './duplicates-key.js'
import { hasPlaces, locate, locateByIndex, readsIndex, type Wanted, withHash } from './duplicates-locate.js'
import { isDatabaseError } from './duplicates-refused.js'
import { type HashedKey, isHashed, type Suspects, screen } from './duplicates-screen.js'
import { asFound, forScans, forScreens, type Settings } from './duplicates-settings.js'
import { readStatistics } from './statistics.js'

/** Where the duplicate groups of a key are. */
export type Found =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'rows'
      /** Hold every duplicate group whole, and perhaps other rows. */
      readonly rows: Rows
      /** `direct`: few, or gone straight to. `listed`: by hashes, in a scan of the table. `crowded`: nearly all rows. */
      readonly how: 'direct' | 'listed' | 'crowded'
      /** False after `--exists`: not all groups are among them. */
      readonly all: boolean
    }

/** Below this, a look at all rows takes less time than a plan. */
const SMALL = { rows: 50_000, bytes: 16 * 1024 * 1024 }
/** More rows than this aren't fetched one by one. */
const MOST_PLACES = 200_000
/** With fewer distinct keys per row than this, nearly every row is in a group, and a search finds nothing to leave out. */
const SPARSE = 0.5
/** Keys screened in one statement. */
const TOGETHER = 8

const none: Found = { kind: 'none' }
const everything: Found = { kind: 'rows', rows: allRows, how: 'direct', all: true }

const crowded: Found = { kind: 'rows', rows: allRows, how: 'crowded', all: true }

type Answer = Found | DatabaseError

/**
 * Finds the rows of each key's duplicate groups, in as few scans as possible. Keys of one table; answers in their order.
 * A key that fails has its error as the answer.
 */
export async function search(
  transaction: ReadTransaction,
  settings: Settings,
  table: Table,
  keys: readonly Key[],
  { exists }: Pick<CountOptions, 'exists'>,
): Promise<Answer[]> {
  if (isSmall(table)) return keys.map(() => everything)
  const answers: (Answer | null)[] = []
  await asFound(transaction.query, settings)
  for (const key of keys) answers.push(await byIndex(transaction, table, key, exists))
  const distinct = await distinctness(transaction, table)
  const open = keys.flatMap((key, at) => (answers[at] === null ? [{ key, at }] : []))
  const hashed = open.filter(
    (each): each is { key: HashedKey; at: number } => isHashed(each.key) && !isCrowded(each.key, distinct, exists),
  )
  for (let start = 0; start < hashed.length; start += TOGETHER) {
    const chunk = hashed.slice(start, start + TOGETHER)
    const found = await byHash(
      transaction,
      settings,
      table,
      chunk.map(({ key }) => key),
      exists,
    )
    for (const [n, { at }] of chunk.entries()) answers[at] = found[n] ?? null
  }
  await forScans(transaction.query, settings)
  for (const { key, at } of open) answers[at] ??= await byCounting(transaction, key)
  return answers.map((answer) => answer ?? everything)
}

function isSmall({ estimatedRows, bytes }: Table): boolean {
  return estimatedRows === null ? bytes !== null && bytes <= SMALL.bytes : estimatedRows <= SMALL.rows
}

async function guarded<T>(work: () => Promise<T>): Promise<T | DatabaseError> {
  try {
    return await work()
  } catch (error) {
    if (isDatabaseError(error)) return error
    throw error
  }
}

async function byIndex(transaction: ReadTransaction, table: Table, key: Key, exists: boolean): Promise<Answer | null> {
  if (!hasPlaces(table) || !(await readsIndex(transaction, key))) return null
  const rows = await guarded(() => locateByIndex(transaction.query, key, exists))
  if (rows === null || rows instanceof Error) return rows
  return rows === 'none' ? none : { kind: 'rows', rows, how: 'direct', all: !exists }
}

/** Distinct keys per row as the planner believes, at most; 1 where it doesn't know. */
type Distinctness = (key: Key) => number

async function distinctness({ query }: ReadTransaction, table: Table): Promise<Distinctness> {
  const statistics = await guarded(() => readStatistics(query, [table]))
  const columns = statistics instanceof Error ? [] : (statistics[0]?.columns ?? [])
  const rows = table.estimatedRows ?? 0
  return ({ values }) => {
    const names = [...new Set(values.flatMap((value) => value.columns))]
    const counts = names.map((name) => columns.find(({ column }) => column === name)?.distinctness ?? null)
    if (rows === 0 || counts.length === 0 || counts.includes(null)) return 1
    return counts.reduce<number>((product, share) => product * (share ?? 1) * rows, 1) / rows
  }
}

function isCrowded(key: Key, distinct: Distinctness, exists: boolean): boolean {
  return !exists && distinct(key) < SPARSE
}

/** Of keys that are no integers and have no hash, at least nothing is stored when there is nothing to find. */
async function byCounting(transaction: ReadTransaction, key: Key): Promise<Answer> {
  if (isHashed(key)) return crowded
  const totals = await guarded(() => countGroups(transaction, key, allRows))
  if (totals instanceof Error) return totals
  return totals.groups === 0 ? none : everything
}

async function byHash(
  transaction: ReadTransaction,
  settings: Settings,
  table: Table,
  keys: readonly HashedKey[],
  exists: boolean,
): Promise<Answer[]> {
  await forScreens(transaction.query, settings)
  const suspects = await screenEach(transaction, settings, keys, exists)
  await forScans(transaction.query, settings)
  const answers: Answer[] = []
  const wanted: (Wanted & { readonly at: number })[] = []
  for (const [at, key] of keys.entries()) {
    const found = suspects[at]
    if (found === undefined) answers.push(everything)
    else if (found instanceof Error) answers.push(unhashable(found) ? everything : found)
    else if (found.hashes === 0) answers.push(none)
    else if (found.list === null) answers.push(crowded)
    else if (exists) answers.push(await firstOf(transaction, table, key, found.list))
    else {
      answers.push({ kind: 'rows', rows: withHash(key, found.list), how: 'listed', all: true })
      if (found.rows <= MOST_PLACES && hasPlaces(table)) wanted.push({ key, list: found.list, at })
    }
  }
  for (const group of byFrom(wanted)) {
    const places = await guarded(() => locate(transaction.query, group))
    for (const [n, { at }] of group.entries()) {
      const rows = places instanceof Error ? undefined : places[n]
      if (rows !== undefined) answers[at] = { kind: 'rows', rows, how: 'direct', all: true }
    }
  }
  return answers
}

/** A value out of the hash function's range, or a member of a composite type without one; grouping may do without. */
function unhashable({ code }: DatabaseError): boolean {
  return code === '42883' || code?.startsWith('22') === true
}

/** One suspect is enough; should it be two keys that share a hash, then all of them. */
async function firstOf(transaction: ReadTransaction, table: Table, key: HashedKey, list: string): Promise<Answer> {
  const [hash] = list.slice(1, -1).split(',')
  const first = `{${hash}}`
  const found = await guarded(async () => {
    const [places] = hasPlaces(table) ? await locate(transaction.query, [{ key, list: first }]) : []
    const rows = places ?? withHash(key, first)
    return { rows, totals: await countGroups(transaction, key, rows) }
  })
  if (found instanceof Error) return found
  return found.totals.groups > 0
    ? { kind: 'rows', rows: found.rows, how: 'direct', all: false }
    : { kind: 'rows', rows: withHash(key, list), how: 'listed', all: true }
}

function byFrom<Each extends Wanted>(wanted: readonly Each[]): Each[][] {
  return [...new Set(wanted.map(({ key }) => key.from))].map((from) => wanted.filter(({ key }) => key.from === from))
}

/** Together; if that fails, one by one, so that each has its own answer. */
async function screenEach(
  { query }: ReadTransaction,
  { workers }: Settings,
  keys: readonly HashedKey[],
  exists: boolean,
): Promise<(Suspects | DatabaseError)[]> {
  const run = async (some: readonly HashedKey[]): Promise<(Suspects | DatabaseError)[]> => {
    const found = await guarded(() => screen(query, some, { share: 'all', workers }))
    if (!(found instanceof Error)) return found
    if (some.length === 1) return [found]
    const alone: (Suspects | DatabaseError)[] = []
    for (const key of some) alone.push(...(await run([key])))
    return alone
  }
  if (!exists) return run(keys)
  const early = await guarded(() => screen(query, keys, { share: 'sixteenth', workers }))
  const found: (Suspects | DatabaseError)[] = []
  for (const [at, key] of keys.entries()) {
    const suspects = early instanceof Error ? undefined : early[at]
    if (suspects !== undefined && suspects.hashes > 0 && suspects.list !== null) found.push(suspects)
    else found.push(...(await run([key])))
  }
  return found
}
