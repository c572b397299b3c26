import type { SqlLookup, SqlValue } from '../model/sql.js'
import { type Context, transactionOf } from './pairing.js'
import type { Looked, LookupState, Member } from './state.js'
import { comparable, copied, digestOf, hashOf, type Value } from './values.js'

/** Milliseconds that a COMMIT may take until other sessions see its rows. */
const SETTLING = 20
/** Statements that may lie between an INSERT and the lookup that asks how it went. */
const AFTERWARDS = 6

/** Counts a lookup, and remembers it until an INSERT of the same values comes. */
export function countLookup(context: Context, state: LookupState, sql: SqlLookup, written: readonly SqlValue[]): void {
  const { one, session, seq } = context
  state.lookups++
  countRows(state, one.rows)
  countLimit(context, state, sql)
  if (state.candidates === 0 && state.lookups > 200 && state.table.inserts > 0) return
  if (state.members.length === 0) return
  const values = readValues(context, state, written)
  if (!values) {
    state.withoutValues++
    return
  }
  const hash = hashOf(values, context.seed)
  const known = isKnown(context, state, hash)
  const retry = askHowItWent(context, state, hash)
  if (known === true) state.hits++
  else if (known === 'stale') state.staleHits++
  const looked: Looked = {
    by: state,
    hash,
    session: session.name,
    application: one.application,
    at: one.at,
    seq,
    nth: session.nth,
    transaction: transactionOf(session, one),
    rows: one.rows,
    endpoint: context.endpoint,
    known,
    retry,
    used: false,
    earlier: retry ? undefined : open(state.looked.get(hash)),
  }
  session.remember(looked)
  if (!retry) state.looked.set(hash, looked)
}

/** Clients that look up the same key at the same time. */
const AT_ONCE = 4

/** The lookups of the same key before this one that no INSERT followed yet: a short chain. */
function open(last: Looked | undefined): Looked | undefined {
  let first = last
  while (first?.used) first = first.earlier
  let at = first
  for (let n = 2; n < AT_ONCE && at; n++) at = at.earlier
  if (at) at.earlier = undefined
  return first
}

function countRows(state: LookupState, rows: number): void {
  if (!(rows >= 0)) return
  state.rowsKnown++
  state.rows += rows
  if (rows === 0) state.zeroRows++
  if (rows > 1) state.severalRows++
}

function countLimit({ reader }: Context, state: LookupState, sql: SqlLookup): void {
  if (sql.limit === null || sql.asks !== 'rows') return
  const limit = typeof sql.limit === 'number' ? sql.limit : Number(reader.read(sql.limit) ?? Number.NaN)
  if (limit > 2 && limit !== 21) state.severalWanted++
}

/** The values of its members; null if the log doesn't tell one, or it is a pattern. */
function readValues(context: Context, state: LookupState, written: readonly SqlValue[]): (string | null)[] | null {
  const values: (string | null)[] = []
  for (let at = 0; at < written.length; at++) {
    const member = state.members[at]
    const from = written[at]
    if (!member || !from || (member.kind !== 'value' && member.kind !== 'list')) continue
    const value = member.kind === 'list' ? onlyElement(context.reader.read(from)) : context.reader.read(from)
    if (value === undefined) return null
    if (member.match === 'like' && value !== null && /(?<!\\)[%_]/.test(value)) {
      if (/(?<!\\)%/.test(value)) return null
    }
    note(context, member, from, value)
    if (member.kind === 'value') values.push(comparable(value, member.match))
  }
  return values
}

/** `{a}` → a; undefined where an array holds several. */
function onlyElement(value: Value): Value {
  return typeof value === 'string' && /^\{[^,{}"]*\}$/.test(value) ? value.slice(1, -1) : undefined
}

function note({ reader }: Context, member: Member, from: SqlValue, value: string | null): void {
  if (from.kind === 'parameter') member.bound++
  else if (reader.parameters() !== null) member.literalsBesideBound++
  if (value === null) {
    member.nulls++
    return
  }
  if (member.digests.size < 4) member.digests.add(digestOf(value))
  if (member.varied) return
  // A copy: a part of a text would hold on to all of the log that was read with it.
  if (member.only === null) member.only = copied(value)
  else if (member.only !== value) {
    member.varied = true
    member.only = null
  }
}

function isKnown({ session, one, seq }: Context, state: LookupState, hash: number): Looked['known'] {
  const known = state.known.get(hash)
  if (!known) return false
  if (known.session !== session.name) {
    if (!known.visible) return false
    const settled = Number.isNaN(one.at) ? seq - known.visibleSeq > 50 : one.at - known.visibleAt > SETTLING
    if (!settled) return false
  }
  return known.changes === state.table.changes ? true : 'stale'
}

/** Whether this lookup follows an INSERT of the same key that failed; counts what it tells of the INSERT. */
function askHowItWent({ session }: Context, state: LookupState, hash: number): boolean {
  for (let at = session.inserts.length - 1; at >= 0; at--) {
    const inserted = session.inserts[at]
    if (!inserted || session.nth - inserted.nth > AFTERWARDS) return false
    if (inserted.state.table !== state.table) continue
    const counted = inserted.counted.find(({ pair, hash: its }) => pair.lookup === state && its === hash)
    if (!counted) continue
    if (inserted.ended !== 'unknown') {
      counted.pair.retried++
      return true
    }
    if (counted.as === 'race' && counted.race) counted.race.outcome = 'violation'
    if (counted.before) counted.pair.repeatThenLookup++
    else counted.pair.readBack++
    return counted.before !== undefined
  }
  return false
}
