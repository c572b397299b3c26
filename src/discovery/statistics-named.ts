import type { Idiom, Match } from '../model/keyset.js'
import { keySetId } from '../model/keyset-id.js'
import type { DiscoveredKeySet, ProfileInsert, ProfileLookup } from '../model/profile.js'
import { byText } from './bounded.js'
import { type Key, keyOf } from './key.js'
import { insertsOf } from './statistics-estimate.js'

/** Key sets that INSERTs name themselves: by a conflict target, or by the lookup inside. */
export function namedByInserts(
  lookups: readonly ProfileLookup[],
  inserts: readonly ProfileInsert[],
): DiscoveredKeySet[] {
  const all = new Map<string, { key: Key; idiom: Idiom; inserts: ProfileInsert[] }>()
  for (const insert of inserts) {
    const inside = insert.unless === null ? undefined : lookups.find(({ key }) => key === insert.unless)
    const key = inside ? keyOf(inside, lookups) : targetOf(insert)
    if (!key) continue
    const named = all.get(key.id) ?? { key, idiom: inside ? 'not-exists' : 'upsert', inserts: [] }
    all.set(key.id, named)
    named.inserts.push(insert)
  }
  return [...all.values()].map(({ key, idiom, inserts: of }) => keySet(key, idiom, of, lookups))
}

/** The key that a conflict target names; null where it names none, or more than columns. */
export function targetOf({ schema, table, conflict }: ProfileInsert): Key | null {
  const targets = conflict?.columns?.map(partOf)
  if (!targets || targets.length === 0 || targets.some((one) => one === null)) return null
  const parts = targets.filter((one) => one !== null).sort((a, b) => byText(a.column, b.column))
  const columns = parts.map(({ column }) => column)
  const match = Object.fromEntries(parts.filter((one) => one.match !== 'exact').map((one) => [one.column, one.match]))
  const predicate = conflict?.where ?? null
  const id = keySetId({
    schema: schema ?? undefined,
    table,
    parts: columns.map((name) => ({ kind: 'column' as const, name })),
    match,
    where: predicate ?? undefined,
  })
  return { id, columns, predicate, match, nullsLookedUp: false }
}

/** A column, or `lower(column)`; null for another expression. */
function partOf(target: string): { readonly column: string; readonly match: Match } | null {
  const [, fold, column] = /^(lower|upper)\s*\(\s*([^()\s:]+)\s*\)$/i.exec(target) ?? []
  if (fold && column) return { column, match: fold.toLowerCase() as Match }
  return /[()\s:]/.test(target) ? null : { column: target, match: 'exact' }
}

function keySet(
  { id, columns, predicate, match, nullsLookedUp }: Key,
  idiom: Idiom,
  inserts: readonly ProfileInsert[],
  lookups: readonly ProfileLookup[],
): DiscoveredKeySet {
  const written = inserts.reduce((all, one) => all + insertsOf(one), 0)
  const same = lookups.filter(
    ({ members }) => members.length === columns.length && members.every(({ column }) => columns.includes(column)),
  )
  const what = idiom === 'upsert' ? 'name it as the conflict target' : 'look for it themselves'
  return {
    id,
    schema: inserts[0]?.schema ?? null,
    table: inserts[0]?.table ?? '',
    columns,
    predicate,
    match,
    boundAs: {},
    nulls: nullsLookedUp ? 'looked-up' : null,
    isolation: null,
    idiom,
    evidence: {
      kind: 'statistics',
      grade: 'C',
      because: [`${written} INSERTs ${what}.`],
      lookups: same.reduce((all, { totals }) => all + totals.calls, 0),
      inserts: written,
      pairs: 0,
      races: 0,
      violations: inserts.reduce((all, { totals }) => all + totals.errors, 0),
      windowMs: null,
      endpoints: [],
      shapes: new Set(inserts.flatMap(({ shapes }) => shapes)).size,
      constraints: [],
      raceExamples: [],
    },
  }
}
