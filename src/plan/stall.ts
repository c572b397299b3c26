import type { Plan } from '../model/plan.js'
import type { StallRates } from '../model/plan-facts.js'
import type { Rehearsal } from '../model/rehearsal.js'

/** For how long writers of the plan's tables would wait, in seconds; an estimate from the numbers of rows. */
export function predictStall(plan: Plan, rehearsal: Rehearsal, rates: StallRates): number {
  const of = (at: number) => rehearsal.tables[at] ?? { rows: 0, surplusRows: 0, changedRows: 0 }
  const looked = plan.tables.reduce((sum, table, at) => sum + of(at).rows * (1 + table.keys.length), 0)
  const built = plan.uniqueness.reduce((sum, { table }) => sum + of(table).rows, 0)
  // For references without an index one is built for the time of the transaction.
  const helped = plan.references.reduce((sum, { from, indexed }) => sum + (indexed ? 0 : of(from).rows), 0)
  const touched = plan.tables.reduce((sum, _, at) => sum + of(at).surplusRows + of(at).changedRows, 0)
  return rates.fixed + looked * rates.look + (built + helped) * rates.build + touched * rates.touch
}
