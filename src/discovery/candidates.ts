import type { Profile, ProfileInsert, ProfileLookup, ProfilePair } from '../model/profile.js'
import { type Key, keyOf } from './key.js'
import { targetOf } from './statistics-named.js'

interface Found {
  readonly lookup: ProfileLookup
  readonly insert: ProfileInsert
  readonly pair: ProfilePair
}

/** What may be a key set: lookups with the INSERTs after them, and INSERTs that name their key themselves. */
export interface Candidate {
  readonly key: Key
  readonly schema: string | null
  readonly table: string
  readonly found: Found[]
  /** With a conflict target, or with the lookup inside. */
  readonly named: ProfileInsert[]
}

/** Of what logs show; lookups that no INSERT follows are none. */
export function candidates(profile: Profile): Candidate[] {
  const lookups = new Map(profile.lookups.map((one) => [one.key, one]))
  const inserts = new Map(profile.inserts.map((one) => [one.key, one]))
  const tables = byTable(profile.lookups)
  const keyFor = (lookup: ProfileLookup): Key | null => keyOf(lookup, tables.get(tableOf(lookup)) ?? [])
  const all = new Map<string, Candidate>()
  const of = (key: Key, { schema, table }: ProfileLookup | ProfileInsert): Candidate => {
    const candidate = all.get(key.id) ?? { key, schema, table, found: [], named: [] }
    all.set(key.id, candidate)
    return candidate
  }
  for (const pair of profile.pairs) {
    const lookup = lookups.get(pair.lookup)
    const insert = inserts.get(pair.insert)
    if (!lookup || !insert || pair.pairs + pair.cross + pair.retried + pair.repeatThenLookup === 0) continue
    const key = keyFor(lookup)
    if (key) of(key, lookup).found.push({ lookup, insert, pair })
  }
  for (const insert of profile.inserts) {
    if (insert.inserts === 0) continue
    const inside = insert.unless === null ? undefined : lookups.get(insert.unless)
    const key = inside ? keyFor(inside) : targetOf(insert)
    if (key) of(key, insert).named.push(insert)
  }
  return [...all.values()]
}

const tableOf = ({ schema, table }: ProfileLookup): string => JSON.stringify([schema, table])

function byTable(lookups: readonly ProfileLookup[]): Map<string, ProfileLookup[]> {
  const tables = new Map<string, ProfileLookup[]>()
  for (const lookup of lookups) {
    const list = tables.get(tableOf(lookup))
    if (list) list.push(lookup)
    else tables.set(tableOf(lookup), [lookup])
  }
  return tables
}

export type Count = { [K in keyof ProfilePair]: ProfilePair[K] extends number ? K : never }[keyof ProfilePair]

export const sum = ({ found }: { readonly found: readonly Found[] }, name: Count): number =>
  found.reduce((all, { pair }) => all + pair[name], 0)

export const lookupsOf = ({ found }: Candidate): ProfileLookup[] => [...new Set(found.map(({ lookup }) => lookup))]

export const insertsOf = ({ found, named }: Candidate): ProfileInsert[] => [
  ...new Set([...found.map(({ insert }) => insert), ...named]),
]
