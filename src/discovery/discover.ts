import type { Isolation } from '../model/keyset.js'
import { quoted } from '../model/keyset-id.js'
import type { DiscoveredKeySet, Discovery, NotAKeySet, Profile } from '../model/profile.js'
import { byText, firstTexts } from './bounded.js'
import { type Candidate, candidates, insertsOf, lookupsOf, sum } from './candidates.js'
import { because, gradeOf, idiomOf, reasonToDrop } from './idioms.js'
import { byRace } from './profile.js'
import { fromSums } from './statistics.js'

/** The key sets that a profile shows, and what was dropped. Pure. */
export function discover(profile: Profile): Discovery {
  const keySets: DiscoveredKeySet[] = []
  const dropped: NotAKeySet[] = []
  for (const candidate of candidates(profile)) {
    const reason = reasonToDrop(candidate)
    if (reason === null) keySets.push(keySet(candidate))
    else dropped.push({ reason, count: 1, example: candidate.key.id })
  }
  const sums = fromSums(profile, new Set(keySets.map(({ id }) => id)))
  keySets.push(...sums.keySets)
  dropped.push(...sums.dropped.map(({ reason, example }) => ({ reason, count: 1, example })))
  const cut = profile.notAnalysed.reduce((all, { count }) => all + count, 0)
  const read = profile.statements + profile.sums
  const unnamed = withoutTarget(profile, keySets)
  return {
    statements: { read, analysed: Math.max(0, read - cut), notAnalysed: [...profile.notAnalysed, ...unnamed] },
    keySets: keySets.sort((a, b) => byText(a.evidence.grade, b.evidence.grade) || byText(a.id, b.id)),
    dropped: dropped.sort((a, b) => byText(a.reason, b.reason) || byText(a.example, b.example)),
    notes: [...notes(profile, keySets), ...sums.notes],
  }
}

/** INSERTs with a rule for conflicts that don't say of what, into tables whose key sets nothing else shows. */
function withoutTarget({ inserts }: Profile, keySets: readonly DiscoveredKeySet[]): NotAKeySet[] {
  const shown = new Set(keySets.map(({ schema, table }) => JSON.stringify([schema, table])))
  const unnamed = inserts.filter(
    ({ conflict, schema, table }) =>
      conflict !== null && conflict.columns === null && !shown.has(JSON.stringify([schema, table])),
  )
  const [first] = unnamed
  if (!first) return []
  const count = unnamed.reduce((all, one) => all + one.inserts + one.totals.calls, 0)
  const columns = first.columns?.map(quoted).join(', ')
  const example = `INSERT INTO ${quoted(first.table)}${columns === undefined ? '' : ` (${columns})`}`
  return [{ reason: 'conflict-of-unnamed-columns', count, example }]
}

function keySet(candidate: Candidate): DiscoveredKeySet {
  const { key, found, named } = candidate
  const lookups = lookupsOf(candidate)
  const inserts = insertsOf(candidate)
  const casts = lookups.flatMap(({ members }) => members).filter((one) => one.casts.length === 1)
  const isolations = [...new Set(found.flatMap(({ pair }) => Object.keys(pair.isolation)))]
  const grade = gradeOf(candidate)
  return {
    id: key.id,
    schema: candidate.schema,
    table: candidate.table,
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
      because: because(candidate),
      lookups: lookups.reduce((all, one) => all + one.lookups, 0),
      inserts: inserts.reduce((all, one) => all + one.inserts, 0),
      pairs: sum(candidate, 'pairs') + sum(candidate, 'cross'),
      races: sum(candidate, 'races'),
      violations: sum(candidate, 'violations'),
      windowMs: windowOf(candidate),
      endpoints: firstTexts(
        [...found.flatMap(({ pair }) => pair.endpoints), ...named.flatMap(({ endpoints }) => endpoints)],
        10,
      ),
      shapes: new Set([...lookups, ...named].flatMap(({ shapes }) => shapes)).size,
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
  return { p50: below(0.5), p95: below(0.95), max, buckets: Array.from(buckets, (count) => count ?? 0) }
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
