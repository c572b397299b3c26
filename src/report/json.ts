import type { DatabaseReport, Report, Summary, Tool } from './report.js'

const SCHEMA_VERSION = 1

/** `scan --json` for one database; schemas/scan.schema.json. */
export interface ScanJson extends DatabaseReport {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly tool: Tool
}

/** `scan --json` with `databases:`. */
export interface ScanManyJson {
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
  const [only] = databases
  return !report.several && only ? only : { ...head, complete, databases, summary }
}
