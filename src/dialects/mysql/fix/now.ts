import type { PlanReference, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier } from '../sql-text.js'
import type { Gate, Step } from './mapping.js'
import {
  aliased,
  aliasOf,
  causeOf,
  columnOf,
  differs,
  heldColumns,
  keyNames,
  movedOf,
  nowColumns,
  nowOf,
  referencesOf,
  type Shape,
  samePlace,
  withSources,
} from './names.js'
import { asTextSql } from './order.js'

/** Computes goc_now_N anew: rows that are repointed, without what is merged. */
export function nowSteps(plan: Shape, ws: string, at: number, gate: Gate): Step[] {
  const references = referencesOf(plan, at)
  const always = (sql: string): Step => ({ comment: null, when: 'always', sql })
  return [
    always(`DELETE FROM ${nowOf(ws, at)}${gate('always', [])}`),
    ...references.map((reference, n) => always(repoint(plan, ws, at, references, reference, n, gate))),
    ...references.flatMap((reference, n) => emptyOwnParents(plan, ws, at, reference, n, gate).map(always)),
    ...computedSteps(plan, ws, at, gate),
  ]
}

type Numbered = PlanReference & { readonly number: number }

/** Rows whose n-th reference moves; a column that an earlier reference has moved stays as that one says. */
function repoint(
  plan: Shape,
  ws: string,
  at: number,
  references: readonly Numbered[],
  reference: Numbered,
  n: number,
  gate: Gate,
): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const now = nowOf(ws, at)
  const { columns, where } = reference
  const names = nowColumns(plan, at)
  const moved = (name: string) => `m.goc_n${columns.indexOf(name)}`
  const given = (name: string) => (reference.asText ? castTo(table, name, moved(name)) : moved(name))
  const values = names.map((name) => (columns.includes(name) ? given(name) : columnOf(t, name)))
  const keys = table.primaryKey.map((name) => columnOf(t, name))
  const updates = columns.map((name) => {
    const own = `${now}.${quoteIdentifier(name)}`
    const earlier = references
      .slice(0, n)
      .flatMap((each, k) => (each.columns.includes(name) ? [`${now}.${causeOf(k)}`] : []))
    return `${own} = ${earlier.length === 0 ? given(name) : `IF(COALESCE(${earlier.join(', ')}) IS NULL, ${given(name)}, ${own})`}`
  })
  const join = `FROM ${movedOf(ws, reference.number)} AS m STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${matches(reference, t, 'm').join(' AND ')}`
  const into = [...keyNames(table, 'p'), causeOf(n), ...names.map(quoteIdentifier)]
  return `INSERT INTO ${now} (${into.join(', ')}) SELECT ${[...keys, 'm.goc_cause', ...values].join(', ')} ${join}${gate('always', where === null ? [] : [`(${where}\n)`])} ON DUPLICATE KEY UPDATE ${[...updates, `${now}.${causeOf(n)} = m.goc_cause`].join(', ')}`
}

/** The child's columns against the parent's old values. */
export function matches({ columns, asText }: PlanReference, child: string, moved: string): string[] {
  return columns.map((name, n) =>
    asText
      ? `${asTextSql(columnOf(child, name))} = ${asTextSql(`${moved}.goc_o${n}`)}`
      : `${columnOf(child, name)} = ${moved}.goc_o${n}`,
  )
}

/** Stored by the column's own rules; a text that can't be one fails in strict mode. */
const castTo = (table: PlanTable, name: string, value: string): string =>
  /int$/.test(table.columns.find((column) => column.name === name)?.baseType ?? '') ? value : `CAST(${value} AS CHAR)`

/** A row that would become its own parent, and wasn't before, loses its parent, where it can. */
function emptyOwnParents(plan: Shape, ws: string, at: number, reference: Numbered, n: number, gate: Gate): string[] {
  if (reference.to !== at) return []
  const table = plan.tables[at] as PlanTable
  const emptied = reference.columns.filter((name) => isNullable(table, name) && !table.primaryKey.includes(name))
  if (emptied.length === 0) return []
  const t = aliasOf('t', at)
  const sets = emptied.map((name) => `${columnOf('d', name)} = NULL`)
  const becomes = [
    samePlace(table, t, 'd', 'p'),
    ownParent(plan, at, reference, 'd', t),
    `NOT COALESCE(${ownParent(plan, at, reference, t, t)}, FALSE)`,
  ]
  // Not a join: a read-only transaction would take the table for one that is to be written.
  const isOne = `EXISTS (SELECT 1 FROM ${aliased(plan, at, 't')} WHERE ${becomes.join(' AND ')})`
  return [
    `UPDATE ${nowOf(ws, at)} AS d SET ${sets.join(', ')}${gate('always', [`d.${causeOf(n)} IS NOT NULL`, isOne])}`,
  ]
}

const isNullable = (table: PlanTable, name: string): boolean =>
  table.columns.find((column) => column.name === name)?.notNull === false

/** The row under `alias` refers to itself; what goc_now_N doesn't hold is taken from `raw`. */
export function ownParent(
  plan: Shape,
  at: number,
  { columns, targets, asText }: PlanReference,
  alias: string,
  raw: string,
): string {
  const names = nowColumns(plan, at)
  const value = (name: string) => columnOf(names.includes(name) ? alias : raw, name)
  const side = (name: string) => (asText ? asTextSql(value(name)) : value(name))
  return `(${columns.map((name, n) => `${side(name)} = ${side(targets[n] ?? '')}`).join(' AND ')})`
}

/** Columns that the server computes, one after the other, since one may rest on another. */
export function computedSteps(plan: Shape, ws: string, at: number, gate: Gate): Step[] {
  const table = plan.tables[at] as PlanTable
  const names = nowColumns(plan, at)
  const computed = table.generated.filter(({ name }) => names.includes(name))
  const ordered = [...computed].sort(
    (a, b) => withSources(table, [a.name]).length - withSources(table, [b.name]).length,
  )
  const held = heldColumns(plan, at).filter((name) => names.includes(name))
  const t = aliasOf('t', at)
  const same = `${samePlace(table, t, 'd', 'p')} AND NOT ${differs(table, held, 'd', t)}`
  const stays = `UPDATE ${nowOf(ws, at)} AS d SET d.goc_stays = EXISTS (SELECT 1 FROM ${aliased(plan, at, 't')} WHERE ${same})${gate('always', [])}`
  return [
    ...ordered.map(
      ({ name, sql }): Step => ({
        comment: null,
        when: 'always',
        sql: `UPDATE ${nowOf(ws, at)} SET ${quoteIdentifier(name)} = (${sql})${gate('always', [])}`,
      }),
    ),
    ...(held.length > 0 ? [{ comment: null, when: 'always' as const, sql: stays }] : []),
  ]
}
