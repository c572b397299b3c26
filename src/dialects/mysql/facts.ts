import type { Facts, ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'

export async function askFacts(_transaction: ReadTransaction, _resolved: ResolvedKeySet): Promise<Facts> {
  throw new Error('not written yet')
}
