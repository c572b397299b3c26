import type { Column } from '../../model/catalog.js'
import type { Facts, ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction, ServerInfo } from './driver.js'
import { isText } from './oracle.js'
import { plainColumn } from './sql-text.js'

/** Looked-up values that change when they are stored, so that the next lookup misses them. */
export async function writeMismatches(
  { server }: Pick<ReadTransaction, 'server'>,
  { keySet, relation, table, parts }: ResolvedKeySet,
): Promise<Facts['writeMismatches']> {
  const names = table.columns.map(({ name }) => name)
  return parts.flatMap((part) => {
    const column = table.columns.find((candidate) => candidate.name === part.column)
    if (column === undefined || part.origin === 'fixed') return []
    const declared = Object.entries(relation.base?.columns ?? {}).find(
      ([, sql]) => plainColumn(sql, names) === column.name,
    )
    const bound = keySet.boundAs[declared?.[0] ?? column.name]?.toLowerCase()
    const detail = rounding(column, bound, server) ?? cutting(column, bound, server) ?? rewriting(column, table)
    return detail === null ? [] : [{ column: column.name, detail }]
  })
}

function rounding(column: Column, bound: string | undefined, { flavour }: ServerInfo): string | null {
  if (/^(float|double)$/.test(column.baseType))
    return `${column.type} stores the nearest binary fraction, so a looked-up decimal need not equal what was stored for it`
  if (bound === undefined) return null
  const stored = fraction(column.type)
  const given = fraction(bound)
  if (stored === null || given === null || given.family !== stored.family || given.digits <= stored.digits) return null
  const how = stored.family === 'time' && flavour === 'mariadb' ? 'is cut' : 'is rounded'
  return `a value for ${column.type} ${how} on write, and values bound as ${bound} carry more digits than it keeps`
}

/** Digits after the point that a type keeps; Infinity where it keeps what it is given. */
export function fraction(type: string): { readonly family: 'number' | 'time'; readonly digits: number } | null {
  const decimal = /^(?:decimal|numeric|dec|fixed)(?:\(\d+(?:, ?(?<scale>\d+))?\))?/.exec(type)
  if (decimal !== null) return { family: 'number', digits: Number(decimal.groups?.scale ?? 0) }
  if (/^(float|double|real)/.test(type)) return { family: 'number', digits: Number.POSITIVE_INFINITY }
  if (/^(tinyint|smallint|mediumint|int|integer|bigint|year)/.test(type)) return { family: 'number', digits: 0 }
  const time = /^(?:datetime|timestamp|time)(?:\((?<precision>\d)\))?/.exec(type)
  if (time !== null) return { family: 'time', digits: Number(time.groups?.precision ?? 0) }
  return type === 'date' ? { family: 'time', digits: -1 } : null
}

const LENGTHS: Readonly<Record<string, number>> = { tinytext: 255, text: 65_535, mediumtext: 16_777_215 }

/** Characters that a text type keeps; null where it isn't one. */
function lengthOf(type: string): number | null {
  const length = /^(?:national )?(?:var)?char(?:acter)?(?: varying)?\((?<length>\d+)\)/.exec(type)?.groups?.length
  if (length !== undefined) return Number(length)
  const word = /^\w+/.exec(type)?.[0] ?? ''
  return word === 'longtext' ? Number.POSITIVE_INFINITY : (LENGTHS[word] ?? null)
}

const STRICT = /STRICT_(TRANS|ALL)_TABLES/

/** What a text or a number loses because the column can't hold it. */
function cutting(column: Column, bound: string | undefined, { sqlMode }: ServerInfo): string | null {
  if (bound === undefined) return null
  const isNumber = fraction(column.type)?.family === 'number'
  if (isNumber && lengthOf(bound) !== null)
    return `a text bound as ${bound} is compared as the number that it begins with ('1abc' finds 1), and stored as a number or refused`
  if (!isText(column)) return null
  if (/utf8mb4/.test(bound) && /^utf8(mb3)?_/.test(column.collation ?? ''))
    return `${column.name} can't hold characters of four bytes: the lookup finds nothing for them, and the INSERT ${STRICT.test(sqlMode) ? 'fails' : 'stores question marks'}`
  const [given, kept] = [lengthOf(bound), lengthOf(column.type)]
  if (given === null || kept === null || given <= kept || STRICT.test(sqlMode)) return null
  return `a text that is longer than ${column.type} is cut without an error, since sql_mode is not strict`
}

function rewriting(column: Column, { insertTriggers }: ResolvedKeySet['table']): string | null {
  const trigger = insertTriggers.find((candidate) => candidate.assigns.includes(column.name))
  return trigger === undefined
    ? null
    : `the BEFORE INSERT trigger ${trigger.name} assigns ${column.name}, so what is stored need not be what was looked up`
}
