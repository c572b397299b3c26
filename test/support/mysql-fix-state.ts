import { quoteIdentifier, quoteRelation } from '../../src/dialects/mysql/sql-text.js'
import type { State } from './fix-state.js'
import { APPLICATION, ARCHIVE, type MysqlBench } from './mysql-fix-bench.js'

type Read = MysqlBench['rows']

interface Table {
  readonly schema: string
  readonly name: string
  readonly columns: { readonly name: string; readonly type: string }[]
}

const OURS = (column: string): string => `(${column} LIKE '${APPLICATION}%' OR ${column} = '${ARCHIVE}')`

/** The servers compute these from what is compared anyway, and up adds such columns. */
const HIDDEN = "c.EXTRA LIKE '%INVISIBLE%' AND c.EXTRA LIKE '%GENERATED%' AND c.EXTRA NOT LIKE '%DEFAULT_GENERATED%'"

const COLUMNS = `SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME, c.DATA_TYPE FROM information_schema.COLUMNS AS c
  JOIN information_schema.TABLES AS t ON CAST(t.TABLE_SCHEMA AS BINARY) = CAST(c.TABLE_SCHEMA AS BINARY) AND CAST(t.TABLE_NAME AS BINARY) = CAST(c.TABLE_NAME AS BINARY)
  WHERE t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND ${OURS('c.TABLE_SCHEMA')} AND NOT (${HIDDEN})
  ORDER BY 1, 2, c.ORDINAL_POSITION`

const OTHERS = `SELECT schema_name, text FROM (
  SELECT t.TRIGGER_SCHEMA AS schema_name, CONCAT_WS(' ', 'trigger', t.TRIGGER_NAME, t.ACTION_TIMING, t.EVENT_MANIPULATION, t.EVENT_OBJECT_TABLE, t.ACTION_ORDER, t.SQL_MODE, t.ACTION_STATEMENT) AS text
  FROM information_schema.TRIGGERS AS t
  UNION ALL SELECT r.ROUTINE_SCHEMA, CONCAT_WS(' ', r.ROUTINE_TYPE, r.ROUTINE_NAME, r.ROUTINE_DEFINITION) FROM information_schema.ROUTINES AS r
  UNION ALL SELECT v.TABLE_SCHEMA, CONCAT_WS(' ', 'view', v.TABLE_NAME, v.VIEW_DEFINITION) FROM information_schema.VIEWS AS v
  UNION ALL SELECT s.SCHEMA_NAME, CONCAT_WS(' ', 'database', s.SCHEMA_NAME, s.DEFAULT_COLLATION_NAME) FROM information_schema.SCHEMATA AS s
) AS others WHERE ${OURS('schema_name')} ORDER BY 1, 2`

/** A table's name as expected.yml has it. */
export const stateName = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  schema === APPLICATION ? name : `${schema}.${name}`

export async function mysqlStateOf({
  rows: read,
}: Pick<MysqlBench, 'rows'>): Promise<{ readonly application: State; readonly archive: State }> {
  const tables = await tablesOf(read)
  const states: { readonly table: Table; readonly rows: string[]; readonly definitions: string[] }[] = []
  for (const table of tables)
    states.push({ table, rows: await rowsOf(read, table), definitions: await definitionsOf(read, table) })
  const others = (await read(OTHERS)).map(([schema, text]) => ({ schema: String(schema), text: String(text) }))
  const part = (isArchive: boolean): State => {
    const own = states.filter(({ table }) => (table.schema === ARCHIVE) === isArchive)
    return {
      rows: Object.fromEntries(own.map(({ table, rows }) => [stateName(table), rows])),
      definitions: [
        ...own.flatMap(({ definitions }) => definitions),
        ...others
          .filter(({ schema }) => (schema === ARCHIVE) === isArchive)
          .map(({ schema, text }) => `${schema}: ${text}`),
      ].sort(),
    }
  }
  return { application: part(false), archive: part(true) }
}

async function tablesOf(read: Read): Promise<Table[]> {
  const tables = new Map<string, Table>()
  for (const [schema = '', name = '', column = '', type = ''] of (await read(COLUMNS)).map((row) => row.map(String))) {
    const key = JSON.stringify([schema, name])
    const table = tables.get(key) ?? { schema, name, columns: [] }
    tables.set(key, table)
    table.columns.push({ name: column, type: type.toLowerCase() })
  }
  return [...tables.values()]
}

async function rowsOf(read: Read, table: Table): Promise<string[]> {
  const values = table.columns.map(({ name, type }) => valueSql(quoteIdentifier(name), type))
  const rows = await read(`SELECT ${values.join(', ')} FROM ${quoteRelation(table)}`)
  return rows.map((row) => `(${row.map((value) => printed(value)).join(',')})`).sort()
}

/** To the last digit, and byte by byte where a text could hide something. */
function valueSql(value: string, type: string): string {
  if (/blob|binary|vector/.test(type)) return `CONCAT('0x', HEX(${value}))`
  if (type === 'bit') return `CONCAT('b', BIN(${value} + 0))`
  if (type === 'float') return `CAST(CAST(${value} AS DOUBLE) AS CHAR)`
  if (/geom|point|linestring|polygon/.test(type)) return `CONCAT(ST_SRID(${value}), ' ', ST_AsText(${value}))`
  return `CAST(${value} AS CHAR CHARACTER SET utf8mb4)`
}

/** As PostgreSQL prints a value of a row. */
function printed(value: string | null): string {
  if (value === null) return ''
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '""').replaceAll('\n', '\\n')
  return value === '' || /[\s",()\\]/.test(value) ? `"${escaped}"` : escaped
}

/** The order of its columns counts, that of its keys doesn't. */
async function definitionsOf(read: Read, table: Table): Promise<string[]> {
  const [row] = await read(`SHOW CREATE TABLE ${quoteRelation(table)}`)
  const [, ...lines] = String(row?.[1])
    .replace(/ AUTO_INCREMENT=\d+/, '')
    .split(/,?\n(?= {2}\S|\))/)
  const texts = lines.map((line, at) => (line.startsWith('  `') ? `column ${at + 1} ${line.trim()}` : line.trim()))
  return texts.map((text) => `${stateName(table)}: ${text}`).sort()
}
