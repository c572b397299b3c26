import { connect } from '../audit/connect.js'
import { scan } from '../audit/scan.js'
import { type Config, loadConfig, type NamedTarget, resolveTargets } from '../config/index.js'
import type { Audit } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import { terminal } from '../report/terminal.js'
import { rules } from '../rules/index.js'
import { failureLines } from './failure.js'
import type { ScanFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { layout } from './output.js'
import { Progress } from './progress.js'
import type { Budget } from './quantities.js'

export interface ScanRun {
  readonly config: Config
  /** One per database. */
  readonly audits: readonly Audit[]
  /** All of `databases:` were asked for, so that the report has the shape for several. */
  readonly several: boolean
}

/** Configuration → connections → audits. Throws UserError where nothing could be scanned. */
export async function runScan(flags: ScanFlags, only: readonly string[]): Promise<ScanRun> {
  const session = { statementTimeout: flags.timeout }
  const count = { exists: flags.exists, samples: flags.sample, budget: flags.full ? null : flags.budget }
  const surroundings = { cwd: process.cwd(), env: process.env }
  const config = await loadConfig({ ...surroundings, file: flags.config, rules: rules.map(({ id }) => id) })
  if (config.keySets.length === 0) throw noKeySets(config)
  if (config.baseline !== null) tellUnread(config)
  const targets = resolveTargets({ ...surroundings, url: flags.url, database: flags.database, config })
  const several = flags.database === undefined && targets.some(({ name }) => name !== null)
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  try {
    const audits: Audit[] = []
    for (const target of targets) {
      const one = () =>
        scanOne(target, { session: { ...session, signal: interrupt.signal }, count, only, config, progress })
      audits.push(several ? await one().catch((error: unknown) => failed(target, error)) : await one())
    }
    return { config, audits, several }
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

interface Surroundings {
  readonly session: { readonly statementTimeout: number; readonly signal: AbortSignal }
  readonly count: { readonly exists: boolean; readonly samples: number; readonly budget: Budget | null }
  readonly only: readonly string[]
  readonly config: Config
  readonly progress: Progress
}

const STAGES = {
  catalog: 'Reading the catalog',
  coverage: 'Comparing with indexes',
  duplicates: 'Counting duplicate rows',
}

async function scanOne({ name, target }: NamedTarget, surroundings: Surroundings): Promise<Audit> {
  const { count, only, config, progress } = surroundings
  const prefix = name === null ? '' : `${name}: `
  progress.show(`${prefix}Connecting to ${target.shown}`)
  const session = await connect(target, surroundings.session)
  try {
    const audit = await scan({
      session,
      keySets: config.keySets,
      ignores: config.ignore,
      only,
      count,
      today: new Date().toISOString().slice(0, 10),
      onProgress: ({ stage, done, total, label }) => {
        const place = total > 1 ? ` ${Math.min(done + 1, total)}/${total}` : ''
        progress.show(`${prefix}${STAGES[stage]}${place}${stage === 'catalog' ? '' : `: ${label}`}`)
      },
    })
    return name === null ? audit : { ...audit, database: { ...audit.database, name } }
  } finally {
    await session.close()
  }
}

/** One database of several that could not be scanned at all; the others still can. */
function failed({ name, target }: NamedTarget, error: unknown): Audit {
  if (!(error instanceof UserError)) throw error
  return {
    database: { name: name ?? target.shown, dialect: '', flavour: '', version: '' },
    complete: false,
    keySets: [],
    findings: [],
    ignored: [],
    notAnalysed: [],
    notes: [],
    failures: [
      failureLines(error)
        .map((line) => line.trim())
        .join(' '),
    ],
  }
}

/** On stderr, with `--json` too: findings that the file means to accept are reported all the same. */
function tellUnread({ file }: Config): void {
  const out = terminal(layout(process.stderr, process.env))
  const text = `Note: \`baseline\` in ${file} is not used: this version reads no baselines, so every finding is reported. \`ignore\` accepts single ones.`
  process.stderr.write(`${out.prose(text).join('\n')}\n`)
}

/** The next step, where the configuration names nothing to look at. */
export function noKeySets({ file }: Config): UserError {
  const suggestions =
    file === null
      ? ['`goc-audit init` writes a .goc-audit.yml with the key sets that your database suggests.']
      : [
          'Write what your application looks up before it inserts under `keysets:`, for instance',
          '{ table: cart, columns: [session_id] }.',
          '`goc-audit init` proposes key sets from the database.',
        ]
  return new UserError(file === null ? 'There is no .goc-audit.yml here or above.' : `${file} has no key sets.`, {
    code: 'no-keysets',
    suggestions: [...suggestions],
  })
}
