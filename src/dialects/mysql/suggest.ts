import type { Remedy } from '../../model/audit.js'
import type { Facts, ResolvedKeySet } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'

export function suggest(_resolved: ResolvedKeySet, _facts: Facts, _server: ServerInfo): Remedy {
  throw new Error('not written yet')
}
