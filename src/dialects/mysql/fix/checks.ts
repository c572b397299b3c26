import type { OutgoingReference, PlanReference, PlanTable } from '../../../model/plan.js'
import { visible } from '../../../model/visible.js'
import { prettyIdentifier, quoteLiteral } from '../sql-text.js'
import { strandedQueries } from './lines.js'
import {
  aliased,
  aliasOf,
  canLose,
  causeIn,
  columnOf,
  differs,
  heldColumns,
  mapOf,
  movedOf,
  nowColumns,
  nowOf,
  referencesOf,
  type Shape,
  sameKey,
  samePlace,
  targetsChange,
} from './names.js'
import { matches, ownParent } from './now.js'

/**
 * Queries with a row (text, cause) for whatever a plan can't decide beside divergent groups. They are asked of the maps,
 * in a rehearsal and again in the migration, where any row stops it.
 */
export function problemQueries(plan: Shape, ws: string): string[] {
  return plan.tables.flatMap((_, at) => [
    ...contradictions(plan, ws, at),
    ...emptied(plan, ws, at),
    ...computed(plan, ws, at),
    ...ownParents(plan, ws, at),
    ...strandedQueries(plan, ws, at),
    ...takeovers(plan, ws, at),
    ...fixedTargets(plan, ws, at),
  ])
}

const nameOf = ({ schema, name }: Pick<PlanTable, 'schema' | 'name'>): string =>
  visible(`${prettyIdentifier(schema)}.${prettyIdentifier(name)}`)

const listOf = (columns: readonly string[]): string => visible(columns.map(prettyIdentifier).join(', '))

const problem = (text: string, cause: string, from: string): string =>
  `SELECT ${quoteLiteral(text)} AS text, MIN(${cause}) AS cause ${from} HAVING COUNT(*) > 0`

/** Conditions that a reference's rows must meet. The maps' columns all begin with goc_, so that others are the child's. */
const whereOf = ({ where }: Pick<PlanReference, 'where'>): string[] => (where === null ? [] : [`(${where}\n)`])

type Shared = Pick<PlanReference, 'columns' | 'where' | 'asText'> & {
  readonly targets: readonly string[]
  readonly number: number | null
}

/**
 * Two references share a column, and would have to hold different values in it: their parents go to different places, or
 * one goes and the other one stays. A reference that consists of some of the other's columns follows it.
 */
function contradictions(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const moving: Shared[] = referencesOf(plan, at)
  const staying = table.outgoing
    .filter((foreignKey) => !referencesOf(plan, at).some((reference) => isSame(plan, reference, foreignKey)))
    .map(({ columns, targets }): Shared => ({ columns, targets, where: null, asText: false, number: null }))
  return moving.flatMap((first) =>
    [...moving, ...staying]
      .filter((second) => second !== first)
      .flatMap((second) =>
        first.columns
          .filter((column) => second.columns.includes(column))
          .flatMap((column) => contradiction(plan, ws, at, first, second, column) ?? []),
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

function contradiction(
  plan: Shape,
  ws: string,
  at: number,
  first: Shared,
  second: Shared,
  column: string,
): string | null {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const follows =
    second.columns.length < first.columns.length && second.columns.every((each) => first.columns.includes(each))
  if (follows && second.number === null) return null
  const wanted = ({ columns }: Shared, alias: string) => `${alias}.goc_n${columns.indexOf(column)}`
  const filled = second.columns.map((each) => `${columnOf(t, each)} IS NOT NULL`)
  const stays = follows
    ? 'FALSE'
    : [`NOT (${wanted(first, 'a')} <=> ${columnOf(t, column)})`, ...filled, ...whereOf(second)].join(' AND ')
  const text = `rows of ${nameOf(table)} would have to hold two values in ${listOf([column])}, since two foreign keys share it and their parents are merged differently`
  const moved = (one: Shared) => movedOf(ws, one.number ?? -1)
  const rows = `FROM ${moved(first)} AS a STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${[...matchesOf(first, t, 'a'), ...whereOf(first)].join(' AND ')}`
  if (second.number === null) return problem(text, 'a.goc_cause', `${rows} WHERE ${stays}`)
  const other = ` LEFT JOIN ${moved(second)} AS b ON ${[...matchesOf(second, t, 'b'), ...whereOf(second)].join(' AND ')}`
  return problem(
    text,
    'LEAST(a.goc_cause, COALESCE(b.goc_cause, a.goc_cause))',
    `${rows}${other} WHERE IF(b.goc_cause IS NULL, ${stays}, NOT (${wanted(first, 'a')} <=> ${wanted(second, 'b')}))`,
  )
}

const matchesOf = (one: Shared, child: string, moved: string): string[] =>
  matches(one as unknown as PlanReference, child, moved)

/** A survivor has nothing in the columns by which others refer to the row that goes. */
function emptied(plan: Shape, ws: string, at: number): string[] {
  return referencesOf(plan, at)
    .filter(({ to, targets }) => targets.some((name) => !isFilled(plan, to, name)))
    .map((reference) => {
      const { to, targets } = reference
      const [child, parent] = [at, to].map((each) => nameOf(plan.tables[each] as PlanTable))
      const text = `rows of ${child} refer to surplus rows of ${parent} by ${listOf(targets)}, and it is NULL in the rows that survive`
      const empty = targets.map((_, n) => `m.goc_n${n} IS NULL`).join(' OR ')
      return problem(text, 'm.goc_cause', `${childRows(plan, ws, at, reference)} AND (${empty})`)
    })
}

const isFilled = ({ tables }: Shape, at: number, name: string): boolean =>
  tables[at]?.columns.find((column) => column.name === name)?.notNull === true

/** FROM and WHERE: rows of the child that hold a value that moves. */
function childRows(
  plan: Shape,
  ws: string,
  at: number,
  reference: PlanReference & { readonly number: number },
): string {
  const conditions = [...matches(reference, aliasOf('t', at), 'm'), ...whereOf(reference)]
  return `FROM ${movedOf(ws, reference.number)} AS m STRAIGHT_JOIN ${aliased(plan, at, 't')} WHERE ${conditions.join(' AND ')}`
}

/** A reference that the server computes can't be repointed. */
function computed(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const isComputed = (column: string) => table.columns.some(({ name, generated }) => generated && name === column)
  return referencesOf(plan, at)
    .filter(({ columns }) => columns.some(isComputed))
    .map((reference) => {
      const text = `rows of ${nameOf(table)} refer to surplus rows by ${listOf(reference.columns)}, which is computed`
      return problem(text, 'm.goc_cause', childRows(plan, ws, at, reference))
    })
}

/** FROM list with rows of goc_now_N that stay, as d, and the same rows as they are now, as o. */
function stayingRows(plan: Shape, ws: string, at: number): { readonly from: string; readonly conditions: string[] } {
  const table = plan.tables[at] as PlanTable
  const from = `FROM ${nowOf(ws, at)} AS d STRAIGHT_JOIN ${aliased(plan, at, 'o')} ON ${samePlace(table, aliasOf('o', at), 'd', 'p')}`
  return canLose(table)
    ? {
        from: `${from} LEFT JOIN ${mapOf(ws, at)} AS l ON ${sameKey(table, 'l', 'p', 'd', 'p')}`,
        conditions: ['l.goc_p0 IS NULL'],
      }
    : { from, conditions: [] }
}

/** A row takes over the values by which others refer to another one: the children of both would be mixed up. */
function takeovers(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const lists = plan.references
    .filter((reference) => reference.to === at && reference.foreignKey !== null && targetsChange(plan, reference))
    .map(({ targets }) => targets)
  const different = lists.filter((targets, n) => lists.findIndex((each) => String(each) === String(targets)) === n)
  return different.map((targets) => {
    const [o, x] = [aliasOf('o', at), aliasOf('x', at)]
    const names = nowColumns(plan, at)
    const now = (name: string) => columnOf(names.includes(name) ? 'd' : o, name)
    const { from, conditions } = stayingRows(plan, ws, at)
    const taken = targets.map((name) => `${columnOf(x, name)} = ${now(name)}`)
    const changed = differs(
      table,
      targets.filter((name) => names.includes(name)),
      'd',
      o,
    )
    const text = `a row of ${nameOf(table)} would take over ${listOf(targets)} of another one, by which other rows refer to it`
    return problem(
      text,
      causeIn(plan, at, targets, 'd'),
      `${from} JOIN ${aliased(plan, at, 'x')} ON ${[...taken, `NOT (${samePlace(table, x, 'd', 'p')})`].join(' AND ')} WHERE ${[...conditions, changed].join(' AND ')}`,
    )
  })
}

/**
 * Children refer to a row by something that would change, and their foreign key doesn't carry the change on. Foreign keys
 * are checked row by row, so that there is no moment to change both; one to its own table never carries it on.
 */
function fixedTargets(plan: Shape, ws: string, at: number): string[] {
  return referencesOf(plan, at)
    .filter((reference) => reference.foreignKey !== null && targetsChange(plan, reference))
    .filter(({ to, onUpdate }) => to === at || onUpdate !== 'cascade')
    .map((reference) => {
      const { targets, to, foreignKey } = reference
      const parent = plan.tables[to] as PlanTable
      const held = heldColumns(plan, to)
      const changes = targets.flatMap((name, n) => (held.includes(name) ? [`NOT (m.goc_r${n} <=> m.goc_n${n})`] : []))
      const text = `${listOf(targets)} of rows of ${nameOf(parent)} would change, by which rows of ${nameOf(plan.tables[at] as PlanTable)} refer to them, and the foreign key ${visible(foreignKey ?? '')} does not carry the change on (ON UPDATE CASCADE would)`
      return problem(text, 'm.goc_cause', `${childRows(plan, ws, at, reference)} AND (${changes.join(' OR ')})`)
    })
}

/** A row that becomes its own parent, where the reference can't be emptied or is merged. */
function ownParents(plan: Shape, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const o = aliasOf('o', at)
  return referencesOf(plan, at)
    .filter(({ to }) => to === at)
    .map((reference) => {
      const { columns, targets } = reference
      const { from, conditions } = stayingRows(plan, ws, at)
      const text = `a row of ${nameOf(table)} would become its own parent by ${listOf(columns)}`
      // A declared reference's own condition would be ambiguous here; the row's change has met it already.
      const own = [
        `${causeIn(plan, at, [...columns, ...targets], 'd')} IS NOT NULL`,
        ownParent(plan, at, reference, 'd', o),
        `NOT COALESCE(${ownParent(plan, at, reference, o, o)}, FALSE)`,
      ]
      return problem(
        text,
        causeIn(plan, at, [...columns, ...targets], 'd'),
        `${from} WHERE ${[...conditions, ...own].join(' AND ')}`,
      )
    })
}
