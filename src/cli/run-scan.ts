import { type DiscoverRequest, discoverKeySets } from '../audit/discover.js'
import { replay } from '../audit/replay.js'
import { conclude } from '../audit/scan.js'
import { type Config, loadConfig, resolveTargets } from '../config/index.js'
import type { Audit, Examination } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { DiscoveredKeySet } from '../model/profile.js'
import { rules } from '../rules/index.js'
import { readSnapshot, type Snapshot } from '../snapshot/index.js'
import type { LogFlags } from './discover-flags.js'
import type { ScanFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { logInputs, readProfiles } from './log-inputs.js'
import { Progress } from './progress.js'
import { type Candidate, type Examined, examineAll, examineOne, isAboutOnly, notAskedFor } from './scan-databases.js'

export interface RunFlags extends ScanFlags, LogFlags {
  /** How many databases at a time. */
  readonly parallel?: number | undefined
  /** Read this in place of databases. */
  readonly 'from-snapshot'?: string | undefined
}

export interface ScanRun {
  readonly config: Config
  /** What was seen, from which the audits are made. */
  readonly examined: readonly Examined[]
  /** One per database. */
  readonly audits: readonly Audit[]
  /** All of `databases:` were asked for, so that the report has the shape for several. */
  readonly several: boolean
  /** False where `--database` or `--url` leaves some of the configuration's databases out. */
  readonly allDatabases: boolean
  /** Of `--only`. */
  readonly only: readonly string[]
  /** ISO 8601: when the databases were read. */
  readonly time: string
}

type Seen = Pick<ScanRun, 'examined' | 'several' | 'time'>

const PARALLEL = 4

/** Configuration → connections (or a snapshot) → audits. Throws UserError where nothing could be scanned. */
export async function runScan(flags: RunFlags, only: readonly string[]): Promise<ScanRun> {
  const { cwd, env } = { cwd: process.cwd(), env: process.env }
  const config = await loadConfig({ cwd, env, file: flags.config, rules: rules.map(({ id }) => id) })
  const file = flags['from-snapshot']
  const seen = await (file === undefined ? scanAll(config, flags, only) : readAgain(config, file, flags, only))
  const today = new Date().toISOString().slice(0, 10)
  const named = config.databases.some(({ name }) => name !== null)
  return {
    ...seen,
    config,
    only,
    allDatabases: !named || seen.several,
    audits: seen.examined.map(({ name, examination }): Audit => {
      const audit = conclude(examination, { ignores: config.ignore, only, today })
      return name === null ? audit : { ...audit, alias: name }
    }),
  }
}

/** What another scan saw, for the configuration of now. Throws UserError. */
async function readAgain(config: Config, file: string, flags: RunFlags, only: readonly string[]): Promise<Seen> {
  const snapshot = await readSnapshot(file)
  const databases = snapshot.databases.filter(({ name }) => flags.database === undefined || name === flags.database)
  if (databases.length === 0) throw notInSnapshot(file, flags.database, snapshot)
  const from = `the snapshot ${file}`
  const note = `Read from ${from}, taken at ${snapshot.takenAt} by ${snapshot.tool.name} ${snapshot.tool.version}.`
  const failures: unknown[] = []
  const again = (name: string | null, examination: Examination): Examination => {
    // Of a database that could not be scanned at all there is nothing to compare.
    if (examination.keySets.length === 0 && !examination.complete) return examination
    try {
      return replay(examination, config.keySets, only, from)
    } catch (error) {
      failures.push(error)
      if (!isAboutOnly(error)) throw error
      return notAskedFor(name ?? examination.database.name)
    }
  }
  const examined = databases.map(({ name, examination }): Examined => {
    const seen = again(name, examination)
    return { name, examination: { ...seen, notes: [note, ...seen.notes] } }
  })
  if (failures.length === databases.length) throw failures[0]
  return { examined, several: snapshot.several && flags.database === undefined, time: snapshot.takenAt }
}

function notInSnapshot(file: string, name: string | undefined, { databases }: Snapshot): UserError {
  const known = databases.flatMap((one) => one.name ?? [])
  return new UserError(`The snapshot ${file} has no database${name === undefined ? '' : ` "${name}"`}.`, {
    code: 'database-unknown',
    suggestions: [known.length === 0 ? 'It has none that is named.' : `It has ${known.join(', ')}.`],
  })
}

async function scanAll(config: Config, flags: RunFlags, only: readonly string[]): Promise<Seen> {
  const logs = logInputs(flags, { logs: [] })
  const profiles = await readProfiles(flags)
  const given = logs.length + profiles.length > 0
  if (config.keySets.length === 0 && !given) throw noKeySets(config)
  const candidates = candidatesOf(config, flags)
  const several = flags.database === undefined && candidates.some(({ name }) => name !== null)
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  const request = {
    session: { statementTimeout: flags.timeout, signal: interrupt.signal },
    count: { exists: flags.exists, samples: flags.sample, budget: flags.full ? null : flags.budget },
    only,
    keySets: config.keySets,
    progress,
  }
  const time = new Date().toISOString()
  try {
    const found = given ? await foundIn(logs, profiles, flags, { progress, signal: interrupt.signal }) : []
    if (config.keySets.length === 0 && found.length === 0) throw nothingFound()
    const examined = several
      ? await examineAll(candidates, flags.parallel ?? PARALLEL, { ...request, found })
      : await Promise.all(candidates.map((candidate) => examineOne(candidate, { ...request, found })))
    return { examined, several, time }
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

/** Key sets that logs and profiles show; those of the lowest grade are for `discover` to show. */
async function foundIn(
  logs: DiscoverRequest['logs'],
  profiles: DiscoverRequest['profiles'],
  flags: RunFlags,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<readonly DiscoveredKeySet[]> {
  const { discovery } = await discoverKeySets({
    logs,
    profiles,
    session: null,
    recorded: false,
    showValues: flags['show-values'],
    signal,
    onProgress: (text) => progress.show(text),
  })
  return discovery.keySets.filter(({ evidence }) => evidence.grade !== 'D')
}

function nothingFound(): UserError {
  return new UserError('The logs show no key sets, and the configuration has none.', {
    code: 'no-keysets',
    suggestions: ['`goc-audit discover` with the same --log says what was read, what was left out, and why.'],
  })
}

/** With `databases:`, a URL that can't be read (or whose variable isn't set) is a failure of that database alone. */
function candidatesOf(config: Config, { url, database }: RunFlags): Candidate[] {
  const options = { cwd: process.cwd(), env: process.env, config }
  const names = config.databases.map(({ name }) => name).filter((name) => name !== null)
  if (url !== undefined || database !== undefined || names.length === 0)
    return resolveTargets({ ...options, url, database })
  return names.flatMap((name): Candidate[] => {
    try {
      return resolveTargets({ ...options, database: name })
    } catch (error) {
      if (error instanceof UserError) return [{ name, error }]
      throw error
    }
  })
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
