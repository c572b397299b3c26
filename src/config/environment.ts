import { homedir } from 'node:os'
import type { SourceLocation } from '../model/keyset.js'
import { type Problem, raise } from './problems.js'

export type Environment = Readonly<Record<string, string | undefined>>

export const home = (env: Environment): string => env.HOME || homedir()

/** Text as it stands in the file, with `${NAME}` still in it. */
export interface Template {
  readonly text: string
  readonly location?: SourceLocation
}

/** Replaces `${NAME}` and `${NAME:-default}`; `$${` stands for `${` itself. Reports each variable that isn't set. */
export function expand(template: Template, env: Environment, report: (problem: Problem) => void): string {
  return template.text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, inside: string | undefined, end: string) => {
    if (inside === undefined) return '${'
    const parts = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside)
    if (parts === null || end === '') {
      report({
        code: 'config-invalid-value',
        message: `\`${whole}\` is no reference to a variable.`,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user is to write
        advice: 'Write ${NAME} or ${NAME:-default}, and $${ for the characters themselves.',
        location: template.location,
      })
      return whole
    }
    const [, name = '', fallback] = parts
    const value = env[name]
    if (fallback !== undefined) return value || fallback
    if (value !== undefined) return value
    report({
      code: 'config-unset-variable',
      message: `The environment variable ${name} is not set.`,
      advice: `Set it, or give a default: \${${name}:-…}.`,
      location: template.location,
    })
    return ''
  })
}

/** As `expand`; throws UserError at once. */
export function expandOrThrow(template: Template, env: Environment): string {
  const problems: Problem[] = []
  const text = expand(template, env, (problem) => problems.push(problem))
  if (problems.length > 0) raise(problems)
  return text
}
