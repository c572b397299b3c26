import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../model/errors.js'
import { type Environment, home } from '../environment.js'

export interface OptionFiles {
  /** Read in place of the usual ones; must be there. */
  readonly only?: string | undefined
  /** Read after the usual ones; must be there. */
  readonly extra?: string | undefined
  /** Groups to read, as in `[client]`; what stands later in the files wins. */
  readonly groups: readonly string[]
}

/**
 * The user's option files, as the MySQL clients read them: `name=value` lines, `-` and `_` the same. Those below /etc are
 * left alone: what stands there is mostly how a server of this very machine was packaged.
 */
export function readOptionFiles({ only, extra, groups }: OptionFiles, env: Environment): Record<string, string> {
  const options: Record<string, string> = {}
  const usual = [...(env.MYSQL_HOME ? [join(env.MYSQL_HOME, 'my.cnf')] : []), join(home(env), '.my.cnf')]
  const files = only === undefined ? usual.map((path) => ({ path, required: false })) : [{ path: only, required: true }]
  if (extra !== undefined) files.push({ path: extra, required: true })
  for (const { path, required } of files) {
    for (const { group, name, value } of readOptions(path, required)) {
      if (groups.includes(group)) options[name] = value
    }
  }
  return options
}

interface Option {
  readonly group: string
  readonly name: string
  readonly value: string
}

function readOptions(path: string, required: boolean): Option[] {
  const options: Option[] = []
  let group = ''
  for (const line of readLines(path, required)) {
    const header = /^\[(.*)\]$/.exec(line)
    if (header) {
      group = header[1] ?? ''
      continue
    }
    const [, name, value] = /^([^#;!=\s][^=\s]*)\s*(?:=\s*(.*))?$/.exec(line) ?? []
    if (name === undefined) continue
    options.push({ group, name: name.replace(/^loose[-_]/, '').replaceAll('_', '-'), value: unquote(value ?? '') })
  }
  return options
}

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', r: '\r', s: ' ', '\\': '\\' }

/** A `#` begins a comment, unless it stands in quotes; escapes are replaced in both. */
function unquote(text: string): string {
  const [, single, double] = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/.exec(text) ?? []
  const plain = single ?? double ?? text.replace(/\s*#.*$/, '')
  return plain.replace(/\\([btnrs\\'"])/g, (_, letter: string) => escapes[letter] ?? letter)
}

/** Like the clients, none that everybody may write into. */
function readLines(path: string, required: boolean): string[] {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o002) !== 0 && !required) return []
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
  } catch (cause) {
    if (!required && (cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UserError(`The option file ${path} can't be read: ${(cause as Error).message}.`, {
      code: 'option-file-unreadable',
      suggestions: ['Check its path (?defaults-file=, ?defaults-extra-file=, MYSQL_HOME) and its permissions.'],
      cause,
    })
  }
}
