import { closest, distance } from 'fastest-levenshtein'
import { UserError } from '../model/errors.js'
import type { SourceLocation } from '../model/keyset.js'
import { visible } from '../model/visible.js'

/** One mistake in the file. */
export interface Problem {
  readonly code: string
  /** What is wrong; a sentence. */
  readonly message: string
  /** What to do; a sentence. */
  readonly advice: string
  readonly location?: SourceLocation | undefined
}

/** Throws all problems as one UserError, in the order of the file; several have their places in the text. */
export function raise(problems: readonly Problem[]): never {
  const sorted = [...problems].sort((a, b) => position(a) - position(b))
  const [first] = sorted
  if (first === undefined) throw new Error('no problem to raise')
  if (sorted.length === 1) {
    throw new UserError(visible(first.message), {
      code: first.code,
      suggestions: [visible(first.advice)],
      location: first.location,
    })
  }
  const lines = sorted.map(
    ({ message, advice, location }) => `${where(location)}${visible(message)} ${visible(advice)}`,
  )
  const file = first.location?.file ?? 'the configuration'
  throw new UserError(`${sorted.length} mistakes in ${file}:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    code: sorted.every(({ code }) => code === first.code) ? first.code : 'config-invalid',
  })
}

/** `Did you mean …?` where a known name is near, else the list of all. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return near === null ? `Known are ${known.join(', ')}.` : `Did you mean \`${near}\`?`
}

export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const candidate = closest(name.toLowerCase(), known)
  const limit = name.length < 2 ? 0 : Math.min(3, Math.ceil(name.length / 3))
  return distance(name.toLowerCase(), candidate.toLowerCase()) <= limit ? candidate : null
}

function position({ location }: Problem): number {
  return location === undefined ? 0 : location.line * 100_000 + location.column
}

function where(location: SourceLocation | undefined): string {
  return location === undefined ? '' : `${location.file}:${location.line}:${location.column} `
}
