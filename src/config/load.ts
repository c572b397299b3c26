import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { Severity } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { KeySet, SourceLocation } from '../model/keyset.js'
import { type ConfigDocument, readDocument } from './document.js'
import { type Environment, expand, type Template } from './environment.js'
import { toKeySets } from './keysets.js'
import { didYouMean, type Problem, raise } from './problems.js'
import type { RawConfig } from './schema.js'
import { validate } from './validate.js'

/** In the order of preference. */
export const configNames = ['.goc-audit.yml', '.goc-audit.yaml'] as const

/** A database as the file names it. Its variables are replaced only when it is used. */
export interface DatabaseSetting {
  /** Null for the one under `database:`. */
  readonly name: string | null
  readonly url?: Template
  readonly schemas?: readonly Template[]
  readonly passwordCommand?: string
  readonly location: SourceLocation
}

export interface IgnoreEntry {
  readonly keyset: string
  readonly rule?: string
  readonly reason: string
  /** `YYYY-MM-DD` */
  readonly until?: string
  readonly location: SourceLocation
}

/** What `.goc-audit.yml` says, defaults filled in. Paths are absolute. */
export interface Config {
  /** As shown in messages; null where there is no file. */
  readonly file: string | null
  /** Of the file; the working directory where there is none. Relative paths start here. */
  readonly directory: string
  readonly databases: readonly DatabaseSetting[]
  readonly keySets: readonly KeySet[]
  /** Patterns, to be expanded. */
  readonly logs: readonly { readonly path: string; readonly logFormat: string; readonly location: SourceLocation }[]
  readonly archive: { readonly schema: string }
  readonly ignore: readonly IgnoreEntry[]
  readonly baseline: string | null
  readonly failOn: Severity
}

export interface LoadOptions {
  readonly cwd: string
  /** `--config`; without it the file is searched upwards from `cwd`. */
  readonly file?: string | undefined
  readonly env?: Environment
  /** Ids that `ignore` may name; without them any is taken. */
  readonly rules?: readonly string[]
}

/** Reads the configuration; without a file, its defaults. Throws UserError with every mistake at once. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const found = options.file === undefined ? await search(resolve(options.cwd)) : await named(options.file, options.cwd)
  const directory = found === null ? options.cwd : dirname(found.path)
  const shown = found === null ? null : (options.file ?? fromHere(found.path, options.cwd))
  const document = readDocument(found?.text ?? '{}', shown ?? '')
  const checked = validate(document.data === null ? readDocument('{}', shown ?? '') : document)
  if ('problems' in checked) raise(checked.problems)
  const problems: Problem[] = []
  const config = new ConfigReader(checked.config, document, options, directory, (problem) =>
    problems.push(problem),
  ).read(shown)
  if (problems.length > 0) raise(problems)
  return config
}

class ConfigReader {
  constructor(
    private readonly raw: RawConfig,
    private readonly document: ConfigDocument,
    private readonly options: LoadOptions,
    private readonly directory: string,
    private readonly report: (problem: Problem) => void,
  ) {}

  read(file: string | null): Config {
    const { raw, document, report } = this
    return {
      file,
      directory: this.directory,
      databases: this.#databases(),
      keySets: toKeySets(raw.keysets, document, report),
      logs: raw.logs.map(({ path, log_format }, index) => ({
        path: this.#path(path, ['logs', index, 'path']),
        logFormat: log_format,
        location: document.locate(['logs', index]),
      })),
      archive: { schema: this.#expand(raw.archive.schema, ['archive', 'schema']) },
      ignore: raw.ignore.map((entry, index) => this.#ignore(entry, index)),
      baseline: raw.baseline === undefined ? null : this.#path(raw.baseline, ['baseline']),
      failOn: raw.fail_on,
    }
  }

  #template(text: string, path: PropertyKey[]): Template {
    return { text, location: this.document.locate(path) }
  }

  #expand(text: string, path: PropertyKey[]): string {
    return expand(this.#template(text, path), this.options.env ?? process.env, this.report)
  }

  #path(text: string, path: PropertyKey[]): string {
    return resolve(this.directory, this.#expand(text, path))
  }

  #databases(): DatabaseSetting[] {
    const { database, databases = [] } = this.raw
    if (database !== undefined && databases.length > 0) {
      this.report({
        code: 'config-invalid-value',
        message: '`database` and `databases` stand in the same file.',
        advice: 'Keep one of the two: `database` for one, `databases` with a name each for several.',
        location: this.document.locateKey(['databases']),
      })
    }
    this.#reportSameNames(databases.map(({ name }) => name))
    const one = database === undefined ? [] : [this.#database({ ...database, name: null }, ['database'])]
    return [...one, ...databases.map((each, index) => this.#database(each, ['databases', index]))]
  }

  #reportSameNames(names: readonly string[]): void {
    names.forEach((name, index) => {
      if (names.indexOf(name) === index) return
      this.report({
        code: 'config-invalid-value',
        message: `Two entries of \`databases\` are called \`${name}\`.`,
        advice: 'Give each a name of its own.',
        location: this.document.locate(['databases', index, 'name']),
      })
    })
  }

  #database(
    raw: NonNullable<RawConfig['database']> & { readonly name: string | null },
    path: PropertyKey[],
  ): DatabaseSetting {
    return {
      name: raw.name,
      location: this.document.locate(path),
      ...(raw.url !== undefined && { url: this.#template(raw.url, [...path, 'url']) }),
      ...(raw.schemas && {
        schemas: raw.schemas.map((text, index) => this.#template(text, [...path, 'schemas', index])),
      }),
      ...(raw.password_command !== undefined && { passwordCommand: raw.password_command }),
    }
  }

  #ignore(raw: RawConfig['ignore'][number], index: number): IgnoreEntry {
    const { rules } = this.options
    if (raw.rule !== undefined && rules !== undefined && !rules.includes(raw.rule)) {
      this.report({
        code: 'config-invalid-value',
        message: `There is no rule \`${raw.rule}\`.`,
        advice: didYouMean(raw.rule, rules),
        location: this.document.locate(['ignore', index, 'rule']),
      })
    }
    const { keyset, reason, rule, until } = raw
    const location = this.document.locate(['ignore', index])
    return { keyset, reason, location, ...(rule !== undefined && { rule }), ...(until !== undefined && { until }) }
  }
}

interface Found {
  readonly path: string
  readonly text: string
}

async function search(start: string): Promise<Found | null> {
  for (let directory = start; ; directory = dirname(directory)) {
    for (const name of configNames) {
      const path = join(directory, name)
      const text = await read(path)
      if (text !== null) return { path, text }
    }
    if (dirname(directory) === directory) return null
  }
}

async function named(file: string, cwd: string): Promise<Found> {
  const path = resolve(cwd, file)
  const text = await read(path)
  if (text !== null) return { path, text }
  throw new UserError(`There is no configuration file ${file}.`, {
    code: 'config-not-found',
    suggestions: ['Check the path after --config.', 'Without --config, .goc-audit.yml is searched upwards from here.'],
  })
}

/** Null where there is no such file. */
async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new UserError(`The configuration file ${path} can't be read: ${message}.`, {
      code: 'config-unreadable',
      suggestions: ['Check that it is a file and that you may read it.'],
      cause,
    })
  }
}

function fromHere(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return isAbsolute(short) ? path : short
}
