import type { Plan } from '../../../model/plan.js'
import type { Rehearsal } from '../../../model/rehearsal.js'
import type { MysqlDriver } from '../driver.js'

export async function rehearse(_driver: MysqlDriver, _plan: Pick<Plan, 'tables' | 'references'>): Promise<Rehearsal> {
  throw new Error('not written yet')
}
