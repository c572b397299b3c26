import type { Plan } from '../../../model/plan.js'
import type { Phase, Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf, builtTable, conflicts, idMap, planTable } from './archive.js'
import { begin, end, type Flavour, plain, run, runAll } from './blocks.js'
import { hasTable } from './catalog-sql.js'
import { relationOf } from './names.js'
import { readState } from './preflight.js'

export function down(plan: Plan, flavour: Flavour): Phase {
  return { title: 'x', comment: [], transaction: 'outside', statements: [...begin(plan, flavour)] }
}

/** Takes away what nothing refers to any more: tables of plans that didn't run, and the database with the last of them. */
export function tidy(plan: Plan): Statement[] {
  const shared = { schema: plan.archive, name: 'plan' }
  const count = (where: string) => `(SELECT COUNT(*) FROM ${planTable(plan)}${where})`
  const drop = [conflicts(plan), idMap(plan), builtTable(plan), planTable(plan)]
  const empty = `NOT EXISTS (SELECT 1 FROM information_schema.TABLES AS i WHERE i.TABLE_SCHEMA = ${quoteLiteral(plan.archive)})`
  return [
    { comment: 'Of the archive nothing stays that nobody needs.', sql: 'UNLOCK TABLES' },
    plain('SET @goc_plans = 0, @goc_own = 0'),
    ...run(
      null,
      `SET @goc_plans = ${count('')}, @goc_own = ${count(` WHERE name = ${quoteLiteral(plan.name)}`)}`,
      hasTable(shared),
    ),
    ...runAll(
      null,
      archivedTables(plan).map((at) => `DROP TABLE IF EXISTS ${archiveOf(plan, at)}`),
      '@goc_own = 0',
    ),
    ...run(null, `DROP TABLE IF EXISTS ${drop.join(', ')}`, '@goc_plans = 0'),
    plain(`SET @goc_empty = ${empty}`),
  ]
}

/** Drops the archive of this plan, and the database with the last of them. */
export function cleanup(plan: Plan, flavour: Flavour): Phase {
  const name = quoteLiteral(plan.name)
  const own = `@goc_hash = ${quoteLiteral(plan.hash)}`
  const deletes = [conflicts(plan), idMap(plan), builtTable(plan)].map(
    (table) => `DELETE FROM ${table} WHERE plan = ${name}`,
  )
  return {
    title: 'Remove the archive',
    comment: ['After this there is no way back. Of the migration only the unique index stays.'],
    transaction: 'outside',
    statements: [
      ...begin(plan, flavour),
      ...readState(plan),
      ...runAll(null, deletes, own),
      ...runAll(
        null,
        archivedTables(plan).map((at) => `DROP TABLE IF EXISTS ${archiveOf(plan, at)}`),
        own,
      ),
      ...run(null, `DELETE FROM ${planTable(plan)} WHERE name = ${name}`, own),
      ...tidy(plan),
      ...end(plan, flavour, [relationOf({ schema: plan.archive, name: 'goc_none' })]),
    ],
  }
}
