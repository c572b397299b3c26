import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { connect } from '../audit/connect.js'
import { type Config, configNames, loadConfig, resolveTarget, type TargetOptions } from '../config/index.js'
import { connectionFor } from '../init/connection.js'
import { type Connection, fileText } from '../init/file.js'
import type { Proposal } from '../init/proposal.js'
import { type Survey, survey } from '../init/survey.js'
import type { DatabaseInfo } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { ScanFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { Progress } from './progress.js'

export interface InitFlags {
  readonly config?: string | undefined
  readonly url?: string | undefined
  readonly database?: string | undefined
  readonly timeout: ScanFlags['timeout']
  readonly force: boolean
  readonly stdout: boolean
}

export interface InitRun {
  readonly database: DatabaseInfo
  /** The database's URL without secrets. */
  readonly shown: string
  readonly survey: Survey
  readonly connection: Connection
  /** Relative to the working directory; null with `--stdout`. */
  readonly file: string | null
  readonly text: string
}

const installedSchema = './node_modules/goc-audit/schemas/config.schema.json'

/** Database → proposals → file. Throws UserError where the file exists, or nothing can be read. */
export async function runInit(flags: InitFlags): Promise<InitRun> {
  const [cwd, env] = [process.cwd(), process.env]
  const path = resolve(cwd, flags.config ?? configNames[0])
  if (!flags.force && !flags.stdout && (await exists(path))) throw wouldOverwrite(relative(cwd, path) || path)
  const config = flags.url === undefined ? await nearestConfig(flags.config, cwd) : undefined
  const target = databaseFor({ url: flags.url, database: flags.database, config, env, cwd })
  const archive = config?.archive.schema ?? 'goc_audit'
  const { database, found } = await look(target, flags.timeout, archive)
  if (found.tables === 0) throw nothingThere(target.shown, target.schemas, found)

  const setting = config?.databases.find(({ name }) => name === (flags.database ?? null)) ?? config?.databases[0]
  const source = { target, given: flags.url !== undefined, written: setting?.url?.text, env }
  const connection = connectionFor(source, dirname(path))
  const schemas = target.schemas.length > 0 ? target.schemas : found.schemas
  const editorSchema = (await exists(resolve(dirname(path), installedSchema))) ? installedSchema : null
  const text = fileText({ database, connection, editorSchema, schemas, proposals: found.proposals })
  if (!flags.stdout) await write(path, text, flags.force)
  const file = flags.stdout ? null : relative(cwd, path) || path
  return { database, shown: target.shown, survey: found, connection, file, text }
}

function databaseFor(options: TargetOptions): ReturnType<typeof resolveTarget> {
  try {
    return resolveTarget(options)
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-database') throw error
    // The usual advice is to run init.
    throw new UserError(error.message, {
      code: error.code,
      suggestions: [
        'Pass --url postgresql://user@host:port/database or mysql://user@host:port/database, or set DATABASE_URL, or PGHOST, PGUSER and PGDATABASE, or MYSQL_HOST.',
        'To see how it works without a database: `goc-audit demo`.',
      ],
    })
  }
}

/** A configuration may say where the database is; that is all that is taken from it. */
async function nearestConfig(file: string | undefined, cwd: string): Promise<Config | undefined> {
  if (file !== undefined && !(await exists(resolve(cwd, file)))) return undefined
  return loadConfig({ cwd, file, env: process.env })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function look(target: Parameters<typeof connect>[0], statementTimeout: number, archive: string) {
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  try {
    progress.show(`Connecting to ${target.shown}`)
    const session = await connect(target, { statementTimeout, signal: interrupt.signal })
    try {
      progress.show('Reading the catalog')
      return { database: session.info, found: await survey(session, archive) }
    } finally {
      await session.close()
    }
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw wouldOverwrite(path)
    throw new UserError(`${path} can't be written: ${(cause as Error).message}.`, {
      code: 'config-not-written',
      suggestions: ['Name another file with --config, or print it with --stdout.'],
      cause,
    })
  }
}

function wouldOverwrite(path: string): UserError {
  return new UserError(`${path} exists already.`, {
    code: 'config-exists',
    suggestions: ['--force overwrites it, --stdout prints the new one, --config names another file.'],
  })
}

function nothingThere(database: string, schemas: readonly string[], { unreadable }: Survey): UserError {
  const where = schemas.length === 0 ? database : `the schemas ${schemas.join(', ')} of ${database}`
  return new UserError(`There is no table that this role may read in ${where}.`, {
    code: 'no-tables',
    suggestions: [
      unreadable.length === 0
        ? 'Check that this is the right database, and the right schemas.'
        : `${unreadable.length} tables are there. Grant USAGE on their schemas and SELECT on them.`,
    ],
  })
}

/** The proposals as `--json` shows them. */
export function keySetJson({ keySet, strength, why }: Proposal) {
  return {
    schema: keySet.schema,
    table: keySet.table,
    columns: keySet.parts.map((part) => (part.kind === 'column' ? part.name : `(${part.sql})`)),
    predicate: keySet.where ?? null,
    match: keySet.match,
    strength,
    why,
  }
}
