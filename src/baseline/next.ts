import type { BaselineEntry, DatabaseState, KeySetState, Settled } from '../model/baseline.js'
import { aspectOf } from './aspects.js'
import { placeOf } from './compare.js'
import { type Scope, type Seen, settledBy, sumOf, surplusOf, weakest } from './settle.js'

/** The baseline that accepts all that the run has found. What it couldn't look at stays as it was. */
export function updated(seen: readonly Seen[], databases: readonly DatabaseState[], scope: Scope): BaselineEntry[] {
  const old = new Map(seen.map((one) => [placeOf(one.entry.database ?? null, one.entry.id), one]))
  const fresh = databases.flatMap((database) =>
    families(database)
      .filter(([id]) => scope.selects(id))
      .flatMap(([id, members]) => accept(database, id, members, old.get(placeOf(database.name, id))?.entry) ?? []),
  )
  const written = new Set(fresh.map(({ database, id }) => placeOf(database ?? null, id)))
  const kept = seen.filter(({ entry }) => !written.has(placeOf(entry.database ?? null, entry.id)))
  return [...fresh, ...kept.filter((one) => !isSeenThrough(one, scope)).map(({ entry }) => entry)]
}

/** The run has looked at all that the entry is about (or would have, if it were still there). */
function isSeenThrough({ entry, database, members }: Seen, scope: Scope): boolean {
  if (!scope.selects(entry.id)) return false
  if (database === undefined) return scope.allDatabases && scope.allKeySets
  return database.complete && (members.length > 0 || scope.allKeySets)
}

/** The baseline without what is fixed, and with less where less is wrong. Nothing new is accepted. */
export function pruned(seen: readonly Seen[], scope: Scope): BaselineEntry[] {
  return seen.flatMap((one) => {
    const settled = settledBy(one, scope)
    if (settled === null) return [one.entry]
    return settled.how === 'improved' ? [tightened(one, settled)] : []
  })
}

function tightened({ entry, members }: Seen, { surplusRows, protection }: Settled): BaselineEntry {
  const least = (before: number | null, now: number | null) =>
    before === null || now === null ? before : Math.min(before, now)
  const rows = surplusRows && {
    groups: least(
      entry.groups,
      sumOf(members, ({ groups }) => groups),
    ),
    surplusRows: surplusRows.to,
    divergentGroups: least(
      entry.divergentGroups,
      sumOf(members, ({ divergentGroups }) => divergentGroups),
    ),
  }
  const schemas = entry.schemas && lowered(entry.schemas, members)
  const gone = (rule: string) =>
    (aspectOf(rule) === 'rows' && surplusRows?.to === 0) || (aspectOf(rule) === 'protection' && protection !== null)
  const rules = protection === null ? [] : rulesOf(members).filter((rule) => aspectOf(rule) === 'protection')
  return {
    ...entry,
    rules: [...new Set([...entry.rules.filter((rule) => !gone(rule)), ...rules])].sort(),
    ...(protection && { protection: protection.to }),
    ...rows,
    ...(schemas && { schemas }),
  }
}

function lowered(schemas: Readonly<Record<string, number>>, members: readonly KeySetState[]): Record<string, number> {
  const entries = members.flatMap(({ schema, counts }): [string, number][] => {
    const rows = Math.min(schemas[schema] ?? 0, counts?.surplusRows ?? 0)
    return rows > 0 ? [[schema, rows]] : []
  })
  return Object.fromEntries(entries)
}

/** Key sets of a database by the id that an entry has for them. */
function families({ keySets }: DatabaseState): [string, KeySetState[]][] {
  const found = new Map<string, KeySetState[]>()
  for (const state of keySets) {
    const id = state.pattern ?? state.id
    found.set(id, [...(found.get(id) ?? []), state])
  }
  return [...found]
}

function accept(
  { name, complete }: DatabaseState,
  id: string,
  members: readonly KeySetState[],
  old: BaselineEntry | undefined,
): BaselineEntry | null {
  const rules = rulesOf(members)
  if (rules.length === 0) return null
  const patterned = members.some(({ pattern }) => pattern !== null)
  // Some of the schemas may be missing from what was seen.
  if (patterned && !complete && old !== undefined) return old
  const surplusRows = surplusOf(members)
  // What could not be counted this time keeps its number.
  const counts =
    surplusRows === null && old !== undefined
      ? { groups: old.groups, surplusRows: old.surplusRows, divergentGroups: old.divergentGroups }
      : {
          groups: sumOf(members, ({ groups }) => groups),
          surplusRows,
          divergentGroups: sumOf(members, ({ divergentGroups }) => divergentGroups),
        }
  return {
    ...(name !== null && { database: name }),
    id,
    rules,
    protection: weakest(members),
    hazards: [...new Set(members.flatMap(({ hazards }) => hazards))].sort(),
    ...counts,
    ...(patterned && { schemas: bySchema(members) }),
  }
}

function rulesOf(members: readonly KeySetState[]): string[] {
  return [...new Set(members.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].sort()
}

function bySchema(members: readonly KeySetState[]): Record<string, number> {
  const counted = members.flatMap(({ schema, counts }): [string, number][] =>
    counts !== null && counts.surplusRows > 0 ? [[schema, counts.surplusRows]] : [],
  )
  return Object.fromEntries(counted)
}
