import { type LogicalLine, logicalLines, nesting, type Token } from './python-tokens.js'

/** As much of an expression as declarations are made of. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  /** `None`, `True`, `models.CASCADE`. */
  | { readonly kind: 'name'; readonly name: string }
  /** Of any brackets. */
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** Only entries whose keys are strings. */
  | { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, Value> }
  | Call
  | { readonly kind: 'other' }

export interface Call {
  readonly kind: 'call'
  /** `migrations.AddField`. */
  readonly callee: string
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export interface ClassBody {
  readonly name: string
  /** What its attributes are set to. */
  readonly attributes: ReadonlyMap<string, Value>
}

const OTHER: Value = { kind: 'other' }

/** The classes at the top of a module. */
export function classesOf(source: string): ClassBody[] {
  const lines = logicalLines(source)
  return lines.flatMap((line, at) => {
    const [keyword, name] = line.tokens
    if (line.indent > 0 || keyword?.text !== 'class' || name === undefined) return []
    return [{ name: name.text, attributes: attributesOf(bodyAfter(lines, at)) }]
  })
}

function bodyAfter(lines: readonly LogicalLine[], at: number): LogicalLine[] {
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => line.indent === 0)
  const body = end === -1 ? rest : rest.slice(0, end)
  return body.filter((line) => line.indent === body[0]?.indent)
}

function attributesOf(body: readonly LogicalLine[]): Map<string, Value> {
  const attributes = new Map<string, Value>()
  for (const { tokens } of body) {
    const [target, next] = tokens
    const equals = next?.text === ':' ? tokens.findIndex((token) => token.text === '=') : 1
    if (target?.kind !== 'name' || tokens[equals]?.text !== '=') continue
    attributes.set(target.text, new Expression(tokens.slice(equals + 1)).whole())
  }
  return attributes
}

class Expression {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Value {
    const value = this.#item()
    return this.#next === '' ? value : OTHER
  }

  /** Empty at the end. A string's text starts with its prefix or quote, so it is never taken for an operator. */
  get #next(): string {
    return this.#tokens[this.#at]?.text ?? ''
  }

  #accept(text: string): boolean {
    const accepted = this.#next === text
    if (accepted) this.#at++
    return accepted
  }

  /** Up to the comma or the bracket that ends it, or the colon after a key; what is more than a simple value is passed over. */
  #item(stop = ''): Value {
    const ends = () => ['', ',', ')', ']', '}', stop].includes(this.#next)
    const value = this.#primary()
    if (ends()) return value
    for (let depth = 0; this.#next !== '' && (depth > 0 || !ends()); this.#at++) depth += this.#nesting()
    return OTHER
  }

  #nesting(): number {
    const token = this.#tokens[this.#at]
    return token?.kind === 'operator' ? nesting(token.text) : 0
  }

  #primary(): Value {
    const token = this.#tokens[this.#at]
    if (token?.kind === 'string') return this.#strings()
    if (token?.kind === 'name') return this.#nameOrCall()
    if (this.#accept('[')) return { kind: 'list', items: this.#items(']') }
    if (this.#accept('(')) return this.#parenthesised()
    if (this.#accept('{')) return this.#dict()
    if (token?.kind === 'other') this.#at++
    return OTHER
  }

  #strings(): Value {
    const texts: (string | null)[] = []
    for (let token = this.#tokens[this.#at]; token?.kind === 'string'; token = this.#tokens[++this.#at])
      texts.push(stringValue(token.text))
    return texts.includes(null) ? OTHER : { kind: 'string', text: texts.join('') }
  }

  #nameOrCall(): Value {
    let name = this.#take()
    while (this.#next === '.' && this.#tokens[this.#at + 1]?.kind === 'name') name += this.#take() + this.#take()
    if (!this.#accept('(')) return { kind: 'name', name }
    const positional: Value[] = []
    const named = new Map<string, Value>()
    while (!this.#closed(')')) {
      const keyword = this.#tokens[this.#at + 1]?.text === '=' ? this.#take() : null
      if (keyword !== null) this.#at++
      const value = this.#item()
      if (keyword === null) positional.push(value)
      else named.set(keyword, value)
      this.#accept(',')
    }
    return { kind: 'call', callee: name, positional, named }
  }

  #take(): string {
    return this.#tokens[this.#at++]?.text ?? ''
  }

  /** Also at the end of what there is, and at a bracket of another kind, so that broken source ends too. */
  #closed(bracket: string): boolean {
    if (this.#accept(bracket) || this.#next === '') return true
    return this.#nesting() < 0
  }

  #items(bracket: string): Value[] {
    const items: Value[] = []
    while (!this.#closed(bracket)) {
      items.push(this.#item())
      this.#accept(',')
    }
    return items
  }

  #parenthesised(): Value {
    const items = this.#items(')')
    const [only] = items
    const isTuple = items.length !== 1 || this.#tokens[this.#at - 2]?.text === ','
    return isTuple || only === undefined ? { kind: 'list', items } : only
  }

  #dict(): Value {
    const entries = new Map<string, Value>()
    while (!this.#closed('}')) {
      const key = this.#item(':')
      const value = this.#accept(':') ? this.#item() : OTHER
      if (key.kind === 'string') entries.set(key.text, value)
      this.#accept(',')
    }
    return { kind: 'dict', entries }
  }
}

const LITERAL = /^(?<prefix>[a-z]*)(?<quotes>"""|'''|["'])(?<body>.*)\k<quotes>$/is

/** Null for what is no text, or is made when the module runs. */
function stringValue(literal: string): string | null {
  const { prefix = '', body = '' } = LITERAL.exec(literal)?.groups ?? {}
  if (/[bft]/i.test(prefix)) return null
  return /r/i.test(prefix) ? body : body.replaceAll(ESCAPE, unescaped)
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(.))/gs

const SINGLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function unescaped(sequence: string, ...groups: (string | undefined)[]): string {
  const [x, u, wide, octal, single = ''] = groups
  const hex = x ?? u ?? wide
  if (hex !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff))
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
  return SINGLE[single] ?? sequence
}
