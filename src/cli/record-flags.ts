import * as Flags from '@oclif/core/flags'
import { UserError } from '../model/errors.js'

/** What is kept of a scan for the next ones, and what it is compared with. */
export const recordFlags = {
  baseline: Flags.string({
    helpValue: 'FILE',
    summary: 'Accepted findings: they pass until they get worse. Default: `baseline` in the configuration.',
    helpGroup: 'BASELINE',
  }),
  'no-baseline': Flags.boolean({
    summary: 'Report every finding, whatever the configuration says of a baseline.',
    helpGroup: 'BASELINE',
  }),
  'update-baseline': Flags.boolean({
    summary: 'Accept all that is found now: write the baseline.',
    exclusive: ['prune-baseline', 'exists'],
    helpGroup: 'BASELINE',
  }),
  'prune-baseline': Flags.boolean({
    summary: 'Drop from the baseline what is fixed, and lower what has become less. Nothing new is accepted.',
    exclusive: ['exists'],
    helpGroup: 'BASELINE',
  }),
  tolerance: Flags.custom<{ readonly rows: number; readonly share: number }>({
    parse: async (text) => parseTolerance(text),
    defaultHelp: async () => '0',
    helpValue: 'ROWS|PERCENT',
    summary: 'Surplus rows that may come to an accepted key set before it counts as worse: 5, or 2%.',
    helpGroup: 'BASELINE',
  })(),
  history: Flags.string({
    helpValue: 'FILE',
    summary: 'Append this scan to a file of one line per scan, and show what grows and shrinks.',
    helpGroup: 'RECORD',
  }),
  snapshot: Flags.string({
    helpValue: 'FILE',
    summary: 'Write what was seen, without any row value, for --from-snapshot elsewhere.',
    exclusive: ['from-snapshot'],
    helpGroup: 'RECORD',
  }),
}

/** Instead of connecting. */
export const fromSnapshot = Flags.string({
  helpValue: 'FILE',
  summary: 'Read what a scan with --snapshot saw; no database is needed.',
  exclusive: ['url', 'exists', 'full', 'log', 'from-profile'],
  helpGroup: 'RECORD',
})

export const parallel = Flags.integer({
  default: 4,
  min: 1,
  max: 1000,
  helpValue: 'N',
  summary: 'How many of `databases:` are scanned at a time.',
  helpGroup: 'CONNECTION',
})

export interface RecordFlags {
  readonly baseline?: string | undefined
  readonly 'no-baseline': boolean
  readonly 'update-baseline': boolean
  readonly 'prune-baseline': boolean
  readonly tolerance?: { readonly rows: number; readonly share: number } | undefined
  readonly history?: string | undefined
  readonly snapshot?: string | undefined
  readonly 'show-values': boolean
}

/** `5`: rows; `2%`: a share of those accepted. Throws UserError. */
export function parseTolerance(text: string): { rows: number; share: number } {
  const [, rows, percent] = /^(?:(\d+)|(\d+(?:\.\d+)?)\s*%)$/.exec(text.trim()) ?? []
  if (rows !== undefined) return { rows: Number(rows), share: 0 }
  if (percent !== undefined) return { rows: 0, share: Number(percent) / 100 }
  throw new UserError(`--tolerance: "${text}" is neither rows nor a percentage.`, {
    code: 'usage',
    suggestions: ['Write a number of surplus rows, as in 5, or a share of the accepted ones, as in 2%.'],
  })
}
