import { jsonRows } from './catalog.js'
import type { DatabaseError, ReadTransaction } from './driver.js'

/** What a type can do, as the server's own operator classes say. */
export interface TypeFacts {
  /** Has an equality that GROUP BY can use. */
  readonly groups: boolean
  /** Has an order, which count(DISTINCT …) needs. */
  readonly sorts: boolean
  /** `schema.=`, for OPERATOR(); null without equality. */
  readonly equality: string | null
  /** An integer: a bigint by itself tells its values apart. */
  readonly isInteger: boolean
  /** How to hash a value consistently with that equality, or null. */
  readonly hash: HashCall | null
}

/** SQL of a 64-bit hash of a value. NULL for NULL. */
export type HashCall = (value: string, seed: string) => string

export const textFacts: TypeFacts = {
  groups: true,
  sorts: true,
  equality: 'pg_catalog.=',
  isInteger: false,
  hash: (value, seed) => `pg_catalog.hashtextextended(${value}, ${seed})`,
}

interface TypeRow {
  readonly id: string
  readonly name: string
  readonly equality: string | null
  readonly sorts: boolean
  readonly hashFunction: string | null
  readonly hashTakesType: boolean
}

/**
 * By oid: the default operator classes as the server itself finds them (domains looked through, binary-coercible and
 * polymorphic ones included). A hash function counts only where its family's equality is the one that GROUP BY uses.
 */
const TYPES = `
  WITH RECURSIVE base(oid, type) AS (
    SELECT t, t FROM unnest($1::oid[]) AS u(t)
    UNION
    SELECT base.oid, t.typbasetype FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype = 'd'
  ), real AS (
    SELECT base.oid, t.oid AS type,
           CASE t.typtype WHEN 'e' THEN 'anyenum'::regtype WHEN 'r' THEN 'anyrange'::regtype
                WHEN 'm' THEN 'anymultirange'::regtype WHEN 'c' THEN 'record'::regtype
                WHEN 'b' THEN CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN 'anyarray'::regtype END END AS family
    FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype <> 'd'
  ), found AS MATERIALIZED (
    SELECT real.oid, real.type, am.amname, o.opcfamily, o.opcintype
    FROM real CROSS JOIN pg_am am
    CROSS JOIN LATERAL (
      SELECT o.opcfamily, o.opcintype FROM pg_opclass o JOIN pg_type it ON it.oid = o.opcintype
      WHERE o.opcmethod = am.oid AND o.opcdefault AND (o.opcintype IN (real.type, real.family) OR EXISTS (
        SELECT FROM pg_cast c WHERE c.castsource = real.type AND c.casttarget = o.opcintype
          AND c.castmethod = 'b' AND c.castcontext = 'i'))
      ORDER BY o.opcintype = real.type DESC, it.typispreferred DESC, o.opcintype LIMIT 1) o
    WHERE am.amname IN ('btree', 'hash')
  ), equal AS (
    SELECT found.*, op.oid AS operator, quote_ident(n.nspname) || '.' || op.oprname AS equality
    FROM found
    JOIN pg_amop a ON a.amopfamily = found.opcfamily AND a.amoplefttype = found.opcintype
      AND a.amoprighttype = found.opcintype AND a.amopstrategy = CASE found.amname WHEN 'hash' THEN 1 ELSE 3 END
    JOIN pg_operator op ON op.oid = a.amopopr JOIN pg_namespace n ON n.oid = op.oprnamespace
  )
  SELECT real.oid::text AS id, format_type(real.type, NULL) AS name, b.operator IS NOT NULL AS sorts,
         coalesce(b.equality, h.equality) AS equality,
         CASE WHEN b.operator IS NULL OR b.operator = h.operator
              THEN quote_ident(n.nspname) || '.' || quote_ident(p.proname) END AS "hashFunction",
         coalesce(p.proargtypes[0] IN (h.opcintype, real.type), false) AS "hashTakesType"
  FROM real
  LEFT JOIN equal b ON b.oid = real.oid AND b.amname = 'btree'
  LEFT JOIN equal h ON h.oid = real.oid AND h.amname = 'hash'
  LEFT JOIN pg_amproc x ON x.amprocfamily = h.opcfamily AND x.amproclefttype = h.opcintype
    AND x.amprocrighttype = h.opcintype AND x.amprocnum = 2
  LEFT JOIN pg_proc p ON p.oid = x.amproc
  LEFT JOIN pg_namespace n ON n.oid = p.pronamespace`

/** Types whose hash function is declared for another type that the server passes off as this one. */
const SUBSTITUTES: Readonly<Record<string, HashCall>> = {
  boolean: (value, seed) => `pg_catalog.hashint4extended(${value}::int4, ${seed})`,
  // A date can lie beyond the last timestamp, and infinity has no distance from a day.
  date: (value, seed) =>
    `CASE WHEN pg_catalog.isfinite(${value}) THEN pg_catalog.hashint4extended(${value} - date '2000-01-01', ${seed})
      ELSE pg_catalog.hashtextextended(${value}::text, ${seed}) END`,
  'timestamp with time zone': (value, seed) =>
    `pg_catalog.timestamp_hash_extended(${value} AT TIME ZONE 'UTC', ${seed})`,
}

function hashCall(row: TypeRow): HashCall | null {
  const { hashFunction } = row
  if (hashFunction === null) return null
  if (row.hashTakesType) return (value, seed) => `${hashFunction}(${value}, ${seed})`
  const substitute = SUBSTITUTES[row.name]
  if (substitute !== undefined) return substitute
  // An array hashes its members with whatever their type has, even what SQL can't call. It would hash a NULL member too.
  return (value, seed) =>
    `CASE WHEN ${value} IS DISTINCT FROM NULL THEN pg_catalog.hash_array_extended(ARRAY[${value}], ${seed}) END`
}

/** Types by oid, as far as they were asked for. */
export type KnownTypes = Map<string, TypeFacts>

const unusable: TypeFacts = { groups: false, sorts: false, equality: null, isInteger: false, hash: null }

/** Types of expressions over a relation, without reading a row of it; in their order. */
export async function typesOf(
  { attempt, query }: ReadTransaction,
  from: string,
  expressions: readonly string[],
  known: KnownTypes,
): Promise<readonly TypeFacts[] | DatabaseError> {
  const columns = expressions.map((sql, at) => `(${sql}\n) AS x${at}`).join(', ')
  const types = expressions.map((_, at) => `pg_typeof(v.x${at})::oid::text`).join(', ')
  const answer = await attempt<{ types: string }>(
    `SELECT to_json(ARRAY[${types}]::text[])::text AS types
     FROM (SELECT 1) AS one LEFT JOIN (SELECT ${columns} FROM ${from} WHERE false) AS v ON true`,
  )
  if ('error' in answer) return answer.error
  const ids = JSON.parse(answer.rows[0]?.types ?? '[]') as string[]
  const unknown = [...new Set(ids)].filter((id) => !known.has(id))
  for (const row of unknown.length === 0 ? [] : await jsonRows<TypeRow>(query, TYPES, [unknown]))
    known.set(row.id, toFacts(row))
  return ids.map((id) => known.get(id) ?? unusable)
}

function toFacts(row: TypeRow): TypeFacts {
  const { equality, sorts, name } = row
  const isInteger = ['smallint', 'integer', 'bigint'].includes(name)
  return { groups: equality !== null, sorts, equality, isInteger, hash: hashCall(row) }
}
