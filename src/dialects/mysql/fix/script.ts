import type { Plan } from '../../../model/plan.js'
import type { Script } from '../../../model/script.js'
import type { ServerInfo } from '../driver.js'

/** The migration of a plan. The same plan gives the same text. */
export function scriptOf(_plan: Plan, _header: readonly string[], _server: ServerInfo): Script {
  throw new Error('not written yet')
}
