import type { Table } from '../../model/catalog.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError, ReadTransaction } from './driver.js'
import { allRows, countGroups, type Rows } from './duplicates-exact.js'
import { groupingIndex, locateByIndex, middleOf } from './duplicates-index.js'
import type { Key } from './duplicates-key.js'
import { hasPlaces, locate, type Wanted, withHash } from './duplicates-locate.js'
import { isDatabaseError } from './duplicates-refused.js'
import { type HashedKey, isHashed, type Suspects, screen } from './duplicates-screen.js'
import { asFound, forIndexScreens, forScans, forScreens, type Settings } from './duplicates-settings.js'
import { readStatistics } from './statistics.js'

/** Where the duplicate groups of a key are. */
export type Found =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'rows'
      /** Hold every duplicate group whole, and perhaps other rows. */
      readonly rows: Rows
      /**
       * `placed`: a moderate number, by their places. `few`: such a number, by the hashes of their keys, in a scan of
       * the table. `listed`: more, the same way. `crowded`: nearly all rows of a large table. `direct`: all rows, of a
       * small table or for want of a better way.
       */
      readonly how: 'placed' | 'few' | 'listed' | 'crowded' | 'direct'
      /** False after `--exists`: not all groups are among them. */
      readonly all: boolean
    }

/** Below this, a look at all rows takes less time than a plan. */
const SMALL = { rows: 50_000, bytes: 16 * 1024 * 1024 }
/** More rows than this aren't kept at a time, nor fetched one by one. */
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
  for (const key of keys) answers.push(await byIndex(transaction, settings, table, key, exists))
  const crowds = exists ? () => false : await crowdsOf(transaction, table)
  const open = (): { readonly key: Key; readonly at: number }[] =>
    keys.flatMap((key, at) => (answers[at] === null ? [{ key, at }] : []))
  const inherit = () => {
    for (const { key, at } of open()) answers[at] = fromNarrower(key, keys, answers)
  }
  const screenable = () =>
    open().filter((each): each is { key: HashedKey; at: number } => isHashed(each.key) && !crowds(each.key))
  const screenAll = async (chosen: readonly { readonly key: HashedKey; readonly at: number }[]) => {
    for (let start = 0; start < chosen.length; start += TOGETHER) {
      const chunk = chosen.slice(start, start + TOGETHER)
      const some = chunk.map(({ key }) => key)
      const found = await byHash(transaction, settings, table, some, exists)
      for (const [n, { at }] of chunk.entries()) answers[at] = found[n] ?? everything
    }
  }
  inherit()
  const first = screenable()
  await screenAll(first.filter(({ key }) => !first.some((other) => contains(key, other.key))))
  inherit()
  await screenAll(screenable())
  await forScans(transaction.query, settings)
  for (const { key, at } of open()) answers[at] = await byCounting(transaction, key)
  return answers.map((answer) => answer ?? everything)
}

/** Whether rows that share the wide key always share the narrow one. */
function contains(wide: Key, narrow: Key): boolean {
  return (
    narrow.from === wide.from &&
    narrow.values.length < wide.values.length &&
    narrow.values.every(({ sql, groupsNulls }) =>
      wide.values.some((value) => value.sql === sql && value.groupsNulls === groupsNulls),
    ) &&
    narrow.conditions.every((condition) => wide.conditions.includes(condition))
  )
}

/** The groups of a wider key are within those of a narrower one. */
function fromNarrower(key: Key, keys: readonly Key[], answers: readonly (Answer | null)[]): Answer | null {
  const found = keys.flatMap((other, at) => (contains(key, other) ? (answers[at] ?? []) : []))
  return found.find((answer) => !(answer instanceof Error) && isPlain(answer)) ?? null
}

const isPlain = (found: Found): boolean =>
  found.kind === 'none' || (found.all && (found.how === 'placed' || found.how === 'few'))

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

async function byIndex(
  transaction: ReadTransaction,
  settings: Settings,
  table: Table,
  key: Key,
  exists: boolean,
): Promise<Answer | null> {
  if (!hasPlaces(table)) return null
  await asFound(transaction.query, settings)
  const index = await groupingIndex(transaction, key)
  if (index === null) return null
  const rows = await guarded(async () => {
    const middle = exists || settings.workers < 2 ? null : await middleOf(transaction, table, key, index)
    await forIndexScreens(transaction.query, settings)
    return locateByIndex(transaction.query, key, { exists, middle })
  })
  if (rows === null || rows instanceof Error) return rows
  return rows === 'none' ? none : { kind: 'rows', rows, how: 'placed', all: !exists }
}

/** Tells of a key whether the planner believes that most of its rows share it with others. */
async function crowdsOf({ query }: ReadTransaction, table: Table): Promise<(key: Key) => boolean> {
  const statistics = await guarded(() => readStatistics(query, [table]))
  const columns = statistics instanceof Error ? [] : (statistics[0]?.columns ?? [])
  const rows = table.estimatedRows ?? 0
  return ({ values }) => {
    const names = [...new Set(values.flatMap((value) => value.columns))]
    const shares = names.map((name) => columns.find(({ column }) => column === name)?.distinctness ?? null)
    if (rows === 0 || shares.length === 0 || shares.includes(null)) return false
    return shares.reduce<number>((product, share) => product * (share ?? 1) * rows, 1) / rows < SPARSE
  }
}

/** Without a hash, at least nothing is compared column by column when there is nothing to find. */
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
  const suspects = await screenEach(transaction, settings, table, keys, exists)
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
      const how = found.rows <= MOST_PLACES ? 'few' : 'listed'
      answers.push({ kind: 'rows', rows: withHash(key, found.list), how, all: true })
      if (how === 'few' && hasPlaces(table)) wanted.push({ key, list: found.list, at })
    }
  }
  // One key's rows are read where they are found; for several it pays to find them together first.
  for (const group of byFrom(wanted).filter(({ length }) => length > 1)) {
    const places = await guarded(() => locate(transaction.query, group))
    for (const [n, { at }] of group.entries()) {
      const rows = places instanceof Error ? undefined : places[n]
      if (rows !== undefined) answers[at] = { kind: 'rows', rows, how: 'placed', all: true }
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
    const how = places === undefined ? ('few' as const) : ('placed' as const)
    return { rows, how, totals: await countGroups(transaction, key, rows) }
  })
  if (found instanceof Error) return found
  return found.totals.groups > 0
    ? { kind: 'rows', rows: found.rows, how: found.how, all: false }
    : { kind: 'rows', rows: withHash(key, list), how: 'listed', all: true }
}

function byFrom<Each extends Wanted>(wanted: readonly Each[]): Each[][] {
  return [...new Set(wanted.map(({ key }) => key.from))].map((from) => wanted.filter(({ key }) => key.from === from))
}

/** Together; if that fails, one by one, so that each has its own answer. */
async function screenEach(
  { query }: ReadTransaction,
  { workers, workMem }: Settings,
  { estimatedRows: rows }: Table,
  keys: readonly HashedKey[],
  exists: boolean,
): Promise<(Suspects | DatabaseError)[]> {
  const options = { workers, workMem, rows }
  const run = async (some: readonly HashedKey[]): Promise<(Suspects | DatabaseError)[]> => {
    const found = await guarded(() => screen(query, some, { ...options, share: 'all' }))
    if (!(found instanceof Error)) return found
    if (some.length === 1) return [found]
    const alone: (Suspects | DatabaseError)[] = []
    for (const key of some) alone.push(...(await run([key])))
    return alone
  }
  if (!exists) return run(keys)
  const early = await guarded(() => screen(query, keys, { ...options, share: 'sixteenth' }))
  const found: (Suspects | DatabaseError)[] = []
  for (const [at, key] of keys.entries()) {
    const suspects = early instanceof Error ? undefined : early[at]
    if (suspects !== undefined && suspects.hashes > 0 && suspects.list !== null) found.push(suspects)
    else found.push(...(await run([key])))
  }
  return found
}
