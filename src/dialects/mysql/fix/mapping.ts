import type { Plan, PlanKey, PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { mergeSteps } from './merge.js'
import {
  aliased,
  aliasOf,
  canLose,
  causeIn,
  changingColumns,
  columnOf,
  differs,
  foundOf,
  keyNames,
  mapOf,
  movedOf,
  newOf,
  nowColumns,
  nowOf,
  type Shape,
  sameKey,
  samePlace,
  targetsChange,
  textSql,
  twinsOf,
} from './names.js'
import { nowSteps } from './now.js'
import { countJoin, countSteps, survivorOrder } from './order.js'
import { futureRows, presentRows } from './work.js'

/** One statement of a round. */
export interface Step {
  readonly comment: string | null
  readonly sql: string
  /** In which rounds it runs. */
  readonly when: 'first' | 'later' | 'always'
}

/** Adds the condition under which a step of a file runs: variables are constants to the server, which then reads nothing. */
export type Gate = (when: Step['when'], conditions: readonly string[]) => string

/** For whoever runs the steps one by one and knows himself which are due. */
export const ungated: Gate = (_, conditions) => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`)

/** For files: a round after the last that found something does nothing. */
export const gated: Gate = (when, conditions) => {
  const round = when === 'always' ? [] : [`@goc_round ${when === 'first' ? '= 1' : '> 1'}`]
  return ` WHERE ${['@goc_more = 1', ...round, ...conditions].join(' AND ')}`
}

/** Declared key sets in the order of their numbers in goc_cause. */
export function causesOf({ tables }: Pick<Plan, 'tables'>): string[] {
  return tables.flatMap(({ keys }) => keys.flatMap(({ kind, label }) => (kind === 'declared' ? [label] : [])))
}

const MOST_ROUNDS = 24

/**
 * Rounds after which the maps have to be settled. One is enough where what is found in a table can't change what was found
 * before it: parents come first.
 */
export function roundsOf(plan: Shape): number {
  const circular = plan.references.some(({ from, to }) => to >= from)
  const several = plan.tables.some(({ keys }) => keys.length > 1)
  const mutual = plan.tables.some((table, at) => {
    if (!canLose(table) || table.merge.length === 0) return false
    const keys = table.keys.flatMap(({ columns }) => columns)
    const references = plan.references.flatMap(({ from, to, columns, targets }) => [
      ...(from === at ? columns : []),
      ...(to === at ? targets : []),
    ])
    return table.merge.some(({ column }) => [...keys, ...references].includes(column))
  })
  return circular || several || mutual ? MOST_ROUNDS : 1
}

/**
 * The statements of a round, which fill the maps: which row goes, and which one stays for it. Parents first, and again
 * until nothing changes, since merging parents can make their children equal, and those their own children.
 */
export function mappingSteps(plan: Shape, ws: string, gate: Gate): Step[] {
  const causes = causesOf(plan)
  return plan.tables.flatMap((table, at) => {
    const own = plan.references.flatMap(({ to }, number) => (to === at ? movedSteps(plan, ws, number, gate) : []))
    const refresh = [...nowSteps(plan, ws, at, gate), ...mergeSteps(plan, ws, at, gate)]
    const keys = table.keys.flatMap((key, number) => [
      ...keySteps(plan, ws, causes, at, number, key, gate),
      // What was found changes the values of those that stay.
      ...(table.merge.length > 0 ? refresh : []),
    ])
    const all = [...(changingColumns(plan, at).length > 0 ? refresh : []), ...keys, ...own]
    return all.map((step, n) => (n === 0 ? { ...step, comment: `${table.schema}.${table.name}` } : step))
  })
}

/** A key of a table, and where its steps stand. */
interface KeyPlace {
  readonly plan: Shape
  readonly ws: string
  readonly at: number
  readonly number: number
  readonly key: PlanKey
  readonly gate: Gate
  readonly when: Step['when']
}

function keySteps(
  plan: Shape,
  ws: string,
  causes: readonly string[],
  at: number,
  number: number,
  key: PlanKey,
  gate: Gate,
): Step[] {
  const table = plan.tables[at] as PlanTable
  const changing = changingColumns(plan, at)
  const changes = key.columns.some((column) => changing.includes(column))
  const when = key.kind === 'existing' || changes ? 'always' : 'first'
  const place: KeyPlace = { plan, ws, at, number, key, gate, when }
  const [map, fresh] = [mapOf(ws, at), newOf(ws, at)]
  const [p, s] = [keyNames(table, 'p'), keyNames(table, 's')]
  const then = [
    `DELETE FROM ${fresh}${gate(when, [])}`,
    losers(place, causes),
    // Whoever had been merged into a row that now goes itself follows it.
    `UPDATE ${map} AS m JOIN ${fresh} AS n ON ${sameKey(table, 'm', 's', 'n', 'p')} SET ${s.map((name) => `m.${name} = n.${name}`).join(', ')}${gate(when, [])}`,
    `INSERT INTO ${map} SELECT ${[...p, ...s].join(', ')}, goc_key, goc_cause FROM ${fresh}${gate(when, [])}`,
  ].map((sql): Step => ({ comment: null, when, sql }))
  return [...twinSteps(place, changes), ...foundSteps(place), ...then]
}

/** goc_twins_N_K: the values of the key that several rows may have, numbered. */
function twinSteps({ plan, ws, at, number, key, gate, when }: KeyPlace, changes: boolean): Step[] {
  const twins = twinsOf(ws, at, number)
  const values = key.values.map(({ sql }) => `(${sql})`).join(', ')
  const existing = key.kind === 'existing'
  const later = existing ? 'always' : 'later'
  const into = `INSERT INTO ${twins} (${key.values.map((_, n) => `goc_k${n}`).join(', ')})`
  const all = `${into} SELECT ${sortable(plan.tables[at], key) ? SORTED : 'SQL_SMALL_RESULT'} ${values} FROM ${futureRows(plan, ws, at, 'f', { alive: true })}${gate('first', key.conditions)} GROUP BY ${values} HAVING COUNT(*) > 1`
  const moved = `${causeIn(plan, at, key.columns, 'f')} IS NOT NULL`
  // Only rows that have changed can have met others.
  const changed = `${into} SELECT DISTINCT ${values} FROM ${futureRows(plan, ws, at, 'f', { alive: true, only: 'changed' })}${gate(later, [moved, ...key.conditions])}`
  return [
    { comment: null, when, sql: `DELETE FROM ${twins}${gate(when, [])}` },
    ...(existing ? [] : [{ comment: null, when: 'first' as const, sql: all }]),
    ...(existing || changes ? [{ comment: null, when: later as Step['when'], sql: changed }] : []),
  ]
}

/**
 * MySQL fills a table row by row unless it is told to sort, which takes a fifth of the time; but sorting looks at no more of
 * a value than max_sort_length says. MariaDB mustn't sort: it tells apart what padding makes equal, and takes long texts for
 * equal that aren't.
 */
const SORTED = '/*!80000 SQL_BIG_RESULT */ /*M!100000 SQL_SMALL_RESULT */'

function sortable(table: PlanTable | undefined, { columns }: PlanKey): boolean {
  return columns.every((name) => {
    const { type = '' } = table?.columns.find((column) => column.name === name) ?? {}
    if (/text|blob|json|geometry|point|linestring|polygon/.test(type)) return false
    return Number(/^\w*(?:char|binary)\((\d+)\)/.exec(type)?.[1] ?? 0) <= SORTABLE_LENGTH
  })
}

/** Characters, of which none weighs more than 16 bytes. */
const SORTABLE_LENGTH = 4096

/**
 * goc_found_N_K: the rows that have these values, with their numbers. Those that don't change are looked for by what they hold, which an index
 * may help with; those that do, apart.
 */
function foundSteps({ plan, ws, at, number, key, gate, when }: KeyPlace): Step[] {
  const table = plan.tables[at] as PlanTable
  const [found, twins] = [foundOf(ws, at, number), twinsOf(ws, at, number)]
  const p = keyNames(table, 'p')
  const columns = [...p.map((name) => `f.${name}`), 'k.goc_t'].join(', ')
  const equal = key.values.flatMap(({ sql, groupsNulls }, n) => equalities(`(${sql})`, `k.goc_k${n}`, groupsNulls))
  const hasNow = changingColumns(plan, at).length > 0
  const absent = (from: string) =>
    `NOT EXISTS (SELECT 1 FROM ${from} AS goc_x WHERE ${p.map((name) => `goc_x.${name} = f.${name}`).join(' AND ')})`
  const unchanged = `INSERT INTO ${found} SELECT ${columns} FROM ${twins} AS k JOIN ${presentRows(plan, at, 'f')} ON ${equal.join(' AND ')}${gate(when, [...key.conditions, absent(mapOf(ws, at)), ...(hasNow ? [absent(nowOf(ws, at))] : [])])}`
  const changed = `INSERT INTO ${found} SELECT ${columns} FROM ${twins} AS k JOIN ${futureRows(plan, ws, at, 'f', { alive: true, only: 'changed' })} ON ${equal.join(' AND ')}${gate(when, key.conditions)}`
  const counts = countSteps(plan, ws, at, found, gate(when, []))
  return [`DELETE FROM ${found}${gate(when, [])}`, unchanged, ...(hasNow ? [changed] : []), ...counts].map((sql) => ({
    comment: null,
    when,
    sql,
  }))
}

/** `<=>` in terms that a hash join can use; texts that stand for numbers and dates of one type are equal when these are. */
function equalities(left: string, right: string, groupsNulls: boolean): string[] {
  if (!groupsNulls) return [`${left} = ${right}`]
  return [`COALESCE(${left}, '') = COALESCE(${right}, '')`, `(${left} IS NULL) = (${right} IS NULL)`]
}

function losers({ plan, ws, at, number, key, gate, when }: KeyPlace, causes: readonly string[]): string {
  const table = plan.tables[at] as PlanTable
  const [p, s] = [keyNames(table, 'p'), keyNames(table, 's')]
  const because = causeIn(plan, at, key.columns, 'f')
  const cause =
    key.kind === 'existing'
      ? `COALESCE(MIN(${because}) OVER (PARTITION BY c.goc_t), -1)`
      : String(causes.indexOf(key.label))
  const members = `SELECT ${p.map((name) => `f.${name}`).join(', ')}, ${p.map((name, n) => `FIRST_VALUE(f.${name}) OVER w AS goc_s${n}`).join(', ')}, ROW_NUMBER() OVER w AS goc_place, ${cause} AS goc_because
    FROM ${foundOf(ws, at, number)} AS c STRAIGHT_JOIN ${futureRows(plan, ws, at, 'f', { alive: false })} ON ${p.map((name) => `f.${name} = c.${name}`).join(' AND ')}${countJoin(plan, ws, at, 'f')}${gate(when, [])}
    WINDOW w AS (PARTITION BY c.goc_t ORDER BY ${survivorOrder(plan, at, key.survivor, 'f')})`
  return `INSERT INTO ${newOf(ws, at)} SELECT ${[...p, ...s].map((name) => `g.${name}`).join(', ')}, ${number}, g.goc_because FROM (${members}) AS g WHERE g.goc_place > 1`
}

/** What children hold of the rows that go, and of those that stay with another value of it. */
function movedSteps(plan: Shape, ws: string, number: number, gate: Gate): Step[] {
  const reference = plan.references[number]
  if (reference === undefined) return []
  const { to, targets } = reference
  const parent = plan.tables[to] as PlanTable
  const moved = movedOf(ws, number)
  const isNow = nowColumns(plan, to)
  const [o, s] = [aliasOf('o', to), aliasOf('s', to)]
  const future = (name: string, own: string) =>
    isNow.includes(name) ? `IF(d.goc_p0 IS NULL, ${columnOf(own, name)}, ${columnOf('d', name)})` : columnOf(own, name)
  const values = (old: string, stays: string) => [
    ...targets.map((name) => columnOf(old, name)),
    ...targets.map((name) => columnOf(stays, name)),
    ...targets.map((name) => future(name, stays)),
  ]
  const filled = targets.map((name) => `${columnOf(o, name)} IS NOT NULL`)
  const steps: Step[] = [{ comment: null, when: 'always', sql: `DELETE FROM ${moved}${gate('always', [])}` }]
  if (canLose(parent)) {
    const now = isNow.length === 0 ? '' : ` LEFT JOIN ${nowOf(ws, to)} AS d ON ${sameKey(parent, 'd', 'p', 'm', 's')}`
    steps.push({
      comment: null,
      when: 'always',
      sql: `INSERT INTO ${moved} SELECT ${values(o, s).join(', ')}, m.goc_cause FROM ${mapOf(ws, to)} AS m STRAIGHT_JOIN ${aliased(plan, to, 'o')} ON ${samePlace(parent, o, 'm', 'p')} STRAIGHT_JOIN ${aliased(plan, to, 's')} ON ${samePlace(parent, s, 'm', 's')}${now}${gate('always', filled)}`,
    })
  }
  if (targetsChange(plan, reference)) {
    const gone = canLose(parent) ? ` LEFT JOIN ${mapOf(ws, to)} AS m ON ${sameKey(parent, 'm', 'p', 'd', 'p')}` : ''
    const stays = canLose(parent) ? ['m.goc_p0 IS NULL'] : []
    steps.push({
      comment: null,
      when: 'always',
      sql: `INSERT INTO ${moved} SELECT ${values(o, o).join(', ')}, COALESCE(${causeIn(plan, to, targets, 'd')}, -1) FROM ${nowOf(ws, to)} AS d STRAIGHT_JOIN ${aliased(plan, to, 'o')} ON ${samePlace(parent, o, 'd', 'p')}${gone}${gate(
        'always',
        [
          ...filled,
          ...stays,
          differs(
            parent,
            targets.filter((name) => isNow.includes(name)),
            'd',
            o,
          ),
        ],
      )}`,
    })
  }
  return steps
}

/** A query with one text that changes as long as anything does. */
export function stateSql(plan: Shape, ws: string): string {
  const sums = plan.tables.flatMap((table, at) => {
    const of = (rows: string, texts: readonly string[]) =>
      `(SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(CRC32(CONCAT_WS(',', ${texts.join(', ')}))), 0)) FROM ${rows})`
    const keys = (prefix: 'p' | 's') => table.primaryKey.map((name, n) => textSql(table, name, `goc_${prefix}${n}`))
    const changing = changingColumns(plan, at)
    return [
      ...(canLose(table) ? [of(mapOf(ws, at), [...keys('p'), ...keys('s')])] : []),
      ...(changing.length > 0
        ? [
            of(nowOf(ws, at), [
              ...keys('p'),
              ...changing.map((name) => textSql(table, name, columnOf(nowOf(ws, at), name))),
            ]),
          ]
        : []),
    ]
  })
  return `SELECT CONCAT_WS(';', ${[quoteLiteral(''), ...sums].join(', ')}) AS state`
}
