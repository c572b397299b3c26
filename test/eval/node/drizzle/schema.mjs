import { getTableColumns, getTableName, is, sql, Table } from 'drizzle-orm'
import { target } from '../traffic.mjs'

export const onPostgres = target().postgres
export const tables = await import(onPostgres ? './schema-postgres.mjs' : './schema-mysql.mjs')
export const { db, close } = tables

/** Drizzle Kit's part, as far as we need it. */
export async function createTables() {
  for (const table of Object.values(tables).filter((each) => is(each, Table))) {
    const columns = Object.values(getTableColumns(table)).map((column) => {
      const unique = column.isUnique ? ' UNIQUE' : ''
      const fallback = onPostgres && column.primary ? ' DEFAULT gen_random_uuid()' : ''
      return `${column.name} ${column.getSQLType()}${column.primary ? ' PRIMARY KEY' : ' NULL'}${fallback}${unique}`
    })
    if (getTableName(table) === 'daily_click') columns.push('UNIQUE (link_id, day)')
    await db.execute(sql.raw(`CREATE TABLE ${getTableName(table)} (${columns.join(', ')})`))
  }
}
