import type { DatabaseReport, Report, Summary, Tool } from './report.js'

const SCHEMA_VERSION = 1

/** How the scan stands to others; absent where nothing was kept. */
type Kept = Pick<Report, 'baseline' | 'trends'>

/** `scan --json` for one database; schemas/scan.schema.json. */
export interface ScanJson extends DatabaseReport, Kept {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly tool: Tool
}

/** `scan --json` with `databases:`. */
export interface ScanManyJson extends Kept {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly tool: Tool
  readonly complete: boolean
  readonly databases: readonly ScanJson[]
  readonly summary: Summary
}

export function scanJson(report: Report): ScanJson | ScanManyJson {
  const { tool, complete, summary } = report
  const head = { schemaVersion: SCHEMA_VERSION, tool } as const
  const databases = report.databases.map((one) => ({ ...head, ...one }))
  const { baseline, trends } = report
  const record: Kept = { ...(baseline && { baseline }), ...(trends && { trends }) }
  const [only] = databases
  return !report.several && only ? { ...only, ...record } : { ...head, complete, databases, summary, ...record }
}
