import { mask } from '../model/mask.js'
import type { Race } from '../model/profile.js'
import type { SqlInsert, SqlValue } from '../model/sql.js'
import type { LoggedStatement } from '../model/statement.js'
import { add } from './bounded.js'
import type { Counted, Inserted, Session } from './session.js'
import type { InsertState, Known, Looked, Mutable, PairState } from './state.js'
import { comparable, hashOf, isBoolean, isTelling, readable, type ValueReader } from './values.js'

/** Statements between lookup and INSERT that are near each other. */
const NEAR = 8
/** Milliseconds within which a lookup in another session is the same client's behind a pooler. */
const ACROSS = 5_000

export interface Context {
  readonly one: LoggedStatement
  readonly session: Session
  readonly reader: ValueReader
  readonly seq: number
  readonly seed: number
  readonly endpoint: string
  readonly showValues: boolean
}

/** Pairs every row of an INSERT with the lookups of the same values before it. */
export function pairInsert(context: Context, state: InsertState, sql: SqlInsert): Inserted {
  const counted: Counted[] = []
  state.table.inserts++
  state.inserts++
  if (context.endpoint && state.endpoints.size < 50) state.endpoints.add(context.endpoint)
  const candidates = state.candidates()
  for (const row of sql.rows)
    for (const pair of candidates) {
      const values = memberValues(context, pair, row)
      if (values) counted.push(countRow(context, pair, values))
    }
  const done: Inserted = {
    state,
    text: hashOf([context.one.text]),
    nth: context.session.nth,
    counted,
    ended: 'unknown',
  }
  return done
}

/** The row's values of the lookup's members; null if the row isn't what the lookup looks for, or they aren't known. */
function memberValues(context: Context, pair: PairState, row: readonly SqlValue[]): (string | null)[] | null {
  const values: (string | null)[] = []
  for (let at = 0; at < pair.columns.length; at++) {
    const member = pair.lookup.members[at]
    const column = pair.columns[at] ?? -1
    if (!member) continue
    if (column < 0) continue
    const written = row[column]
    const value = written && context.reader.read(written)
    if (member.kind === 'value') {
      if (value === undefined) {
        pair.insert.withoutValues++
        return null
      }
      values.push(comparable(value, member.match))
    } else if (value !== undefined) {
      if (member.kind === 'null' && value !== null) return null
      if ((member.kind === 'true' || member.kind === 'false') && !isBoolean(value, member.kind === 'true')) return null
    }
  }
  return values
}

function countRow(context: Context, pair: PairState, values: (string | null)[]): Counted {
  const { session, one, seq } = context
  const { lookup } = pair
  const hash = hashOf(values, context.seed)
  let looked = session.looked(pair, hash, one.at)
  if (looked && deletedSince(context, pair, values, looked)) {
    pair.replaced++
    looked = undefined
  }
  const before = lookup.known.get(hash)
  const known: Known = {
    session: session.name,
    seq,
    visible: false,
    visibleAt: Number.NaN,
    visibleSeq: 0,
    changes: lookup.table.changes,
    paired: looked !== undefined,
  }
  const across = looked ? undefined : lookedAcross(context, pair, hash)
  const as = outcome(context, pair, looked, before, across)
  lookup.known.set(hash, known)
  let race: Mutable<Race> | null = null
  if (as === 'race' && looked && before) race = keepRace(context, pair, values, before)
  else if (as !== 'first' && as !== 'race') pair[as]++
  if (looked) countPair(context, pair, looked, values)
  else if (across) countAcross(pair, across, values)
  else if (as === 'first') pair.unpaired++
  return { pair, hash, as, paired: looked !== undefined || across !== undefined, before, known, race }
}

/** What the row says of its key: whether there was one already, and whether its client could know. */
function outcome(
  context: Context,
  pair: PairState,
  looked: Looked | undefined,
  before: Known | undefined,
  across: Looked | undefined,
): Counted['as'] {
  if (!before) {
    if (looked && looked.rows > 0 && pair.lookup.asks === 'rows') return 'anyway'
    return 'first'
  }
  const changed = before.changes !== pair.lookup.table.changes
  if (looked?.known === true && !looked.used) return changed ? 'anywayChanged' : 'anyway'
  if (looked?.known === 'stale' && !looked.used) return 'anywayChanged'
  if (looked && !looked.used && before.session !== context.session.name) return before.paired ? 'race' : 'first'
  if (looked && !looked.used && looked.known === false && before.seq < looked.seq) return 'first'
  // Behind a pooler two clients' lookups may both precede both INSERTs: no proof of a race, but no history either.
  if (across) return 'first'
  return changed ? 'repeatsChanged' : 'repeats'
}

function countPair(context: Context, pair: PairState, looked: Looked, values: readonly (string | null)[]): void {
  const { session, one } = context
  if (looked.used) return
  looked.used = true
  pair.pairs++
  const same = looked.transaction !== '' && looked.transaction === transactionOf(session, one)
  if (same) pair.sameTransaction++
  if (same || session.nth - looked.nth <= NEAR) pair.near++
  if (looked.rows === 0) pair.zeroRows++
  if (looked.rows > 0 && pair.lookup.asks === 'rows') pair.someRows++
  if (values.some(isTelling)) pair.telling++
  const window = one.at - looked.at
  if (window >= 0) {
    const bucket = window < 1 ? 0 : Math.floor(Math.log2(window)) + 1
    while (pair.windows.length <= bucket) pair.windows.push(0)
    pair.windows[bucket] = (pair.windows[bucket] ?? 0) + 1
    pair.longest = Math.max(pair.longest ?? 0, window)
  }
  if (session.isolation) add(pair.isolation, session.isolation)
  for (const endpoint of [looked.endpoint, context.endpoint])
    if (endpoint && pair.endpoints.size < 50) pair.endpoints.add(endpoint)
}

/** The lookup of the same values by another session that may be the same client behind a pooler; the newest unused. */
function lookedAcross(context: Context, pair: PairState, hash: number): Looked | undefined {
  const { one, session, seq } = context
  for (let other = pair.lookup.looked.get(hash); other; other = other.earlier) {
    if (other.session === session.name || other.used || other.known) continue
    if (other.application !== one.application) continue
    if (Number.isNaN(one.at) ? seq - other.seq < 500 : one.at - other.at < ACROSS) return other
  }
  return undefined
}

function countAcross(pair: PairState, across: Looked, values: readonly (string | null)[]): void {
  across.used = true
  pair.cross++
  if (values.some(isTelling)) pair.telling++
}

/** Of the log where it tells it, else counted in the session; '' outside of any. */
export const transactionOf = (session: Session, one: LoggedStatement): string =>
  one.transaction || (session.inTransaction ? `${session.name}#${session.transaction}` : '')

/** Whether the session itself deleted rows with this key after it had looked it up. */
function deletedSince(context: Context, pair: PairState, values: readonly (string | null)[], looked: Looked): boolean {
  const deleted = context.session.deletes.get(pair.lookup.table)
  if (!deleted || deleted.nth < looked.nth) return false
  const keys = pair.lookup.members.filter(({ kind }) => kind === 'value')
  let agree = 0
  deleted.columns.forEach((column, at) => {
    const place = keys.findIndex((member) => member.column === column)
    if (place >= 0 && values[place] === deleted.values[at]) agree++
  })
  return agree > 0
}

function keepRace(context: Context, pair: PairState, values: readonly (string | null)[], before: Known): Mutable<Race> {
  const { one, session, showValues } = context
  const key: Record<string, string | null> = {}
  pair.lookup.members
    .filter(({ kind }) => kind === 'value')
    .forEach(({ column }, at) => {
      const value = values[at] ?? null
      const text = value === null ? null : readable(value)
      key[column] = showValues ? text : mask(text)
    })
  const race: Mutable<Race> = {
    at: Number.isNaN(one.at) ? null : new Date(one.at).toISOString(),
    sessions: [before.session, session.name],
    key,
    outcome: 'two-rows',
  }
  pair.races++
  pair.raceExamples.push({ race, at: one.at })
  if (pair.raceExamples.length > 64) pair.raceExamples = earliest(pair.raceExamples, 32)
  return race
}

const earliest = (examples: PairState['raceExamples'], n: number): PairState['raceExamples'] =>
  [...examples].sort((a, b) => a.at - b.at).slice(0, n)

/** Takes back what an INSERT counted, since its rows never came to be. */
export function undo(one: Inserted, failed: boolean, constraint: string | null): void {
  for (const counted of one.counted) {
    const { pair, hash, as, before, known, race } = counted
    const { known: keys } = pair.lookup
    if (keys.get(hash) === known) {
      if (before) keys.set(hash, before)
      else keys.delete(hash)
    }
    if (as !== 'first' && as !== 'race') pair[as]--
    else if (as === 'first' && !counted.paired && pair.unpaired > 0) pair.unpaired--
    if (race) race.outcome = 'violation'
    if (failed && counted.paired) pair.violations++
    if (constraint && counted.paired) pair.constraints.add(constraint)
  }
}

/** Others see its rows from now on. */
export function publish(one: Inserted, at: number, seq: number): void {
  for (const { known } of one.counted) {
    known.visible = true
    known.visibleAt = at
    known.visibleSeq = seq
  }
}
