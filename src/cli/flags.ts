import * as Flags from '@oclif/core/flags'
import { UserError } from '../model/errors.js'
import type { Output } from './outputs.js'
import { type Budget, DEFAULT_BUDGET, parseBudget, parseDuration, parseShare } from './quantities.js'

const TIMEOUT = 5 * 60_000
const STALL = 30_000

/** Which key sets, of those in the configuration. */
export const only = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'PATTERN',
  summary: "Only these key sets: 'shop.cart(session_id)', cart, 'shop.*'. Repeatable.",
})

/** Reports to write beside, or in place of, the text. */
export const output = Flags.custom<Output>({
  multiple: true,
  multipleNonGreedy: true,
  parse: async (text) => (await import('./outputs.js')).parseOutput(text),
  helpValue: 'KIND[=FILE]',
  summary:
    'Write a report: text, json, sarif, junit, github, gitlab, markdown or html, to a file or to standard output. Repeatable.',
})()

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
    summary: 'Database to connect to: postgresql://user@host/name, mysql://user@host/name or pglite://DIR.',
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

export const showValues = Flags.boolean({
  summary: 'Show sample values as they are stored, which may be personal data.',
})

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
  'show-values': { ...showValues, helpGroup: 'COUNTING' },
}

/** What a plan may do, and in which files it is written. */
export const planFlags = {
  'emit-migration': Flags.boolean({
    summary: 'Write the migration to files. Nothing is run, and no file is overwritten.',
    helpGroup: 'MIGRATION',
  }),
  format: Flags.custom<string>({
    parse: async (text) => parseFormat(text),
    default: 'sql',
    helpValue: 'sql|django',
    summary: 'Plain SQL files, or a migration of a Django project.',
    helpGroup: 'MIGRATION',
  })(),
  out: Flags.string({
    helpValue: 'DIR',
    summary: 'Where to write. Default: migrations/goc-audit for sql; the project here for django.',
    helpGroup: 'MIGRATION',
  }),
  name: Flags.custom<string>({
    parse: async (text) => parsePlanName(text),
    helpValue: 'NAME',
    summary: 'Name of the plan, in file names and in the archive. Default: table and columns.',
    helpGroup: 'MIGRATION',
  })(),
  'max-surplus': Flags.custom<number>({
    parse: async (text) => parseShare(text),
    defaultHelp: async () => '10%, or 1,000 rows where that is more',
    helpValue: 'SHARE',
    summary: "Refuse to remove more than this share of a table's rows, as in 15%.",
    helpGroup: 'LIMIT',
  })(),
  'max-group': Flags.integer({
    default: 1000,
    min: 2,
    helpValue: 'ROWS',
    summary: 'Refuse to merge a duplicate group of more rows than this.',
    helpGroup: 'LIMIT',
  }),
  'max-stall': Flags.custom<number>({
    parse: async (text) => parseDuration(text, '--max-stall'),
    default: STALL,
    defaultHelp: async () => '30s',
    helpValue: 'DURATION',
    summary: 'Refuse a plan that would make writers wait for longer than this; 0: any time.',
    helpGroup: 'LIMIT',
  })(),
}

async function parseFormat(text: string): Promise<string> {
  const [{ emitters }, { didYouMean }] = await Promise.all([
    import('../emitters/index.js'),
    import('../config/problems.js'),
  ])
  if (Object.hasOwn(emitters, text)) return text
  throw new UserError(`--format: there is no format "${text}".`, {
    code: 'usage',
    suggestions: [didYouMean(text, Object.keys(emitters))],
  })
}

/** The archive's tables are named after the plan, and an identifier ends after 63 bytes. */
function parsePlanName(text: string): string {
  if (/^[A-Za-z0-9_]{1,32}$/.test(text)) return text
  throw new UserError(`--name: "${text}" is no name for a plan.`, {
    code: 'usage',
    suggestions: ['Write up to 32 letters, digits and underscores.'],
  })
}

export interface ConnectionFlags {
  readonly config?: string | undefined
  readonly url?: string | undefined
  readonly database?: string | undefined
  /** Milliseconds; 0: none. */
  readonly timeout: number
}

export interface ScanFlags extends ConnectionFlags {
  readonly exists: boolean
  readonly sample: number
  readonly budget: Budget
  readonly full: boolean
  readonly 'show-values': boolean
}

export interface FixFlags extends ConnectionFlags {
  readonly only?: readonly string[] | undefined
  readonly 'emit-migration': boolean
  readonly format: string
  readonly out?: string | undefined
  readonly name?: string | undefined
  readonly 'max-surplus'?: number | undefined
  readonly 'max-group': number
  /** Milliseconds; 0: none. */
  readonly 'max-stall': number
  readonly 'show-values': boolean
}
