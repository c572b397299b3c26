import { createHash } from 'node:crypto'
import type { Plan, PlanLimits } from '../model/plan.js'
import type { PlanFacts } from '../model/plan-facts.js'
import type { Steps } from './build.js'

export interface Naming {
  /** As given with `--name`; otherwise made of the first key set's names. */
  readonly name: string | null
  readonly archive: string
  readonly limits: PlanLimits
}

/** The name is at most this long, so that the archive's table names have room for the table's own. */
const NAME_LENGTH = 32

export function namePlan(steps: Steps, facts: PlanFacts, fixed: readonly number[], naming: Naming): Plan {
  const { searchPath } = facts
  const { archive, limits } = naming
  const content = { archive, searchPath, ...steps, limits }
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return { name: naming.name ?? nameOf(facts, fixed, hash), hash, ...content }
}

function nameOf(facts: PlanFacts, fixed: readonly number[], hash: string): string {
  const [first, ...rest] = fixed.flatMap((at) => facts.keySets[at] ?? [])
  if (first === undefined) return 'nothing'
  const { table, parts } = first.resolved
  const columns = parts.flatMap(({ origin, column, label }) => (origin === 'declared' ? (column ?? label) : []))
  const plain = words([table.name, ...columns, ...(rest.length === 0 ? [] : [`and ${rest.length} more`])].join('_'))
  return plain.length <= NAME_LENGTH && plain !== '' ? plain : `${plain.slice(0, NAME_LENGTH - 9)}_${hash.slice(0, 8)}`
}

/** Letters, digits and underscores, for file names and identifiers alike. */
export function words(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}
