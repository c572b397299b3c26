import * as Flags from '@oclif/core/flags'
import { type ConnectionFlags, connectionFlags, countFlags, showValues } from './flags.js'
import type { Budget } from './quantities.js'
import { parseTime } from './quantities.js'

/** Which logs, and of which time; for `discover` and `scan`. */
export const logFlags = {
  log: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FILE',
    summary:
      "Log to read: a file, 'a pattern', a directory, or - for standard input; .gz, .zst and .xz too. Repeatable.",
    helpGroup: 'LOG',
  }),
  'log-format': Flags.string({
    default: 'auto',
    helpValue: 'FORMAT',
    summary:
      'postgres-stderr, postgres-csv, postgres-json, postgres-wrapped, mysql-general, mysql-slow, mysql-history, jsonl, pg-stat-statements or mysql-digest.',
    helpGroup: 'LOG',
  }),
  'from-profile': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FILE',
    summary: 'Profile that an earlier run wrote with --profile. Repeatable: they are merged.',
    helpGroup: 'LOG',
  }),
}

export const discoverFlags = {
  ...logFlags,
  since: Flags.custom<number>({
    parse: async (text) => parseTime(text, '--since'),
    helpValue: 'TIME',
    summary: 'Only statements from this time on: 2026-05-01, 2026-05-01T08:30:00Z, or an age such as 2h.',
    helpGroup: 'LOG',
  })(),
  until: Flags.custom<number>({
    parse: async (text) => parseTime(text, '--until'),
    helpValue: 'TIME',
    summary: 'Only statements before this time.',
    helpGroup: 'LOG',
  })(),
  recorded: Flags.boolean({
    summary: 'Also read what the connected database has recorded: pg_stat_statements, performance_schema, log tables.',
    helpGroup: 'LOG',
  }),
  profile: Flags.string({
    helpValue: 'FILE',
    summary: 'Write what was counted, to be merged with that of other runs.',
  }),
  write: Flags.boolean({ summary: 'Add the key sets to the configuration; its comments and order stay.' }),
  'min-grade': Flags.option({
    options: ['A', 'B', 'C', 'D'] as const,
    default: 'C' as const,
    summary: 'Write key sets of this grade and surer ones.',
  })(),
  'show-values': showValues,
  offline: Flags.boolean({
    summary: 'Do not connect, although the configuration names a database.',
    helpGroup: 'CONNECTION',
    exclusive: ['url', 'database', 'recorded'],
  }),
  ...connectionFlags,
  budget: countFlags.budget,
  full: countFlags.full,
}

export interface LogFlags {
  readonly log?: readonly string[] | undefined
  readonly 'log-format'?: string | undefined
  readonly 'from-profile'?: readonly string[] | undefined
}

export interface DiscoverFlags extends LogFlags, ConnectionFlags {
  /** Milliseconds since 1970. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly recorded: boolean
  readonly profile?: string | undefined
  readonly write: boolean
  readonly 'min-grade': 'A' | 'B' | 'C' | 'D'
  readonly 'show-values': boolean
  readonly offline: boolean
  readonly budget: Budget
  readonly full: boolean
}
