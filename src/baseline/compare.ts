import type { BaselineEntry, DatabaseState, KeySetState, Standing } from '../model/baseline.js'
import type { Protection } from '../model/verdict.js'
import { number, plural } from '../model/words.js'
import { aspectOf, hazardOf } from './aspects.js'
import { most, type Tolerance } from './tolerance.js'

/** Finds the entry of a key set; made once per comparison. */
export type Entries = (database: string | null, state: KeySetState) => BaselineEntry | undefined

export function entriesOf(baseline: readonly BaselineEntry[]): Entries {
  const byPlace = new Map(baseline.map((entry) => [placeOf(entry.database ?? null, entry.id), entry]))
  return (database, { id, pattern }) => byPlace.get(placeOf(database, pattern ?? id))
}

/** One word for a database and an id. */
export function placeOf(database: string | null, id: string): string {
  return JSON.stringify([database, id])
}

/** How a finding of a key set stands to the baseline. Findings that belong to no key set have no standing. */
export function standing(
  rule: string,
  { name }: DatabaseState,
  state: KeySetState,
  entries: Entries,
  tolerance: Tolerance,
): Standing {
  const entry = entries(name, state)
  if (entry === undefined) return NEW
  const aspect = aspectOf(rule)
  const accepted = entry.rules.some((one) => aspectOf(one) === aspect)
  if (aspect === 'rows') return rowsStanding(state, entry, accepted, tolerance)
  if (aspect === 'protection') return protectionStanding(state, entry, accepted)
  return aspect === 'hazard' ? hazardStanding(rule, state, entry) : KNOWN
}

const NEW: Standing = { status: 'new', change: null }
const KNOWN: Standing = { status: 'known', change: null }
const worse = (change: string): Standing => ({ status: 'worse', change })

function rowsStanding(state: KeySetState, entry: BaselineEntry, accepted: boolean, tolerance: Tolerance): Standing {
  // Hidden or not counted when the key set was accepted: nobody has accepted these rows.
  if (!accepted && entry.surplusRows !== 0) return NEW
  if (state.counts === null || entry.surplusRows === null) return KNOWN
  const before = state.pattern === null ? entry.surplusRows : (entry.schemas?.[state.schema] ?? 0)
  const { surplusRows, exact } = state.counts
  if (surplusRows <= most(before, tolerance)) return KNOWN
  return worse(`from ${number(before)} to ${exact ? '' : 'at least '}${plural(surplusRows, 'surplus row')}`)
}

/** Weakest first. */
export const STRENGTH: readonly Protection[] = ['none', 'conditional', 'degraded', 'full']

function protectionStanding(state: KeySetState, entry: BaselineEntry, accepted: boolean): Standing {
  const [before, now] = [entry.protection, state.protection]
  const change = worse(`from protection ${before} to ${now}`)
  if (!accepted) return before === 'full' ? change : NEW
  if (now === 'unknown' || before === now) return KNOWN
  // What could not be told before was accepted as such, and not as a defect.
  if (before === 'unknown') return now === 'full' ? KNOWN : change
  return STRENGTH.indexOf(now) < STRENGTH.indexOf(before) ? change : KNOWN
}

function hazardStanding(rule: string, state: KeySetState, entry: BaselineEntry): Standing {
  const hazard = hazardOf(rule)
  if (hazard === undefined || entry.rules.some((one) => hazardOf(one) === hazard)) return KNOWN
  // What comes along with a better index is no step back.
  const better = STRENGTH.indexOf(state.protection) > STRENGTH.indexOf(entry.protection)
  return better && entry.protection !== 'unknown' ? KNOWN : worse(`hazard ${hazard} has come`)
}
