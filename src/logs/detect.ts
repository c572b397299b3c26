import { UserError } from '../model/errors.js'
import type { LogFormat } from './format.js'
import { logFormats } from './formats.js'

/** So much of a file is looked at to tell what it is, in bytes. */
export const HEAD = 1 << 16

/** What a file that begins like this is; undefined: none of all. */
export function detectFormat(head: string): LogFormat | undefined {
  const start = head.startsWith('\xef\xbb\xbf') ? head.slice(3) : head
  const judged = logFormats.map((format) => ({ format, sure: format.recognises(start) }))
  const best = Math.max(...judged.map(({ sure }) => sure))
  return best > 0 ? judged.find(({ sure }) => sure === best)?.format : undefined
}

/** Throws UserError unless there is a format of this name. */
export function formatNamed(name: string): LogFormat {
  const found = logFormats.find((format) => format.name === name)
  if (found) return found
  throw new UserError(`There is no log format ${name}.`, {
    code: 'log-format-unknown',
    suggestions: [`Use auto, or one of ${logFormats.map((format) => format.name).join(', ')}.`],
  })
}

/** The error about a file that is none of the formats. */
export function unrecognised(path: string, head: string): UserError {
  const suggestions = [
    'Say what it is with --log-format:',
    ...logFormats.map(({ name, description }) => `${name}: ${description}.`),
  ]
  const what = path === '-' ? 'standard input' : path
  if (head === '')
    return new UserError(`The log ${what} is empty.`, {
      code: 'log-empty',
      suggestions: ['Check that the server logs statements, and where to.'],
    })
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff'))
    return new UserError(`The log ${what} is in UTF-16.`, {
      code: 'log-format-unrecognised',
      suggestions: ['Convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8.'],
    })
  return new UserError(`The log ${what} begins like none of the formats that can be read.`, {
    code: 'log-format-unrecognised',
    suggestions,
  })
}
