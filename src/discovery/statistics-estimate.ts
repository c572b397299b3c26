import type { Idiom } from '../model/keyset.js'
import type { Grade, ProfileInsert, ProfileLookup } from '../model/profile.js'

/** Sums over the lookups of a key set and the INSERTs of its table. */
export interface Sums {
  /** Executions of the lookups. */
  readonly calls: number
  /** Of these, the ones whose rows are known and tell whether the key was there; and their rows. */
  readonly telling: number
  readonly rows: number
  /** Rows that the INSERTs wrote or tried to write. */
  readonly inserts: number
  /** INSERTs that failed. */
  readonly errors: number
}

export type Judged =
  | { readonly grade: Grade; readonly idiom: Idiom; readonly because: string; readonly sums: Sums }
  /** Why it is no get-or-create, in kebab-case. */
  | { readonly reason: string }

/** Rows per lookup from which it wants several. */
const SEVERAL = 1.2
/** The lesser of misses and INSERTs as a share of the greater: from here they agree, and from here they may. */
const AGREES = 0.7
const MAY_AGREE = 0.55

/** What the sums say: lookups that found nothing are about as many as INSERTs where one follows from the other. */
export function estimate(lookups: readonly ProfileLookup[], inserts: readonly ProfileInsert[]): Judged {
  const sums = sumsOf(lookups, inserts)
  const { calls, telling, rows, errors } = sums
  if (telling > 0 && rows > telling * SEVERAL) return { reason: 'several-rows-per-lookup' }
  if (isAsked(lookups, errors, sums)) {
    const because = `${errors} INSERTs failed, and there are ${calls} lookups, which found ${rows} rows.`
    return { grade: 'D', idiom: 'insert-first', because, sums }
  }
  if (telling === 0) return withoutRows(sums)
  const misses = Math.max(0, telling - rows)
  const share = shareOf(misses, sums.inserts)
  const because = `Of ${telling} lookups about ${misses} found nothing (${rows} rows), and ${sums.inserts} rows were inserted.`
  const idiom = lookups.some(({ asks }) => asks === 'rows') ? 'select-insert' : 'validator'
  // One value, as far as anybody can tell.
  const listed = lookups.some(({ members }) => members.some(({ kind }) => kind === 'list'))
  if (share >= AGREES) return { grade: listed ? 'D' : 'C', idiom, because, sums }
  if (share >= MAY_AGREE && !listed) return { grade: 'D', idiom, because, sums }
  return { reason: misses < sums.inserts ? 'found-more-than-inserted' : 'missed-more-than-inserted' }
}

/** COUNT and EXISTS answer with a row, whatever they found. */
function withoutRows(sums: Sums): Judged {
  const { calls, inserts } = sums
  if (shareOf(calls, inserts) < MAY_AGREE) return { reason: 'looked-up-more-or-less-often-than-inserted' }
  const because = `${calls} checks whether there is a row, and ${inserts} rows inserted.`
  return { grade: 'D', idiom: 'validator', because, sums }
}

/** Lookups that always find a row, about as often as INSERTs failed. */
const isAsked = (lookups: readonly ProfileLookup[], errors: number, { calls, telling, rows }: Sums): boolean =>
  errors > 0 &&
  lookups.every(({ asks }) => asks === 'rows') &&
  rows >= telling * 0.9 &&
  shareOf(calls, errors) >= AGREES

const shareOf = (a: number, b: number): number => (Math.max(a, b) === 0 ? 0 : Math.min(a, b) / Math.max(a, b))

function sumsOf(lookups: readonly ProfileLookup[], inserts: readonly ProfileInsert[]): Sums {
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
  const telling = lookups.filter(tells)
  return {
    calls: sum(lookups.map(({ totals }) => totals.calls)),
    telling: sum(telling.map(({ totals }) => totals.callsWithRows)),
    rows: sum(telling.map(({ totals }) => totals.rows)),
    inserts: sum(inserts.map(insertsOf)),
    errors: sum(inserts.map(({ totals }) => totals.errors)),
  }
}

const tells = ({ asks, totals }: ProfileLookup): boolean =>
  totals.callsWithRows > 0 && (asks === 'rows' || totals.rows !== totals.callsWithRows) && asks !== 'count'

/** Several rows may be written at once; but what happens at a conflict is counted in other ways. */
export const insertsOf = ({ conflict, idiom, totals }: ProfileInsert): number =>
  conflict === null && idiom === 'plain' ? Math.max(totals.rows, totals.calls) : totals.calls
