import { join, relative, sep } from 'node:path'
import { connect } from '../audit/connect.js'
import { planFix } from '../audit/fix.js'
import { type Config, loadConfig, resolveTarget } from '../config/index.js'
import { emitters } from '../emitters/index.js'
import type { Table } from '../model/catalog.js'
import type { Fix } from '../model/fix.js'
import type { TableName } from '../model/keyset.js'
import { keySetId, schemaInIds } from '../model/keyset-id.js'
import type { Script } from '../model/script.js'
import type { DeclaredKeySet } from '../report/fix-advice.js'
import type { Emitted } from '../report/fix-report.js'
import type { FixFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { Progress } from './progress.js'
import { noKeySets } from './run-scan.js'
import { writeFiles } from './write-files.js'

type Session = Awaited<ReturnType<typeof connect>>

export interface FixRun {
  readonly fix: Fix
  /** Seconds; infinite where there is no limit. */
  readonly maxStall: number
  /** Key sets of which something is undecided, and the tables of their groups. */
  readonly declared: readonly DeclaredKeySet[]
  readonly tables: readonly Table[]
  /** Null where nothing was to be written. */
  readonly emitted: Emitted | null
}

/** Configuration → connection → plan → files, where they are asked for. The database is only read. Throws UserError. */
export async function runFix(flags: FixFlags): Promise<FixRun> {
  const surroundings = { cwd: process.cwd(), env: process.env }
  const config = await loadConfig({ ...surroundings, file: flags.config })
  if (config.keySets.length === 0) throw noKeySets(config)
  const target = resolveTarget({ ...surroundings, url: flags.url, database: flags.database, config })
  const planned = await interruptible((signal, tell) => plan(target, config, flags, signal, tell))
  const { script } = planned.fix
  const emitted = flags['emit-migration'] && script !== null ? await emit(script, flags, surroundings.cwd) : null
  return { ...planned, maxStall: maxStall(flags), emitted }
}

async function interruptible<T>(work: (signal: AbortSignal, tell: (text: string) => void) => Promise<T>): Promise<T> {
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  try {
    return await work(interrupt.signal, (text) => progress.show(text))
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

async function plan(
  target: Parameters<typeof connect>[0],
  config: Config,
  flags: FixFlags,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<Pick<FixRun, 'fix' | 'declared' | 'tables'>> {
  tell(`Connecting to ${target.shown}`)
  const session = await connect(target, { statementTimeout: flags.timeout, signal })
  try {
    const fix = await planFix({
      session,
      keySets: config.keySets,
      only: flags.only ?? [],
      name: flags.name ?? null,
      archive: config.archive.schema,
      limits: { maxSurplus: flags['max-surplus'] ?? null, maxGroup: flags['max-group'] },
      maxStall: maxStall(flags),
      onProgress: tell,
    })
    const named = { ...fix, database: { ...fix.database, name: flags.database ?? fix.database.name } }
    return { fix: named, ...(await undecidedTables(session, config, fix)) }
  } finally {
    await session.close()
  }
}

function maxStall({ 'max-stall': milliseconds }: FixFlags): number {
  return milliseconds === 0 ? Number.POSITIVE_INFINITY : milliseconds / 1000
}

/** What has to be known of undecided groups to say in the user's own names how to decide them. */
async function undecidedTables(session: Session, { keySets }: Config, { undecided }: Fix) {
  const declared: DeclaredKeySet[] = []
  if (undecided.length === 0) return { declared, tables: [] }
  const relations = await tablesOf(
    session,
    keySets.map(({ table }) => table),
  )
  for (const [at, keySet] of keySets.entries()) {
    const relation = relations[at]
    if (relation == null) continue
    const { parts, match, where } = keySet
    const id = keySetId({ schema: schemaInIds(relation), table: relation.name, parts, match, where })
    if (undecided.some((one) => one.keySet === id))
      declared.push({ id, keySet, table: relation.base?.table ?? relation })
  }
  const names = undecided.flatMap(({ groups }) => groups.map(({ schema, table }) => ({ schema, name: table })))
  return { declared, tables: (await tablesOf(session, names)).filter((table) => table !== null) }
}

async function tablesOf(session: Session, names: readonly TableName[]): Promise<(Table | null)[]> {
  if (names.length === 0) return []
  const answers = await session.readCatalog(names)
  return answers.map((answer) => ('table' in answer ? answer.table : null))
}

async function emit(script: Script, { format, out }: FixFlags, workingDirectory: string): Promise<Emitted> {
  const emitter = emitters[format as keyof typeof emitters]
  const { directory, files, notes } = await emitter.emit(script, { workingDirectory, out: out ?? null })
  const shown = (path: string) => fromHere(path, workingDirectory)
  await writeFiles(directory, files, shown)
  return {
    format,
    files: files.map(({ path, kind }, at) => ({ path: shown(join(directory, path)), kind, order: at + 1 })),
    notes,
  }
}

/** Absolute where the way there would lead upwards. */
function fromHere(path: string, workingDirectory: string): string {
  const short = relative(workingDirectory, path)
  return short.startsWith(`..${sep}`) ? path : short
}
