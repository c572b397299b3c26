import type { Idiom } from '../model/keyset.js'
import type { Grade } from '../model/profile.js'
import { type Candidate, insertsOf, lookupsOf, sum } from './candidates.js'

/** Why it is no get-or-create, in kebab-case; null if it is one. */
export function reasonToDrop(candidate: Candidate): string | null {
  if (candidate.named.length > 0) return null
  return repeated(candidate) ?? elsewhere(candidate) ?? accident(candidate)
}

/** Rows are inserted for keys that are there already: a collection, a history, a queue. */
function repeated(candidate: Candidate): string | null {
  // A key that is there stops an INSERT with a rule for conflicts; and a join asks for more than the key.
  const plain = candidate.found.filter(({ insert, lookup }) => insert.conflict === null && !lookup.joins)
  const of = { found: plain }
  const lookups = [...new Set(plain.map(({ lookup }) => lookup))]
  const hits = lookups.reduce((all, one) => all + one.hits, 0)
  const stale = lookups.reduce((all, one) => all + one.staleHits, 0)
  const quiet = Math.max(0, hits - sum(of, 'anyway'))
  const quietStale = Math.max(0, stale - sum(of, 'anywayChanged'))
  const asked = sum(of, 'pairs') === 0 ? sum(of, 'repeatThenLookup') : 0
  const repeats = Math.max(0, sum(of, 'repeats') - asked)
  const again = sum(of, 'anyway') + repeats + sum(of, 'someRows')
  if (again > 0 && again / (again + quiet) > 0.3) return 'inserted-again-though-the-key-was-there'
  // UPDATEs take rows out of what a predicate asks for.
  if (candidate.key.predicate !== null) return null
  const changed = sum(of, 'anywayChanged') + Math.max(0, sum(of, 'repeatsChanged') - asked)
  if (changed > 1 && changed / (changed + quiet + quietStale + again) > 0.6) return 'inserted-again-after-changes'
  return null
}

/** One part of the application looks it up, and another inserts. */
function elsewhere(candidate: Candidate): string | null {
  const [pairs, cross, near] = [sum(candidate, 'pairs'), sum(candidate, 'cross'), sum(candidate, 'near')]
  const unpaired = sum(candidate, 'unpaired')
  if (pairs === 0 && sum(candidate, 'retried') === 0) {
    if (isInsertFirst(candidate)) return null
    if (cross < 3) return 'looked-up-by-one-session-and-inserted-by-another'
    if (cross < 2 * unpaired) return 'looked-up-in-one-place-and-inserted-in-another'
  }
  if (pairs > 0 && near === 0 && unpaired > pairs) return 'looked-up-in-one-place-and-inserted-in-another'
  if (pairs > 0 && near * 3 < pairs && sum(candidate, 'sameTransaction') === 0) return 'inserted-long-after-the-lookup'
  return null
}

function accident(candidate: Candidate): string | null {
  if (sum(candidate, 'pairs') !== 1 || sum(candidate, 'telling') > 0 || sum(candidate, 'zeroRows') > 0) return null
  const hits = lookupsOf(candidate).reduce((all, one) => all + one.hits, 0)
  return hits === 0 || sum(candidate, 'near') === 0 ? 'agreed-once-by-accident' : null
}

/** Lookups come after INSERTs of keys that were there, and hardly ever otherwise. */
function isInsertFirst(candidate: Candidate): boolean {
  const of = { found: candidate.found.filter(({ insert }) => insert.conflict === null) }
  const asked = sum(of, 'repeatThenLookup')
  const repeats = sum(of, 'repeats') + sum(of, 'repeatsChanged')
  return asked >= 2 && asked * 2 >= repeats
}

export function gradeOf(candidate: Candidate): Grade {
  const pairs = sum(candidate, 'pairs')
  if (pairs > 0) return sum(candidate, 'zeroRows') * 2 >= pairs ? 'A' : 'B'
  if (candidate.named.length > 0) return 'B'
  return sum(candidate, 'retried') > 0 && sum(candidate, 'violations') + sum(candidate, 'races') > 0 ? 'B' : 'C'
}

export function idiomOf(candidate: Candidate): Idiom {
  const { found, named } = candidate
  if (named.some(({ unless }) => unless !== null)) return 'not-exists'
  const paired = found.filter(({ pair }) => pair.pairs + pair.cross > 0)
  const plain = paired.filter(({ insert, pair }) => insert.conflict === null && pair.pairs + pair.cross > 0)
  if (named.length > 0 && plain.length === 0) return 'upsert'
  if (paired.length === 0 || (isInsertFirst(candidate) && sum(candidate, 'pairs') === 0)) return 'insert-first'
  return paired.some(({ lookup }) => lookup.asks === 'rows') ? 'select-insert' : 'validator'
}

/** One to three sentences: how sure, and why. */
export function because(candidate: Candidate): string[] {
  return [...main(candidate), ...doubts(candidate)].slice(0, 3)
}

function main(candidate: Candidate): string[] {
  const pairs = sum(candidate, 'pairs')
  const written = candidate.named.reduce((all, one) => all + one.inserts, 0)
  const lookups = lookupsOf(candidate).reduce((all, one) => all + one.lookups, 0)
  if (pairs > 0) {
    const same = sum(candidate, 'sameTransaction') * 2 > pairs ? 'transaction' : 'session'
    const zero = sum(candidate, 'zeroRows')
    const rows =
      zero > 0 ? `${zero} of these lookups are known to have found nothing` : "the log doesn't tell what they found"
    return [
      `${count(pairs, 'row')} followed one of ${count(lookups, 'lookup')} of the same values in the same ${same}; ${rows}.`,
    ]
  }
  if (written > 0) {
    const inside = candidate.named.some(({ unless }) => unless !== null)
    return [`${count(written, 'INSERT')} ${inside ? 'held the lookup inside' : 'named the key as what conflicts'}.`]
  }
  const asked = sum(candidate, 'retried') + sum(candidate, 'repeatThenLookup')
  if (idiomOf(candidate) === 'insert-first')
    return [
      `${count(asked, 'INSERT')} that failed, or whose key was there already, came before a lookup of the same values in the same session.`,
    ]
  return [
    `${count(sum(candidate, 'cross'), 'row')} followed a lookup of the same values, but never in the same session: as behind a pooler, or by accident.`,
  ]
}

function doubts(candidate: Candidate): string[] {
  const said: string[] = []
  const [races, violations] = [sum(candidate, 'races'), sum(candidate, 'violations')]
  if (races > 0) said.push(`${count(races, 'race')} of two sessions for the same key took place.`)
  if (violations > 0) said.push(`${count(violations, 'INSERT')} violated a constraint.`)
  const alone = sum(candidate, 'unpaired')
  const all = insertsOf(candidate).reduce((total, one) => total + one.inserts, 0)
  if (candidate.named.length === 0 && alone > sum(candidate, 'pairs') && all > 0)
    said.push(`${count(alone, 'row')} came without such a lookup.`)
  return said
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
