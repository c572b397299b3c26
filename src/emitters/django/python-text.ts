import { visible } from '../../model/visible.js'

const WIDTH = 88

/** A string literal on one line. */
export function pythonString(text: string): string {
  return `"${escapeInvisible(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'), '')}"`
}

/**
 * A literal of several lines, between quotes on lines of their own. Raw, so that SQL reads as it is, unless it holds what
 * a raw literal can't: three quotes, or characters that Python or the eye would take for others.
 */
export function pythonBlock(text: string): string {
  const isRaw = !text.includes('"""') && escapeInvisible(text, WHITE) === text
  return isRaw ? `r"""\n${text}\n"""` : `"""\n${escapeBlock(text)}\n"""`
}

export function docstring(text: string): string {
  return `"""${escapeBlock(text)}\n"""`
}

const WHITE = '\n\t'

function escapeBlock(text: string): string {
  return escapeInvisible(text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"'), WHITE)
}

function escapeInvisible(text: string, except: string): string {
  return [...text]
    .map((character) =>
      except.includes(character) || visible(character) === character ? character : escaped(character),
    )
    .join('')
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`
}

/** On one line where it fits, else with each argument on its own. */
export function pythonCall(callee: string, args: readonly string[], indent: string, before = ''): string {
  const flat = `${callee}(${args.join(', ')})`
  const fits = !flat.includes('\n') && indent.length + before.length + flat.length < WIDTH
  if (fits || args.length === 0) return flat
  return [`${callee}(`, ...args.map((arg) => `${indent}    ${arg},`), `${indent})`].join('\n')
}
