import type { Column } from '../../model/catalog.js'
import type { ColumnRow } from './catalog-queries.js'
import type { ServerInfo } from './driver.js'
import { quoteLiteral } from './sql-text.js'

const SPATIAL =
  /^(geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/

/** A default that makes another value for each row. */
const UNIQUE_DEFAULT = /\b(uuid|uuid_short|uuid_v4|uuid_v7|sys_guid|nextval)\s*\(/i
const NOW = /\b(current_timestamp|now|localtime|localtimestamp|curdate|current_date|sysdate|utc_timestamp)\b/i

export function toColumn(row: ColumnRow, { flavour }: Pick<ServerInfo, 'flavour'>): Column {
  const extra = row.extra.toLowerCase()
  const generated = extra.includes('virtual generated')
    ? 'virtual'
    : /stored generated|persistent/.test(extra)
      ? 'stored'
      : null
  const initial = generated === null ? defaultOf(row, flavour) : null
  const baseType = row.baseType.toLowerCase()
  const isTimestamp = /^(date|datetime|timestamp)$/.test(baseType)
  const stampedOnUpdate = extra.includes('on update')
  const named = /^(created|inserted)|^date_joined$/i.test(row.column)
  return {
    name: row.column,
    type: row.type,
    notNull: row.nullable === 'NO',
    generatesKey: extra.includes('auto_increment') || UNIQUE_DEFAULT.test(initial ?? ''),
    generated,
    expression: generated === null ? null : printed(row.expression ?? '', flavour),
    default: initial,
    collation: row.collation,
    deterministic: isDeterministic(row.collation),
    ...(extra.includes('invisible') ? { invisible: true } : {}),
    ...(stampedOnUpdate ? { stampedOnUpdate } : {}),
    baseType,
    hasEquality: !SPATIAL.test(baseType),
    isTimestamp,
    isCreationStamp: isTimestamp && !stampedOnUpdate && (named || NOW.test(initial ?? '')),
  }
}

/** The default as an expression. MySQL tells constants without their quotes, MariaDB as SQL. */
function defaultOf(row: ColumnRow, flavour: ServerInfo['flavour']): string | null {
  if (row.default === null || (flavour === 'mariadb' && row.default === 'NULL')) return null
  if (flavour === 'mariadb') return row.default
  if (/default_generated/i.test(row.extra)) return printed(row.default, flavour)
  const bare = /^(bit|tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)$/i.test(row.baseType)
  return bare ? row.default : quoteLiteral(row.default)
}

/** MySQL's information_schema escapes the quotes and backslashes of expressions once more; MariaDB's doesn't. */
export function printed(expression: string, flavour: ServerInfo['flavour']): string {
  return flavour === 'mariadb' ? expression : reread(expression).replaceAll(/\\([\\'"])/g, '$1')
}

/** Only binary collations tell all texts apart, and of these only the ones that don't pad with blanks. */
export function isDeterministic(collation: string | null): boolean {
  return collation === null || collation === 'binary' || /(_0900_bin|_nopad_bin)$/.test(collation)
}

/** And it takes their UTF-8 for Latin-1, a character for each byte. */
function reread(expression: string): string {
  if (!/^[\0-\u00ff]*$/.test(expression)) return expression
  const text = Buffer.from(expression, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? expression : text
}
