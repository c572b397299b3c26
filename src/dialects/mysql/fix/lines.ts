import type { PlanReference, PlanTable } from '../../../model/plan.js'
import { visible } from '../../../model/visible.js'
import { prettyIdentifier, quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { type Step, ungated } from './mapping.js'
import { aliased, aliasOf, causeIn, keyNames, movedOf, nowColumns, referencesOf, type Shape, work } from './names.js'
import { asTextSql } from './order.js'
import { futureRows } from './work.js'

/** At present, or as it will be. */
type Time = 'raw' | 'now'
const TIMES: readonly Time[] = ['raw', 'now']

/**
 * Temporary tables about a table that refers to itself, each of which a statement can open once:
 *
 * - goc_line: a row's key, what it holds (c), what it is known by (v), and whether a hierarchy begins there (goc_b)
 * - goc_kin: the same again
 * - goc_tree: keys of the rows that can be reached from a beginning
 */
const lineOf = (ws: string, reference: number, time: Time): string => work(ws, `goc_line_${reference}_${time}`)
const kinOf = (ws: string, reference: number, time: Time): string => work(ws, `goc_kin_${reference}_${time}`)
const treeOf = (ws: string, reference: number, time: Time): string => work(ws, `goc_tree_${reference}_${time}`)

type Numbered = PlanReference & { readonly number: number }

const selfReferences = (plan: Shape, at: number): Numbered[] => referencesOf(plan, at).filter(({ to }) => to === at)

export function lineTables(plan: Shape, ws: string): string[] {
  return plan.tables.flatMap((table, at) =>
    selfReferences(plan, at).flatMap(({ number, columns, targets }) => {
      const typeOf = (name: string) => table.columns.find((column) => column.name === name)?.type ?? 'text'
      const key = table.primaryKey.map((name, n) => `goc_p${n} ${typeOf(name)} NOT NULL`)
      const primary = `PRIMARY KEY (${keyNames(table, 'p').join(', ')})`
      const values = [
        ...columns.map((name, n) => `goc_c${n} ${typeOf(name)} NULL`),
        ...targets.map((name, n) => `goc_v${n} ${typeOf(name)} NULL`),
      ]
      const all = [...key, ...values, 'goc_w int, goc_cause int, goc_b int'].join(', ')
      const lists = [columns.map((_, n) => `goc_c${n}`), targets.map((_, n) => `goc_v${n}`)]
      const isLong = [...columns, ...targets].some((name) => /text|blob|json/.test(typeOf(name)))
      const keys = isLong ? '' : lists.map((names) => `, KEY (${names.join(', ')})`).join('')
      return TIMES.flatMap((time) => [
        `CREATE TEMPORARY TABLE ${lineOf(ws, number, time)} (${all}, ${primary}) ENGINE = InnoDB`,
        `CREATE TEMPORARY TABLE ${kinOf(ws, number, time)} (${all}, ${primary}${keys}) ENGINE = InnoDB`,
        `CREATE TEMPORARY TABLE ${treeOf(ws, number, time)} (${key.join(', ')}, ${primary}) ENGINE = InnoDB`,
      ])
    }),
  )
}

/** Fills them, once the maps are settled, where anything moves at all. */
export function lineSteps(plan: Shape, ws: string): Step[] {
  return plan.tables.flatMap((_, at) =>
    selfReferences(plan, at).flatMap((reference) =>
      TIMES.flatMap((time) => fill(plan, ws, at, reference, time)).map(
        (sql): Step => ({ comment: null, when: 'always', sql }),
      ),
    ),
  )
}

function fill(plan: Shape, ws: string, at: number, reference: Numbered, time: Time): string[] {
  const table = plan.tables[at] as PlanTable
  const { number, columns, targets, where } = reference
  const isNow = time === 'now' && nowColumns(plan, at).length > 0
  const t = aliasOf('t', at)
  const alias = time === 'now' ? 'f' : t
  const key = time === 'now' ? keyNames(table, 'p') : table.primaryKey.map(quoteIdentifier)
  const values = [...key, ...[...columns, ...targets].map(quoteIdentifier)].map((name) => `${alias}.${name}`)
  const cause = isNow ? causeIn(plan, at, columns, 'f') : 'NULL'
  const from = time === 'now' ? futureRows(plan, ws, at, 'f', { alive: true }) : aliased(plan, at, 't')
  const moves = ungated('always', [`EXISTS (SELECT 1 FROM ${movedOf(ws, number)})`])
  const [line, kin] = [lineOf(ws, number, time), kinOf(ws, number, time)]
  const empty = columns.map((_, n) => `l.goc_c${n} IS NULL`).join(' OR ')
  return [
    `INSERT INTO ${line} SELECT ${[...values, where === null ? '1' : `(${where}\n)`, cause, '0'].join(', ')} FROM ${from}${moves}`,
    `INSERT INTO ${kin} SELECT * FROM ${line}`,
    `UPDATE ${line} AS l SET l.goc_b = 1 WHERE NOT COALESCE(l.goc_w, 0) OR ${empty} OR (${up(reference, 'l', 'l')}) OR NOT EXISTS (SELECT 1 FROM ${kin} AS k WHERE ${up(reference, 'l', 'k')})`,
    reach(table, ws, reference, time),
  ]
}

/** The child's side against the parent's. */
function up({ columns, asText }: Numbered, child: string, parent: string): string {
  const value = (sql: string) => (asText ? asTextSql(sql) : sql)
  return columns.map((_, n) => `${value(`${child}.goc_c${n}`)} = ${value(`${parent}.goc_v${n}`)}`).join(' AND ')
}

function reach(table: PlanTable, ws: string, reference: Numbered, time: Time): string {
  const { number, columns } = reference
  const key = keyNames(table, 'p')
  const list = (alias: string) =>
    [...key, ...columns.map((_, n) => `goc_v${n}`)].map((name) => `${alias}.${name}`).join(', ')
  return `INSERT INTO ${treeOf(ws, number, time)}
    WITH RECURSIVE goc_tree AS (
      SELECT ${list('l')} FROM ${lineOf(ws, number, time)} AS l WHERE l.goc_b = 1
      UNION
      SELECT ${list('k')} FROM goc_tree AS h JOIN ${kinOf(ws, number, time)} AS k ON k.goc_w AND ${up(reference, 'k', 'h')}
    )
    SELECT DISTINCT ${key.join(', ')} FROM goc_tree`
}

/**
 * Rows that would become each other's ancestors. Where some are already, the reference means no hierarchy, and one more
 * circle is nobody's problem. A row without a parent, or that is its own, is where a hierarchy begins.
 */
export function strandedQueries(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  return selfReferences(plan, at).map(({ number, columns }) => {
    const { schema, name } = table
    const text = `rows of ${visible(`${prettyIdentifier(schema)}.${prettyIdentifier(name)}`)} would become each other's ancestors through ${visible(columns.map(prettyIdentifier).join(', '))}`
    const stranded = (time: Time, alias: string) => {
      const place = keyNames(table, 'p').map((key) => `h.${key} = ${alias}.${key}`)
      return `FROM ${lineOf(ws, number, time)} AS ${alias} LEFT JOIN ${treeOf(ws, number, time)} AS h ON ${place.join(' AND ')} WHERE h.goc_p0 IS NULL`
    }
    return `SELECT ${quoteLiteral(text)} AS text, MIN(l.goc_cause) AS cause ${stranded('now', 'l')} AND NOT EXISTS (SELECT 1 ${stranded('raw', 'r')}) HAVING COUNT(l.goc_cause) > 0`
  })
}
