import type { PlanFacts, Refusal } from '../../../model/plan-facts.js'
import type { ResolvedKeySet } from '../../../model/verdict.js'
import type { ReadTransaction } from '../driver.js'

export async function readPlanFacts(
  _transaction: ReadTransaction,
  _keySets: readonly { readonly resolved: ResolvedKeySet; readonly refusal: Refusal | null }[],
  _schemas: readonly string[],
): Promise<PlanFacts> {
  throw new Error('not written yet')
}
