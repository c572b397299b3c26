import type { Plan } from '../model/plan.js'
import type { PlanFacts } from '../model/plan-facts.js'
import type { Rehearsal } from '../model/rehearsal.js'
import { number, plural } from '../model/words.js'

/**
 * How much the migration leaves in the server's log and in the history of tables, as sentences. They tell what was counted
 * at the moment, so that they belong to the report and not to the files.
 */
export function volumesOf(plan: Plan, facts: PlanFacts, rehearsal: Rehearsal): string[] {
  const each = plan.tables.map(({ schema, name }, at) => {
    const { surplusRows = 0, changedRows = 0 } = rehearsal.tables[at] ?? {}
    return { schema, name, label: `${schema}.${name}`, removed: surplusRows, changed: changedRows }
  })
  const touched = each.filter(({ removed, changed }) => removed + changed > 0)
  if (touched.length === 0) return []
  const versioned = touched.filter(({ schema, name }) =>
    facts.tables.some(({ table }) => table.systemVersioned && table.schema === schema && table.name === name),
  )
  const rows = touched.map(({ label, removed, changed }) => `${number(removed + changed)} of ${label}`)
  // Removed rows are archived with their place in the map of ids, changed ones as they were and as they are.
  const archived = touched.reduce((sum, { removed, changed }) => sum + 2 * (removed + changed), 0)
  const { logReaders } = facts.way
  return [
    ...(logReaders === null
      ? []
      : [
          `${logReaders} about as many rows as now are to change or go: ${rows.join(', ')}, and ${number(archived)} of the archive.`,
        ]),
    ...versioned.map(
      ({ label, removed, changed }) =>
        `The history of ${label} grows by ${plural(removed + changed, 'row version')}: ${number(removed)} of rows that go, ${number(changed)} of rows that change.`,
    ),
  ]
}
