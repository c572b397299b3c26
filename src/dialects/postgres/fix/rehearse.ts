import { UserError } from '../../../model/errors.js'
import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Rehearsal, RehearsedTable, SampleGroup, SampleRow, UndecidedGroups } from '../../../model/rehearsal.js'
import { jsonRows } from '../catalog.js'
import type { PostgresDriver, Query } from '../driver.js'
import { isServerError } from '../errors.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { changedRows } from './changes.js'
import { problemQueries } from './checks.js'
import { causesOf, mappingBlock, undecidedSql } from './mapping.js'
import { baseOf, canLose, mapOf, movedOf, samePlace, sourceOf, targetOf, targetsOf } from './names.js'
import { survivorOrder } from './order.js'
import { workObjects } from './views.js'

type Shape = Pick<Plan, 'tables' | 'references'>

/** Groups shown per table and per kind of undecided group, and rows shown of each. */
const SAMPLES = 3
const SHOWN_ROWS = 4

/** Works the plan out in a snapshot, by the statements of the migration itself, and touches nothing. */
export function rehearse(driver: PostgresDriver, plan: Shape): Promise<Rehearsal> {
  return driver.rehearse(workObjects(plan), async (query) => {
    await mapRows(query, plan)
    const tables: RehearsedTable[] = []
    for (const at of plan.tables.keys()) tables.push(await rehearsed(query, plan, at))
    const repointed: number[] = []
    for (const at of plan.references.keys()) repointed.push(await countRepointed(query, plan, at))
    const causes = causesOf(plan)
    const undecided: UndecidedGroups[] = []
    for (const at of plan.tables.keys()) undecided.push(...(await undecidedOf(query, plan, at, causes)))
    const problems: { keySet: string | null; text: string }[] = []
    for (const sql of problemQueries(plan))
      for (const row of await jsonRows<{ text: string; cause: number | null }>(query, sql, []))
        problems.push({ keySet: causes[row.cause ?? -1] ?? null, text: row.text })
    return { tables, repointed, undecided, problems }
  })
}

async function mapRows(query: Query, plan: Shape): Promise<void> {
  try {
    await query(mappingBlock(plan))
  } catch (error) {
    if (!isServerError(error) || !MISFITS.test(error.code)) throw error
    const merged = plan.tables.flatMap(({ schema, name, merge }) =>
      merge.map(({ column, policy }) => `${policy} of ${schema}.${name}.${column}`),
    )
    throw new UserError(`The rows can't be merged: ${error.message}.`, {
      code: 'merge-misfit',
      cause: error,
      suggestions:
        merged.length === 0
          ? []
          : [`Choose a policy in \`merge\` whose values fit into the column. Merged are: ${merged.join(', ')}.`],
    })
  }
}

/** SQLSTATEs of values that a type or a domain refuses. */
const MISFITS = /^(22|23514)/

async function one<Row>(query: Query, sql: string): Promise<Row> {
  const [row] = await jsonRows<Row>(query, sql, [])
  if (row === undefined) throw new Error('an aggregate without GROUP BY returns a row')
  return row
}

async function rehearsed(query: Query, plan: Shape, at: number): Promise<RehearsedTable> {
  const table = plan.tables[at] as PlanTable
  const { rows } = await one<{ rows: number }>(query, `SELECT count(*) AS rows FROM ${sourceOf(table)}`)
  const changed = changedRows(plan, at)
  const { n: changedCount } =
    changed === null ? { n: 0 } : await one<{ n: number }>(query, `SELECT count(*) AS n FROM (${changed}) AS c`)
  if (!canLose(table))
    return { rows, surplusRows: 0, groups: 0, largestGroup: 0, changedRows: changedCount, byKey: [], samples: [] }
  const totals = await one<{ surplusRows: number; groups: number; largestGroup: number }>(
    query,
    `SELECT coalesce(sum(n), 0) AS "surplusRows", count(*) AS groups, coalesce(max(n) + 1, 0) AS "largestGroup"
     FROM (SELECT count(*) AS n FROM ${mapOf(at)} GROUP BY to_oid, to_tid) AS g`,
  )
  const keys = await jsonRows<{ key: number; n: number }>(
    query,
    `SELECT goc_key AS key, count(*) AS n FROM ${mapOf(at)} GROUP BY goc_key`,
    [],
  )
  const largest = `SELECT to_oid, to_tid, count(*) + 1 AS goc_rows FROM ${mapOf(at)} GROUP BY to_oid, to_tid`
  return {
    rows,
    ...totals,
    changedRows: changedCount,
    byKey: table.keys.map((_, number) => keys.find(({ key }) => key === number)?.n ?? 0),
    samples: totals.groups === 0 ? [] : await samples(query, plan, at, largest),
  }
}

/** `groups`: a query with the place of a survivor and the number of rows. */
async function samples(query: Query, plan: Shape, at: number, groups: string): Promise<SampleGroup[]> {
  const table = plan.tables[at] as PlanTable
  const order = survivorOrder(plan, at, table.keys[0]?.survivor ?? 'oldest', 'b')
  const texts = table.columns.map(({ name }) => `${quoteLiteral(name)}, b.${identifier(name)}::text`)
  const documents: string[] = []
  // A function takes 100 arguments.
  for (let from = 0; from < texts.length; from += 45)
    documents.push(`jsonb_build_object(${texts.slice(from, from + 45).join(', ')})`)
  const sql = `WITH chosen AS MATERIALIZED (
      SELECT g.* FROM (${groups}) AS g JOIN ${baseOf(at)} AS b ON ${samePlace('b', 'g', 'to')}
      ORDER BY g.goc_rows DESC, ${order} LIMIT ${SAMPLES}
    ), members AS (
      SELECT to_oid, to_tid, to_oid AS goc_oid, to_tid AS goc_tid FROM chosen
      UNION ALL
      SELECT l.to_oid, l.to_tid, l.goc_oid, l.goc_tid FROM ${mapOf(at)} AS l JOIN chosen USING (to_oid, to_tid)
    ), ranked AS (
      SELECT m.to_oid, m.to_tid, ${documents.join(' || ')} AS document,
             row_number() OVER (PARTITION BY m.to_oid, m.to_tid ORDER BY (m.goc_oid, m.goc_tid) = (m.to_oid, m.to_tid) DESC, ${order}) AS place
      FROM members AS m JOIN ${baseOf(at)} AS b ON ${samePlace('b', 'm')}
    )
    SELECT c.goc_rows AS rows, jsonb_agg(r.document ORDER BY r.place) AS shown
    FROM chosen AS c JOIN ranked AS r USING (to_oid, to_tid) WHERE r.place <= ${SHOWN_ROWS}
    GROUP BY c.to_oid, c.to_tid, c.goc_rows ORDER BY c.goc_rows DESC, min(r.document::text)`
  const found = await jsonRows<{ rows: number; shown: SampleRow[] }>(query, sql, [])
  return found.map(({ rows, shown }) => ({ rows, shown }))
}

async function countRepointed(query: Query, plan: Shape, at: number): Promise<number> {
  const reference = plan.references[at]
  if (reference === undefined) return 0
  const child = plan.tables[reference.from] as PlanTable
  const moved = movedOf(targetOf(targetsOf(plan), reference).at)
  const cast = reference.asText ? '::text' : ''
  const equal = reference.columns.map((column, n) => `m.goc_o${n}${cast} = c.${identifier(column)}${cast}`)
  const where = reference.where === null ? '' : ` WHERE ${reference.where}\n`
  const stays = canLose(child)
    ? ` WHERE NOT EXISTS (SELECT FROM ${mapOf(reference.from)} AS l WHERE ${samePlace('l', 'c')})`
    : ''
  const { n } = await one<{ n: number }>(
    query,
    `SELECT count(*) AS n FROM (SELECT tableoid AS goc_oid, ctid AS goc_tid, * FROM ${sourceOf(child)}${where}) AS c
     JOIN ${moved} AS m ON ${equal.join(' AND ')}${stays}`,
  )
  return n
}

async function undecidedOf(
  query: Query,
  plan: Shape,
  at: number,
  causes: readonly string[],
): Promise<UndecidedGroups[]> {
  const sql = undecidedSql(plan, at)
  if (sql === null) return []
  const { schema, name } = plan.tables[at] as PlanTable
  const kinds = await jsonRows<{ cause: number; columns: string[]; groups: number; rows: number }>(
    query,
    `SELECT goc_cause AS cause, goc_columns AS columns, count(*) AS groups, sum(goc_rows) AS rows
     FROM (${sql}) AS u GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    [],
  )
  const found: UndecidedGroups[] = []
  for (const { cause, columns, groups, rows } of kinds) {
    const alike = `SELECT to_oid, to_tid, goc_rows FROM (${sql}) AS u WHERE goc_cause = ${Math.trunc(cause)}
      AND goc_columns = ARRAY[${columns.map(quoteLiteral).join(', ')}]::text[]`
    const shown = found.length < SAMPLES ? await samples(query, plan, at, alike) : []
    found.push({ schema, table: name, keySet: causes[cause] ?? null, columns, groups, rows, samples: shown })
  }
  return found
}
