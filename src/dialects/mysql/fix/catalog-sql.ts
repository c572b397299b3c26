import type { PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'

/* Conditions on information_schema. It compares without case, and in a character set of its own, hence byte by byte. */

type Named = Pick<PlanTable, 'schema' | 'name'>

export const sameText = (left: string, right: string): string => `CAST(${left} AS BINARY) = CAST(${right} AS BINARY)`

/** The row of the catalog under `alias` is about this table. Named as a constant, it is the only one that is opened. */
export function isTable(alias: string, { schema, name }: Named, prefix = ''): string {
  const columns = [
    [`${alias}.${prefix}TABLE_SCHEMA`, quoteLiteral(schema)],
    [`${alias}.${prefix}TABLE_NAME`, quoteLiteral(name)],
  ] as const
  return columns.map(([column, value]) => `${column} = ${value} AND ${sameText(column, value)}`).join(' AND ')
}

export const hasTable = (table: Named): string =>
  `EXISTS (SELECT 1 FROM information_schema.TABLES AS i WHERE ${isTable('i', table)})`

export const hasColumn = (table: Named, name: string): string =>
  `EXISTS (SELECT 1 FROM information_schema.COLUMNS AS c WHERE ${isTable('c', table)} AND c.COLUMN_NAME = ${quoteLiteral(name)})`

export const hasIndex = (table: Named, name: string): string =>
  `EXISTS (SELECT 1 FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)} AND s.INDEX_NAME = ${quoteLiteral(name)})`

/** One of these privileges was given to the user itself, for all databases. */
export function hasPrivilege(privileges: readonly string[]): string {
  const host = "SUBSTRING_INDEX(CURRENT_USER(), '@', -1)"
  const user = `LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(${host}) - 1)`
  return `EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES AS g
    WHERE g.GRANTEE = CONCAT('''', ${user}, '''@''', ${host}, '''') AND g.PRIVILEGE_TYPE IN (${privileges.map(quoteLiteral).join(', ')}))`
}
