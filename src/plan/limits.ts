import type { RefusedKeySet } from '../model/fix.js'
import type { Plan } from '../model/plan.js'
import type { PlanFacts } from '../model/plan-facts.js'
import type { Rehearsal } from '../model/rehearsal.js'
import { number } from '../model/words.js'
import { buildSteps } from './build.js'

/** Surplus rows that the default limit doesn't mind. */
export const FREE_SURPLUS = 1000
/** Share of a table's rows that may go unless the user says otherwise. */
export const DEFAULT_SURPLUS = 0.1

/** Key sets that would remove more than the limits allow; whoever reaches the table is to blame. */
export function overLimits(
  facts: PlanFacts,
  plan: Plan,
  rehearsal: Rehearsal,
  fixed: readonly number[],
): RefusedKeySet[] {
  const { maxGroup, maxSurplus } = plan.limits
  return plan.tables.flatMap((table, at) => {
    const seen = rehearsal.tables[at]
    if (seen === undefined) return []
    const { rows, surplusRows, largestGroup } = seen
    const share = maxSurplus ?? DEFAULT_SURPLUS
    const tooMany = surplusRows > share * rows && (maxSurplus !== null || surplusRows > FREE_SURPLUS)
    const name = `${table.schema}.${table.name}`
    const reason = tooMany
      ? `${number(surplusRows)} of the ${number(rows)} rows of ${name} are surplus, more than ${Math.round(share * 1000) / 10} %`
      : largestGroup > maxGroup
        ? `a duplicate group of ${name} has ${number(largestGroup)} rows, more than ${number(maxGroup)}`
        : null
    if (reason === null) return []
    const advice = tooMany
      ? 'Look at the groups with `goc-audit scan`; if they are right, raise the limit with --max-surplus.'
      : 'Such a group is often a placeholder (an empty text, 0) and no duplicate; if it is right, raise the limit with --max-group.'
    return fixed
      .filter((one) =>
        buildSteps(facts, [one]).tables.some((each) => each.schema === table.schema && each.name === table.name),
      )
      .map((one) => ({ keySet: facts.keySets[one]?.resolved.id ?? '', reason, advice }))
  })
}
