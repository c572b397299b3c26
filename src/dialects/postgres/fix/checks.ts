import type { Plan, PlanReference, PlanTable } from '../../../model/plan.js'
import { visible } from '../../../model/visible.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { canLose, mapOf, movedOf, nowOf, relationOf, samePlace, sourceOf, targetOf, targetsOf } from './names.js'

type Shape = Pick<Plan, 'tables' | 'references'>

/**
 * Queries with a row (text, cause) for whatever a plan can't decide beside divergent groups. They are asked of the maps,
 * in a rehearsal and again in the migration, where any row stops it.
 */
export function problemQueries(plan: Shape): string[] {
  return plan.tables.flatMap((_, at) => [...contradictions(plan, at), ...ownParents(plan, at), ...cycles(plan, at)])
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

/** A chain of parents that comes back to where it began, through a row that is repointed. */
function cycles(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const targets = targetsOf(plan)
  return plan.references
    .filter(({ from, to }) => from === at && to === at)
    .map((reference) => {
      const pairs = reference.columns.map(
        (column, n) => [identifier(column), identifier(reference.targets[n] ?? '')] as const,
      )
      const moved = movedOf(targetOf(targets, reference).at)
      const up = pairs.map(([column, target]) => `p.${target} = w.${column}`).join(' AND ')
      const columns = pairs.map(([column]) => column).join(', ')
      const text = `rows of ${visible(relationOf(table))} would become each other's ancestors through ${visible(columns)}`
      return `WITH RECURSIVE goc_walk(start_oid, start_tid, goc_oid, goc_tid, goc_because, ${columns}) AS (
      SELECT n.goc_oid, n.goc_tid, n.goc_oid, n.goc_tid, m.goc_cause, ${pairs.map(([column]) => `n.${column}`).join(', ')}
      FROM ${nowOf(at)} AS n JOIN (SELECT tableoid AS goc_oid, ctid AS goc_tid, *, true AS goc_w0 FROM ${sourceOf(table)}) AS t ON ${samePlace('t', 'n')}
      JOIN ${moved} AS m ON ${matches(reference, 'm', 0)}
      WHERE true${stays(table, at, 'n')}
      UNION
      SELECT w.start_oid, w.start_tid, p.goc_oid, p.goc_tid, w.goc_because, ${pairs.map(([column]) => `p.${column}`).join(', ')}
      FROM goc_walk AS w JOIN ${nowOf(at)} AS p ON ${up}
      WHERE (p.goc_oid, p.goc_tid) <> (w.goc_oid, w.goc_tid)
    )
    SELECT ${quoteLiteral(text)} AS text, min(w.goc_because) AS cause
    FROM goc_walk AS w JOIN ${nowOf(at)} AS s ON s.goc_oid = w.start_oid AND s.goc_tid = w.start_tid
    WHERE (w.goc_oid, w.goc_tid) <> (w.start_oid, w.start_tid)
      AND ${pairs.map(([column, target]) => `w.${column} = s.${target}`).join(' AND ')} HAVING count(*) > 0`
    })
}
