import type { DatabaseInfo } from './audit.js'
import type { Plan } from './plan.js'
import type { FixWay, SuspectedReference } from './plan-facts.js'
import type { Rehearsal, UndecidedGroups } from './rehearsal.js'
import type { Script } from './script.js'

/** What was planned for the key sets that were asked for. */
export interface Fix {
  readonly database: DatabaseInfo
  /** Null where no key set is left to fix. */
  readonly plan: Plan | null
  readonly rehearsal: Rehearsal | null
  readonly script: Script | null
  /** Seconds for which writers (see `way`) would wait, about. */
  readonly stall: number
  /** Key sets that the plan fixes. */
  readonly fixed: readonly string[]
  /** Key sets that the database protects already. */
  readonly protected: readonly string[]
  /** Key sets left out until somebody says how to decide. */
  readonly undecided: readonly UndecidedKeySet[]
  readonly refused: readonly RefusedKeySet[]
  readonly suspected: readonly SuspectedReference[]
  readonly warnings: readonly string[]
  readonly way: Pick<FixWay, 'stall' | 'wording'>
}

export interface UndecidedKeySet {
  readonly keySet: string
  readonly groups: readonly UndecidedGroups[]
  readonly problems: readonly string[]
}

/** A key set that can't be fixed, and what to do instead. */
export interface RefusedKeySet {
  readonly keySet: string
  readonly reason: string
  readonly advice: string
}
