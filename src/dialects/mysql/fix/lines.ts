import type { PlanReference, PlanTable } from '../../../model/plan.js'
import { visible } from '../../../model/visible.js'
import { prettyIdentifier, quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { type Gate, type Step, ungated } from './mapping.js'
import { aliased, aliasOf, causeIn, keyNames, movedOf, nowColumns, referencesOf, type Shape, work } from './names.js'
import { asTextSql } from './order.js'
import { futureRows } from './work.js'

/**
 * Rows of a table that refers to itself: their key, what they hold (c) and what they are known by (v), at present and as
 * they will be. Temporary tables, since a query names them several times, which neither a locked table nor a view allows.
 */
type Time = 'raw' | 'now'
const lineOf = (ws: string, reference: number, time: Time): string => work(ws, `goc_line_${reference}_${time}`)

type Numbered = PlanReference & { readonly number: number }

const selfReferences = (plan: Shape, at: number): Numbered[] => referencesOf(plan, at).filter(({ to }) => to === at)

export function lineTables(plan: Shape, ws: string): string[] {
  return plan.tables.flatMap((table, at) =>
    selfReferences(plan, at).flatMap(({ number, columns, targets }) => {
      const typeOf = (name: string) => table.columns.find((column) => column.name === name)?.type ?? 'text'
      const own = [
        ...table.primaryKey.map((name, n) => `goc_p${n} ${typeOf(name)} NOT NULL`),
        ...columns.map((name, n) => `goc_c${n} ${typeOf(name)} NULL`),
        ...targets.map((name, n) => `goc_v${n} ${typeOf(name)} NULL`),
        'goc_w int, goc_cause int',
        `PRIMARY KEY (${keyNames(table, 'p').join(', ')})`,
      ]
      return (['raw', 'now'] as const).map(
        (time) => `CREATE TEMPORARY TABLE ${lineOf(ws, number, time)} (${own.join(', ')}) ENGINE = InnoDB`,
      )
    }),
  )
}

/** Fills them, once the maps are settled, where anything moves at all. */
export function lineSteps(plan: Shape, ws: string): Step[] {
  const gate: Gate = ungated
  return plan.tables.flatMap((table, at) =>
    selfReferences(plan, at).flatMap((reference) => {
      const { number, columns, targets, where } = reference
      const moves = `EXISTS (SELECT 1 FROM ${movedOf(ws, number)})`
      const isNow = nowColumns(plan, at).length > 0
      const t = aliasOf('t', at)
      const values = (alias: string) => [...columns, ...targets].map((name) => `${alias}.${quoteIdentifier(name)}`)
      const flag = where === null ? '1' : `(${where}\n)`
      const cause = isNow ? causeIn(plan, at, columns, 'f') : 'NULL'
      const now = `INSERT INTO ${lineOf(ws, number, 'now')} SELECT ${[...keyNames(table, 'p').map((name) => `f.${name}`), ...values('f'), flag, cause].join(', ')} FROM ${futureRows(plan, ws, at, 'f', { alive: true })}${gate('always', [moves])}`
      const raw = `INSERT INTO ${lineOf(ws, number, 'raw')} SELECT ${[...table.primaryKey.map((name) => `${t}.${quoteIdentifier(name)}`), ...values(t), flag, 'NULL'].join(', ')} FROM ${aliased(plan, at, 't')}${gate('always', [moves])}`
      return [now, raw].map((sql): Step => ({ comment: null, when: 'always', sql }))
    }),
  )
}

/**
 * Rows that would become each other's ancestors. Where some are already, the reference means no hierarchy, and one more
 * circle is nobody's problem. A row without a parent, or that is its own, is where a hierarchy begins.
 */
export function strandedQueries(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  return selfReferences(plan, at).map((reference) => {
    const { schema, name } = table
    const text = `rows of ${visible(`${prettyIdentifier(schema)}.${prettyIdentifier(name)}`)} would become each other's ancestors through ${visible(reference.columns.map(prettyIdentifier).join(', '))}`
    const [now, raw] = [stranded(table, ws, reference, 'now'), stranded(table, ws, reference, 'raw')]
    return `WITH RECURSIVE ${now.tables}, ${raw.tables}
    SELECT ${quoteLiteral(text)} AS text, MIN(g.goc_cause) AS cause FROM (${now.rows}) AS g
    WHERE NOT EXISTS (${raw.rows}) HAVING COUNT(g.goc_cause) > 0`
  })
}

/** Rows that can't be reached from a beginning of the hierarchy. */
function stranded(
  table: PlanTable,
  ws: string,
  { number, columns, asText }: Numbered,
  time: Time,
): { readonly tables: string; readonly rows: string } {
  const [rows, tree] = [`goc_rows_${time}`, `goc_tree_${time}`]
  const value = (sql: string) => (asText ? asTextSql(sql) : sql)
  const up = (child: string, parent: string) =>
    columns.map((_, n) => `${value(`${child}.goc_c${n}`)} = ${value(`${parent}.goc_v${n}`)}`).join(' AND ')
  const names = [...keyNames(table, 'p'), ...columns.map((_, n) => `goc_v${n}`)]
  const list = (alias: string) => names.map((name) => `${alias}.${name}`).join(', ')
  const empty = columns.map((_, n) => `r.goc_c${n} IS NULL`).join(' OR ')
  const place = keyNames(table, 'p')
    .map((name) => `h.${name} = r.${name}`)
    .join(' AND ')
  return {
    tables: `${rows} AS (SELECT * FROM ${lineOf(ws, number, time)}), ${tree} AS (
      SELECT ${list('r')} FROM ${rows} AS r
      WHERE NOT COALESCE(r.goc_w, 0) OR ${empty} OR (${up('r', 'r')}) OR NOT EXISTS (SELECT 1 FROM ${rows} AS u WHERE ${up('r', 'u')})
      UNION
      SELECT ${list('r')} FROM ${tree} AS h JOIN ${rows} AS r ON r.goc_w AND ${up('r', 'h')}
    )`,
    rows: `SELECT r.goc_cause FROM ${rows} AS r LEFT JOIN ${tree} AS h ON ${place} WHERE h.goc_p0 IS NULL`,
  }
}
