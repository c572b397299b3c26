import { connect } from '../audit/connect.js'
import { type Discovered, discoverKeySets } from '../audit/discover.js'
import { type FoundKeySet, judgeFound, shapeOf, toKeySet } from '../audit/found.js'
import { type Config, loadConfig, resolveTarget } from '../config/index.js'
import { UserError } from '../model/errors.js'
import type { NotAKeySet } from '../model/profile.js'
import type { DiscoverReport, FoundVerdict, ReportedDiscovery } from '../report/discover-report.js'
import type { Tool } from '../report/report.js'
import type { DiscoverFlags } from './discover-flags.js'
import { onInterrupt } from './interrupt.js'
import { logInputs, readProfiles } from './log-inputs.js'
import { Progress } from './progress.js'
import { writeKeySets, writeProfile } from './write-discovery.js'

export interface DiscoverRun {
  readonly report: DiscoverReport
  /** False where nothing could be read, or the database could not be asked of everything. */
  readonly complete: boolean
}

/** Logs, statistics, profiles → key sets → verdicts where there is a connection → files. Throws UserError. */
export async function runDiscover(flags: DiscoverFlags, tool: Tool): Promise<DiscoverRun> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, file: flags.config })
  const logs = logInputs(flags, config)
  const profiles = await readProfiles(flags)
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  const given = logs.length + profiles.length > 0
  const options = { statementTimeout: flags.timeout, signal: interrupt.signal }
  const { session, notes } = await openSession(flags, config, given, options)
  try {
    const discovered = await discoverKeySets({
      logs,
      profiles,
      session,
      recorded: flags.recorded || !given,
      since: flags.since,
      until: flags.until,
      showValues: flags['show-values'],
      signal: interrupt.signal,
      onProgress: (text) => progress.show(text),
    })
    const judged = await judgeAll(session, discovered, flags, progress)
    return await reported({ flags, config, tool, discovered, session, judged, notes })
  } catch (error) {
    throw interrupt.signal.aborted ? interrupted(error) : error
  } finally {
    interrupt.dispose()
    progress.clear()
    await session?.close()
  }
}

type Session = Awaited<ReturnType<typeof connect>>

interface Opened {
  readonly session: Session | null
  readonly notes: readonly string[]
}

/**
 * Where to connect is said, or there is nothing else to read: then a failure is one. Else the logs speak for themselves,
 * and a database that the configuration happens to name is asked if it answers.
 */
async function openSession(
  flags: DiscoverFlags,
  config: Config,
  given: boolean,
  options: Parameters<typeof connect>[1],
): Promise<Opened> {
  if (flags.offline && given) return { session: null, notes: [] }
  if (flags.offline) throw nothingToRead()
  const asked = flags.url !== undefined || flags.database !== undefined || flags.recorded || !given
  const named = config.databases.some(({ url }) => url !== undefined)
  if (!asked && !named) return { session: null, notes: [] }
  try {
    const target = resolveTarget({
      cwd: process.cwd(),
      env: process.env,
      url: flags.url,
      database: flags.database,
      config,
    })
    return { session: await connect(target, options), notes: [] }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'cancelled') throw error
    if (!given && error.code === 'no-database') throw nothingToRead()
    if (asked) throw error
    return { session: null, notes: [`Not connected, so that there are no verdicts: ${error.message}`] }
  }
}

function nothingToRead(): UserError {
  return new UserError('There is nothing to discover from: no log, no profile, no database.', {
    code: 'nothing-to-read',
    suggestions: [
      'Name a log with --log FILE; `goc-audit discover --help` says which kinds.',
      'Or connect with --url to read what the database has recorded itself.',
    ],
  })
}

function interrupted(error: unknown): unknown {
  if (error instanceof UserError) return error
  return new UserError('Stopped before everything was read.', { code: 'cancelled' })
}

interface Judged {
  readonly keySets: readonly FoundKeySet[]
  readonly dropped: readonly NotAKeySet[]
  readonly failures: readonly string[]
}

async function judgeAll(
  session: Session | null,
  { discovery }: Discovered,
  flags: DiscoverFlags,
  progress: Progress,
): Promise<Judged> {
  if (session === null)
    return { keySets: discovery.keySets.map((found) => ({ found, audited: null })), dropped: [], failures: [] }
  progress.show('Comparing with the database')
  const budget = flags.full ? null : flags.budget
  return judgeFound({ session, found: discovery.keySets, count: { exists: false, samples: 0, budget } })
}

interface Outcome {
  readonly flags: DiscoverFlags
  readonly config: Config
  readonly tool: Tool
  readonly discovered: Discovered
  readonly session: Session | null
  readonly judged: Judged
  readonly notes: readonly string[]
}

async function reported(outcome: Outcome): Promise<DiscoverRun> {
  const { flags, config, tool, discovered, session, judged } = outcome
  const { discovery, profile } = discovered
  const declared = new Set(config.keySets.map(shapeOf))
  const keySets = judged.keySets.map(
    ({ found, audited }): ReportedDiscovery => ({
      ...found,
      verdict: audited === null ? null : verdictOf(audited),
      declared: declared.has(shapeOf(toKeySet(found))),
    }),
  )
  const sure = keySets.filter(({ evidence }) => evidence.grade <= flags['min-grade'])
  const written = flags.write ? await writeKeySets(sure, config, flags) : null
  if (flags.profile !== undefined) await writeProfile(flags.profile, profile)
  const report: DiscoverReport = {
    tool,
    sources: discovered.sources,
    database: session?.info ?? null,
    statements: discovery.statements,
    keySets,
    dropped: [...discovery.dropped, ...judged.dropped],
    notes: [...discovery.notes, ...outcome.notes, ...judged.failures],
    written,
    profile: flags.profile ?? null,
    belowGrade: keySets.length - sure.length,
  }
  return { report, complete: judged.failures.length === 0 && !readNothing(report) }
}

/** Something was there, and none of it was a statement. */
const readNothing = ({ statements }: DiscoverReport): boolean =>
  statements.read === 0 && statements.notAnalysed.length > 0

function verdictOf({ resolved, verdict, duplicates }: NonNullable<FoundKeySet['audited']>): FoundVerdict {
  return {
    id: resolved.id,
    protection: verdict.protection,
    hazards: verdict.hazards,
    coveredBy: verdict.coveredBy,
    duplicates,
  }
}
