import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { builtTable, planTable } from './archive.js'
import { type Flavour, plain, run, runText } from './blocks.js'
import { isTable } from './catalog-sql.js'
import { relationOf } from './names.js'

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

/**
 * Drops what the migration built, and nothing that was there before, with one ALTER for each table: the server wants an
 * index for a foreign key at all times. The state goes back first, so that an interrupted way back can be run again.
 */
export function dropIndexes(plan: Plan): Statement[] {
  const name = quoteLiteral(plan.name)
  return [
    ...run(
      'What the migration built goes, and nothing that was there before.',
      `UPDATE ${planTable(plan)} SET state = 'merged' WHERE name = ${name}`,
    ),
    ...run(null, 'COMMIT'),
    ...uniqueTables(plan).flatMap((table) => {
      const own = `plan = ${name} AND table_schema = ${quoteLiteral(table.schema)} AND table_name = ${quoteLiteral(table.name)}`
      const index = `CAST(name AS BINARY) IN (SELECT CAST(s.INDEX_NAME AS BINARY) FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)})`
      const column = `CAST(name AS BINARY) IN (SELECT CAST(c.COLUMN_NAME AS BINARY) FROM information_schema.COLUMNS AS c WHERE ${isTable('c', table)})`
      const parts = (kind: string, part: string, condition: string) =>
        `(SELECT GROUP_CONCAT(${part} SEPARATOR ', ') FROM ${builtTable(plan)} WHERE ${own} AND kind = '${kind}' AND ${condition})`
      const keys = parts('key', 'definition', `NOT ${index}`)
      const unique = parts('unique', `CONCAT('DROP INDEX ', ${quoted('name')})`, index)
      const columns = parts('column', `CONCAT('DROP COLUMN ', ${quoted('name')})`, column)
      const alter = (part: string) => `CONCAT(${quoteLiteral(`ALTER TABLE ${relationOf(table)} `)}, ${part})`
      return [
        plain('SET @goc_keys = NULL, @goc_unique = NULL, @goc_columns = NULL'),
        ...run(null, `SET @goc_keys = ${keys}`),
        ...run(null, `SET @goc_unique = ${unique}`),
        ...run(null, `SET @goc_columns = ${columns}`),
        ...runText(null, alter("NULLIF(CONCAT_WS(', ', @goc_keys, @goc_unique), '')")),
        ...runText(null, alter('@goc_columns')),
      ]
    }),
  ]
}
