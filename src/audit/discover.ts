import type { Session } from '../dialects/dialect.js'
import { Discoverer, discover, emptyProfile, mergeProfiles } from '../discovery/index.js'
import { type LogsRead, readLogs } from '../logs/index.js'
import type { Discovery, Profile } from '../model/profile.js'

/** Logs of one kind: paths, patterns, directories, or `-`. */
export interface LogInput {
  readonly paths: readonly string[]
  /** `auto`, or what `--log-format` takes. */
  readonly format: string
}

export interface DiscoverRequest {
  readonly logs: readonly LogInput[]
  /** Milliseconds since 1970. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Of earlier runs. */
  readonly profiles: readonly { readonly name: string; readonly profile: Profile }[]
  /** Open where there is a connection. */
  readonly session: Session | null
  /** Also read what the connected server has recorded itself. */
  readonly recorded: boolean
  readonly showValues: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

export interface Discovered {
  readonly profile: Profile
  readonly discovery: Discovery
  readonly sources: readonly { readonly name: string; readonly format: string }[]
}

/** Logs, recorded statements and profiles → one profile → key sets. Throws UserError where an input can't be read. */
export async function discoverKeySets(request: DiscoverRequest): Promise<Discovered> {
  const { profiles, session } = request
  const settings = session === null || request.logs.length === 0 ? null : await session.recordingSettings()
  const notes: string[] = []
  const sources: { name: string; format: string }[] = []
  let profile = emptyProfile()
  for (const input of request.logs) {
    const formats: string[] = []
    const discoverer = new Discoverer({ showValues: request.showValues, sources: formats })
    const read = await readLogs(
      input.paths,
      {
        format: input.format,
        since: request.since,
        until: request.until,
        linePrefix: settings?.linePrefix,
        offsetMinutes: settings?.offsetMinutes,
        sqlMode: settings?.sqlMode,
        signal: request.signal,
        progress: (done, total) => request.onProgress?.(`Reading logs${share(done, total)}`),
      },
      discoverer,
    )
    sources.push(...read.files.map(({ path, format }) => ({ name: path === '-' ? 'standard input' : path, format })))
    notes.push(...skipped(read))
    formats.push(...new Set(read.files.map(({ format }) => format)))
    profile = mergeProfiles(profile, discoverer.finish())
  }
  if (request.recorded && session !== null) {
    const found = await recordedBy(session, request)
    sources.push(...found.sources)
    notes.push(...found.notes)
    profile = mergeProfiles(profile, found.profile)
  }
  for (const one of profiles) {
    sources.push({ name: one.name, format: 'profile' })
    profile = mergeProfiles(profile, one.profile)
  }
  const discovery = discover(profile)
  return { profile, sources, discovery: { ...discovery, notes: [...discovery.notes, ...notes] } }
}

async function recordedBy(session: Session, request: DiscoverRequest) {
  const formats: string[] = []
  const discoverer = new Discoverer({ showValues: request.showValues, sources: formats })
  const read = await session.readRecorded(discoverer, {
    ...(request.since !== undefined && { since: request.since }),
    onProgress: (source, rows) => request.onProgress?.(`Reading ${source}: ${rows.toLocaleString('en-US')} rows`),
  })
  const used = read.filter(({ rows }) => rows > 0)
  formats.push(...used.map(({ name }) => name))
  return {
    sources: used.map(({ name }) => ({ name, format: 'recorded' })),
    notes: read.flatMap((source) => source.notes),
    profile: discoverer.finish(),
  }
}

const share = (done: number, total: number): string => (total > 0 ? `: ${Math.floor((done / total) * 100)} %` : '')

function skipped({ skipped: left }: LogsRead): string[] {
  const [first] = left
  if (first === undefined) return []
  const more = left.length === 1 ? '' : ` and ${left.length - 1} more`
  return [`Not read: ${first.path} (${first.why})${more}.`]
}
