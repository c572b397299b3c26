import * as Flags from '@oclif/core/flags'
import { type Budget, DEFAULT_BUDGET, parseBudget, parseDuration } from './quantities.js'

const TIMEOUT = 5 * 60_000

/** Where to connect, and how patiently. */
export const connectionFlags = {
  config: Flags.string({
    char: 'c',
    helpValue: 'FILE',
    summary: 'Configuration to read instead of the nearest .goc-audit.yml.',
    helpGroup: 'CONNECTION',
  }),
  url: Flags.string({
    helpValue: 'URL',
    summary: 'Database to connect to: postgresql://user@host/name or pglite://DIR.',
    helpGroup: 'CONNECTION',
  }),
  database: Flags.string({
    helpValue: 'NAME',
    summary: 'One of `databases:` in the configuration, instead of all.',
    exclusive: ['url'],
    helpGroup: 'CONNECTION',
  }),
  timeout: Flags.custom<number>({
    parse: async (text) => parseDuration(text),
    default: TIMEOUT,
    defaultHelp: async () => '5min',
    helpValue: 'DURATION',
    summary: 'Limit for each statement, as in 30s or 10min; 0: none.',
    helpGroup: 'CONNECTION',
  })(),
}

/** What is counted, and what is shown of it. */
export const countFlags = {
  exists: Flags.boolean({ summary: 'Stop counting a key set at its first duplicate group.', helpGroup: 'COUNTING' }),
  sample: Flags.integer({
    default: 3,
    min: 0,
    max: 100,
    helpValue: 'N',
    summary: 'Sample groups to show per key set.',
    helpGroup: 'COUNTING',
  }),
  budget: Flags.custom<Budget>({
    parse: async (text) => parseBudget(text),
    default: DEFAULT_BUDGET,
    defaultHelp: async () => '50M,20GB',
    helpValue: 'LIMIT',
    summary: 'Do not count in tables above this: rows (10M), size (5GB), or both (10M,5GB).',
    exclusive: ['full'],
    helpGroup: 'COUNTING',
  })(),
  full: Flags.boolean({ summary: 'Count in tables of any size.', helpGroup: 'COUNTING' }),
  'show-values': Flags.boolean({
    summary: 'Show sample values as they are stored, which may be personal data.',
    helpGroup: 'COUNTING',
  }),
}

/** The parsed flags of both groups. */
export interface ScanFlags {
  readonly config?: string | undefined
  readonly url?: string | undefined
  readonly database?: string | undefined
  /** Milliseconds; 0: none. */
  readonly timeout: number
  readonly exists: boolean
  readonly sample: number
  readonly budget: Budget
  readonly full: boolean
  readonly 'show-values': boolean
}
