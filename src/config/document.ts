import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { SourceLocation } from '../model/keyset.js'
import { type Problem, raise } from './problems.js'

export type Path = readonly PropertyKey[]

/** A YAML file as data, and where each piece of it stands. */
export interface ConfigDocument {
  readonly data: unknown
  /** Of the value at this path, or of the nearest one around it that has a place in the text. */
  locate(path: Path): SourceLocation
  /** Of the key itself. */
  locateKey(path: Path): SourceLocation
}

/** Throws UserError with every syntax error. `file` is only for messages. */
export function readDocument(text: string, file: string): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, version: '1.2' })
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (document.errors.length > 0) {
    raise(document.errors.map((error) => syntaxProblem(error.code, error.message, at(error.pos[0]))))
  }
  const root = document.contents
  const nodeAt = (path: Path): Node | null => {
    const node = path.length === 0 ? root : document.getIn(path, true)
    return isNode(node) ? node : null
  }
  const locate = (path: Path): SourceLocation => {
    const node = nodeAt(path)
    if (node?.range) return at(node.range[0])
    return path.length === 0 ? at(0) : locate(path.slice(0, -1))
  }
  const locateKey = (path: Path): SourceLocation => {
    const parent = nodeAt(path.slice(0, -1))
    const last = path.at(-1)
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === last) : undefined
    return isPair(pair) && isNode(pair.key) && pair.key.range ? at(pair.key.range[0]) : locate(path)
  }
  const data = toData(document, at)
  const unusable = unusableIn(data, [], [], locate)
  if (unusable.length > 0) raise(unusable)
  return { data: withoutNulls(data), locate, locateKey }
}

function toData(document: ReturnType<typeof parseDocument>, at: (offset: number) => SourceLocation): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    return raise([syntaxProblem('ALIAS', (error as Error).message, at(0))])
  }
}

/** What YAML can write down and nothing can use: values inside themselves, and NUL, which PostgreSQL's text can't hold. */
function unusableIn(
  value: unknown,
  path: Path,
  around: readonly unknown[],
  locate: (path: Path) => SourceLocation,
): Problem[] {
  const problem = (message: string, advice: string): Problem[] => [
    { code: 'config-invalid-value', message, advice, location: locate(path) },
  ]
  if (typeof value === 'string')
    return value.includes('\0') ? problem('This text has a NUL character in it.', 'Remove it.') : []
  if (typeof value !== 'object' || value === null) return []
  if (around.includes(value)) return problem('This alias stands inside of what it repeats.', 'Write the value out.')
  return Object.entries(value).flatMap(([key, item]) => [
    ...unusableIn(key, path, around, locate),
    ...unusableIn(item, [...path, Array.isArray(value) ? Number(key) : key], [...around, value], locate),
  ])
}

/** A key without a value (all entries below it commented out) counts as left out. In lists a null stays, and is refused. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]))
}

const advices: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Keep one of the two; a second key set is a second entry of the list.',
  TAB_AS_INDENT: 'Indent with blanks.',
  MULTIPLE_DOCS: 'Keep one document: remove the line `---` and what follows.',
  BAD_ALIAS: 'Put a value that begins with * or & into quotes.',
}

function syntaxProblem(code: string, message: string, location: SourceLocation): Problem {
  return {
    code: 'config-yaml-syntax',
    message: `This is no valid YAML: ${message.replace(/\.$/, '')}.`,
    advice: advices[code] ?? 'Check the indentation, quotes and brackets here and on the line before.',
    location,
  }
}
