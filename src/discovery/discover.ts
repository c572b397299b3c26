import type { Idiom, Isolation } from '../model/keyset.js'
import type {
  DiscoveredKeySet,
  Discovery,
  Grade,
  NotAKeySet,
  Profile,
  ProfileInsert,
  ProfileLookup,
  ProfilePair,
} from '../model/profile.js'
import { byText, firstTexts } from './bounded.js'
import { type Key, keyOf } from './key.js'
import { byRace } from './profile.js'
import { fromSums } from './statistics.js'

interface Candidate {
  readonly key: Key
  readonly found: { readonly lookup: ProfileLookup; readonly insert: ProfileInsert; readonly pair: ProfilePair }[]
}

/** The key sets that a profile shows, and what was dropped. Pure. */
export function discover(profile: Profile): Discovery {
  const keySets: DiscoveredKeySet[] = []
  const dropped = new Map<string, NotAKeySet>()
  for (const candidate of candidates(profile)) {
    const reason = reasonToDrop(candidate)
    if (reason === null) keySets.push(keySet(candidate))
    else dropped.set(reason, { reason, count: (dropped.get(reason)?.count ?? 0) + 1, example: candidate.key.id })
  }
  const sums = fromSums(profile, new Set(keySets.map(({ id }) => id)))
  keySets.push(...sums.keySets)
  for (const { reason, example } of sums.dropped)
    dropped.set(reason, { example, reason, count: (dropped.get(reason)?.count ?? 0) + 1 })
  const cut = profile.notAnalysed.reduce((all, { count }) => all + count, 0)
  const read = profile.statements + profile.sums
  return {
    statements: { read, analysed: Math.max(0, read - cut), notAnalysed: profile.notAnalysed },
    keySets: keySets.sort((a, b) => byText(a.evidence.grade, b.evidence.grade) || byText(a.id, b.id)),
    dropped: [...dropped.values()],
    notes: [...notes(profile, keySets), ...sums.notes],
  }
}

function candidates(profile: Profile): Candidate[] {
  const lookups = new Map(profile.lookups.map((one) => [one.key, one]))
  const inserts = new Map(profile.inserts.map((one) => [one.key, one]))
  const tables = byTable(profile.lookups)
  const all = new Map<string, Candidate>()
  for (const pair of profile.pairs) {
    const lookup = lookups.get(pair.lookup)
    const insert = inserts.get(pair.insert)
    if (!lookup || !insert || pair.pairs + pair.cross + pair.retried === 0) continue
    const key = keyOf(lookup, tables.get(JSON.stringify([lookup.schema, lookup.table])) ?? [])
    if (!key) continue
    const candidate = all.get(key.id) ?? { key, found: [] }
    all.set(key.id, candidate)
    candidate.found.push({ lookup, insert, pair })
  }
  return [...all.values()]
}

function byTable(lookups: readonly ProfileLookup[]): Map<string, ProfileLookup[]> {
  const tables = new Map<string, ProfileLookup[]>()
  for (const lookup of lookups) {
    const key = JSON.stringify([lookup.schema, lookup.table])
    const list = tables.get(key)
    if (list) list.push(lookup)
    else tables.set(key, [lookup])
  }
  return tables
}

type Count = { [K in keyof ProfilePair]: ProfilePair[K] extends number ? K : never }[keyof ProfilePair]
const sum = ({ found }: Candidate, name: Count): number => found.reduce((all, { pair }) => all + pair[name], 0)
const lookupsOf = ({ found }: Candidate): ProfileLookup[] => [...new Set(found.map(({ lookup }) => lookup))]

/** Why it is no get-or-create; null if it is one. */
function reasonToDrop(candidate: Candidate): string | null {
  const pairs = sum(candidate, 'pairs')
  const lookups = lookupsOf(candidate)
  const hits = lookups.reduce((all, one) => all + one.hits, 0)
  const quiet = Math.max(0, hits - sum(candidate, 'anyway'))
  const again = sum(candidate, 'anyway') + sum(candidate, 'repeats') + sum(candidate, 'someRows')
  const changed = sum(candidate, 'anywayChanged') + sum(candidate, 'repeatsChanged')
  if (again > 0 && again / (again + quiet) > 0.3)
    return 'inserted again although the key was there: a collection or history'
  if (changed > 1 && changed / (changed + quiet + again) > 0.6) return 'inserted again after the table was changed'
  if (pairs === 0 && sum(candidate, 'cross') < 3 && sum(candidate, 'retried') === 0)
    return 'looked up by one session and inserted by another'
  if (pairs > 0 && sum(candidate, 'near') === 0 && sum(candidate, 'unpaired') > pairs)
    return 'looked up in one place and inserted in another'
  if (pairs === 1 && sum(candidate, 'telling') === 0 && hits === 0 && sum(candidate, 'zeroRows') === 0)
    return 'agreed once, in values that agree by accident'
  return null
}

function gradeOf(candidate: Candidate): Grade {
  const pairs = sum(candidate, 'pairs')
  if (pairs > 0) return sum(candidate, 'zeroRows') * 2 >= pairs ? 'A' : 'B'
  return sum(candidate, 'retried') > 0 && sum(candidate, 'violations') + sum(candidate, 'races') > 0 ? 'B' : 'C'
}

function idiomOf({ found }: Candidate): Idiom {
  const paired = found.filter(({ pair }) => pair.pairs + pair.cross > 0)
  if (paired.length === 0) return 'insert-first'
  if (found.some(({ insert }) => insert.unless !== null)) return 'not-exists'
  return paired.some(({ lookup }) => lookup.asks === 'rows') ? 'select-insert' : 'validator'
}

function keySet(candidate: Candidate): DiscoveredKeySet {
  const { key, found } = candidate
  const lookups = lookupsOf(candidate)
  const casts = lookups.flatMap(({ members }) => members).filter((one) => one.casts.length === 1)
  const isolations = [...new Set(found.flatMap(({ pair }) => Object.keys(pair.isolation)))]
  const grade = gradeOf(candidate)
  return {
    id: key.id,
    schema: lookups[0]?.schema ?? null,
    table: lookups[0]?.table ?? '',
    columns: key.columns,
    predicate: key.predicate,
    match: key.match,
    boundAs: Object.fromEntries(casts.map((one) => [one.column, one.casts[0] as string])),
    nulls: key.nullsLookedUp ? 'looked-up' : null,
    isolation: isolations.length === 1 ? (isolations[0] as Isolation) : null,
    idiom: idiomOf(candidate),
    evidence: {
      kind: 'log',
      grade,
      because: because(candidate, grade),
      lookups: lookups.reduce((all, one) => all + one.lookups, 0),
      inserts: [...new Set(found.map(({ insert }) => insert))].reduce((all, one) => all + one.inserts, 0),
      pairs: sum(candidate, 'pairs') + sum(candidate, 'cross'),
      races: sum(candidate, 'races'),
      violations: sum(candidate, 'violations'),
      windowMs: windowOf(candidate),
      endpoints: firstTexts(
        found.flatMap(({ pair }) => pair.endpoints),
        10,
      ),
      shapes: new Set(lookups.flatMap(({ shapes }) => shapes)).size,
      constraints: firstTexts(
        found.flatMap(({ pair }) => pair.constraints),
        20,
      ),
      raceExamples: found
        .flatMap(({ pair }) => pair.raceExamples)
        .sort(byRace)
        .slice(0, 3),
    },
  }
}

function because(candidate: Candidate, grade: Grade): string[] {
  const pairs = sum(candidate, 'pairs')
  if (grade === 'A')
    return [`${pairs} rows were inserted after a lookup of the same values in the same session that found nothing.`]
  if (pairs > 0)
    return [
      `${pairs} rows were inserted after a lookup of the same values in the same session; the log doesn't tell what the lookups found.`,
    ]
  if (idiomOf(candidate) === 'insert-first')
    return ['After an INSERT failed, its values were looked up in the same session.']
  return [
    `${sum(candidate, 'cross')} rows were inserted after a lookup of the same values, always in another session, as behind a pooler.`,
  ]
}

function windowOf({ found }: Candidate): DiscoveredKeySet['evidence']['windowMs'] {
  const longest = found.map(({ pair }) => pair.longest).filter((one) => one !== null)
  if (longest.length === 0) return null
  const max = Math.max(...longest)
  const buckets: number[] = []
  for (const { pair } of found)
    pair.windows.forEach((count, at) => {
      buckets[at] = (buckets[at] ?? 0) + count
    })
  const total = buckets.reduce((all, count) => all + (count ?? 0), 0)
  const below = (share: number): number => {
    let seen = 0
    const at = buckets.findIndex((count) => {
      seen += count ?? 0
      return seen >= total * share
    })
    return Math.min(2 ** at, max)
  }
  return { p50: below(0.5), p95: below(0.95), max }
}

function notes(profile: Profile, keySets: readonly DiscoveredKeySet[]): string[] {
  const said: string[] = []
  if (profile.statements + profile.sums === 0)
    said.push('No statements were read: the log holds none, or its format was not recognised.')
  if (profile.statements > 0 && profile.withRows === 0)
    said.push("The log doesn't tell how many rows a lookup found: grade B is the best that it can show.")
  if (profile.lookups.some((one) => one.withoutValues > 0))
    said.push('The values of some lookups are not in the log: without parameters they can not be paired.')
  if (keySets.length === 0 && profile.statements > 0 && profile.inserts.length === 0) said.push('No INSERT was read.')
  return said
}
