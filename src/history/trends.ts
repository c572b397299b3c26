import type { HistoryKeySet, HistoryRun, KeySetTrend, Movement, Trend } from '../model/history.js'

/** A run in which what wasn't counted has the numbers that it had before. */
interface Filled {
  readonly time: string
  /** By place: `[database, id]` as JSON. */
  readonly keySets: ReadonlyMap<string, HistoryKeySet>
}

/** The runs that speak of the same databases as the last one, gaps filled. */
function fill(runs: readonly HistoryRun[]): Filled[] {
  const names = new Set(runs.at(-1)?.databases.map(({ name }) => name))
  let known = new Map<string, HistoryKeySet>()
  return runs.flatMap(({ time, databases }) => {
    const told = databases.filter(({ name }) => names.has(name))
    if (told.length === 0) return []
    const now = new Map(known)
    for (const { name, complete, partial, keySets } of told) {
      // A whole scan shows that the others are gone.
      if (complete && !partial) for (const place of known.keys()) if (databaseOf(place) === name) now.delete(place)
      for (const keySet of keySets) {
        const place = JSON.stringify([name, keySet.id])
        const before = known.get(place)
        now.set(place, keySet.surplusRows === null && before ? { ...before, protection: keySet.protection } : keySet)
      }
    }
    known = now
    return [{ time, keySets: now }]
  })
}

function databaseOf(place: string): string {
  return (JSON.parse(place) as [string])[0]
}

/** Runs as a plot needs them: a scan that could not count everything doesn't look like one that found less. */
export function plotted(runs: readonly HistoryRun[]): {
  readonly at: string
  readonly findings: number
  readonly surplusRows: number
  readonly keySets: Readonly<Record<string, { readonly surplusRows: number; readonly groups: number }>>
}[] {
  const found = new Map(
    runs.map(({ time, databases }) => [time, databases.flatMap((one) => Object.values(one.findings))]),
  )
  return fill(runs).map(({ time, keySets }) => {
    const byId: Record<string, { surplusRows: number; groups: number }> = {}
    for (const { id, surplusRows, groups } of keySets.values()) {
      if (surplusRows === null || groups === null) continue
      const before = byId[id] ?? { surplusRows: 0, groups: 0 }
      byId[id] = { surplusRows: before.surplusRows + surplusRows, groups: before.groups + groups }
    }
    return {
      at: time,
      findings: (found.get(time) ?? []).reduce((sum, one) => sum + one, 0),
      surplusRows: total(keySets),
      keySets: byId,
    }
  })
}

function total(keySets: ReadonlyMap<string, HistoryKeySet>): number {
  return [...keySets.values()].reduce((sum, { surplusRows }) => sum + (surplusRows ?? 0), 0)
}

/** Of all surplus rows, and of each key set that the last of the runs has counted. */
export function trends(runs: readonly HistoryRun[]): { total: Trend; keySets: KeySetTrend[] } {
  const filled = fill(runs)
  const counted = (runs.at(-1)?.databases ?? []).flatMap(({ name, keySets }) =>
    keySets.filter(({ surplusRows }) => surplusRows !== null).map(({ id }) => ({ database: name, id })),
  )
  return {
    total: trend(
      filled.map(({ time, keySets }) => ({ time, surplusRows: total(keySets) })),
      false,
    ),
    keySets: counted.map(({ database, id }) => {
      const place = JSON.stringify([database, id])
      const points = filled.flatMap(({ time, keySets }) => {
        const rows = keySets.get(place)?.surplusRows
        return rows === undefined || rows === null ? [] : [{ time, surplusRows: rows }]
      })
      return { database, id, ...trend(points, filled.length > points.length) }
    }),
  }
}

/** `older`: there are scans before the first of these points. */
function trend(points: Trend['points'], older: boolean): Trend {
  const now = points.at(-1)
  const alone: Movement = older ? 'new' : 'steady'
  return {
    points,
    sinceLast: points.length < 2 ? alone : movement(points.at(-2), now),
    sinceFirst: points.length < 2 ? alone : movement(points[0], now),
  }
}

function movement(before: Trend['points'][number] | undefined, now: Trend['points'][number] | undefined): Movement {
  const by = (now?.surplusRows ?? 0) - (before?.surplusRows ?? 0)
  if (by === 0) return 'steady'
  return by > 0 ? 'growing' : 'shrinking'
}
