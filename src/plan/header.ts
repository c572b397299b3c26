import type { Plan } from '../model/plan.js'
import type { PlanFacts } from '../model/plan-facts.js'
import { visible } from '../model/visible.js'
import { number, plural } from '../model/words.js'

/** What a reviewer has to know, as lines of text. No counts: the same plan gives the same file. */
export function headerOf(plan: Plan, facts: PlanFacts): string[] {
  const keySets = [...new Set(plan.uniqueness.map(({ keySet }) => keySet))]
  const archive = visible(plan.archive)
  const { archivePlace, running, afterwards } = facts.way.wording
  const lines = [
    `goc-audit: merge duplicate rows and make unique: ${keySets.map(visible).join(', ')}`,
    `Plan ${visible(plan.name)}, ${plan.hash.slice(0, 16)}`,
    '',
    ...what(plan),
    '',
    `Removed rows, changed values and the mapping of ids are kept in the ${archivePlace} ${archive}: personal data among them.`,
    `${archive}.id_map tells which row went into which; caches, search indexes and warehouses need it.`,
    'The down file restores all of it; the cleanup file removes it once nobody needs the way back.',
    ...(running.length === 0 ? [] : ['', ...running]),
    '',
    ...afterwards,
    'The framework’s model must learn of the constraint, or its next migration drops it.',
  ]
  const suspected = facts.suspected.map(
    ({ schema, table, column, to }) => `- ${visible(`${schema}.${table}.${column}`)} (to ${visible(to)}?)`,
  )
  return [
    ...lines,
    ...(suspected.length === 0
      ? []
      : ['', 'These columns look like references that nothing declares; they are not repointed:', ...suspected]),
    ...(facts.warnings.length === 0 ? [] : ['', ...facts.warnings.map(visible)]),
  ]
}

function what({ tables, references, limits }: Plan): string[] {
  const losing = tables.filter(({ keys }) => keys.length > 0)
  return [
    ...losing.flatMap(({ schema, name, keys, merge }) => [
      `${visible(`${schema}.${name}`)}: of rows that are equal by ${keys.map(({ label }) => visible(label)).join(' or ')} one survives (${[...new Set(keys.map(({ survivor }) => visible(survivor)))].join('; ')}).`,
      ...merge.map(
        ({ column, policy, implicit }) =>
          `  ${visible(column)}: ${policy} of the group${implicit ? ' (a creation stamp: nobody asked for it)' : ''}`,
      ),
    ]),
    ...references.map(
      ({ from, columns, foreignKey }) =>
        `${visible(`${tables[from]?.schema}.${tables[from]?.name}(${columns.join(', ')})`)} is repointed to the survivor (${foreignKey === null ? 'declared reference' : `foreign key ${visible(foreignKey)}`}).`,
    ),
    `It stops where a group has more than ${number(limits.maxGroup)} rows, or ${limits.maxSurplus === null ? `more than ${plural(1000, 'row')} and a tenth of a table` : `more than ${Math.round(limits.maxSurplus * 1000) / 10} % of a table`} would go.`,
  ]
}
