import { UserError } from '../model/errors.js'
import type { SourceLocation } from '../model/keyset.js'
import { type TextOptions, terminal } from '../report/terminal.js'

/** Any failure of a command, in the form in which it is shown. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
  readonly location?: SourceLocation | undefined
}

/** A mistake of the user's keeps its words; a wrong command line is `usage`; anything else is a defect of ours. */
export function describeFailure(error: unknown, command: string): Failure {
  if (error instanceof UserError) {
    const { code, suggestions, location } = error
    return { code, message: unwrapped(error.message), suggestions, ...(location && { location }) }
  }
  const message = withoutSecrets(error instanceof Error ? error.message : String(error))
  if (error instanceof Error && 'oclif' in error) return usage(message, command)
  return {
    code: 'defect',
    message: `This is a defect of goc-audit: ${message}`,
    suggestions: [
      'Please report it with the command line, the version of the database server, and what the same command prints with DEBUG=1 set.',
    ],
  }
}

// oclif rewrites the message of whatever a flag's own parser throws.
function unwrapped(message: string): string {
  return /^Parsing --\S+ \n\t(?<own>.*)\nSee more help with --help$/s.exec(message)?.groups?.own ?? message
}

function usage(message: string, command: string): Failure {
  const text = message
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/^Nonexistent flag/, 'Unknown flag')
    .replace(/^command (\S+) not found$/, (_, id: string) => `There is no command "${id.replaceAll(':', ' ')}"`)
    .replace(/(--[\w-]+)=true\b/g, '$1')
    .replace(/^(Missing .*):\n/, '$1: ')
    .replace(/^Missing 1 required arg: \S+\s+(.)/, (_, first: string) => `Missing argument: ${first.toLowerCase()}`)
    .replace(/^Parsing (--\S+)\s+/, '$1: ')
  const program = command === '' ? 'goc-audit' : `goc-audit ${command}`
  return {
    code: 'usage',
    message: /[.!?]$/.test(text) ? text : `${text}.`,
    suggestions: [`\`${program} --help\` lists what it takes.`],
  }
}

/** Drivers and parsers quote URLs now and then. */
export function withoutSecrets(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:***@')
}

/** Place, message and what to do, in one line or, with a list, several. */
export function failureLines({ message, suggestions, location }: Failure): string[] {
  const place = location ? `${location.file}:${location.line}:${location.column}: ` : ''
  return [...`${place}${message}`.split('\n'), ...suggestions]
}

/** For stderr: wrapped, safe for a terminal. */
export function failureText(failure: Failure, options: TextOptions): string {
  const out = terminal(options)
  const [first = '', ...rest] = failureLines(failure)
  const label = out.paint('Error:', 'red')
  const indented = rest.flatMap((line) => out.prose(line.trimStart(), line.length - line.trimStart().length))
  return [`${label} ${out.prose(`Error: ${first}`).join('\n').slice('Error: '.length)}`, ...indented, ''].join('\n')
}
