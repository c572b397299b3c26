import type { OutgoingReference, Plan, PlanReference, PlanTable } from '../../../model/plan.js'
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
    ...emptied(plan, at),
    ...computed(plan, at),
    ...ownParents(plan, at),
    ...cycles(plan, at),
    ...takeovers(plan, at),
  ])
}

type Shared = Pick<PlanReference, 'columns' | 'where' | 'asText'> & { readonly moved: string | null }

/**
 * Two references share a column, and would have to hold different values in it: their parents go to different places, or
 * one goes and the other one stays. A reference that consists of some of the other's columns follows it.
 */
function contradictions(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const targets = targetsOf(plan)
  const own = plan.references.filter(({ from }) => from === at)
  const moving = own.map((reference): Shared => ({ ...reference, moved: movedOf(targetOf(targets, reference).at) }))
  const staying = table.outgoing
    .filter((foreignKey) => !own.some((reference) => isSame(plan, reference, foreignKey)))
    .map(({ columns }): Shared => ({ columns, where: null, asText: false, moved: null }))
  return moving.flatMap((first, n) =>
    [...moving.slice(0, n), ...moving.slice(n + 1), ...staying].flatMap((second) =>
      first.columns
        .filter((column) => second.columns.includes(column))
        .flatMap((column) => contradiction(table, first, second, column) ?? []),
    ),
  )
}

function isSame({ tables }: Shape, { to, columns, targets }: PlanReference, foreignKey: OutgoingReference): boolean {
  const pairs = (from: readonly string[], into: readonly string[]) => from.map((name, n) => `${name} ${into[n]}`).sort()
  return (
    tables[to]?.schema === foreignKey.schema &&
    tables[to]?.name === foreignKey.table &&
    String(pairs(columns, targets)) === String(pairs(foreignKey.columns, foreignKey.targets))
  )
}

function contradiction(table: PlanTable, first: Shared, second: Shared, column: string): string | null {
  const follows =
    second.columns.length < first.columns.length && second.columns.every((each) => first.columns.includes(each))
  if (follows && second.moved === null) return null
  const wanted = ({ columns }: Shared, alias: string) => `${alias}.goc_n${columns.indexOf(column)}::text`
  const filled = second.columns.map((each) => `t.${identifier(each)} IS NOT NULL`).join(' AND ')
  const stays = follows
    ? 'false'
    : `(${wanted(first, 'a')} IS DISTINCT FROM t.${identifier(column)}::text AND ${filled} AND t.goc_w1)`
  const text = `rows of ${visible(relationOf(table))} would have to hold two values in ${visible(identifier(column))}, since two foreign keys share it and their parents are merged differently`
  const select = `SELECT ${quoteLiteral(text)} AS text`
  const rows = `FROM ${rowsFor(table, [first, second])} AS t
    JOIN ${first.moved} AS a ON ${matches(first, 'a', 0)}`
  if (second.moved === null)
    return `${select}, min(a.goc_cause) AS cause
    ${rows}
    WHERE ${stays} HAVING count(*) > 0`
  return `${select}, min(least(a.goc_cause, b.goc_cause)) AS cause
    ${rows}
    LEFT JOIN ${second.moved} AS b ON ${matches(second, 'b', 1)}
    WHERE CASE WHEN b.goc_cause IS NULL THEN ${stays} ELSE ${wanted(first, 'a')} IS DISTINCT FROM ${wanted(second, 'b')} END
    HAVING count(*) > 0`
}

function rowsFor(table: PlanTable, references: readonly Pick<Shared, 'where'>[]): string {
  const wheres = references.map(({ where }, n) => `, (${where ?? 'true'}\n) AS goc_w${n}`)
  return `(SELECT *${wheres.join('')} FROM ${sourceOf(table)})`
}

function matches({ columns, asText }: Pick<Shared, 'columns' | 'asText'>, alias: string, n: number): string {
  const cast = asText ? '::text' : ''
  const equal = columns.map((column, at) => `${alias}.goc_o${at}${cast} = t.${identifier(column)}${cast}`)
  return [...equal, `t.goc_w${n}`].join(' AND ')
}

/** A survivor has nothing in the columns by which others refer to the row that goes. */
function emptied(plan: Shape, at: number): string[] {
  const targets = targetsOf(plan)
  return plan.references
    .filter(({ from }) => from === at)
    .map((reference) => {
      const { to, where, targets: parents } = reference
      const [child, parent] = [at, to].map((each) => visible(relationOf(plan.tables[each] as PlanTable)))
      const text = `rows of ${child} refer to surplus rows of ${parent} by ${visible(parents.map(identifier).join(', '))}, and it is NULL in the rows that survive`
      const empty = parents.map((_, n) => `m.goc_n${n} IS NULL`).join(' OR ')
      return `SELECT ${quoteLiteral(text)} AS text, min(m.goc_cause) AS cause
    FROM ${rowsFor(plan.tables[at] as PlanTable, [{ where }])} AS t
    JOIN ${movedOf(targetOf(targets, reference).at)} AS m ON ${matches(reference, 'm', 0)}
    WHERE ${empty} HAVING count(*) > 0`
    })
}

/** A reference that the server computes can't be repointed. */
function computed(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const targets = targetsOf(plan)
  const isComputed = (column: string) => table.columns.some(({ name, generated }) => generated && name === column)
  return plan.references
    .filter(({ from, columns }) => from === at && columns.some(isComputed))
    .map((reference) => {
      const { columns, where } = reference
      const text = `rows of ${visible(relationOf(table))} refer to surplus rows by ${visible(columns.map(identifier).join(', '))}, which is computed`
      return `SELECT ${quoteLiteral(text)} AS text, min(m.goc_cause) AS cause
    FROM ${rowsFor(table, [{ where }])} AS t
    JOIN ${movedOf(targetOf(targets, reference).at)} AS m ON ${matches(reference, 'm', 0)} HAVING count(*) > 0`
    })
}

/**
 * A row takes over the values by which others refer to another one: what a foreign key does when that one goes or
 * changes, on the way there or back, would hit the children of both.
 */
function takeovers(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const acts = (action: PlanReference['onDelete']) => action !== null && action !== 'no action'
  const acting = plan.references.filter(({ to, onDelete, onUpdate }) => to === at && (acts(onDelete) || acts(onUpdate)))
  return targetsOf(plan)
    .filter(({ table: to, changes }) => to === at && changes)
    .filter(({ columns }) => acting.some(({ targets }) => String(targets) === String(columns)))
    .map(({ columns }) => {
      const list = columns.map(identifier)
      const raw = (alias: string) =>
        `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${list.join(', ')} FROM ${sourceOf(table)}) AS ${alias}`
      const equal = list.map((column) => `n.${column} = g.${column}`).join(' AND ')
      const text = `a row of ${visible(relationOf(table))} would take over ${visible(list.join(', '))} of another one, and a foreign key acts when that goes or changes`
      return `SELECT ${quoteLiteral(text)} AS text, min(${causeIn(plan, at, columns, 'n')}) AS cause
    FROM ${nowOf(at)} AS n JOIN ${raw('o')} ON ${samePlace('o', 'n')} JOIN ${raw('g')} ON ${equal} AND NOT (${samePlace('g', 'n')})
    WHERE ROW(${list.map((column) => `o.${column}::text`).join(', ')}) IS DISTINCT FROM ROW(${list.map((column) => `n.${column}::text`).join(', ')})${stays(table, at, 'n')}
    HAVING count(*) > 0`
    })
}

/** Both sides of a reference in SQL: as texts where their types differ. */
function sides({ columns, targets, asText }: PlanReference, child: string, parent: string): string[] {
  const cast = asText ? '::text' : ''
  return columns.map(
    (column, n) => `${child}.${identifier(column)}${cast} = ${parent}.${identifier(targets[n] ?? '')}${cast}`,
  )
}

/** A row that becomes its own parent, where the reference can't be emptied or is merged. */
function ownParents(plan: Shape, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  return plan.references
    .filter(({ from, to }) => from === at && to === at)
    .map((reference) => {
      const { columns, targets, where } = reference
      const own = (alias: string) => sides(reference, alias, alias).join(' AND ')
      const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, *, (${where ?? 'true'}\n) AS goc_w FROM ${sourceOf(table)})`
      const text = `a row of ${visible(relationOf(table))} would become its own parent by ${visible(columns.map(identifier).join(', '))}`
      return `SELECT ${quoteLiteral(text)} AS text, min(${causeIn(plan, at, [...columns, ...targets], 'n')}) AS cause
    FROM ${nowOf(at)} AS n JOIN ${raw} AS t ON ${samePlace('t', 'n')}
    WHERE t.goc_w AND ${own('n')} AND (${own('t')}) IS NOT TRUE${stays(table, at, 'n')} HAVING count(*) > 0`
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
    .map((reference) => {
      const { columns, where } = reference
      const text = `rows of ${visible(relationOf(table))} would become each other's ancestors through ${visible(columns.map(identifier).join(', '))}`
      const raw = `SELECT tableoid AS goc_oid, ctid AS goc_tid, NULL::int AS goc_cause, *, (${where ?? 'true'}\n) AS goc_w FROM ${sourceOf(table)}`
      const now = `SELECT n.*, ${causeIn(plan, at, columns, 'n')} AS goc_cause, w.goc_w
        FROM ${nowOf(at)} AS n JOIN (${raw}) AS w ON ${samePlace('w', 'n')} WHERE true${stays(table, at, 'n')}`
      return `SELECT ${quoteLiteral(text)} AS text, min(s.goc_cause) AS cause
    FROM (${strandedRows(now, reference)}) AS s WHERE NOT EXISTS (${strandedRows(raw, reference)}) HAVING count(s.goc_cause) > 0`
    })
}

/** Rows that can't be reached from a beginning of the hierarchy. */
function strandedRows(rows: string, reference: PlanReference): string {
  const names = [...new Set(reference.targets.map(identifier))]
  const empty = reference.columns.map((column) => `r.${identifier(column)} IS NULL`).join(' OR ')
  const up = (child: string, parent: string) => sides(reference, child, parent).join(' AND ')
  return `WITH RECURSIVE goc_rows AS MATERIALIZED (${rows}), goc_tree AS (
      SELECT r.goc_oid, r.goc_tid, ${names.map((name) => `r.${name}`).join(', ')} FROM goc_rows AS r
      WHERE r.goc_w IS NOT TRUE OR ${empty} OR (${up('r', 'r')}) OR NOT EXISTS (SELECT FROM goc_rows AS p WHERE ${up('r', 'p')})
      UNION
      SELECT r.goc_oid, r.goc_tid, ${names.map((name) => `r.${name}`).join(', ')} FROM goc_tree AS t JOIN goc_rows AS r ON r.goc_w AND ${up('r', 't')}
    )
    SELECT r.goc_cause FROM goc_rows AS r
    WHERE NOT EXISTS (SELECT FROM goc_tree AS t WHERE ${samePlace('t', 'r')})`
}
