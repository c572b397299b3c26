import type { Plan } from '../model/plan.js'
import type { Rehearsal } from '../model/rehearsal.js'

/**
 * Seconds per row. Two tables of a million rows each, ten thousand of them surplus and as many repointed, took seven
 * seconds on two busy cores; this says eleven.
 */
const LOOK = 2e-6
const BUILD = 1.5e-6
const TOUCH = 60e-6
/** Locks, temporary tables, the commit. */
const FIXED = 0.2

/** For how long writers of the plan's tables would wait, in seconds; an estimate from the numbers of rows. */
export function predictStall(plan: Plan, rehearsal: Rehearsal): number {
  const of = (at: number) => rehearsal.tables[at] ?? { rows: 0, surplusRows: 0, changedRows: 0 }
  const looked = plan.tables.reduce((sum, table, at) => sum + of(at).rows * (1 + table.keys.length), 0)
  const built = plan.uniqueness.reduce((sum, { table }) => sum + of(table).rows, 0)
  // For references without an index one is built for the time of the transaction.
  const helped = plan.references.reduce((sum, { from, indexed }) => sum + (indexed ? 0 : of(from).rows), 0)
  const touched = plan.tables.reduce((sum, _, at) => sum + of(at).surplusRows + of(at).changedRows, 0)
  return FIXED + looked * LOOK + (built + helped) * BUILD + touched * TOUCH
}
