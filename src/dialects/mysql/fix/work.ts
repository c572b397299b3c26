import type { Plan, PlanTable } from '../../../model/plan.js'
import { quoteIdentifier } from '../sql-text.js'
import { lineTables } from './lines.js'
import {
  aliased,
  aliasOf,
  canLose,
  causeOf,
  foundOf,
  joinedOf,
  keyNames,
  mapOf,
  memberOf,
  mergeCause,
  mergedOf,
  movedOf,
  newOf,
  nowColumns,
  nowOf,
  referencesOf,
  type Shape,
  twinsOf,
} from './names.js'
import { countTable } from './order.js'

/**
 * The temporary tables in which a plan is worked out.
 *
 * - goc_map_N: row that goes → row that stays for it, by their keys
 * - goc_now_N: rows that will hold other values, with those values; all others stay as they are
 * - goc_moved_R: values by which children refer to a row that goes (o) → those of its survivor at present (r) and in the end (n)
 * - goc_count_N: how many rows refer to a row, where that decides
 * - goc_twins_N_K, goc_found_N_K, goc_new_N, goc_member_N, goc_merged_N: of one step each
 */
export function workTables(plan: Shape, ws: string): string[] {
  return [
    ...plan.tables.flatMap((table, at) => [
      ...(canLose(table) ? losingTables(plan, ws, table, at) : []),
      ...countTable(plan, ws, at),
      nowTable(plan, ws, table, at),
    ]),
    ...plan.references.map((_, number) => movedTable(plan, ws, number)),
    ...lineTables(plan, ws),
  ]
}

/** Names of all of them, to be dropped. */
export function workNames(plan: Shape, ws: string): string[] {
  return workTables(plan, ws).map((sql) => /^CREATE TEMPORARY TABLE (`(?:[^`]|``)*`\.`\w+`)/.exec(sql)?.[1] ?? '')
}

const typeOf = (table: PlanTable | undefined, name: string): string =>
  `${table?.columns.find((column) => column.name === name)?.type ?? 'text'} NULL`

/** Primary keys can't be NULL, and a TIMESTAMP without a default would take the time. */
const keyTypes = (table: PlanTable, prefix: 'p' | 's'): string[] =>
  table.primaryKey.map((name, n) => `goc_${prefix}${n} ${typeOf(table, name).replace(/ NULL$/, ' NOT NULL')}`)

function losingTables(plan: Shape, ws: string, table: PlanTable, at: number): string[] {
  const [going, staying] = [keyTypes(table, 'p'), keyTypes(table, 's')]
  const [p, s] = [keyNames(table, 'p').join(', '), keyNames(table, 's').join(', ')]
  const map = `${[...going, ...staying].join(', ')}, goc_key int, goc_cause int, PRIMARY KEY (${p})`
  const twins = table.keys.flatMap(({ values }, key) => {
    const columns = values.map(({ sql }, n) => `(${sql}) AS goc_k${n}`)
    // The server knows best what type and collation an expression has.
    return [
      `CREATE TEMPORARY TABLE ${twinsOf(ws, at, key)} (goc_t bigint NOT NULL AUTO_INCREMENT PRIMARY KEY${twinKey(table, values)}) ENGINE = InnoDB AS SELECT ${columns.join(', ')} FROM ${aliased(plan, at, 't')} WHERE FALSE`,
      `CREATE TEMPORARY TABLE ${foundOf(ws, at, key)} (${going.join(', ')}, goc_t bigint) ENGINE = InnoDB`,
    ]
  })
  const merged = table.merge.map(({ column }) => `${quoteIdentifier(column)} ${typeOf(table, column)}`)
  return [
    `CREATE TEMPORARY TABLE ${mapOf(ws, at)} (${map}, KEY (${s})) ENGINE = InnoDB`,
    `CREATE TEMPORARY TABLE ${newOf(ws, at)} (${map}) ENGINE = InnoDB`,
    ...twins,
    `CREATE TEMPORARY TABLE ${memberOf(ws, at)} (${[...going, ...staying].join(', ')}, goc_first int, goc_by int, goc_cause int, PRIMARY KEY (${p})) ENGINE = InnoDB`,
    ...(merged.length === 0
      ? []
      : [
          `CREATE TEMPORARY TABLE ${joinedOf(ws, at)} (${staying.join(', ')}, goc_v longtext CHARACTER SET utf8mb4 NULL, PRIMARY KEY (${s})) ENGINE = InnoDB`,
          `CREATE TEMPORARY TABLE ${mergedOf(ws, at)} (${staying.join(', ')}, goc_cause int, ${merged.join(', ')}, PRIMARY KEY (${s})) ENGINE = InnoDB`,
        ]),
  ]
}

/**
 * An index over the values that are columns, as far as one can be. Without one, MariaDB would have to be told to hash the
 * join, and then it tells apart what padding makes equal.
 */
function twinKey(table: PlanTable, values: PlanTable['keys'][number]['values']): string {
  const parts = values.slice(0, 4).map(({ sql }, n) => {
    const type = table.columns.find(({ name }) => quoteIdentifier(name) === sql)?.type
    if (type === undefined || /json|geometry|point|linestring|polygon/.test(type)) return null
    if (!/char|binary|text|blob/.test(type)) return `goc_k${n}`
    return `goc_k${n}(${Math.min(150, Number(/\((\d+)\)/.exec(type)?.[1] ?? 150))})`
  })
  return parts.length === 0 || parts.includes(null) ? '' : `, KEY (${parts.join(', ')})`
}

function nowTable(plan: Shape, ws: string, table: PlanTable, at: number): string {
  const causes = referencesOf(plan, at).map((_, n) => `${causeOf(n)} int`)
  const columns = nowColumns(plan, at).map((name) => `${quoteIdentifier(name)} ${typeOf(table, name)}`)
  const all = [...keyTypes(table, 'p'), ...causes, `${mergeCause} int`, 'goc_stays int', ...columns]
  return `CREATE TEMPORARY TABLE ${nowOf(ws, at)} (${all.join(', ')}, PRIMARY KEY (${keyNames(table, 'p').join(', ')})) ENGINE = InnoDB`
}

function movedTable({ tables, references }: Shape, ws: string, number: number): string {
  const { to = -1, targets = [] } = references[number] ?? {}
  const columns = (prefix: string) => targets.map((name, n) => `goc_${prefix}${n} ${typeOf(tables[to], name)}`)
  const key = targets.map((_, n) => `goc_o${n}`).join(', ')
  return `CREATE TEMPORARY TABLE ${movedOf(ws, number)} (${[...columns('o'), ...columns('r'), ...columns('n')].join(', ')}, goc_cause int, KEY (${key})) ENGINE = InnoDB`
}

/**
 * FROM item with the rows of a table as they will be, under `alias`: every column by its own name, the row's key as
 * goc_p0 …, and goc_stays where that is asked. `alive`: without those that go. Opens goc_now_N and goc_map_N.
 */
export function futureRows(
  plan: Shape,
  ws: string,
  at: number,
  alias: string,
  { alive, only = 'all' }: { readonly alive: boolean; readonly only?: 'all' | 'changed' },
): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const changing = nowColumns(plan, at)
  const d = 'goc_d'
  const isNow = changing.length > 0 || only === 'changed'
  const value = (name: string): string => {
    const own = `${t}.${quoteIdentifier(name)}`
    if (!changing.includes(name)) return own
    const now = `${d}.${quoteIdentifier(name)}`
    return only === 'changed' ? now : `IF(${d}.goc_p0 IS NULL, ${own}, ${now})`
  }
  const columns = table.columns.map(({ name }) => `${value(name)} AS ${quoteIdentifier(name)}`)
  const keys = table.primaryKey.map((name, n) => `${t}.${quoteIdentifier(name)} AS goc_p${n}`)
  const causes = isNow ? [...referencesOf(plan, at).map((_, n) => causeOf(n)), mergeCause] : []
  const more = isNow
    ? [...causes.map((name) => `${d}.${name} AS ${name}`), `COALESCE(${d}.goc_stays, 1) AS goc_stays`]
    : [`NULL AS ${mergeCause}`, '1 AS goc_stays']
  const equal = (map: string) =>
    table.primaryKey.map((name, n) => `${map}.goc_p${n} = ${t}.${quoteIdentifier(name)}`).join(' AND ')
  const from =
    only === 'changed'
      ? `${nowOf(ws, at)} AS ${d} STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${equal(d)}`
      : `${aliased(plan, at, 't')}${isNow ? ` LEFT JOIN ${nowOf(ws, at)} AS ${d} ON ${equal(d)}` : ''}`
  const gone =
    alive && canLose(table)
      ? ` LEFT JOIN ${mapOf(ws, at)} AS goc_l ON ${equal('goc_l')} WHERE goc_l.goc_p0 IS NULL`
      : ''
  return `(SELECT ${[...keys, ...more, ...columns].join(', ')} FROM ${from}${gone}) AS ${alias}`
}

/** The same with the rows as they are. */
export function presentRows(plan: Shape, at: number, alias: string): string {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const keys = table.primaryKey.map((name, n) => `${t}.${quoteIdentifier(name)} AS goc_p${n}`)
  const columns = table.columns.map(({ name }) => `${t}.${quoteIdentifier(name)} AS ${quoteIdentifier(name)}`)
  return `(SELECT ${[...keys, '1 AS goc_stays', ...columns].join(', ')} FROM ${aliased(plan, at, 't')}) AS ${alias}`
}

/** Steps are about rows of one plan; which database the temporary tables are made in, is the caller's to say. */
export const workspaceOf = ({ tables }: Pick<Plan, 'tables'>): string => tables[0]?.schema ?? ''
