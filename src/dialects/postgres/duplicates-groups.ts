import type { DuplicateSample } from '../../model/duplicates.js'
import type { ReadTransaction } from './driver.js'
import {
  ask,
  bornTogetherSql,
  keyColumns,
  keyNames,
  type Rows,
  SECOND,
  stampSql,
  whereClause,
  withinSecond,
} from './duplicates-exact.js'
import type { CountedKeySet } from './duplicates-key.js'
import { atPlaces } from './duplicates-locate.js'
import { type SampleRow, samplesSql, toSample } from './duplicates-samples.js'
import { isHashed, MOST_HASHES } from './duplicates-screen.js'

/** What is told of all duplicate groups of a key set together. */
export interface Groups {
  readonly groups: number
  readonly surplus: number
  readonly largest: number
  readonly identical: number
  readonly first: string | null
  readonly last: string | null
  /** Groups in which some two rows are surely within a second. */
  readonly born: number
  /** Groups of three rows or more in which it takes a closer look. */
  readonly unsure: number
}

/** Hashes of some groups' keys, each the text of a bigint[]; null where there are too many. */
export interface Hashes {
  /** Of the largest groups, as many as samples are wanted. */
  readonly largest: string
  readonly unsure: string | null
}

export interface HashedGroups extends Groups {
  readonly hashes: Hashes
  /** Of the groups that `identical` counts; null where there are too many. */
  readonly alike: string | null
}

/** Rows of one key that are alike in every compared column are a variant; a group with one variant is identical. */
export function describeGroups(transaction: ReadTransaction, counted: CountedKeySet, rows: Rows): Promise<Groups> {
  return ask(transaction, variantsSql(counted, rows, null), rows.values)
}

/** The same, with the hashes of those groups that later statements ask for. */
export function describeHashedGroups(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  samples: number,
): Promise<HashedGroups> {
  return ask(transaction, variantsSql(counted, rows, samples), rows.values)
}

/** Everything about a moderate number of rows, which are read once and kept. */
export async function describeAtOnce(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  { samples, places }: { readonly samples: number; readonly places: boolean },
): Promise<DescribedAtOnce> {
  const { lookup: key, compared } = counted
  const unsure = `h IN (SELECT h FROM groups WHERE ${bornConditions(counted).unsure})`
  const more = [
    `, 'samples', (${samplesSql(key, compared, `found WHERE h IN (${largestSql(counted, samples)})`, samples)})`,
    `, 'closer', (${bornTogetherSql(key, `(SELECT * FROM found WHERE ${unsure}) AS r`)})`,
    places ? `, 'places', (SELECT array_agg(place)::text FROM found)` : '',
  ]
  const found = await ask<Groups & { samples: SampleRow[]; closer: number; places?: string }>(
    transaction,
    `WITH found AS MATERIALIZED (${rowsSql(counted, rows, true, places ? ['ctid AS place'] : [])}),
     ${groupsOver(counted, 'found', true)} ${summarySql(counted, more.join(''))}`,
    rows.values,
  )
  return {
    groups: found,
    born: found.born + found.closer,
    samples: found.samples.map((row) => toSample(key, compared, row)),
    rows: places ? atPlaces(found.places ?? null) : rows,
  }
}

export interface DescribedAtOnce {
  readonly groups: Groups
  /** Groups in which two rows are within a second. */
  readonly born: number
  readonly samples: readonly DuplicateSample[]
  /** The same rows for later statements, by their places if those were asked for. */
  readonly rows: Rows
}

function variantsSql(counted: CountedKeySet, rows: Rows, samples: number | null): string {
  const from = `(${rowsSql(counted, rows, samples !== null, [])}) AS r`
  return `WITH ${groupsOver(counted, from, samples !== null)} ${summarySql(counted, samples === null ? '' : hashesSql(counted, samples))}`
}

/** Rows with their key as k0 …, its hash (if wanted) as h, compared columns as c0 … and stamp as s. */
function rowsSql(counted: CountedKeySet, rows: Rows, hashed: boolean, more: readonly string[]): string {
  const { lookup: key, compared } = counted
  const columns = [
    keyColumns(key),
    `${hashed && isHashed(key) ? key.hash.sql : 'NULL::bigint'} AS h`,
    ...compared.map(({ sql }, at) => `${sql} AS c${at}`),
    `${stampSql(counted)} AS s`,
    ...more,
  ]
  return `SELECT ${columns.join(', ')} FROM ${key.from} ${whereClause(key, rows)}`
}

/** Two CTEs: variants, and groups with k0 …, h, n rows, q stamps from f to l, alike or not. */
function groupsOver({ lookup: key, compared }: CountedKeySet, from: string, materialized: boolean): string {
  const names = keyNames(key)
  return `variants AS (
      SELECT ${names}, min(h) AS h, count(*) AS n, count(s) AS q, min(s) AS f, max(s) AS l
      FROM ${from} GROUP BY ${[names, ...compared.map((_, at) => `c${at}`)].join(', ')}
    ), groups AS ${materialized ? 'MATERIALIZED ' : ''}(
      SELECT ${names}, min(h) AS h, sum(n::float8)::bigint AS n, sum(q::float8) AS q, min(f) AS f, max(l) AS l,
             count(*) = 1 AS alike
      FROM variants GROUP BY ${names} HAVING sum(n::float8) > 1
    )`
}

/** Some stamps are within a second; and those where it takes a closer look. */
function bornConditions(counted: CountedKeySet): { readonly within: string; readonly unsure: string } {
  const within = withinSecond(counted) ? `q >= 2 AND l - f <= ${SECOND}` : 'false'
  return { within, unsure: withinSecond(counted) ? `q > 2 AND l - f > ${SECOND}` : 'false' }
}

/** Over groups as above. */
export function summarySql(counted: CountedKeySet, more: string): string {
  const { within, unsure } = bornConditions(counted)
  return `SELECT json_build_object(
      'groups', count(*), 'surplus', coalesce(sum(n - 1), 0), 'largest', coalesce(max(n), 0),
      'identical', count(*) FILTER (WHERE alike), 'first', min(f), 'last', max(l),
      'born', count(*) FILTER (WHERE ${within}),
      'unsure', count(*) FILTER (WHERE ${unsure})${more})::text AS answer
    FROM groups`
}

export function hashesSql(counted: CountedKeySet, samples: number): string {
  return `, 'alike', ${hashesWhere('alike')}, 'hashes', json_build_object(
      'unsure', ${hashesWhere(bornConditions(counted).unsure)},
      'largest', (SELECT coalesce(array_agg(h), '{}')::text FROM (${largestSql(counted, samples)}) AS t))`
}

function largestSql({ lookup }: CountedKeySet, samples: number): string {
  const texts = lookup.values.map((_, at) => `k${at}::text COLLATE "C"`).join(', ')
  return `SELECT h FROM groups ORDER BY n DESC, ${texts} LIMIT ${Math.trunc(samples)}`
}

/** Null where there are too many. */
function hashesWhere(condition: string): string {
  const filter = `FILTER (WHERE ${condition})`
  return `CASE WHEN count(*) ${filter} <= ${MOST_HASHES} THEN coalesce(array_agg(h) ${filter}, '{}')::text END`
}
