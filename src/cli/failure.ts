import { UserError } from '../model/errors.js'
import type { SourceLocation } from '../model/keyset.js'
import { visible, visibleLines } from '../model/visible.js'

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
    const { code, message, suggestions, location } = error
    return { code, message, suggestions, ...(location && { location }) }
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

function usage(message: string, command: string): Failure {
  const text = message.replace(/\s*See more help with --help\s*$/, '').replace('Nonexistent flag', 'Unknown flag')
  return {
    code: 'usage',
    message: /[.!?]$/.test(text) ? text : `${text}.`,
    suggestions: [`\`goc-audit ${command} --help\` lists what it takes.`],
  }
}

/** Drivers and parsers quote URLs now and then. */
export function withoutSecrets(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:***@')
}

/** One paragraph: place, message, what to do. Safe for a terminal. */
export function failureText({ message, suggestions, location }: Failure): string {
  const place = location ? `${location.file}:${location.line}:${location.column}: ` : ''
  return [visible(place) + visibleLines(message), ...suggestions.map(visible)].join('\n')
}
