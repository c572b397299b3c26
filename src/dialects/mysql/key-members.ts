import type { Column, Table } from '../../model/catalog.js'
import type { Refusal } from '../../model/plan-facts.js'
import type { LookupPart } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'
import { typeOf, typeOfExpression, unpadded } from './expression-types.js'
import { charsetOf, collatedBy, isText } from './oracle.js'
import { quoteIdentifier } from './sql-text.js'

/** A computed member of a unique index. */
export interface Computed {
  /** What its column is called, unless that is taken. */
  readonly suffix: string
  /** Null where only the server knows it. */
  readonly type: string | null
  readonly sql: string
}

export interface MemberOptions {
  readonly part: LookupPart
  readonly column: Column | null
  /** Type that the driver binds, where it isn't the column's. */
  readonly bound: string | undefined
  readonly table: Table
  readonly server: ServerInfo
  /** Compare a digest, so that the key stays short. */
  readonly digest: boolean
}

const NUMBERS = /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|float|double|real|bool|boolean|bit)\b/i

/** What an index must compute to compare a part of the lookup as the lookup does; nothing where the column itself will do. */
export function computedMember(options: MemberOptions): readonly Computed[] | Refusal {
  const members = membersOf(options)
  if ('refused' in members) return members
  return members.map((one) => ({ ...one, sql: unpadded(one.sql, options.table, options.server) }))
}

function membersOf(options: MemberOptions): readonly Computed[] | Refusal {
  const { part, column, bound, table } = options
  if (column !== null && !column.hasEquality)
    return refusal(`${column.name} is of type ${column.type}, which can't be compared`, 'Look up an expression over it')
  if (column?.baseType === 'json' && options.server.flavour === 'mysql')
    return refusal(
      `${column.name} is of type json, which no index can hold`,
      `Look up an expression over it, such as (${quoteIdentifier(column.name)} ->> '$.key')`,
    )
  if (column !== null && isText(column) && bound !== undefined && NUMBERS.test(bound))
    return refusal(
      `${column.name} is a text that the lookup compares as a number, and '1', '01' and '1abc' are the same number`,
      'Bind the value as a text',
    )
  if (column !== null && /^(bigint|decimal)$/.test(column.baseType) && /^(float|double|real)\b/i.test(bound ?? ''))
    return refusal(
      `${column.name} holds ${column.type} values that the lookup compares as doubles, which tell them apart to 15 digits only`,
      `Bind the value as ${column.baseType}`,
    )
  const source = column === null ? collatedBy(part, table) : column
  const value = comparedBy(options)
  const name = column?.name ?? wordsOf(part.label)
  if (value.type === null && options.server.flavour === 'mariadb')
    return refusal(
      `the type of ${value.sql} isn't known, and a generated column needs one`,
      'Add a generated column of the right type, and look that up',
    )
  const base = options.digest || isBlob(value.type) ? digested(value, source, options) : value
  if ('refused' in base) return base
  const nullLookedUp = part.nullLookedUp === 'also'
  if (!nullLookedUp)
    return base === value && value.suffix === '' && column !== null
      ? []
      : [{ ...base, suffix: `${name}_${base.suffix}` }]
  return withNull(base, name, options)
}

/** The words of an expression, for a name. */
export function wordsOf(sql: string): string {
  return sql.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_|_$/g, '')
}

const refusal = (refused: string, advice: string): Refusal => ({ refused, advice })
const isBlob = (type: string | null): boolean => /^(tiny|medium|long)?(text|blob)\b/.test(type ?? '')

/** What the lookup compares; `suffix` is empty for the column itself. */
function comparedBy({ part, column, bound, table }: MemberOptions): Computed {
  if (column === null) {
    return { suffix: '', type: typeOfExpression(part, table), sql: part.label }
  }
  const name = quoteIdentifier(column.name)
  if (isText(column)) {
    if (part.match === 'lower' || part.match === 'upper')
      return { suffix: part.match, type: typeOf(column), sql: `${part.match.toUpperCase()}(${name})` }
    const bytes = part.match === 'binary' || /^(binary|varbinary|(?:tiny|medium|long)?blob)|_bin\b/i.test(bound ?? '')
    if (bytes && !column.deterministic) {
      const type = /text$/.test(column.baseType) ? 'blob' : `varbinary(${keyBytes(column)})`
      return { suffix: 'bytes', type, sql: `CAST(${name} AS BINARY)` }
    }
  }
  return { suffix: '', type: typeOf(column), sql: name }
}

/** A digest that is the same for just those values that the column calls equal. */
function digested(value: Computed, source: Column | null, { server }: MemberOptions): Computed | Refusal {
  const isBytes = value.suffix === 'bytes' || source === null || !isText(source) || source.deterministic
  const weight = isBytes ? value.sql : weightOf(value.sql, source.collation ?? '', server)
  if (weight === null)
    return refusal(
      `no digest of ${source?.name} compares as its collation ${source?.collation} does, and the key is too long without one`,
      'Shorten the column, or give it a collation that ignores case and accents or neither',
    )
  return {
    suffix: [value.suffix, 'digest'].filter(Boolean).join('_'),
    type: 'binary(32)',
    sql: `UNHEX(SHA2(${weight}, 256))`,
  }
}

/** The bytes by which a collation compares. Trailing blanks weigh nothing where it pads; null where they can't be taken off. */
function weightOf(sql: string, collation: string, { flavour }: ServerInfo): string | null {
  const pads = flavour === 'mysql' ? !/_0900_/.test(collation) : !/_nopad_/.test(collation)
  if (!pads) return `WEIGHT_STRING(${sql})`
  // With several levels, the weights of blanks lie in the middle.
  if (/_uca1400_/.test(collation) && !/_ai_ci$/.test(collation)) return null
  const blank = `WEIGHT_STRING(CONVERT(' ' USING ${charsetOf(collation)}) COLLATE ${collation})`
  return `TRIM(TRAILING ${blank} FROM WEIGHT_STRING(RTRIM(${sql})))`
}

/** Two members that take NULL for one more value: no real value is mistaken for it. */
function withNull(
  base: Computed,
  name: string,
  { part, column, server }: MemberOptions,
): readonly Computed[] | Refusal {
  const stem = [name, base.suffix].filter(Boolean).join('_')
  const operand = column === null ? `(${part.label})` : quoteIdentifier(column.name)
  const flag = { suffix: `${name}_is_null`, type: 'tinyint(1)', sql: `${operand} IS NULL` }
  if (/^timestamp/.test(base.type ?? '')) {
    if (server.flavour === 'mysql')
      return refusal(
        `${name} is a timestamp, and a computed one depends on the time zone of the session`,
        'Make it NOT NULL, or a datetime',
      )
    // Microseconds and all, in no time zone.
    return [{ suffix: `${stem}_or_null`, type: 'decimal(20,6)', sql: `IFNULL(UNIX_TIMESTAMP(${base.sql}), -1)` }, flag]
  }
  const filler = fillerOf(base.type)
  if (filler === null)
    return refusal(`no value of ${name} can stand for NULL`, 'Make it NOT NULL, or look up an expression that never is')
  return [{ suffix: `${stem}_or_null`, type: base.type, sql: `IFNULL(${base.sql}, ${filler})` }, flag]
}

function fillerOf(type: string | null): string | null {
  if (type === null) return null
  if (/^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)/.test(type)) return '0'
  if (/^(var)?(char|binary)|^(enum|set)/.test(type)) return "''"
  if (/^datetime/.test(type)) return "TIMESTAMP'1000-01-01 00:00:00'"
  if (/^date/.test(type)) return "DATE'1000-01-01'"
  if (/^time/.test(type)) return "TIME'00:00:00'"
  return /^uuid/.test(type) ? "'00000000-0000-0000-0000-000000000000'" : null
}

const BYTES_PER_CHARACTER: Readonly<Record<string, number>> = {
  utf8mb4: 4,
  utf16: 4,
  utf16le: 4,
  utf32: 4,
  gb18030: 4,
  utf8mb3: 3,
  utf8: 3,
  ujis: 3,
  eucjpms: 3,
  ucs2: 2,
  big5: 2,
  gbk: 2,
  gb2312: 2,
  sjis: 2,
  cp932: 2,
  euckr: 2,
}

/** Bytes that a column takes in an index key, at most; infinitely many where it can't be in one. */
export function keyBytes({ type, baseType, collation }: Pick<Column, 'type' | 'baseType' | 'collation'>): number {
  if (/text$|blob$/.test(baseType) || baseType === 'json') return Number.POSITIVE_INFINITY
  const length = Number(/\((?<length>\d+)/.exec(type)?.groups?.length ?? 0)
  if (/char$/.test(baseType)) return length * (BYTES_PER_CHARACTER[charsetOf(collation ?? '')] ?? 1)
  return /binary$/.test(baseType) ? length : 16
}
