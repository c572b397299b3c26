import type { DatabaseInfo } from '../model/audit.js'
import type { RefusedKeySet } from '../model/fix.js'
import type { PlanMerge, PlanUniqueness } from '../model/plan.js'
import type { SuspectedReference } from '../model/plan-facts.js'
import type { SampleRow } from '../model/rehearsal.js'
import type { Phase, Script } from '../model/script.js'
import type {
  Emitted,
  FixReport,
  Repoint,
  ReportedSample,
  ReportedTable,
  ReportedUndecided,
  ReportedUndecidedGroups,
  TableChanges,
} from './fix-report.js'
import type { Tool } from './report.js'

interface Place {
  readonly schema: string
  readonly table: string
}

/** What the plan does, with the rows that it affects as counted now. */
export type FixStep =
  | (Place & Pick<TableChanges, 'removedRows' | 'changedRows'> & { readonly kind: 'archive'; readonly into: string })
  | (Place & PlanMerge & { readonly kind: 'merge' })
  | (Place & Repoint & { readonly kind: 'repoint' })
  | (Place & Pick<TableChanges, 'groups' | 'largestGroup' | 'keys'> & RemoveStep)
  | (Place & Omit<PlanUniqueness, 'table' | 'model' | 'generatedColumns'> & ConstrainStep)

interface ConstrainStep {
  readonly kind: 'constrain'
  readonly generatedColumns?: PlanUniqueness['generatedColumns']
}

interface RemoveStep {
  readonly kind: 'remove'
  readonly rows: number
  readonly tableRows: number
  readonly samples: readonly SampleJson[]
}

interface SampleJson {
  readonly rows: number
  readonly differingColumns: readonly string[]
  /** The survivor first. */
  readonly shown: readonly SampleRow[]
}

type UndecidedJson = Omit<ReportedUndecided, 'groups'> & {
  /** In which rows of some group differ. */
  readonly columns: readonly string[]
  readonly groups: readonly (Omit<ReportedUndecidedGroups, 'samples'> & { readonly samples: readonly SampleJson[] })[]
}

const kinds = ['up', 'down', 'cleanup'] as const

type ScriptPhase = Phase & { readonly kind: (typeof kinds)[number] }

/** `fix --json`; schemas/fix.schema.json. */
export interface FixJson {
  readonly schemaVersion: 1
  readonly tool: Tool
  readonly database: DatabaseInfo
  readonly planHash: string | null
  readonly steps: readonly FixStep[]
  /** In the order in which they would run; empty where no key set is left to fix. */
  readonly script: readonly ScriptPhase[]
  /** One for each index that is added. */
  readonly modelChange: Script['modelChanges']
  readonly undecided: readonly UndecidedJson[]
  readonly refused: readonly RefusedKeySet[]
  readonly protected: readonly string[]
  readonly suspected: readonly SuspectedReference[]
  readonly warnings: readonly string[]
  readonly stallSeconds: number
  readonly files: Emitted['files']
}

export function fixJson(report: FixReport): FixJson {
  const { tool, database, plan, script, refused, suspected, warnings, emitted } = report
  return {
    schemaVersion: 1,
    tool,
    database,
    planHash: plan?.hash ?? null,
    steps: stepsOf(report),
    script: script === null ? [] : phasesOf(script),
    modelChange: script?.modelChanges ?? [],
    undecided: report.undecided.map(({ groups, ...one }) => ({
      ...one,
      columns: [...new Set(groups.flatMap(({ columns }) => columns))],
      groups: groups.map((each) => ({ ...each, samples: each.samples.map(sampleJson) })),
    })),
    refused,
    protected: report.keySets.flatMap(({ id, outcome }) => (outcome === 'protected' ? [id] : [])),
    suspected,
    warnings,
    stallSeconds: report.stall.seconds,
    files: emitted?.files ?? [],
  }
}

function phasesOf(script: Script): ScriptPhase[] {
  return kinds.flatMap((kind) => script[kind].map((phase) => ({ kind, ...phase })))
}

/** In the order of the migration: everything of one kind before the next. */
function stepsOf({ plan, tables }: FixReport): FixStep[] {
  if (plan === null) return []
  const each = (steps: (place: Place, changes: TableChanges) => FixStep[]) => tables.flatMap(stepsWith(steps))
  return [
    ...each((place, { removedRows, changedRows }) => [
      { kind: 'archive', ...place, removedRows, changedRows, into: plan.archive },
    ]),
    ...each((place, { merge }) => merge.map((one) => ({ kind: 'merge', ...place, ...one }))),
    ...each((place, { repoints }) => repoints.map((one) => ({ kind: 'repoint', ...place, ...one }))),
    ...each(removeSteps),
    ...each((place, { uniqueness }) =>
      uniqueness.map(({ model, table, generatedColumns, ...index }) => ({
        kind: 'constrain',
        ...place,
        ...index,
        ...(generatedColumns.length > 0 && { generatedColumns }),
      })),
    ),
  ]
}

const stepsWith =
  (steps: (place: Place, changes: TableChanges) => FixStep[]) =>
  ({ schema, table, changes }: ReportedTable): FixStep[] =>
    changes === null ? [] : steps({ schema, table }, changes)

function removeSteps(place: Place, changes: TableChanges): FixStep[] {
  const { rows: tableRows, removedRows: rows, groups, largestGroup, keys, samples } = changes
  if (keys.length === 0) return []
  return [{ kind: 'remove', ...place, rows, tableRows, groups, largestGroup, keys, samples: samples.map(sampleJson) }]
}

const sampleJson = ({ rows, differingColumns, shown }: ReportedSample): SampleJson => ({
  rows,
  differingColumns,
  shown,
})
