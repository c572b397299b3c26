import { UserError } from '../../model/errors.js'
import type { SourceLocation } from '../../model/keyset.js'
import { type Environment, expandOrThrow } from '../environment.js'
import type { Config, DatabaseSetting } from '../load.js'
import { didYouMean } from '../problems.js'
import { completeUrl } from './families.js'
import { completeLibpq, tellingVariables } from './libpq.js'
import { completeMysql, tellingMysqlVariables } from './mysql.js'
import type { Target } from './types.js'

export interface NamedTarget {
  /** As under `databases:`; null for any other. */
  readonly name: string | null
  readonly target: Target
}

export interface TargetOptions {
  /** `--url` */
  readonly url?: string | undefined
  /** `--database`: a name under `databases:`. */
  readonly database?: string | undefined
  readonly config?: Config | undefined
  readonly env: Environment
  readonly cwd: string
}

/** The one database to connect to. Throws UserError when there is none or when the file has several. */
export function resolveTarget(options: TargetOptions): Target {
  const [first, ...others] = resolveTargets(options)
  if (first === undefined || others.length > 0) {
    const names = [first, ...others].map((each) => each?.name ?? '')
    throw new UserError('The configuration has several databases, and this command takes one.', {
      code: 'database-ambiguous',
      suggestions: [`Choose with --database: ${names.join(', ')}.`],
    })
  }
  return first.target
}

/**
 * All databases to connect to, never none. First of: `--url`; `database` or `databases` of the file (one of them with
 * `--database`); DATABASE_URL; the PG* variables; the MYSQL_* variables. Throws UserError.
 */
export function resolveTargets(options: TargetOptions): NamedTarget[] {
  const { url, database, config, env, cwd } = options
  const settings = config?.databases ?? []
  const only = settings.length === 1 ? settings[0] : undefined
  if (url !== undefined) {
    const target = completeUrl(url, { env, directory: cwd })
    return [{ name: null, target: withSchemas(target, only, env) }]
  }
  const chosen = database === undefined ? settings : [named(database, settings)]
  if (chosen.some((setting) => setting.url !== undefined)) {
    return chosen.map((setting) => ({ name: setting.name, target: fromSetting(setting, options) }))
  }
  return [{ name: null, target: fromSetting(only, options) }]
}

function named(name: string, settings: readonly DatabaseSetting[]): DatabaseSetting {
  const found = settings.find((setting) => setting.name === name)
  if (found !== undefined) return found
  const known = settings.flatMap((setting) => setting.name ?? [])
  throw new UserError(`There is no database "${name}" in the configuration.`, {
    code: 'database-unknown',
    suggestions: [known.length === 0 ? 'Name it under `databases:`.' : didYouMean(name, known)],
  })
}

function fromSetting(setting: DatabaseSetting | undefined, { env, cwd, config }: TargetOptions): Target {
  const target =
    setting?.url === undefined
      ? fromEnvironment(env, cwd)
      : at(setting.url.location, () => {
          const text = expandOrThrow(setting.url ?? { text: '' }, env)
          return completeUrl(text, { env, directory: config?.directory ?? cwd })
        })
  const { passwordCommand } = setting ?? {}
  return { ...withSchemas(target, setting, env), ...(passwordCommand !== undefined && { passwordCommand }) }
}

function fromEnvironment(env: Environment, directory: string): Target {
  if (env.DATABASE_URL) {
    try {
      return completeUrl(env.DATABASE_URL, { env, directory })
    } catch (error) {
      throw error instanceof UserError ? prefixed('DATABASE_URL: ', error) : error
    }
  }
  if (tellingVariables.some((name) => env[name])) return completeLibpq(null, { env, directory })
  if (tellingMysqlVariables.some((name) => env[name])) return completeMysql(null, { env, directory })
  throw new UserError('There is no database to connect to.', {
    code: 'no-database',
    suggestions: [
      'Pass --url postgresql://user@host:port/database, or mysql://user@host:port/database.',
      'Or set `database.url` in .goc-audit.yml; `goc-audit init` writes one.',
      'Or set DATABASE_URL; or PGHOST, PGUSER and PGDATABASE; or MYSQL_HOST, and the user in ~/.my.cnf.',
    ],
  })
}

/** The URL's own `?schema=` wins. */
function withSchemas(target: Target, setting: DatabaseSetting | undefined, env: Environment): Target {
  if (target.schemas.length > 0) return target
  return { ...target, schemas: (setting?.schemas ?? []).map((each) => expandOrThrow(each, env)) }
}

/** Gives an error about the URL its place in the file. */
function at<T>(location: SourceLocation | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof UserError) || error.location !== undefined) throw error
    throw new UserError(error.message, { code: error.code, suggestions: error.suggestions, location })
  }
}

function prefixed(prefix: string, error: UserError): UserError {
  return new UserError(`${prefix}${error.message}`, { code: error.code, suggestions: error.suggestions })
}
