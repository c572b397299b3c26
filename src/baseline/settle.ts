import type { BaselineEntry, DatabaseState, KeySetState, Settled } from '../model/baseline.js'
import type { Protection } from '../model/verdict.js'
import { aspectOf } from './aspects.js'
import { placeOf, STRENGTH } from './compare.js'

/** Which part of a baseline a run can speak about. */
export interface Scope {
  /** Every database of the configuration takes part. */
  readonly allDatabases: boolean
  /** Every key set of the configuration takes part. */
  readonly allKeySets: boolean
  /** Whether `--only` means this id. */
  selects(id: string): boolean
}

/** An entry with what the run has seen of it. */
export interface Seen {
  readonly entry: BaselineEntry
  readonly database: DatabaseState | undefined
  /** Several where the entry is for a pattern. */
  readonly members: readonly KeySetState[]
}

export function see(baseline: readonly BaselineEntry[], databases: readonly DatabaseState[]): Seen[] {
  const members = new Map<string, KeySetState[]>()
  for (const { name, keySets } of databases) {
    for (const state of keySets) {
      const place = placeOf(name, state.pattern ?? state.id)
      members.set(place, [...(members.get(place) ?? []), state])
    }
  }
  return baseline.map((entry) => ({
    entry,
    database: databases.find(({ name }) => name === (entry.database ?? null)),
    members: members.get(placeOf(entry.database ?? null, entry.id)) ?? [],
  }))
}

/** Whether the baseline seems to be that of another database: it has none of the key sets that were looked at. */
export function isForeign(seen: readonly Seen[], databases: readonly DatabaseState[]): boolean {
  const looked = databases.some(({ keySets }) => keySets.length > 0)
  return looked && seen.length > 0 && seen.every(({ members }) => members.length === 0)
}

/** What has become better since the entry was written; null where nothing has, or where the run can't tell. */
export function settledBy({ entry, database, members }: Seen, scope: Scope): Settled | null {
  const settled = (how: Settled['how']): Settled => {
    return { database: entry.database ?? null, id: entry.id, how, surplusRows: null, protection: null }
  }
  if (!scope.selects(entry.id)) return null
  if (database === undefined) return scope.allDatabases && scope.allKeySets ? settled('undeclared') : null
  if (!database.complete) return null
  if (members.length === 0) return scope.allKeySets ? settled('undeclared') : null
  if (members.some(({ findings, ignored }) => findings.length > 0 || ignored)) {
    const surplusRows = fewer(entry, members)
    const protection = stronger(entry, members)
    return surplusRows || protection ? { ...settled('improved'), surplusRows, protection } : null
  }
  const uncounted = members.some(({ counts }) => counts === null || !counts.exact)
  return uncounted && entry.surplusRows !== 0 && entry.surplusRows !== null ? null : settled('fixed')
}

function fewer(entry: BaselineEntry, members: readonly KeySetState[]): Settled['surplusRows'] {
  const to = surplusOf(members)
  const from = entry.surplusRows
  return from !== null && to !== null && to < from ? { from, to } : null
}

function stronger(entry: BaselineEntry, members: readonly KeySetState[]): Settled['protection'] {
  const accepted = entry.rules.some((rule) => aspectOf(rule) === 'protection')
  const [from, to] = [entry.protection, weakest(members)]
  if (!accepted || from === 'unknown' || to === 'unknown') return null
  return STRENGTH.indexOf(to) > STRENGTH.indexOf(from) ? { from, to } : null
}

/** Surplus rows of all; null where some were not counted to the end. */
export function surplusOf(members: readonly KeySetState[]): number | null {
  return sumOf(members, ({ surplusRows }) => surplusRows)
}

export function sumOf(
  members: readonly KeySetState[],
  of: (counts: NonNullable<KeySetState['counts']>) => number,
): number | null {
  if (members.some(({ counts }) => counts === null || !counts.exact)) return null
  return members.reduce((sum, { counts }) => sum + (counts === null ? 0 : of(counts)), 0)
}

export function weakest(members: readonly KeySetState[]): Protection {
  const known = members.map(({ protection }) => protection).filter((one) => one !== 'unknown')
  const places = known.map((one) => STRENGTH.indexOf(one))
  return STRENGTH[Math.min(...places)] ?? 'unknown'
}
