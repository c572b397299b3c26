import type { Plan, PlanKey, PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { refreshMerged } from './merge.js'
import {
  canLose,
  causeIn,
  changingColumns,
  doBlock,
  identifierList,
  mapOf,
  movedOf,
  moveOf,
  nowOf,
  samePlace,
  type Target,
  targetsOf,
} from './names.js'
import { survivorOrder } from './order.js'

type Shape = Pick<Plan, 'tables' | 'references'>

/** Declared key sets in the order of their numbers in goc_cause. */
export function causesOf({ tables }: Pick<Plan, 'tables'>): string[] {
  return tables.flatMap(({ keys }) => keys.flatMap(({ kind, label }) => (kind === 'declared' ? [label] : [])))
}

/** More rounds than a schema that makes sense can need; each adds surplus rows or is the last. */
const MOST_ROUNDS = 1000

/**
 * Fills the maps: which row goes, and which one stays for it. Parents first, and again until nothing changes, since
 * merging parents can make their children equal, and those their own children.
 */
export function mappingBlock(plan: Shape): string {
  const causes = causesOf(plan)
  const targets = targetsOf(plan)
  const steps = plan.tables.flatMap((table, at) =>
    canLose(table) || hasChangingTarget(targets, at) ? [tableSteps(plan, targets, causes, at)] : [],
  )
  return doBlock(`DECLARE
  goc_found bigint;
  goc_new bigint;
  goc_rounds int := 0;
BEGIN
  IF current_setting('goc_audit.todo', true) = 'no' THEN RETURN; END IF;
  LOOP
    goc_new := 0;
    goc_rounds := goc_rounds + 1;
${steps.join('\n')}
    EXIT WHEN goc_new = 0;
    IF goc_rounds > ${MOST_ROUNDS} THEN
      RAISE EXCEPTION 'goc-audit: which rows to merge was not settled after ${MOST_ROUNDS} rounds';
    END IF;
  END LOOP;
END`)
}

const hasChangingTarget = (targets: readonly Target[], at: number): boolean =>
  targets.some(({ table, changes }) => table === at && changes)

function tableSteps(plan: Shape, targets: readonly Target[], causes: readonly string[], at: number): string {
  const table = plan.tables[at] as PlanTable
  const own = targets.filter((target) => target.table === at)
  const merged = refreshMerged(plan, at)
  const repointed = plan.references.flatMap(({ from, columns }) => (from === at ? columns : []))
  const lines = [`    -- ${commentText(`${table.schema}.${table.name}`)}`]
  if (table.merge.some(({ column }) => repointed.includes(column)))
    lines.push(...merged.map((sql) => statement(sql, 4)))
  const changing = changingColumns(plan, at)
  for (const [number, key] of table.keys.entries()) {
    // What nothing can change is found in the first round or never.
    const first = key.columns.some((column) => changing.includes(column)) ? '' : 'IF goc_rounds = 1 THEN'
    lines.push(
      ...(first === '' ? [] : [`    ${first}`]),
      statement(insertLosers(plan, causes, at, number, key), 4),
      '    GET DIAGNOSTICS goc_found = ROW_COUNT;',
      '    IF goc_found > 0 THEN',
      '      goc_new := goc_new + goc_found;',
      statement(followSurvivors(at), 6),
      // Known to be few, the rows are looked up by their place instead of reading the table.
      `      ANALYZE ${mapOf(at)};`,
      ...merged.map((sql) => statement(sql, 6)),
      ...own.flatMap((target) => refreshMoved(target, 6)),
      '    END IF;',
      ...(first === '' ? [] : ['    END IF;']),
    )
  }
  for (const target of own) if (target.changes) lines.push(...refreshMoved(target, 4))
  return lines.join('\n')
}

/** One line that no text inside can end. */
export function commentText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

function statement(sql: string, indent: number): string {
  return `${' '.repeat(indent)}${sql};`
}

function insertLosers(plan: Shape, causes: readonly string[], at: number, number: number, key: PlanKey): string {
  const by = key.values.map(({ sql }) => `(${sql})`).join(', ')
  const existing = key.kind === 'existing'
  const alive = `FROM ${nowOf(at)} AS n
      WHERE NOT EXISTS (SELECT FROM ${mapOf(at)} AS l WHERE ${samePlace('l', 'n')})${key.conditions.map((condition) => `\n        AND ${condition}`).join('')}`
  const because = causeIn(plan, at, key.columns, 'n')
  const moved = existing ? ` AND count(${because}) > 0` : ''
  // Comparing rows with IN never finds a NULL.
  const several = key.values.some(({ groupsNulls }) => groupsNulls)
    ? ''
    : `\n        AND ROW(${by}) IN (SELECT ${by} ${alive} GROUP BY ${by} HAVING count(*) > 1${moved})`
  const cause = existing ? `coalesce(min(${because}) OVER (PARTITION BY ${by}), -1)` : String(causes.indexOf(key.label))
  return `INSERT INTO ${mapOf(at)} (goc_oid, goc_tid, to_oid, to_tid, goc_key, goc_cause)
    SELECT g.goc_oid, g.goc_tid, g.to_oid, g.to_tid, ${number}, g.goc_because FROM (
      SELECT n.goc_oid, n.goc_tid, first_value(n.goc_oid) OVER w AS to_oid, first_value(n.goc_tid) OVER w AS to_tid,
             row_number() OVER w AS goc_place, ${cause} AS goc_because
      ${alive}${several}
      WINDOW w AS (PARTITION BY ${by} ORDER BY ${survivorOrder(plan, at, key.survivor, 'n')})
    ) AS g WHERE g.goc_place > 1`
}

/** Whoever had been merged into a row that now goes itself follows it. */
function followSurvivors(at: number): string {
  return `UPDATE ${mapOf(at)} AS m SET to_oid = l.to_oid, to_tid = l.to_tid
      FROM ${mapOf(at)} AS l WHERE ${samePlace('l', 'm').replaceAll('m.goc_', 'm.to_')}`
}

/** Brings goc_moved_N to what goc_move_N says, and counts the difference. */
function refreshMoved({ at }: Target, indent: number): string[] {
  return [
    statement(`DELETE FROM ${movedOf(at)} AS m WHERE m::text NOT IN (SELECT v::text FROM ${moveOf(at)} AS v)`, indent),
    `${' '.repeat(indent)}GET DIAGNOSTICS goc_found = ROW_COUNT;`,
    `${' '.repeat(indent)}goc_new := goc_new + goc_found;`,
    statement(
      `INSERT INTO ${movedOf(at)} SELECT v.* FROM ${moveOf(at)} AS v WHERE v::text NOT IN (SELECT m::text FROM ${movedOf(at)} AS m)`,
      indent,
    ),
    `${' '.repeat(indent)}GET DIAGNOSTICS goc_found = ROW_COUNT;`,
    `${' '.repeat(indent)}goc_new := goc_new + goc_found;`,
    statement(`ANALYZE ${movedOf(at)}`, indent),
  ]
}

/**
 * Groups that the plan may not decide: the place of their survivor, the number of the key set they come from, their
 * rows, and the columns that differ.
 */
export function undecidedSql(plan: Shape, at: number): string | null {
  const table = plan.tables[at] as PlanTable
  const stop = table.keys.flatMap(({ divergent }, number) => (divergent === 'stop' ? [number] : []))
  const compared = new Map<string, { readonly hasEquality: boolean; readonly keys: number[] }>()
  for (const [number, key] of table.keys.entries())
    for (const { name, hasEquality } of key.compared) {
      const known = compared.get(name)
      if (known === undefined) compared.set(name, { hasEquality, keys: [number] })
      else known.keys.push(number)
    }
  if (stop.length === 0 || compared.size === 0) return null
  const differs = [...compared].map(([name, { hasEquality, keys }]) => {
    const [own, best] = ['b', 's'].map((alias) => `${alias}.${identifierList([name])}${hasEquality ? '' : '::text'}`)
    const asked = keys.length === table.keys.length ? '' : ` AND bool_or(l.goc_key IN (${keys.join(', ')}))`
    return `CASE WHEN bool_or(${own} IS DISTINCT FROM ${best})${asked} THEN ${quoteLiteral(name)} END`
  })
  const columns = `array_remove(ARRAY[${differs.join(', ')}]::text[], NULL)`
  return `SELECT l.to_oid, l.to_tid, min(l.goc_cause) AS goc_cause, count(*) + 1 AS goc_rows, ${columns} AS goc_columns
  FROM ${mapOf(at)} AS l JOIN goc_base_${at} AS b ON ${samePlace('b', 'l')} JOIN goc_base_${at} AS s ON ${samePlace('s', 'l', 'to')}
  GROUP BY l.to_oid, l.to_tid
  HAVING bool_or(l.goc_key IN (${stop.join(', ')})) AND ${columns} <> '{}'`
}
