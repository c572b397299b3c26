import pg from 'pg'

/** From a value's text, as the server prints it, to what callers see. */
export type ParseValue = (text: string) => unknown

const asText: ParseValue = (text) => text

/**
 * Types that JavaScript holds exactly: bool, int2, int4, oid, float4, float8, json, jsonb, and arrays of
 * bool, int2, int4, oid, float4, float8, "char", text, varchar and name. Everything else, int8, numeric and timestamps
 * above all, stays the server's own text.
 */
const parsedTypes = new Set([
  16, 21, 23, 26, 700, 701, 114, 3802, 1000, 1005, 1007, 1028, 1021, 1022, 1002, 1009, 1015, 1003,
])

const parserOf = pg.types.getTypeParser as (oid: number, format: 'text') => ParseValue
const parseTextArray = parserOf(1009, 'text')

/** pg-types has no parser for int2vector and oidvector. */
const splitVector: ParseValue = (text) => (text === '' ? [] : text.split(' ').map(Number))

export function valueParser(oid: number): ParseValue {
  if (oid === 22 || oid === 30) return splitVector
  // int8[]: pg-types would make numbers of it.
  if (oid === 1016) return parseTextArray
  return parsedTypes.has(oid) ? parserOf(oid, 'text') : asText
}
