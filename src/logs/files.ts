import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '../model/errors.js'
import { expandPattern, isPattern } from './pattern.js'

/** One file of a log; `-` is standard input. */
export interface LogFile {
  readonly path: string
  /** Bytes on the disk; NaN for standard input. */
  readonly size: number
  /** Named itself, rather than found in a directory or by a pattern. */
  readonly explicit: boolean
  /** As given: files of one input belong together. */
  readonly input: string
}

/**
 * The files that inputs (paths, patterns, directories, `-`) stand for; those of one directory or pattern from the
 * oldest to the newest, as far as names tell. Throws UserError where one stands for nothing, or can't be read.
 */
export async function findLogFiles(inputs: readonly string[]): Promise<LogFile[]> {
  const found: LogFile[] = []
  for (const input of inputs) {
    const seen = new Set(found.map(({ path }) => path))
    found.push(...(await filesOf(input)).filter(({ path }) => !seen.has(path)))
  }
  return found
}

async function filesOf(input: string): Promise<LogFile[]> {
  if (input === '-') return [{ path: '-', size: Number.NaN, explicit: true, input }]
  const info = await stat(input).catch((error: NodeJS.ErrnoException) => error)
  if (info instanceof Error) {
    if (info.code === 'ENOENT' && isPattern(input)) return patternFiles(input)
    throw unreadable(input, info)
  }
  return info.isDirectory() ? directoryFiles(input) : [await fileOf(input, true, input)]
}

async function patternFiles(pattern: string): Promise<LogFile[]> {
  const paths = await expandPattern(pattern)
  if (paths.length === 0)
    throw new UserError(`No file matches the pattern ${pattern}.`, {
      code: 'log-not-found',
      suggestions: ['Check the path; in the shell, put the pattern in quotes so that it arrives here as it is.'],
    })
  return Promise.all(inRotationOrder(paths).map((path) => fileOf(path, false, pattern)))
}

async function directoryFiles(directory: string): Promise<LogFile[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(directory, error)
  })
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const paths = inRotationOrder(names.map((name) => join(directory, name)))
  const files = await Promise.all(paths.map((path) => fileOf(path, false, directory)))
  if (files.every(({ size }) => size === 0))
    throw new UserError(
      `The directory ${directory} holds no log: ${files.length === 0 ? 'it is empty' : 'its files are empty'}.`,
      {
        code: 'log-not-found',
        suggestions: [
          'Name the directory that the server writes its log into: SHOW log_directory, or SELECT @@general_log_file.',
        ],
      },
    )
  return files.filter(({ size }) => size !== 0)
}

async function fileOf(path: string, explicit: boolean, input: string): Promise<LogFile> {
  try {
    await access(path, constants.R_OK)
    const info = await stat(path)
    // Pipes and devices have no size.
    return { path, size: info.isFile() ? info.size : Number.NaN, explicit, input }
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException)
  }
}

const reasons: Readonly<Record<string, readonly [what: string, code: string, advice: string]>> = {
  ENOENT: ['does not exist', 'log-not-found', 'Check the path; it is taken from the directory that you are in.'],
  ENOTDIR: ['does not exist', 'log-not-found', 'A part of the path is a file, not a directory.'],
  EACCES: [
    'may not be read by you',
    'log-unreadable',
    'Servers keep their logs private: run this as their user, or copy the log.',
  ],
  EPERM: [
    'may not be read by you',
    'log-unreadable',
    'Servers keep their logs private: run this as their user, or copy the log.',
  ],
}

export function unreadable(path: string, cause: NodeJS.ErrnoException): UserError {
  const [what, code, advice] = reasons[cause.code ?? ''] ?? [
    `can't be read: ${cause.message}`,
    'log-unreadable',
    'Copy the log to a local disk and read it there.',
  ]
  return new UserError(`The log ${path} ${what}.`, { code, suggestions: [advice], cause })
}

const compressedName = /\.(?:gz|zst|xz|bz2)$/i
/** `server.log.3`, as programs that rotate logs call them: the highest is the oldest. */
const numbered = /^(.*?)[.-](\d{1,4})$/

/** From the oldest to the newest, by name: dates and numbers by their value. */
export function inRotationOrder(paths: readonly string[]): string[] {
  const bare = new Set(paths.map((path) => path.replace(compressedName, '')))
  const keyed = paths.map((path) => {
    const name = path.replace(compressedName, '')
    const [, stem, number] = numbered.exec(name) ?? []
    // Only with the file that is written now beside it: `log-2026-05-01` isn't numbered.
    return stem !== undefined && bare.has(stem) ? { path, stem, age: Number(number) } : { path, stem: name, age: -1 }
  })
  const natural = new Intl.Collator('en', { numeric: true })
  keyed.sort((a, b) => natural.compare(a.stem, b.stem) || b.age - a.age || natural.compare(a.path, b.path))
  return keyed.map(({ path }) => path)
}

/** Of several forms of one log, only the one that tells most is of use: the others would count everything again. */
const forms = ['.csv', '.json', '.log']

/** The same log in another form: `postgresql-Mon.log` beside `postgresql-Mon.csv`; undefined where there is none. */
export function betterForm(path: string, among: ReadonlySet<string>): string | undefined {
  const compression = compressedName.exec(path)?.[0] ?? ''
  const name = path.slice(0, path.length - compression.length)
  const own = forms.findIndex((ending) => name.endsWith(ending))
  const stem = own < 0 ? '' : name.slice(0, -(forms[own] as string).length)
  if (own < 0 || basename(stem) === '') return undefined
  const better = forms.slice(0, own).flatMap((ending) => ['', '.gz', '.zst', '.xz'].map((end) => stem + ending + end))
  return better.find((other) => among.has(other))
}
