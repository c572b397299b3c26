import type { Profile, ProfileMember } from '../model/profile.js'
import { byText, firstTexts, mostEntries, smallest } from './bounded.js'
import { byRace } from './profile.js'

/** Adds what two parts of a log counted: associative and commutative; `emptyProfile()` changes nothing. */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  return {
    ...(merged(a, b) as Profile),
    schemaVersion: 1,
    notAnalysed: byKey(
      a.notAnalysed.map((one) => ({ ...one, key: one.reason })),
      b.notAnalysed.map((one) => ({ ...one, key: one.reason })),
    ).map(({ key: _, ...one }) => one),
    sources: firstTexts([...a.sources, ...b.sources], 20),
    lookups: mostEntries(byKey(a.lookups, b.lookups)),
    inserts: mostEntries(byKey(a.inserts, b.inserts)),
    pairs: mostEntries(byKey(a.pairs, b.pairs)),
  }
}

function byKey<T extends { readonly key: string }>(a: readonly T[], b: readonly T[]): T[] {
  const all = new Map(a.map((one) => [one.key, one]))
  for (const one of b) {
    const other = all.get(one.key)
    all.set(one.key, other ? (merged(other, one) as T) : one)
  }
  return [...all.values()].sort((one, other) => byText(one.key, other.key))
}

/** Numbers are added, records merged, except what has a rule of its own. */
function merged(a: object, b: object): object {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(byText)
  const entries = names.map((name) => {
    const one: unknown = Object.hasOwn(a, name) ? a[name as keyof typeof a] : undefined
    const other: unknown = Object.hasOwn(b, name) ? b[name as keyof typeof b] : undefined
    return [name, one === undefined ? other : other === undefined ? one : mergedField(name, one, other)]
  })
  return Object.fromEntries(entries)
}

function mergedField(name: string, a: unknown, b: unknown): unknown {
  switch (name) {
    case 'longest':
      return a === null ? b : b === null ? a : Math.max(a as number, b as number)
    case 'locks':
      return Boolean(a) || Boolean(b)
    case 'example':
      return (
        firstTexts(
          [a as string, b as string].filter((text) => text !== ''),
          1,
        )[0] ?? ''
      )
    case 'windows':
      return histogram(a as number[], b as number[])
    case 'shapes':
      return smallest([...(a as number[]), ...(b as number[])], 16)
    case 'casts':
      return firstTexts([...(a as string[]), ...(b as string[])], 5)
    case 'constraints':
      return firstTexts([...(a as string[]), ...(b as string[])], 20)
    case 'endpoints':
      return firstTexts([...(a as string[]), ...(b as string[])], 10)
    case 'raceExamples':
      return distinct([...(a as object[]), ...(b as object[])]).slice(0, 3)
    case 'members':
      return (a as ProfileMember[]).map((one, at) => member(one, (b as ProfileMember[])[at] ?? one))
    case 'columns':
    case 'conditions':
    case 'conflict':
      return a
    case 'violatedColumns':
      return { ...(b as object), ...lesser(a as Record<string, string[]>, b as Record<string, string[]>) }
    default:
      if (typeof a === 'number') return a + (b as number)
      return typeof a === 'object' && a !== null && !Array.isArray(a) ? merged(a, b as object) : a
  }
}

function lesser(a: Record<string, string[]>, b: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(a).map(([name, one]) => {
      const other = Object.hasOwn(b, name) ? b[name] : undefined
      return [name, other && byText(JSON.stringify(other), JSON.stringify(one)) < 0 ? other : one]
    }),
  )
}

const histogram = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0))

const distinct = (races: readonly object[]): object[] =>
  [...new Map(races.map((race) => [JSON.stringify(race), race])).values()].sort(byRace)

function member(a: ProfileMember, b: ProfileMember): ProfileMember {
  const digests = smallest([...a.digests, ...b.digests], 3)
  const constant =
    firstTexts(
      [a.constant, b.constant].filter((one) => one !== null),
      1,
    )[0] ?? null
  return {
    ...a,
    digests,
    nulls: a.nulls + b.nulls,
    bound: a.bound + b.bound,
    literalsBesideBound: a.literalsBesideBound + b.literalsBesideBound,
    // Kept although it varies, so that the order of merging makes no difference; `digests` tell.
    constant,
    casts: firstTexts([...a.casts, ...b.casts], 5),
  }
}
