import { MergedOperators } from './operators.js'

/** What a parser sees of a text. */
export interface Token {
  readonly kind:
    | 'word'
    | 'quoted'
    | 'text'
    | 'number'
    | 'parameter'
    | 'operator'
    | 'open'
    | 'close'
    /** All of a list of several values. */
    | 'many'
    /** Further rows, or further values of a list that the server cut. */
    | 'more'
    /** A name that differs with every use: a savepoint's. */
    | 'masked'
    /** A value of a SET that matters. */
    | 'setting'
    | 'body-open'
    | 'body-close'
  /** A word in lower case, an operator, a setting as written; else ''. */
  readonly text: string
  /** Of a word or a quoted name: the name that it stands for. */
  readonly name: string
  /** Number of a literal from 0, of a parameter from 1; else -1. */
  readonly at: number
  readonly start: number
  readonly end: number
  /** Of what opens a bracket: the index of what closes it; -1 where nothing does, and for everything else. */
  pair: number
}

/** Copies of names and words, so that what is kept of a text doesn't hold on to the log that it came from. */
class Words {
  readonly #known = new Map<string, { readonly text: string; readonly name: string }>()

  take(word: string, lower: boolean): { readonly text: string; readonly name: string } {
    const key = lower ? word : `=${word}`
    const known = this.#known.get(key)
    if (known) return known
    if (this.#known.size > 100_000) this.#known.clear()
    const name = readable(lower ? word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : word)
    const made = { text: name.toLowerCase(), name }
    this.#known.set(copied(key), made)
    return made
  }
}

const copied = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Readable text of one character per byte: UTF-8, or else latin1. Always a copy. */
export function readable(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

/** More tokens than a parser is asked to look at. */
const MOST = 200_000

/** Takes the tokens that a scanner finds. */
export class Recorder {
  readonly tokens: Token[] = []
  /** There were too many. */
  full = false
  /** A bracket closes nothing, or isn't closed. */
  unbalanced = false
  readonly #text: string
  readonly #lower: boolean
  readonly #open: number[] = []
  static readonly #words = new Words()

  constructor(text: string, lower: boolean) {
    this.#text = text
    this.#lower = lower
  }

  #push(kind: Token['kind'], start: number, end: number, text = '', name = '', at = -1): void {
    if (this.tokens.length >= MOST) this.full = true
    else this.tokens.push({ kind, text, name, at, start, end, pair: -1 })
  }

  word(start: number, end: number): void {
    const { text, name } = Recorder.#words.take(this.#text.slice(start, end), this.#lower)
    this.#push('word', start, end, text, name)
    if (text === 'case') this.#open.push(this.tokens.length - 1)
    if (text === 'end' && this.#opened()?.text === 'case') this.#close()
  }

  quoted(start: number, end: number): void {
    const quote = this.#text.charAt(start)
    const closed = end - start > 1 && this.#text.charAt(end - 1) === quote
    const inside = this.#text.slice(start + 1, closed ? end - 1 : end)
    const plain = inside.includes(quote) ? inside.replaceAll(quote + quote, quote) : inside
    this.#push('quoted', start, end, '', Recorder.#words.take(plain, false).name)
  }

  literal(kind: 'text' | 'number', start: number, end: number, at: number): void {
    this.#push(kind, start, end, '', '', at)
  }

  parameter(start: number, end: number, at: number): void {
    this.#push('parameter', start, end, '', '', at)
  }

  plain(kind: 'many' | 'more' | 'masked', start: number, end: number): void {
    this.#push(kind, start, end)
  }

  setting(start: number, end: number): void {
    this.#push('setting', start, end, copied(this.#text.slice(start, end)).toLowerCase().replace(/['"]/g, ''))
  }

  open(start: number, kind: 'open' | 'body-open' = 'open', end = start + 1): void {
    this.#push(kind, start, end, kind === 'open' ? this.#text.charAt(start) : '')
    this.#open.push(this.tokens.length - 1)
  }

  close(start: number, kind: 'close' | 'body-close' = 'close', end = start + 1): void {
    this.#push(kind, start, end, kind === 'close' ? this.#text.charAt(start) : '')
    while (this.#opened()?.text === 'case') this.#open.pop()
    if (!this.#close()) this.unbalanced = true
  }

  #opened(): Token | undefined {
    return this.tokens[this.#open.at(-1) ?? -1]
  }

  #close(): boolean {
    const at = this.#open.pop()
    const opened = at === undefined ? undefined : this.tokens[at]
    if (opened) opened.pair = this.tokens.length - 1
    return opened !== undefined
  }

  /** Operators of several characters come one by one. */
  operator(start: number, end: number): void {
    const last = this.tokens.at(-1)
    const text = this.#text.slice(start, end)
    if (last?.kind === 'operator' && last.end === start && MergedOperators.has(last.text + text)) {
      this.tokens.pop()
      this.#push('operator', last.start, end, last.text + text)
    } else this.#push('operator', start, end, text)
  }

  finish(): void {
    if (this.#open.some((at) => this.tokens[at]?.text !== 'case')) this.unbalanced = true
  }
}
