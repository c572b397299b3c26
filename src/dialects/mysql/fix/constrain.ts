import type { Plan, PlanTable, PlanUniqueness } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { nameOf } from './apply.js'
import { builtTable, planTable } from './archive.js'
import { check, type Flavour, run, runAll } from './blocks.js'
import { hasIndex } from './catalog-sql.js'
import { forgetKeys, rememberKeys } from './leavings.js'
import { aliased, relationOf } from './names.js'
import { addColumns, hasOf } from './trial.js'

/** The plan has run, as far as rows are concerned; in the same transaction as these. */
export function record(plan: Plan, flavour: Flavour): Statement[] {
  const [name, hash] = [plan.name, plan.hash].map(quoteLiteral)
  return [
    ...run(
      'The plan has run, as far as rows are concerned.',
      `INSERT INTO ${planTable(plan)} (name, hash, state) VALUES (${name}, ${hash}, 'merged')
  ON DUPLICATE KEY UPDATE hash = ${hash}, state = 'merged', applied_at = CURRENT_TIMESTAMP(6), undone_at = NULL`,
    ),
    ...plan.uniqueness.flatMap((index, number) => remember(plan, index, number)),
    ...runAll('Indexes that the server may drop by itself once there is a better one.', rememberKeys(plan, flavour)),
  ]
}

/** What is going to be built, so that the way back takes away that and nothing else. */
function remember(plan: Plan, index: PlanUniqueness, number: number): Statement[] {
  const table = plan.tables[index.table] as PlanTable
  const row = (kind: string, name: string) =>
    run(
      null,
      `INSERT INTO ${builtTable(plan)} (plan, table_schema, table_name, kind, name) VALUES (${[plan.name, table.schema, table.name, kind, name].map(quoteLiteral).join(', ')})`,
      `@goc_todo AND ${hasOf(number)} IS NULL`,
    )
  return [...index.generatedColumns.flatMap(({ name }) => row('column', name)), ...row('unique', index.name)]
}

/** Builds the indexes, still under the lock, unless they are there already. */
export function buildIndexes(plan: Plan): Statement[] {
  return [
    ...plan.uniqueness.flatMap((index) => again(plan, index)),
    ...plan.uniqueness.flatMap((index, number) => buildOne(plan, index, number)),
    ...run(
      'Of the indexes that were there, only those are kept in mind that have gone.',
      forgetKeys(plan),
      '@goc_build',
    ),
    ...run(null, `UPDATE ${planTable(plan)} SET state = 'done' WHERE name = ${quoteLiteral(plan.name)}`, '@goc_build'),
    ...run(null, 'COMMIT', '@goc_build'),
  ]
}

/** Between an interrupted run and this one nothing kept duplicate rows away. */
function again(plan: Plan, index: PlanUniqueness): Statement[] {
  const table = plan.tables[index.table] as PlanTable
  const key = table.keys.find(({ kind, label }) => kind === 'declared' && label === index.keySet)
  if (key === undefined) return []
  const values = key.values.map(({ sql }) => `(${sql})`).join(', ')
  const where = key.conditions.length === 0 ? '' : ` WHERE ${key.conditions.join(' AND ')}`
  const nulls = key.values.flatMap(({ sql, groupsNulls }) => (groupsNulls ? [] : [`(${sql}) IS NOT NULL`]))
  const filled = nulls.length === 0 ? '' : `${where === '' ? ' WHERE ' : ' AND '}${nulls.join(' AND ')}`
  return check(
    `Where an earlier run was interrupted before this: have duplicate rows come since?`,
    `SELECT CONCAT(COUNT(*), ${quoteLiteral(` duplicate groups of ${nameOf(table)} have come since this file was interrupted`)}) AS text FROM (
    SELECT 1 FROM ${aliased(plan, index.table, 't')}${where}${filled} GROUP BY ${values} HAVING COUNT(*) > 1) AS g HAVING COUNT(*) > 0`,
    'Run the down file, then this file again.',
    '@goc_again AND @goc_build',
  )
}

function buildOne(plan: Plan, index: PlanUniqueness, number: number): Statement[] {
  const table = plan.tables[index.table] as PlanTable
  const missing = `@goc_build AND ${hasOf(number)} IS NULL`
  return [
    {
      comment: `Uniqueness for ${index.keySet}. Each of these commits by itself.`,
      sql: 'DO 0',
    },
    ...addColumns(index, table, missing),
    ...run(
      null,
      `ALTER TABLE ${relationOf(table)} ADD UNIQUE KEY ${quoteIdentifier(index.name)} (${index.members})${howOf(index)}`,
      `${missing} AND NOT ${hasIndex(table, index.name)}`,
    ),
  ]
}

/** Nobody else gets at the table now; without a copy is quicker. Expressions are columns that can't be added so. */
const howOf = ({ members }: PlanUniqueness): string =>
  /(^|, )\(/.test(members) ? '' : ', ALGORITHM = INPLACE, LOCK = NONE'

/** Asks for the right to build, under the lock and before a row is touched: this changes nothing. */
export function mayBuild(plan: Plan): string[] {
  const tables = [...new Set(plan.uniqueness.map(({ table }) => table))]
  return tables.map((at) => `ALTER TABLE ${relationOf(plan.tables[at] as PlanTable)}`)
}
