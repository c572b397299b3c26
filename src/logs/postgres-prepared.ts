import type { Told } from './postgres-statements.js'

const execution = /^\s*execute\s+("(?:[^"]|"")*"|[^\s(;]+)\s*(?:\(([\s\S]*)\))?\s*;?\s*$/i
const preparation = /: prepare\s+(?:"(?:[^"]|"")*"|[^\s(]+)\s*(?:\([^)]*\))?\s*as\s+/i
/** A plain value: quoted, a number, a word such as NULL or true; perhaps cast. */
const plainValue =
  /^(?:[eE]?'((?:[^'\\]|'')*)'|(-?[\d.]+(?:[eE][+-]?\d+)?)|(null|true|false))(?:\s*::[\w\s"()[\],.]+)?$/i

/**
 * `EXECUTE name(1, 'x')` together with its detail, `prepare: PREPARE name AS …`: the prepared text, with the arguments
 * as its parameters. Undefined if this is nothing of the kind, or an argument is more than a plain value.
 */
export function preparedStatement(text: string, detail: string): Told | undefined {
  const preparing = preparation.exec(detail)
  const executing = preparing && execution.exec(text)
  if (!executing || preparing.index > 60) return undefined
  const body = detail.slice(preparing.index + preparing[0].length)
  const parameters = splitArguments(executing[2] ?? '').map(argumentValue)
  return parameters.every((value) => value !== undefined) ? { text: body, parameters } : undefined
}

/** NULL as null; undefined: an expression. */
function argumentValue(argument: string): string | null | undefined {
  const found = plainValue.exec(argument)
  if (!found) return undefined
  const [, quoted, number, word] = found
  if (quoted !== undefined) return quoted.replaceAll("''", "'")
  return number ?? (word?.toLowerCase() === 'null' ? null : word)
}

function splitArguments(list: string): string[] {
  if (list.trim() === '') return []
  const found: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < list.length; at++) {
    const char = list[at]
    if (char === "'") quoted = !quoted
    else if (quoted) continue
    else if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === ',' && depth === 0) {
      found.push(list.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...found, list.slice(start).trim()]
}
