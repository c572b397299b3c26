import type { DatabaseInfo } from '../model/audit.js'
import type { DiscoveredKeySet, Discovery } from '../model/profile.js'
import type { Hazard, Protection } from '../model/verdict.js'
import type { ReportedDuplicates, Tool } from './report.js'

/** What was read: a file, standard input, a profile, or a view of the server's. */
export interface DiscoverSource {
  readonly name: string
  /** `--log-format`'s word, `profile`, or the name of the view. */
  readonly format: string
}

/** What the database says of a key set that was found; null without a connection. */
export interface FoundVerdict {
  /** As `scan` prints it, with the schema that the table was found in. */
  readonly id: string
  readonly protection: Protection
  readonly hazards: readonly Hazard[]
  readonly coveredBy: readonly string[]
  readonly duplicates: ReportedDuplicates | null
}

export interface ReportedDiscovery extends DiscoveredKeySet {
  readonly verdict: FoundVerdict | null
  /** Whether the configuration has it already. */
  readonly declared: boolean
}

export interface DiscoverReport extends Omit<Discovery, 'keySets'> {
  readonly tool: Tool
  readonly sources: readonly DiscoverSource[]
  readonly database: DatabaseInfo | null
  /** Sorted: the surest first, then by name. */
  readonly keySets: readonly ReportedDiscovery[]
  /** Null without `--write`. */
  readonly written: { readonly file: string; readonly added: readonly string[]; readonly present: number } | null
  /** The file that the profile went to. */
  readonly profile: string | null
  /** Key sets that `--write` leaves out for their grade. */
  readonly belowGrade: number
}

/** `discover --json`; schemas/discover.schema.json. */
export type DiscoverJson = { readonly schemaVersion: 1 } & DiscoverReport

export const discoverJson = (report: DiscoverReport): DiscoverJson => ({ schemaVersion: 1, ...report })
