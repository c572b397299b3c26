import type { KeySql, Plan, PlanTable, UniqueKey } from '../../../model/plan.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf } from './archive.js'
import { writtenColumns } from './changes.js'
import { relationOf, sourceOf, withSources } from './names.js'
import { backOf, changedFrom, restores, thenOf, undoOf } from './undo-views.js'

/** What was written since the migration stays as it is: such values first, then whatever they keep from coming back. */
export function changedSince(plan: Plan): string[] {
  return archivedTables(plan).flatMap((at) => {
    const written = writtenColumns(plan, at)
    const gone = `INSERT INTO goc_reason
  SELECT ${at}, a.goc_row, NULL, 'the row was deleted since', NULL FROM ${archiveOf(plan, at)} AS a
  WHERE a.goc_state = 'after' AND NOT EXISTS (SELECT FROM ${undoOf(at)} AS u WHERE u.goc_row = a.goc_row)`
    if (written.length === 0) return [gone]
    const kept = written.map((column) => {
      const name = identifier(column)
      return `CASE WHEN ${restores(column)} AND t.${name}::text IS DISTINCT FROM a.${name}::text THEN ${quoteLiteral(column)} END`
    })
    return [
      gone,
      `WITH kept AS (
    SELECT u.goc_row, array_remove(ARRAY[${kept.join(', ')}]::text[], NULL) AS names
    FROM ${changedFrom(plan, at)}), marked AS (
    INSERT INTO goc_reason SELECT ${at}, k.goc_row, n, 'the value was changed since', NULL FROM kept AS k CROSS JOIN unnest(k.names) AS n)
  UPDATE ${undoOf(at)} AS u SET goc_keep = k.names FROM kept AS k WHERE k.goc_row = u.goc_row AND k.names <> '{}'`,
    ]
  })
}

/** Steps of the loop that ends when none of them finds anything; each counts what it found in goc_found. */
export function eliminations(plan: Plan): string[] {
  return archivedTables(plan).flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    return [
      ...table.unique.flatMap((key) => uniqueSteps(plan, at, key)),
      ...referencesOf(plan, at).flatMap((reference) => referenceSteps(plan, at, reference)),
    ]
  })
}

function keyRows(at: number, { values, conditions }: KeySql, kinds: string): string {
  const columns = values.map(({ sql }, n) => `(${sql}) AS goc_k${n}`)
  const where = [`goc_kind IN (${kinds})`, ...conditions].join('\n      AND ')
  return `(SELECT goc_row, goc_oid, goc_tid, ${columns.join(', ')} FROM ${thenOf(at)} AS r WHERE ${where})`
}

function sameKey({ values }: KeySql): string {
  return values
    .map(({ groupsNulls }, n) =>
      groupsNulls ? `o.goc_k${n} IS NOT DISTINCT FROM n.goc_k${n}` : `o.goc_k${n} = n.goc_k${n}`,
    )
    .join(' AND ')
}

/** The row under the alias o, as it is now. */
function documentOf({ tables }: Plan, at: number): string {
  return `(SELECT to_jsonb(t.*)::text FROM ${sourceOf(tables[at] as PlanTable)} AS t WHERE t.tableoid = o.goc_oid AND t.ctid = o.goc_tid)`
}

/** A key that somebody else has taken meanwhile. */
function uniqueSteps(plan: Plan, at: number, key: UniqueKey): string[] {
  const columns = withSources(plan.tables[at], key.columns)
  const written = writtenColumns(plan, at).filter((column) => columns.includes(column))
  const reason = quoteLiteral(`another row has its key in ${key.name} now`)
  const steps: string[] = []
  if (written.length > 0) {
    const taken = `SELECT n.goc_row, min(${documentOf(plan, at)}) AS goc_found
    FROM ${keyRows(at, key, `'undo'`)} AS n JOIN ${keyRows(at, key, `'still', 'undo'`)} AS o
      ON ${sameKey(key)} AND (o.goc_row IS NULL OR o.goc_row <> n.goc_row) GROUP BY n.goc_row`
    steps.push(keepColumns(plan, at, written, taken, reason))
  }
  const taken = `SELECT n.goc_row, min(${documentOf(plan, at)}) AS goc_found
    FROM ${keyRows(at, key, `'back'`)} AS n JOIN ${keyRows(at, key, `'still', 'undo'`)} AS o ON ${sameKey(key)} GROUP BY n.goc_row`
  steps.push(keepAway(at, taken, reason))
  return steps
}

/** `taken`: rows (goc_row, goc_found). Their columns keep what they hold now. */
function keepColumns(plan: Plan, at: number, columns: readonly string[], taken: string, reason: string): string {
  const names = columns.map((column) => `CASE WHEN ${restores(column)} THEN ${quoteLiteral(column)} END`)
  return `  WITH taken AS MATERIALIZED (${taken}), kept AS MATERIALIZED (
    SELECT u.goc_row, x.goc_found, array_remove(ARRAY[${names.join(', ')}]::text[], NULL) AS names
    FROM ${changedFrom(plan, at)} JOIN taken AS x ON x.goc_row = u.goc_row), marked AS (
    INSERT INTO goc_reason SELECT ${at}, k.goc_row, n, ${reason}, k.goc_found FROM kept AS k CROSS JOIN unnest(k.names) AS n)
  UPDATE ${undoOf(at)} AS u SET goc_keep = u.goc_keep || k.names FROM kept AS k WHERE k.goc_row = u.goc_row AND k.names <> '{}';
  GET DIAGNOSTICS goc_found = ROW_COUNT;
  goc_new := goc_new + goc_found;`
}

/** `taken`: rows (goc_row, goc_found). They stay in the archive. */
function keepAway(at: number, taken: string, reason: string): string {
  return `  WITH taken AS MATERIALIZED (${taken}), marked AS (
    INSERT INTO goc_reason SELECT ${at}, goc_row, NULL, ${reason}, goc_found FROM taken)
  UPDATE ${backOf(at)} AS k SET goc_why = ${reason} FROM taken AS x WHERE x.goc_row = k.goc_row AND k.goc_why IS NULL;
  GET DIAGNOSTICS goc_found = ROW_COUNT;
  goc_new := goc_new + goc_found;`
}

interface Outgoing {
  readonly columns: readonly string[]
  readonly targets: readonly string[]
  /** FROM item with the parent's rows as they would be; null for a reference that nothing enforces. */
  readonly rows: string | null
  /** Position of the parent where rows of it were removed. */
  readonly parent: number | null
  readonly where: string | null
  readonly asText: boolean
}

function referencesOf(plan: Plan, at: number): Outgoing[] {
  const archived = archivedTables(plan)
  const enforced = (plan.tables[at] as PlanTable).outgoing.map(({ schema, table, columns, targets }): Outgoing => {
    const to = plan.tables.findIndex((each) => each.schema === schema && each.name === table)
    const inPlan = archived.includes(to)
    const rows = inPlan ? thenOf(to) : relationOf({ schema, name: table })
    return { columns, targets, rows, parent: inPlan ? to : null, where: null, asText: false }
  })
  const declared = plan.references
    .filter(({ from, foreignKey }) => from === at && foreignKey === null)
    .map(
      ({ columns, targets, to, where, asText }): Outgoing => ({
        columns,
        targets,
        rows: null,
        parent: to,
        where,
        asText,
      }),
    )
  return [...enforced, ...declared]
}

/** A parent that isn't there any more, or whose id belongs to another row now. */
function referenceSteps(plan: Plan, at: number, reference: Outgoing): string[] {
  const { columns, targets, rows, parent, where, asText } = reference
  const cast = asText ? '::text' : ''
  const equal = (alias: string) =>
    columns
      .map((column, n) => `${alias}.${identifier(targets[n] ?? '')}${cast} = n.${identifier(column)}${cast}`)
      .join(' AND ')
  const lost: string[] = []
  if (rows !== null) lost.push(`NOT EXISTS (SELECT FROM ${rows} AS p WHERE ${equal('p')})`)
  if (parent !== null) {
    lost.push(`EXISTS (SELECT FROM ${archiveOf(plan, parent)} AS p JOIN ${backOf(parent)} AS k USING (goc_row)
      WHERE p.goc_state = 'removed' AND k.goc_why IS NOT NULL AND ${equal('p')})`)
  }
  const filled = columns.map((column) => `n.${identifier(column)} IS NOT NULL`).join(' AND ')
  // One by one: joined by OR, each would be looked up for each row.
  const found = (kind: string) =>
    lost
      .map(
        (condition) => `SELECT n.goc_row, NULL::text AS goc_found
    FROM (SELECT r.*${where === null ? '' : `, (${where}\n) AS goc_w`} FROM ${thenOf(at)} AS r WHERE goc_kind = '${kind}') AS n
    WHERE ${filled}${where === null ? '' : ' AND n.goc_w'} AND ${condition}`,
      )
      .join('\n    UNION\n    ')
  const reason = quoteLiteral('the row that it refers to is not restored')
  const written = writtenColumns(plan, at).filter((column) => columns.includes(column))
  return [
    ...(written.length === 0 ? [] : [keepColumns(plan, at, written, found('undo'), reason)]),
    keepAway(at, found('back'), reason),
  ]
}
