import type { Column, Table } from '../../model/catalog.js'
import type { LookupPart } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'
import { charsetOf, isText } from './oracle.js'
import { literalsIn, nameOf, sameName, type Token, tokens, words } from './sql-text.js'

/**
 * MariaDB takes no char column into an indexed expression, whose value would depend on PAD_CHAR_TO_FULL_LENGTH; without
 * the blanks that padding adds it is the same always.
 */
export function unpadded(sql: string, { columns }: Table, { flavour }: Pick<ServerInfo, 'flavour'>): string {
  if (flavour !== 'mariadb') return sql
  const isChar = (token: Token) =>
    token.kind === 'quoted' &&
    columns.some(({ name, baseType }) => baseType === 'char' && sameName(name, nameOf(token)))
  return tokens(sql)
    .map((token) => (isChar(token) ? `RTRIM(${token.text})` : token.text))
    .join('')
}

/** As a generated column that holds the same would be declared. */
export function typeOf(column: Column): string {
  const type = /^(enum|set)$/.test(column.baseType) ? 'varchar(255)' : column.type
  return isText(column) && column.collation !== null
    ? `${type} CHARACTER SET ${charsetOf(column.collation)} COLLATE ${column.collation}`
    : type
}

/**
 * The type of a spelled expression, of those that are common as keys; null where only the server knows it. A generated
 * column of too narrow a type would refuse rows.
 */
export function typeOfExpression(
  { label: sql, columns: names }: Pick<LookupPart, 'label' | 'columns'>,
  table: Table,
): string | null {
  const columns = table.columns.filter(({ name }) => names.includes(name))
  const cast = /^cast\(.+ as (?<type>date|datetime(?:\(\d\))?|signed|unsigned|decimal\([\d,]+\))\)$/su.exec(sql)?.groups
    ?.type
  if (cast !== undefined) return cast.replace('unsigned', 'bigint unsigned').replace(/^signed/, 'bigint')
  const name = /^(?<name>\w+)\(/.exec(sql)?.groups?.name ?? ''
  if (/^(date|last_day)$/.test(name)) return 'date'
  if (/^(year|month|day|quarter|length|char_length|crc32|sign)$/.test(name)) return 'bigint'
  if (/^(sha2|md5|sha1)$/.test(name)) return 'varchar(255) CHARACTER SET ascii COLLATE ascii_bin'
  const [only] = columns
  if (name === 'concat') return typeOfConcatenation(sql, columns)
  if (only !== undefined && columns.length === 1 && keepsType(name, sql, only)) return typeOf(only)
  return / (?:IS (?:NOT )?NULL|=|<>|<|>|<=|>=) ?/.test(sql) && !/\b(?:CASE|if\()/.test(sql) ? 'tinyint(1)' : null
}

/** Whether each value of a function of one column fits into a column like it. */
function keepsType(name: string, sql: string, column: Column): boolean {
  const { strings, numbers } = literalsIn(sql)
  const isPlain = words(sql).filter(({ text }) => text === '(').length === 1
  if (!isPlain) return false
  if (/^(lower|upper|trim|ltrim|rtrim|left|right|substr)$/.test(name)) return isText(column)
  if (name === 'replace') return isText(column) && (strings[1] ?? '').length <= (strings[0] ?? '').length
  if (!/^(ifnull|coalesce|nullif)$/.test(name)) return false
  if (isText(column)) return numbers.length === 0 && strings.every((text) => text.length <= lengthOf(column))
  return /int$/.test(column.baseType) && strings.length === 0 && numbers.every((text) => /^\d$/.test(text))
}

/** Beyond this many characters a digest takes its place. */
const MAX_CHARACTERS = 700

/** Long enough for the longest values of each column; of one collation, or none is known. */
function typeOfConcatenation(sql: string, columns: readonly Column[]): string | null {
  const texts = columns.filter(isText)
  const [first] = texts
  const isKnown = columns.every((column) => isText(column) || /int$|^(date|datetime|decimal)$/.test(column.baseType))
  if (first === undefined || !isKnown || texts.some(({ collation }) => collation !== first.collation)) return null
  const mentioned = words(sql).filter(({ kind }) => kind === 'quoted').length
  const longest = Math.max(...columns.map((column) => (isText(column) ? lengthOf(column) : 80)))
  const isLong = mentioned * longest + sql.length > MAX_CHARACTERS
  return typeOf({ ...first, baseType: 'varchar', type: isLong ? 'longtext' : `varchar(${MAX_CHARACTERS})` })
}

function lengthOf({ baseType, type }: Column): number {
  const length = Number(/\((?<length>\d+)\)/.exec(type)?.groups?.length ?? Number.POSITIVE_INFINITY)
  return /char$/.test(baseType) ? length : baseType === 'tinytext' ? 255 : Number.POSITIVE_INFINITY
}
