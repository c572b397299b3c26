import type { Plan, PlanTable, PlanUniqueness } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { check, type Flavour, run } from './blocks.js'
import { hasColumn, isTable, sameText } from './catalog-sql.js'
import { relationOf } from './names.js'

/** @goc_has_N: name of an index that does what the plan's N-th uniqueness would, whatever its name; NULL: none. */
export const hasOf = (number: number): string => `@goc_has_${number}`

const likeName = ({ hash }: Plan, number: number): string => `goc_like_${number}_${hash.slice(0, 8)}`
const WANTED = 'goc_wanted'

/**
 * Builds each index on an empty copy of its table: what the server won't build fails before a row is touched, and its
 * catalog then says what such an index looks like.
 */
export function tryUniqueness(plan: Plan, flavour: Flavour): Statement[] {
  return plan.uniqueness.flatMap((index, number) => {
    const table = plan.tables[index.table] as PlanTable
    const like = { schema: plan.archive, name: likeName(plan, number) }
    const build = '@goc_build'
    const other = `SELECT ${quoteLiteral(`there is something else named ${quoteIdentifier(index.name)} on ${relationOf(table)}`)} AS text
      FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)} AND s.INDEX_NAME = ${quoteLiteral(index.name)} AND ${hasOf(number)} IS NULL LIMIT 1`
    return [
      ...run(
        `Uniqueness for ${index.keySet}, tried on an empty copy. An index of that definition that is there already serves.`,
        `DROP TABLE IF EXISTS ${relationOf(like)}`,
        build,
      ),
      ...run(null, `CREATE TABLE ${relationOf(like)} LIKE ${relationOf(table)}`, build),
      ...addColumns(index, like, build),
      ...run(null, `ALTER TABLE ${relationOf(like)} ADD UNIQUE KEY ${WANTED} (${index.members})`, build),
      { comment: null, sql: `SET ${hasOf(number)} = NULL` },
      ...run(
        null,
        `SET ${hasOf(number)} = (SELECT MIN(h.name) FROM (${shapes(table, flavour)}) AS h JOIN (${shapes(like, flavour)}) AS w ON w.name = '${WANTED}' AND ${sameText('h.shape', 'w.shape')})`,
        build,
      ),
      ...run(null, `DROP TABLE IF EXISTS ${relationOf(like)}`, build),
      ...check(null, other, 'Rename it, or let goc-audit write the migration again.', build),
    ]
  })
}

/** Generated columns that aren't there yet, each in a statement of its own, since the server adds them in place only so. */
export function addColumns(
  { generatedColumns }: PlanUniqueness,
  table: Pick<PlanTable, 'schema' | 'name'>,
  condition: string,
): Statement[] {
  return generatedColumns.flatMap(({ name, definition }) =>
    run(
      null,
      `ALTER TABLE ${relationOf(table)} ADD COLUMN ${quoteIdentifier(name)} ${definition}`,
      `${condition} AND NOT ${hasColumn(table, name)}`,
    ),
  )
}

/** Everything about unique indexes that decides which rows they call equal. */
function shapes(table: Pick<PlanTable, 'schema' | 'name'>, flavour: Flavour): string {
  const what = flavour === 'mysql' ? "COALESCE(s.COLUMN_NAME, s.EXPRESSION, '')" : "COALESCE(s.COLUMN_NAME, '')"
  const part = `CONCAT(${what}, ' ', COALESCE(s.SUB_PART, ''), ' ', s.INDEX_TYPE)`
  return `SELECT s.INDEX_NAME AS name, GROUP_CONCAT(${part} ORDER BY s.SEQ_IN_INDEX SEPARATOR '/') AS shape
    FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)} AND s.NON_UNIQUE = 0 GROUP BY s.INDEX_NAME`
}
