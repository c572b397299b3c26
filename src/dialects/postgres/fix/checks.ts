import type { Plan, PlanReference, PlanTable } from '../../../model/plan.js'
import { visible } from '../../../model/visible.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import {
  canLose,
  causeIn,
  mapOf,
  movedOf,
  nowOf,
  relationOf,
  samePlace,
  sourceOf,
  targetOf,
  targetsOf,
} from './names.js'

type Shape = Pick<Plan, 'tables' | 'references'>

/**
 * Queries with a row (text, cause) for whatever a plan can't decide beside divergent groups. They are asked of the maps,
 * in a rehearsal and again in the migration, where any row stops it.
 */
export function problemQueries(plan: Shape): string[] {
  return plan.tables.flatMap((_, at) => [
    ...contradictions(plan, at),
    ...ownParents(plan, at),
    ...cycles(plan, at),
    ...takeovers(plan, at),
  ])
}

/** Two foreign keys share a column, and their parents go to different places. */
function contradictions(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const own = plan.references.filter(({ from }) => from === at)
  const targets = targetsOf(plan)
  return own.flatMap((first, n) =>
    own.slice(n + 1).flatMap((second) =>
      first.columns
        .filter((column) => second.columns.includes(column))
        .map((column) => {
          const value = (reference: PlanReference, alias: string) =>
            `${alias}.goc_n${reference.columns.indexOf(column)}::text`
          const text = `rows of ${visible(relationOf(table))} would have to hold two values in ${visible(identifier(column))}, since two foreign keys share it and their parents are merged differently`
          return `SELECT ${quoteLiteral(text)} AS text, min(least(a.goc_cause, b.goc_cause)) AS cause
    FROM ${rowsFor(table, [first, second])} AS t
    JOIN ${movedOf(targetOf(targets, first).at)} AS a ON ${matches(first, 'a', 0)}
    JOIN ${movedOf(targetOf(targets, second).at)} AS b ON ${matches(second, 'b', 1)}
    WHERE ${value(first, 'a')} IS DISTINCT FROM ${value(second, 'b')} HAVING count(*) > 0`
        }),
    ),
  )
}

function rowsFor(table: PlanTable, references: readonly PlanReference[]): string {
  const wheres = references.map(({ where }, n) => `, (${where ?? 'true'}\n) AS goc_w${n}`)
  return `(SELECT *${wheres.join('')} FROM ${sourceOf(table)})`
}

function matches({ columns, asText }: PlanReference, alias: string, n: number): string {
  const cast = asText ? '::text' : ''
  const equal = columns.map((column, at) => `${alias}.goc_o${at}${cast} = t.${identifier(column)}${cast}`)
  return [...equal, `t.goc_w${n}`].join(' AND ')
}

/** A row takes over the values by which others refer to a row that goes: what ON DELETE does would hit the children of both. */
function takeovers(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const acting = plan.references.filter(
    ({ to, onDelete }) => to === at && onDelete !== null && onDelete !== 'no action',
  )
  if (!canLose(table) || acting.length === 0) return []
  const changing = targetsOf(plan).filter(({ table: to, changes }) => to === at && changes)
  return changing
    .filter(({ columns }) => acting.some(({ targets }) => String(targets) === String(columns)))
    .map(({ columns }) => {
      const list = columns.map(identifier)
      const raw = (alias: string) =>
        `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${list.join(', ')} FROM ${sourceOf(table)}) AS ${alias}`
      const equal = list.map((column) => `n.${column} = g.${column}`).join(' AND ')
      const text = `a row of ${visible(relationOf(table))} would take over ${visible(list.join(', '))} of a surplus row, and a foreign key acts when that is deleted`
      return `SELECT ${quoteLiteral(text)} AS text, min(l.goc_cause) AS cause
    FROM ${mapOf(at)} AS l JOIN ${raw('g')} ON ${samePlace('g', 'l')}
    JOIN ${nowOf(at)} AS n ON ${equal} JOIN ${raw('o')} ON ${samePlace('o', 'n')}
    WHERE ROW(${list.map((column) => `o.${column}::text`).join(', ')}) IS DISTINCT FROM ROW(${list.map((column) => `n.${column}::text`).join(', ')})${stays(table, at, 'n')}
    HAVING count(*) > 0`
    })
}

/** A row that becomes its own parent, where the reference can't be emptied. */
function ownParents(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const targets = targetsOf(plan)
  return plan.references
    .filter(({ from, to }) => from === at && to === at)
    .map((reference) => {
      const { columns, targets: parents } = reference
      const own = columns
        .map((column, n) => `n.${identifier(column)} = n.${identifier(parents[n] ?? '')}`)
        .join(' AND ')
      const moved = movedOf(targetOf(targets, reference).at)
      const text = `a row of ${visible(relationOf(table))} would become its own parent, and ${visible(columns.map(identifier).join(', '))} can't be NULL`
      return `SELECT ${quoteLiteral(text)} AS text, min(m.goc_cause) AS cause
    FROM ${nowOf(at)} AS n JOIN (SELECT tableoid AS goc_oid, ctid AS goc_tid, *, true AS goc_w0 FROM ${sourceOf(table)}) AS t ON ${samePlace('t', 'n')}
    JOIN ${moved} AS m ON ${matches(reference, 'm', 0)}
    WHERE ${own}${stays(table, at, 'n')} HAVING count(*) > 0`
    })
}

const stays = (table: PlanTable, at: number, alias: string): string =>
  canLose(table) ? ` AND NOT EXISTS (SELECT FROM ${mapOf(at)} AS l WHERE ${samePlace('l', alias)})` : ''

/**
 * Rows that would become each other's ancestors. Where some are already, the reference means no hierarchy, and one more
 * circle is nobody's problem. A row without a parent, or that is its own, is where a hierarchy begins.
 */
function cycles(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  return plan.references
    .filter(({ from, to }) => from === at && to === at)
    .map(({ columns, targets }) => {
      const text = `rows of ${visible(relationOf(table))} would become each other's ancestors through ${visible(columns.map(identifier).join(', '))}`
      const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, NULL::int AS goc_cause, * FROM ${sourceOf(table)})`
      const now = `(SELECT n.*, ${causeIn(plan, at, columns, 'n')} AS goc_cause FROM ${nowOf(at)} AS n WHERE true${stays(table, at, 'n')})`
      const stranded = (rows: string) => strandedRows(rows, columns, targets)
      return `SELECT ${quoteLiteral(text)} AS text, min(s.goc_cause) AS cause
    FROM (${stranded(now)}) AS s WHERE NOT EXISTS (${stranded(raw)}) HAVING count(s.goc_cause) > 0`
    })
}

/** Rows that can't be reached from a beginning of the hierarchy. */
function strandedRows(rows: string, columns: readonly string[], targets: readonly string[]): string {
  const pairs = columns.map((column, n) => [identifier(column), identifier(targets[n] ?? '')] as const)
  const names = [...new Set(targets.map(identifier))]
  const empty = pairs.map(([column]) => `r.${column} IS NULL`).join(' OR ')
  const self = pairs.map(([column, target]) => `r.${column} = r.${target}`).join(' AND ')
  const up = (child: string, parent: string) =>
    pairs.map(([column, target]) => `${child}.${column} = ${parent}.${target}`).join(' AND ')
  return `WITH RECURSIVE goc_rows AS MATERIALIZED (SELECT * FROM ${rows} AS r), goc_tree AS (
      SELECT r.goc_oid, r.goc_tid, ${names.map((name) => `r.${name}`).join(', ')} FROM goc_rows AS r
      WHERE ${empty} OR (${self}) OR NOT EXISTS (SELECT FROM goc_rows AS p WHERE ${up('r', 'p')})
      UNION
      SELECT r.goc_oid, r.goc_tid, ${names.map((name) => `r.${name}`).join(', ')} FROM goc_tree AS t JOIN goc_rows AS r ON ${up('r', 't')}
    )
    SELECT r.goc_cause FROM goc_rows AS r
    WHERE NOT EXISTS (SELECT FROM goc_tree AS t WHERE ${samePlace('t', 'r')})`
}
