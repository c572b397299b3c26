import type { Table } from '../model/catalog.js'
import type { Fix } from '../model/fix.js'
import { mask } from '../model/mask.js'
import type { Plan, PlanTable } from '../model/plan.js'
import type { Rehearsal, SampleGroup, SampleRow } from '../model/rehearsal.js'
import { adviceFor, type DeclaredKeySet } from './fix-advice.js'
import type {
  Emitted,
  FixReport,
  Outcome,
  Repoint,
  ReportedSample,
  ReportedTable,
  ReportedUndecided,
  TableChanges,
} from './fix-report.js'
import type { Tool } from './report.js'

export interface FixReportOptions {
  readonly tool: Tool
  readonly showValues: boolean
  readonly maxStall: number
  readonly emitted: Emitted | null
  /** For advice in the user's own names: the undecided key sets, and the tables of their groups. */
  readonly declared: readonly DeclaredKeySet[]
  readonly tables: readonly Table[]
}

export function buildFixReport(fix: Fix, options: FixReportOptions): FixReport {
  const { plan, script, refused, suspected, warnings, database, stall, way } = fix
  return {
    tool: options.tool,
    database,
    showsValues: options.showValues,
    keySets: outcomes(fix),
    plan: plan && { name: plan.name, hash: plan.hash, archive: plan.archive },
    tables: [...plannedTables(fix, options.showValues), ...otherTables(fix)],
    script,
    undecided: fix.undecided.map((one) => reportUndecided(one, options)),
    refused,
    suspected,
    warnings,
    stall: { seconds: Math.round(stall * 10) / 10, limit: options.maxStall, readersWait: way.stall.readersWait },
    wording: way.wording,
    emitted: options.emitted,
  }
}

function outcomes(fix: Fix): FixReport['keySets'] {
  const byId = new Map<string, Outcome>()
  for (const id of fix.fixed) byId.set(id, 'fixed')
  for (const id of fix.protected) byId.set(id, 'protected')
  for (const { keySet } of fix.undecided) byId.set(keySet, 'undecided')
  for (const { keySet } of fix.refused) byId.set(keySet, 'refused')
  // By code unit: the same on every machine, whatever its locale.
  return [...byId].map(([id, outcome]) => ({ id, outcome })).sort((a, b) => (a.id < b.id ? -1 : 1))
}

function plannedTables(fix: Fix, showValues: boolean): ReportedTable[] {
  const { plan, rehearsal } = fix
  if (plan === null || rehearsal === null) return []
  return plan.tables.map((table, at) => ({
    schema: table.schema,
    table: table.name,
    changes: changesOf(plan, rehearsal, at, showValues),
    stoppedRows: stoppedRows(fix, { schema: table.schema, table: table.name }),
  }))
}

/** Tables in which nothing but undecided groups was found. */
function otherTables(fix: Fix): ReportedTable[] {
  const planned = fix.plan?.tables ?? []
  const others = new Map<string, ReportedTable>()
  for (const { schema, table } of fix.undecided.flatMap(({ groups }) => groups)) {
    if (planned.some((each) => each.schema === schema && each.name === table)) continue
    const stopped = stoppedRows(fix, { schema, table })
    others.set(JSON.stringify([schema, table]), { schema, table, changes: null, stoppedRows: stopped })
  }
  return [...others.values()]
}

/** Groups that no key set can be blamed for stand with each of them. */
function stoppedRows(fix: Fix, { schema, table }: Pick<ReportedTable, 'schema' | 'table'>): number {
  const groups = new Set(fix.undecided.flatMap((one) => one.groups))
  return [...groups]
    .filter((each) => each.schema === schema && each.table === table)
    .reduce((sum, { rows }) => sum + rows, 0)
}

function changesOf(plan: Plan, rehearsal: Rehearsal, at: number, showValues: boolean): TableChanges {
  const table = plan.tables[at] as PlanTable
  const seen = rehearsal.tables[at] as Rehearsal['tables'][number]
  const repoints = repointsOf(plan, rehearsal, at)
  const result = (column: string): string => {
    const policy = table.merge.find((merge) => merge.column === column)?.policy
    return policy ?? (repoints.some(({ columns }) => columns.includes(column)) ? 'repointed' : 'kept')
  }
  return {
    rows: seen.rows,
    removedRows: seen.surplusRows,
    changedRows: seen.changedRows,
    groups: seen.groups,
    largestGroup: seen.largestGroup,
    keys: table.keys.map(({ kind, label, survivor, divergent }, key) => ({
      kind,
      label,
      survivor,
      divergent,
      rows: seen.byKey[key] ?? 0,
    })),
    merge: table.keys.length === 0 ? [] : table.merge,
    repoints,
    uniqueness: plan.uniqueness.filter((each) => each.table === at),
    samples: seen.samples.map((sample) =>
      reportSample(sample, {
        columns: table.columns.map(({ name }) => name),
        keyColumns: [...new Set(table.keys.flatMap(({ columns }) => columns))],
        result,
        showValues,
      }),
    ),
  }
}

function repointsOf(plan: Plan, rehearsal: Rehearsal, at: number): Repoint[] {
  return plan.references.flatMap((reference, number) => {
    const parent = plan.tables[reference.to]
    if (reference.from !== at || parent === undefined) return []
    const { columns, targets, foreignKey } = reference
    const to = { schema: parent.schema, table: parent.name, columns: targets }
    return [{ columns, to, foreignKey, rows: rehearsal.repointed[number] ?? 0 }]
  })
}

function reportUndecided(
  { keySet, groups, problems }: Fix['undecided'][number],
  { declared, tables, showValues }: FixReportOptions,
): ReportedUndecided {
  const own = declared.find(({ id }) => id === keySet)
  return {
    keySet,
    location: own?.keySet.location ?? null,
    groups: groups.map(({ samples, ...group }) => {
      const table = tables.find(({ schema, name }) => schema === group.schema && name === group.table)
      const parts = table?.id === own?.table.id ? (own?.keySet.parts ?? []) : []
      return {
        ...{ schema: group.schema, table: group.table, columns: group.columns, groups: group.groups, rows: group.rows },
        samples: samples.map((sample) =>
          reportSample(sample, {
            columns: table?.columns.map(({ name }) => name) ?? [],
            keyColumns: parts.flatMap((part) => (part.kind === 'column' ? [part.name] : [])),
            result: (column) => (group.columns.includes(column) ? 'undecided' : ''),
            showValues,
          }),
        ),
      }
    }),
    problems,
    advice: own === undefined ? [] : adviceFor(groups, own, tables),
  }
}

interface SampleOptions {
  readonly columns: readonly string[]
  readonly keyColumns: readonly string[]
  readonly result: (column: string) => string
  readonly showValues: boolean
}

function reportSample({ rows, shown }: SampleGroup, options: SampleOptions): ReportedSample {
  const { keyColumns, result, showValues } = options
  const columns = options.columns.filter((column) => shown[0] !== undefined && Object.hasOwn(shown[0], column))
  const differingColumns = columns.filter((column) => shown.some((row) => row[column] !== shown[0]?.[column]))
  return {
    rows,
    shown: showValues ? shown : shown.map(maskRow),
    columns,
    differingColumns,
    keyColumns,
    results: Object.fromEntries(differingColumns.map((column) => [column, result(column)])),
  }
}

const maskRow = (row: SampleRow): SampleRow =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, mask(value)]))
