import type { SqlGrammar } from '../../model/statement.js'
import { BLANK, CLOSE, DIGIT, IN_WORD, KIND, MARK, OPEN, PUNCT, QUOTE, WORD } from './characters.js'
import { listEnd } from './list.js'
import { commentEnd, dollarTagEnd, isDigit, numberEnd, quotedEnd } from './literal-end.js'
import { Spans } from './spans.js'
import type { Recorder } from './tokens.js'
import { HOLDS_CODE, isMasked, isSetting, MASKS_ALL, MASKS_ONE, modeOf, PLAIN, SETS } from './verbs.js'

const P1 = 0x01000193
const P2 = 0x85ebca6b | 0
const mix1 = (hash: number, code: number): number => Math.imul(hash ^ code, P1)
const mix2 = (hash: number, code: number): number => Math.imul(((hash << 5) | (hash >>> 27)) ^ code, P2)

/**
 * Hashes what makes the shape of a text and notes where its literals are, in one pass over its characters. The same pass
 * gives a recorder the tokens, so that the two can't disagree. One scanner is used for all texts.
 */
export class Scanner {
  /** Hash of the shape. */
  h1 = 0
  h2 = 0
  /** Hash of what texts of one shape may differ in without their statements meaning the same. */
  variant = 0
  unterminated = false
  readonly literals = new Spans()
  readonly comments = new Spans()
  #text = ''
  #grammar: SqlGrammar
  #recorder: Recorder | null = null
  /** Whether all rows are recorded. */
  #whole = false
  #gap = false
  #atStart = true
  #mode = PLAIN
  /** Of the code that we are in: `$tag$`. */
  #tag = ''
  #lastParameter = 0
  #listed = false
  /** " begins a name. */
  #names = true

  constructor(grammar: SqlGrammar) {
    this.#grammar = grammar
  }

  /** `whole`: the recorder gets all rows of a multi-row VALUES, not the first alone. */
  scan(text: string, grammar: SqlGrammar, recorder: Recorder | null = null, whole = false): void {
    this.#text = text
    this.#grammar = grammar
    this.#recorder = recorder
    this.#whole = whole
    this.h1 = seedOf(grammar)
    this.h2 = ~this.h1
    this.variant = 0
    this.unterminated = false
    this.literals.clear()
    this.comments.clear()
    this.#atStart = true
    this.#mode = PLAIN
    this.#tag = ''
    this.#lastParameter = 0
    this.#listed = false
    this.#names = grammar.doubleQuotedNames
    const start = this.#skip(0)
    this.#gap = false
    this.#run(start, false)
    if (this.unterminated) this.#mark(MARK.unterminated)
    recorder?.finish()
  }

  /** Returns where it stopped: at the end, or after the bracket that closes a row. */
  #run(from: number, inRow: boolean): number {
    const text = this.#text
    const end = text.length
    const recorder = this.#recorder
    let h1 = this.h1
    let h2 = this.h2
    let i = from
    let depth = 0
    /** End of an IN, ARRAY or VALUES just read. */
    let opener = -1
    while (i < end) {
      const code = text.charCodeAt(i)
      const kind = code > 255 ? WORD : KIND[code]
      if (kind === BLANK) {
        this.#gap = true
        i++
        continue
      }
      if (kind === WORD) {
        if (this.#gap) {
          this.#gap = false
          h1 = mix1(h1, 32)
          h2 = mix2(h2, 32)
        }
        const start = i
        const before1 = h1
        const before2 = h2
        let next = code
        do {
          h1 = mix1(h1, next)
          h2 = mix2(h2, next)
          if (++i >= end) break
          next = text.charCodeAt(i)
        } while (IN_WORD[next & 255] === 1)
        const length = i - start
        if (next === 39 && i < end && this.#isPrefix(start, length)) {
          this.h1 = before1
          this.h2 = before2
          i = this.#literal(start, i)
          h1 = this.h1
          h2 = this.h2
        } else if (this.#atStart || this.#mode !== PLAIN) {
          this.h1 = before1
          this.h2 = before2
          this.#word(start, i)
          h1 = this.h1
          h2 = this.h2
        } else {
          if (length < 7 && isOpener(text, start, length)) opener = i
          if (recorder) recorder.word(start, i)
        }
        continue
      }
      if (kind === PUNCT) {
        if (this.#gap) {
          this.#gap = false
          h1 = mix1(h1, 32)
          h2 = mix2(h2, 32)
        }
        h1 = mix1(h1, code)
        h2 = mix2(h2, code)
        i++
        if (recorder) recorder.operator(i - 1, i)
        continue
      }
      if (kind === QUOTE && this.#mode === PLAIN && (code === 96 || this.#names)) {
        // A plain name, hashed as it is read: most of what an ORM writes is one.
        let n1 = this.#gap ? mix1(h1, 32) : h1
        let n2 = this.#gap ? mix2(h2, 32) : h2
        n1 = mix1(n1, code)
        n2 = mix2(n2, code)
        let at = i + 1
        for (; at < end; at++) {
          const next = text.charCodeAt(at)
          n1 = mix1(n1, next)
          n2 = mix2(n2, next)
          if (next === code) break
        }
        if (at < end && (at + 1 === end || text.charCodeAt(at + 1) !== code)) {
          h1 = n1
          h2 = n2
          this.#gap = false
          if (recorder) recorder.quoted(i, at + 1)
          i = at + 1
          continue
        }
      }
      if (code === 46 && !isDigit(text, i + 1)) {
        if (this.#gap) {
          this.#gap = false
          h1 = mix1(h1, 32)
          h2 = mix2(h2, 32)
        }
        h1 = mix1(h1, code)
        h2 = mix2(h2, code)
        if (recorder) recorder.operator(i, i + 1)
        i++
        continue
      }
      this.h1 = h1
      this.h2 = h2
      if (kind === OPEN) {
        if (opener >= 0 && !inRow) {
          const after = this.#skip(opener) === i ? this.#list(opener, i) : -1
          opener = -1
          if (after >= 0) {
            i = after
            h1 = this.h1
            h2 = this.h2
            continue
          }
        } else if (opener >= 0) opener = -1
        depth++
        this.#flush()
        this.#mark(code)
        if (recorder) recorder.open(i)
        i++
      } else if (kind === CLOSE) {
        depth--
        this.#flush()
        this.#mark(code)
        if (recorder) recorder.close(i)
        i++
        if (inRow && depth <= 0) return i
      } else i = kind === DIGIT ? this.#number(i) : this.#special(code, i)
      h1 = this.h1
      h2 = this.h2
    }
    this.h1 = h1
    this.h2 = h2
    return i
  }

  #mark(code: number): void {
    this.h1 = mix1(this.h1, code)
    this.h2 = mix2(this.h2, code)
  }

  #spell(start: number, end: number): void {
    const text = this.#text
    let { h1, h2 } = this
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i)
      h1 = mix1(h1, code)
      h2 = mix2(h2, code)
    }
    this.h1 = h1
    this.h2 = h2
  }

  /** A run of blanks and comments counts as one blank, and only between two tokens. */
  #flush(): void {
    if (this.#gap) this.#mark(32)
    this.#gap = false
  }

  /** The first place at or after `from` that is neither blank nor comment. */
  #skip(from: number): number {
    const text = this.#text
    for (let i = from; i < text.length; ) {
      if (KIND[text.charCodeAt(i) & 255] === BLANK) i++
      else {
        const past = commentEnd(text, i, this.#grammar.hashComments)
        if (past === i || isMore(text, i, past)) return i
        this.comments.push(i, past)
        i = past
      }
      this.#gap = true
    }
    return text.length
  }

  /** A word where the first of a statement is awaited, or that comes after one that changes how names are taken. */
  #word(start: number, end: number): void {
    const word = end - start < 12 ? this.#text.slice(start, end).toLowerCase() : ''
    if (this.#atStart) {
      this.#atStart = false
      if (this.#tag === '') this.#mode = modeOf(word)
    } else if (this.#masks() && isMasked(word)) {
      this.#masked(start, end)
      return
    }
    this.#spell(start, end)
    this.#recorder?.word(start, end)
  }

  #masks(): boolean {
    return this.#mode === MASKS_ALL || this.#mode === MASKS_ONE
  }

  #masked(start: number, end: number): void {
    this.#mark(MARK.name)
    this.#recorder?.plain('masked', start, end)
    if (this.#mode === MASKS_ONE) this.#mode = PLAIN
  }

  #isPrefix(start: number, length: number): boolean {
    const code = this.#text.charCodeAt(start)
    if (length === 1) return 'eEnNxXbB'.includes(this.#text.charAt(start))
    return code === 95 && !this.#grammar.dollarQuotes && length <= 12
  }

  /** A text from `start`, which may be a prefix, whose quote is at `quote`. */
  #literal(start: number, quote: number): number {
    const { backslashEscapes, dollarQuotes } = this.#grammar
    const escapes = backslashEscapes || (quote > start && dollarQuotes && (this.#text.charCodeAt(start) | 32) === 101)
    return this.#take(MARK.text, start, quotedEnd(this.#text, quote + 1, this.#text.charCodeAt(quote), escapes))
  }

  #number(start: number): number {
    return this.#take(MARK.number, start, numberEnd(this.#text, start))
  }

  #take(mark: number, start: number, found: number): number {
    if (found < 0) this.unterminated = true
    const end = found < 0 ? this.#text.length : found
    this.#flush()
    if (this.#mode === SETS && end - start < 20 && isSetting(this.#text.slice(start, end))) {
      this.#spell(start, end)
      this.#recorder?.setting(start, end)
      return end
    }
    this.#mark(mark)
    this.#recorder?.literal(mark === MARK.text ? 'text' : 'number', start, end, this.literals.length)
    this.literals.push(start, end)
    return end
  }

  #special(code: number, at: number): number {
    const { hashComments, doubleQuotedNames } = this.#grammar
    const past = commentEnd(this.#text, at, hashComments)
    if (past > at) return this.#comment(at, past)
    if (code === 39 || (code === 34 && !doubleQuotedNames)) return this.#literal(at, at)
    if (code === 34 || code === 96) return this.#quotedName(at, code)
    if (code === 36) return this.#dollar(at)
    if (code === 63) return this.#questionMark(at)
    if ((code === 45 || code === 46) && beginsNumber(this.#text, at)) return this.#number(at)
    if (code === 59 && this.#tag === '') this.#mode = PLAIN
    if (code === 59) this.#atStart = true
    return this.#operator(at)
  }

  #operator(at: number): number {
    this.#flush()
    this.#mark(this.#text.charCodeAt(at))
    this.#recorder?.operator(at, at + 1)
    return at + 1
  }

  #comment(start: number, end: number): number {
    if (isMore(this.#text, start, end)) {
      this.#flush()
      this.#mark(MARK.more)
      this.#recorder?.plain('more', start, end)
    } else this.comments.push(start, end)
    this.#gap = true
    return end
  }

  #quotedName(start: number, quote: number): number {
    const found = quotedEnd(this.#text, start + 1, quote, false)
    const end = found < 0 ? this.#text.length : found
    if (found < 0) this.unterminated = true
    this.#flush()
    if (this.#masks() || found < 0) this.#masked(start, end)
    else {
      this.#spell(start, end)
      this.#recorder?.quoted(start, end)
    }
    return end
  }

  #dollar(at: number): number {
    if (!this.#grammar.dollarQuotes) return this.#operator(at)
    if (isDigit(this.#text, at + 1)) return this.#numbered(at)
    const after = dollarTagEnd(this.#text, at)
    if (after < 0) return this.#operator(at)
    const tag = this.#text.slice(at, after)
    if (this.#mode === HOLDS_CODE && (this.#tag === '' || this.#tag === tag)) return this.#body(at, after, tag)
    const close = this.#text.indexOf(tag, after)
    return this.#take(MARK.text, at, close < 0 ? -1 : close + tag.length)
  }

  /** Tags differ with every use, and code is scanned like any other. */
  #body(start: number, end: number, tag: string): number {
    const opens = this.#tag === ''
    this.#tag = opens ? tag : ''
    this.#flush()
    this.#mark(opens ? MARK.bodyOpen : MARK.bodyClose)
    if (opens) this.#recorder?.open(start, 'body-open', end)
    else this.#recorder?.close(start, 'body-close', end)
    return end
  }

  #numbered(start: number): number {
    let end = start + 1
    while (isDigit(this.#text, end)) end++
    return this.#parameter(start, end, Number(this.#text.slice(start + 1, Math.min(end, start + 7))))
  }

  #questionMark(at: number): number {
    const next = this.#text.charAt(at + 1)
    if (this.#grammar.dollarQuotes && (next === '|' || next === '&')) return this.#operator(at)
    return this.#parameter(at, at + 1, this.#lastParameter + 1)
  }

  /** Counts from the parameter before, so that what follows a list is the same shape whatever the list's length. */
  #parameter(start: number, end: number, at: number): number {
    this.#flush()
    this.#mark(MARK.parameter)
    this.#mark(at - this.#lastParameter)
    if (this.#listed) this.variant = mix1(this.variant, at)
    this.#lastParameter = at
    this.#recorder?.parameter(start, end, at)
    return end
  }

  /** What comes after IN, ARRAY or VALUES, if it is one of the lists that have any length; else -1. */
  #list(opener: number, at: number): number {
    const last = this.#text.charCodeAt(opener - 1) | 32
    if (last === 115 || last === 101) return this.#rows(at)
    const list = listEnd(this.#text, at, this.#grammar, this.#lastParameter)
    if (list === null) return -1
    this.#flush()
    this.#mark(MARK.many)
    this.#recorder?.open(at)
    this.#recorder?.plain('many', at + 1, list.end - 1)
    this.#recorder?.close(list.end - 1)
    if (list.lastParameter !== this.#lastParameter) this.#listed = true
    this.#lastParameter = list.lastParameter
    return list.end
  }

  /** The first row is part of the shape, that there are further ones too; how many, and what they hold, is not. */
  #rows(from: number): number {
    let at = this.#run(from, true)
    let next = this.#nextRow(at)
    if (next < 0) return at
    this.#mark(MARK.more)
    const { h1, h2 } = this
    const recorder = this.#recorder
    if (!this.#whole) {
      recorder?.plain('more', at, at)
      this.#recorder = null
    }
    this.h1 = mix1(this.variant, MARK.more)
    while (next >= 0) {
      this.#gap = false
      at = this.#run(next, true)
      next = this.#nextRow(at)
    }
    this.variant = this.h1 ^ this.h2
    this.#listed = true
    this.h1 = h1
    this.h2 = h2
    this.#recorder = recorder
    return at
  }

  #nextRow(from: number): number {
    const comma = this.#skip(from)
    if (this.#text.charAt(comma) !== ',') return -1
    const open = this.#skip(comma + 1)
    return this.#text.charAt(open) === '(' ? open : -1
  }
}

const seedOf = (grammar: SqlGrammar): number =>
  (grammar.backslashEscapes ? 1 : 0) |
  (grammar.doubleQuotedNames ? 2 : 0) |
  (grammar.dollarQuotes ? 4 : 0) |
  (grammar.hashComments ? 8 : 0) |
  (grammar.unquotedNames === 'lower' ? 16 : 0)

/** IN, ARRAY, VALUE and VALUES. */
function isOpener(text: string, start: number, length: number): boolean {
  const first = text.charCodeAt(start) | 32
  if (length === 2) return first === 105 && (text.charCodeAt(start + 1) | 32) === 110
  if (length < 5 || (first !== 118 && first !== 97)) return false
  return /^(?:array|values?)$/i.test(text.slice(start, start + length))
}

/** What a server writes in place of further rows or values, which it cut off. */
const isMore = (text: string, start: number, end: number): boolean =>
  end - start < 16 && /^\/\* ?, \.\.\. ?\*\/$/.test(text.slice(start, end))

/** Whether the `-` or `.` at a place is part of a number. */
function beginsNumber(text: string, at: number): boolean {
  const sign = text.charCodeAt(at) === 45
  const digit = isDigit(text, at + 1) || (sign && text.charAt(at + 1) === '.' && isDigit(text, at + 2))
  if (!digit) return false
  let before = at - 1
  while (before >= 0 && KIND[text.charCodeAt(before) & 255] === BLANK) before--
  if (before < 0) return true
  return (sign ? '=(,<>[*/+-%' : '=(,<>[*/+-%|').includes(text.charAt(before)) || (!sign && before < at - 1)
}
