import type { Idiom } from '../model/keyset.js'
import type { DiscoveredKeySet, Grade, Profile, ProfileInsert, ProfileLookup } from '../model/profile.js'
import { byText } from './bounded.js'
import { type Key, keyOf } from './key.js'
import { estimate, type Sums } from './statistics-estimate.js'
import { namedByInserts } from './statistics-named.js'

/** A key set that sums suggest, or why they speak against it. */
export interface FromSums {
  readonly keySets: readonly DiscoveredKeySet[]
  readonly dropped: readonly { readonly reason: string; readonly example: string }[]
  /** What sums can't show; sentences. */
  readonly notes: readonly string[]
}

interface Candidate {
  readonly key: Key
  readonly schema: string | null
  readonly table: string
  readonly lookups: readonly ProfileLookup[]
  readonly inserts: readonly ProfileInsert[]
  readonly judged: ReturnType<typeof estimate>
}

/** Key sets that sums over statements show, without any order or values; `known`: ids that logs tell more of. Pure. */
export function fromSums(profile: Profile, known: ReadonlySet<string>): FromSums {
  const names = new Set([...known].map((id) => id.toLowerCase()))
  const found: DiscoveredKeySet[] = []
  const dropped: { reason: string; example: string }[] = []
  for (const { lookups, inserts } of tables(profile)) {
    const named = namedByInserts(lookups, inserts)
    const ids = new Set([...names, ...named.map(({ id }) => id.toLowerCase())])
    const { kept, left } = sorted(candidates(lookups, inserts).filter(({ key }) => !ids.has(key.id.toLowerCase())))
    found.push(...named.filter(({ id }) => !names.has(id.toLowerCase())), ...kept.map(keySet))
    dropped.push(...left)
  }
  return { keySets: found, dropped, notes: notesOf(profile) }
}

function notesOf({ sums, notAnalysed }: Profile): string[] {
  if (sums === 0) return []
  const notes = [
    'Statistics tell neither the order of statements nor their values: grade C is the best that they can show.',
  ]
  if (notAnalysed.some(({ reason }) => reason === 'truncated'))
    notes.push(
      'Some texts were cut off by the server and are of no use: raise max_digest_length and performance_schema_max_digest_length, and restart it.',
    )
  return notes
}

interface Table {
  readonly lookups: ProfileLookup[]
  readonly inserts: ProfileInsert[]
}

/** Digests write names that are also keywords in their own way, so case doesn't count. */
function tables({ lookups, inserts }: Profile): Table[] {
  const all = new Map<string, Table>()
  const of = ({ schema, table }: ProfileLookup | ProfileInsert): Table => {
    const key = JSON.stringify([schema?.toLowerCase() ?? null, table.toLowerCase()])
    const known = all.get(key) ?? { lookups: [], inserts: [] }
    all.set(key, known)
    return known
  }
  for (const one of lookups) of(one).lookups.push(one)
  for (const one of inserts) of(one).inserts.push(one)
  return [...all.values()].map(respelled).filter((one) => one.inserts.length > 0)
}

/** Names as a log has them, where one does; and only the INSERTs that have sums. */
function respelled({ lookups, inserts }: Table): Table {
  const logged = [...lookups.filter((one) => one.lookups > 0), ...inserts.filter((one) => one.inserts > 0)]
  const names = logged.flatMap((one) => [
    one.table,
    ...('members' in one ? one.members.map(({ column }) => column) : (one.columns ?? [])),
  ])
  const spelled = new Map(names.map((name) => [name.toLowerCase(), name]))
  const respell = (name: string): string => (names.includes(name) ? name : (spelled.get(name.toLowerCase()) ?? name))
  return {
    lookups: lookups.map((one) => ({
      ...one,
      table: respell(one.table),
      members: one.members.map((member) => ({ ...member, column: respell(member.column) })),
    })),
    inserts: inserts
      .filter(({ totals }) => totals.calls > 0)
      .map((one) => ({ ...one, table: respell(one.table), columns: one.columns?.map(respell) ?? null })),
  }
}

function candidates(lookups: readonly ProfileLookup[], inserts: readonly ProfileInsert[]): Candidate[] {
  const all = new Map<string, { key: Key; lookups: ProfileLookup[]; inserts: Set<ProfileInsert> }>()
  for (const lookup of lookups) {
    if (lookup.totals.calls === 0 || lookup.grouped || !isEquality(lookup)) continue
    const written = inserts.filter(({ columns }) => columns !== null && holds(columns, lookup))
    const key = written.length > 0 ? keyOf(lookup, lookups) : null
    if (!key) continue
    const candidate = all.get(key.id) ?? { key, lookups: [], inserts: new Set() }
    all.set(key.id, candidate)
    candidate.lookups.push(lookup)
    for (const one of written) candidate.inserts.add(one)
  }
  return [...all.values()].flatMap(({ key, lookups: of, inserts: into }) => {
    const [first] = of
    if (!first) return []
    const written = [...into]
    const { schema, table } = first
    return [{ key, schema, table, lookups: of, inserts: written, judged: estimate(of, written) }]
  })
}

function isEquality({ conditions, members }: ProfileLookup): boolean {
  const fixed = conditions.every((condition) => / IS NOT NULL$/i.test(condition))
  return fixed && members.some(({ kind }) => kind === 'value')
}

function holds(columns: readonly string[], { members }: ProfileLookup): boolean {
  const lower = columns.map((column) => column.toLowerCase())
  return members.every(
    ({ column, kind }) => (kind !== 'value' && kind !== 'list') || lower.includes(column.toLowerCase()),
  )
}

/** Of candidates that nest, the one whose misses agree best with the INSERTs; of equal ones, the one with most columns. */
function sorted(all: readonly Candidate[]): { kept: Candidate[]; left: { reason: string; example: string }[] } {
  const kept: Candidate[] = []
  const left: { reason: string; example: string }[] = []
  const rank = ({ judged }: Candidate): string => ('grade' in judged ? judged.grade : 'E')
  const order = [...all].sort(
    (a, b) => byText(rank(a), rank(b)) || b.key.columns.length - a.key.columns.length || byText(a.key.id, b.key.id),
  )
  for (const one of order) {
    if ('reason' in one.judged) left.push({ reason: one.judged.reason, example: one.key.id })
    else if (kept.some((other) => nests(one.key, other.key)))
      left.push({ reason: 'another-lookup-of-the-table-agrees-better', example: one.key.id })
    else kept.push(one)
  }
  return { kept, left }
}

function nests(a: Key, b: Key): boolean {
  const [few, many] = a.columns.length <= b.columns.length ? [a, b] : [b, a]
  return few.columns.every((column) => many.columns.includes(column))
}

function keySet(candidate: Candidate): DiscoveredKeySet {
  const { key, schema, table, lookups, inserts, judged } = candidate
  const { grade, idiom, because, sums } = judged as { grade: Grade; idiom: Idiom; because: string; sums: Sums }
  const casts = lookups.flatMap(({ members }) => members).filter((one) => one.casts.length === 1)
  return {
    ...told(sums, grade, because, lookups, inserts),
    id: key.id,
    schema,
    table,
    columns: key.columns,
    predicate: key.predicate,
    match: key.match,
    boundAs: Object.fromEntries(casts.map((one) => [one.column, one.casts[0] as string])),
    nulls: key.nullsLookedUp ? 'looked-up' : null,
    isolation: null,
    idiom,
  }
}

function told(
  sums: Sums,
  grade: Grade,
  because: string,
  lookups: readonly ProfileLookup[],
  inserts: readonly ProfileInsert[],
): Pick<DiscoveredKeySet, 'evidence'> {
  return {
    evidence: {
      kind: 'statistics',
      grade,
      because: [because],
      lookups: sums.calls,
      inserts: sums.inserts,
      pairs: 0,
      races: 0,
      violations: sums.errors,
      windowMs: null,
      endpoints: [...new Set(inserts.flatMap(({ endpoints }) => endpoints))].sort(byText).slice(0, 10),
      shapes: new Set(lookups.flatMap(({ shapes }) => shapes)).size,
      constraints: [],
      raceExamples: [],
    },
  }
}
