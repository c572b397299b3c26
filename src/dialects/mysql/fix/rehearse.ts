import { UserError } from '../../../model/errors.js'
import type { PlanTable } from '../../../model/plan.js'
import type { Rehearsal, RehearsedTable, SampleGroup, SampleRow, UndecidedGroups } from '../../../model/rehearsal.js'
import type { MysqlDriver, Query } from '../driver.js'
import { isServerError } from '../errors.js'
import { changedRows } from './changes.js'
import { problemQueries } from './checks.js'
import { causesOf, mappingSteps, roundsOf, stateSql, ungated } from './mapping.js'
import {
  aliased,
  aliasOf,
  canLose,
  columnOf,
  keyNames,
  mapOf,
  memberOf,
  movedOf,
  relationOf,
  type Shape,
  samePlace,
} from './names.js'
import { matches } from './now.js'
import { countJoin, survivorOrder } from './order.js'
import { closingSteps, undecidedSql } from './undecided.js'
import { presentRows, workspaceOf, workTables } from './work.js'

/** Groups shown per table and per kind of undecided group, and rows shown of each. */
const SAMPLES = 3
const SHOWN_ROWS = 4

/** Works the plan out by the statements of the migration itself, in temporary tables, and touches nothing. */
export function rehearse(driver: MysqlDriver, plan: Shape): Promise<Rehearsal> {
  const ws = workspaceOf(plan)
  return driver.rehearse(workTables(plan, ws), async (query) => {
    await mapRows(query, plan, ws)
    const tables: RehearsedTable[] = []
    for (const at of plan.tables.keys()) tables.push(await rehearsed(query, plan, ws, at))
    const repointed: number[] = []
    for (const at of plan.references.keys()) repointed.push(await countRepointed(query, plan, ws, at))
    const causes = causesOf(plan)
    const undecided: UndecidedGroups[] = []
    for (const at of plan.tables.keys()) undecided.push(...(await undecidedOf(query, plan, ws, at, causes)))
    const problems: { keySet: string | null; text: string }[] = []
    for (const sql of problemQueries(plan, ws))
      for (const row of await query<{ text: string; cause: number | null }>(sql))
        problems.push({ keySet: causes[row.cause ?? -1] ?? null, text: row.text })
    return { tables, repointed, undecided, problems }
  })
}

async function mapRows(query: Query, plan: Shape, ws: string): Promise<void> {
  try {
    await settle(query, plan, ws)
    for (const { sql } of closingSteps(plan, ws)) await query(sql)
  } catch (error) {
    if (!isServerError(error) || !MISFITS.has(error.errno ?? 0)) throw error
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

/** Out of range, too long, truncated, incorrect: values that a column refuses. */
const MISFITS = new Set([1264, 1265, 1366, 1406, 1690, 4025])

async function settle(query: Query, plan: Shape, ws: string): Promise<void> {
  const steps = mappingSteps(plan, ws, ungated)
  const rounds = roundsOf(plan)
  let state = ''
  for (let round = 1; round <= rounds; round += 1) {
    for (const { sql, when } of steps) if (when === 'always' || (when === 'first') === (round === 1)) await query(sql)
    if (rounds === 1) return
    const { state: next } = await one<{ state: string }>(query, stateSql(plan, ws))
    if (next === state) return
    state = next
  }
  throw new UserError(`Which rows to merge was not settled after ${rounds} rounds.`, {
    code: 'not-settled',
    suggestions: ['Fix fewer key sets at a time with --only.'],
  })
}

async function one<Row extends Record<string, unknown>>(query: Query, sql: string): Promise<Row> {
  const [row] = await query<Row>(sql)
  if (row === undefined) throw new Error('an aggregate without GROUP BY returns a row')
  return row
}

async function rehearsed(query: Query, plan: Shape, ws: string, at: number): Promise<RehearsedTable> {
  const table = plan.tables[at] as PlanTable
  const { n: rows } = await one<{ n: number }>(query, `SELECT COUNT(*) AS n FROM ${aliased(plan, at, 't')}`)
  const changed = changedRows(plan, ws, at)
  const { n: changedCount } =
    changed === null ? { n: 0 } : await one<{ n: number }>(query, `SELECT COUNT(*) AS n FROM (${changed}) AS c`)
  if (!canLose(table))
    return { rows, surplusRows: 0, groups: 0, largestGroup: 0, changedRows: changedCount, byKey: [], samples: [] }
  const survivor = keyNames(table, 's').join(', ')
  const totals = await one<{ surplus: string | number; found: number; largest: number }>(
    query,
    `SELECT COALESCE(SUM(n), 0) AS surplus, COUNT(*) AS found, COALESCE(MAX(n) + 1, 0) AS largest
     FROM (SELECT COUNT(*) AS n FROM ${mapOf(ws, at)} GROUP BY ${survivor}) AS g`,
  )
  const keys = await query<{ number: number; n: number }>(
    `SELECT goc_key AS number, COUNT(*) AS n FROM ${mapOf(ws, at)} GROUP BY goc_key`,
  )
  const groups = `SELECT ${survivor}, COUNT(*) AS goc_rows FROM ${memberOf(ws, at)} GROUP BY ${survivor}`
  return {
    rows,
    surplusRows: Number(totals.surplus),
    groups: Number(totals.found),
    largestGroup: Number(totals.largest),
    changedRows: changedCount,
    byKey: table.keys.map((_, number) => keys.find((each) => each.number === number)?.n ?? 0),
    samples: totals.found === 0 ? [] : await samples(query, plan, ws, at, groups),
  }
}

/** `groups`: a query with the key of a survivor and the number of rows (goc_rows). */
async function samples(query: Query, plan: Shape, ws: string, at: number, groups: string): Promise<SampleGroup[]> {
  const table = plan.tables[at] as PlanTable
  const s = keyNames(table, 's')
  const chosen = await query<Record<string, string | number>>(
    `SELECT ${s.map((name, n) => `${constantSql(table, table.primaryKey[n] ?? '', `g.${name}`)} AS ${name}`).join(', ')}, g.goc_rows FROM (${groups}) AS g ORDER BY g.goc_rows DESC, ${s.map((name) => `g.${name}`).join(', ')} LIMIT ${SAMPLES}`,
  )
  const found: SampleGroup[] = []
  for (const { goc_rows: rows, ...survivor } of chosen) {
    const shown = await query<SampleRow>(sampleRows(plan, ws, at, Object.values(survivor).map(String)))
    found.push({ rows: Number(rows), shown })
  }
  return found
}

/** A key's value as a constant in SQL. */
function constantSql({ columns }: PlanTable, name: string, value: string): string {
  const { baseType = '' } = columns.find((column) => column.name === name) ?? {}
  if (/char|text|enum|set/.test(baseType)) return `CONCAT('_utf8mb4 0x', HEX(CONVERT(${value} USING utf8mb4)))`
  return isBinary(baseType) ? `CONCAT('0x', HEX(${value}))` : `QUOTE(${value})`
}

const isBinary = (type: string): boolean => /blob|binary|bit|geometry|point|linestring|polygon/.test(type)

/** The rows of one group as texts, the survivor first; `survivor`: its key as SQL constants. */
function sampleRows(plan: Shape, ws: string, at: number, survivor: readonly string[]): string {
  const table = plan.tables[at] as PlanTable
  const order = survivorOrder(plan, at, table.keys[0]?.survivor ?? 'oldest', 'f')
  const texts = table.columns.map(({ name, baseType }) => {
    const value = columnOf('f', name)
    return `${isBinary(baseType) ? `CONCAT('0x', HEX(${value}))` : `CAST(${value} AS CHAR)`} AS ${columnOf('', name).slice(1)}`
  })
  const group = keyNames(table, 's').map((name, n) => `m.${name} = ${survivor[n]}`)
  const equal = keyNames(table, 'p').map((name) => `f.${name} = m.${name}`)
  return `SELECT ${texts.join(', ')} FROM ${memberOf(ws, at)} AS m STRAIGHT_JOIN ${presentRows(plan, at, 'f')} ON ${equal.join(' AND ')}${countJoin(plan, ws, at, 'm')} WHERE ${group.join(' AND ')} ORDER BY m.goc_first DESC, ${order} LIMIT ${SHOWN_ROWS}`
}

async function countRepointed(query: Query, plan: Shape, ws: string, number: number): Promise<number> {
  const reference = plan.references[number]
  if (reference === undefined) return 0
  const { from, where } = reference
  const child = plan.tables[from] as PlanTable
  const t = aliasOf('t', from)
  const stays = canLose(child) ? ` LEFT JOIN ${mapOf(ws, from)} AS l ON ${samePlace(child, t, 'l', 'p')}` : ''
  const conditions = [...(canLose(child) ? ['l.goc_p0 IS NULL'] : []), ...(where === null ? [] : [`(${where}\n)`])]
  const { n } = await one<{ n: number }>(
    query,
    `SELECT COUNT(*) AS n FROM ${movedOf(ws, number)} AS m STRAIGHT_JOIN ${relationOf(child)} AS ${t} ON ${matches(reference, t, 'm').join(' AND ')}${stays}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`,
  )
  return n
}

async function undecidedOf(
  query: Query,
  plan: Shape,
  ws: string,
  at: number,
  causes: readonly string[],
): Promise<UndecidedGroups[]> {
  const sql = undecidedSql(plan, ws, at, 'positions')
  if (sql === null) return []
  const { schema, name, columns: all } = plan.tables[at] as PlanTable
  const kinds = await query<{ cause: number; positions: string; found: number; members: string | number }>(
    `SELECT goc_cause AS cause, goc_columns AS positions, COUNT(*) AS found, SUM(goc_rows) AS members
     FROM (${sql}) AS u GROUP BY goc_cause, goc_columns ORDER BY 3 DESC, 1, 2`,
  )
  const found: UndecidedGroups[] = []
  for (const { cause, positions, found: groups, members } of kinds) {
    const columns = positions.split(',').flatMap((position) => all[Number(position)]?.name ?? [])
    const alike = `SELECT * FROM (${sql}) AS u WHERE goc_cause = ${Math.trunc(cause)} AND goc_columns = '${positions}'`
    const shown = found.length < SAMPLES ? await samples(query, plan, ws, at, alike) : []
    const keySet = causes[cause] ?? null
    found.push({ schema, table: name, keySet, columns, groups, rows: Number(members), samples: shown })
  }
  return found
}
