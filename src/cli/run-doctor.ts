import { connect } from '../audit/connect.js'
import { type Config, loadConfig, type NamedTarget, resolveTargets } from '../config/index.js'
import type { DatabaseInfo } from '../model/audit.js'
import type { Check } from '../model/check.js'
import { UserError } from '../model/errors.js'
import type { TableName } from '../model/keyset.js'
import type { DoctorReport, Examined } from '../report/doctor.js'
import type { Tool } from '../report/report.js'
import type { ConnectionFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { Progress } from './progress.js'

/** Configuration → connections → what each lacks. A database that can't be reached has that as its only check. */
export async function runDoctor(flags: ConnectionFlags, tool: Tool): Promise<DoctorReport> {
  const surroundings = { cwd: process.cwd(), env: process.env }
  const config = await loadConfig({ ...surroundings, file: flags.config })
  const targets = resolveTargets({ ...surroundings, url: flags.url, database: flags.database, config })
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  try {
    const databases: Examined[] = []
    for (const target of targets) {
      progress.show(`Connecting to ${target.target.shown}`)
      databases.push(await examineOne(target, config, { statementTimeout: flags.timeout, signal: interrupt.signal }))
    }
    const healthy = databases.every(({ checks }) => checks.every(({ state }) => state !== 'missing'))
    return { schemaVersion: 1, tool, healthy, databases }
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

async function examineOne(
  { name, target }: NamedTarget,
  config: Config,
  options: { readonly statementTimeout: number; readonly signal: AbortSignal },
): Promise<Examined> {
  try {
    const session = await connect(target, options)
    try {
      const checks = await session.examine(tablesOf(config))
      const connected: Check = {
        id: 'connection',
        for: 'scan',
        state: 'ok',
        what: `Connected to ${target.shown}.`,
        todo: [],
      }
      return {
        name: name ?? session.info.name,
        database: session.info,
        checks: [connected, versionCheck(session.info), configCheck(config), ...checks],
      }
    } finally {
      await session.close()
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'cancelled') throw error
    const check: Check = {
      id: 'connection',
      for: 'scan',
      state: 'missing',
      what: error.message,
      todo: error.suggestions,
    }
    return { name: name ?? target.shown, database: null, checks: [check] }
  }
}

/** Older servers are refused when connecting. */
function versionCheck({ flavour, dialect, version }: DatabaseInfo): Check {
  return { id: 'version', for: 'scan', state: 'ok', what: `${flavour || dialect} ${version} is new enough.`, todo: [] }
}

/** Each table once. */
function tablesOf({ keySets }: Config): TableName[] {
  const named = new Map(keySets.map(({ table }) => [JSON.stringify([table.schema ?? null, table.name]), table]))
  return [...named.values()]
}

function configCheck({ file, keySets }: Config): Check {
  const base = { id: 'key-sets', for: 'scan' } as const
  if (keySets.length > 0)
    return {
      ...base,
      state: 'ok',
      what: `${file} has ${keySets.length} key sets.`.replace(/ 1 key sets/, ' 1 key set'),
      todo: [],
    }
  return {
    ...base,
    state: 'missing',
    what: file === null ? 'There is no .goc-audit.yml here or above.' : `${file} has no key sets.`,
    todo: [
      'Find out what the application looks up before it inserts:',
      '  goc-audit discover --log FILE --write',
      '  goc-audit init',
    ],
  }
}
