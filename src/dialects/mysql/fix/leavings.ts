import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { builtTable } from './archive.js'
import type { Flavour } from './blocks.js'
import { isTable } from './catalog-sql.js'

/** Tables that get an index. */
export const uniqueTables = (plan: Plan): PlanTable[] =>
  [...new Set(plan.uniqueness.map(({ table }) => table))].map((at) => plan.tables[at] as PlanTable)

const quoted = (sql: string): string => `CONCAT('\`', REPLACE(${sql}, '\`', '\`\`'), '\`')`

/**
 * The non-unique indexes of a table, as ALTER TABLE takes them. One that the server made for a foreign key vanishes as soon
 * as another one serves; the way back must have it again first, else the other one can't be dropped.
 */
export function rememberKeys(plan: Plan, flavour: Flavour): string[] {
  const column =
    flavour === 'mysql'
      ? `COALESCE(${quoted('s.COLUMN_NAME')}, CONCAT('(', s.EXPRESSION, ')'))`
      : quoted('s.COLUMN_NAME')
  const part = `CONCAT(${column}, COALESCE(CONCAT('(', s.SUB_PART, ')'), ''), IF(s.COLLATION = 'D', ' DESC', ''))`
  return uniqueTables(plan).map((table) => {
    const row = [plan.name, table.schema, table.name, 'key'].map(quoteLiteral).join(', ')
    return `INSERT INTO ${builtTable(plan)} (plan, table_schema, table_name, kind, name, definition)
  SELECT ${row}, s.INDEX_NAME, CONCAT('ADD KEY ', ${quoted('s.INDEX_NAME')}, ' (', GROUP_CONCAT(${part} ORDER BY s.SEQ_IN_INDEX SEPARATOR ', '), ')')
  FROM information_schema.STATISTICS AS s
  WHERE ${isTable('s', table)} AND s.NON_UNIQUE = 1 AND s.INDEX_TYPE = 'BTREE' GROUP BY s.INDEX_NAME`
  })
}

/** Drops the remembered indexes that are still there. */
export function forgetKeys(plan: Plan): string {
  return `DELETE FROM ${builtTable(plan)} WHERE plan = ${quoteLiteral(plan.name)} AND kind = 'key' AND (${stillThere(plan)})`
}

/** The index of that name is on its table. */
export function stillThere(plan: Plan): string {
  const each = uniqueTables(plan).map(
    (table) =>
      `(table_schema = ${quoteLiteral(table.schema)} AND table_name = ${quoteLiteral(table.name)} AND CAST(name AS BINARY) IN (SELECT CAST(s.INDEX_NAME AS BINARY) FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)}))`,
  )
  return each.length === 0 ? 'FALSE' : each.join(' OR ')
}
