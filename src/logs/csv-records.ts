import { INCOMPLETE } from './csv-record.js'

/**
 * Cuts pushed pieces into CSV records, whose fields may hold line breaks. After a record that is none it goes on where
 * a line looks like the start of one. Each character is looked at a few times at most, however long a record is.
 */
export class CsvRecords {
  /** Pieces of a record whose end hasn't come. */
  readonly #open: string[] = []
  /** Whether the open record stands within quotes at its end. */
  #quoted = false
  /** Its last character is a quote that closes, unless another one follows. */
  #closed = false
  /** Everything is left out until a record starts. */
  #skipping = false

  /**
   * `take` gets a text and where a record starts in it, and returns where it ends, -1 if it isn't whole or -2 if it is
   * none; `bad` gets what is left out, or the beginning of it.
   */
  constructor(
    private readonly start: RegExp,
    private readonly take: (text: string, from: number) => number,
    private readonly bad: (text: string) => void,
  ) {}

  feed(piece: string): void {
    if (this.#open.length > 0 && !this.#skipping && !this.#endsOpen(piece)) this.#open.push(piece)
    else this.#read(this.#open.length === 0 ? piece : this.#open.splice(0).join('') + piece)
  }

  end(): void {
    this.#read(`${this.#open.splice(0).join('')}\n`)
    const cut = this.#open.splice(0).join('').trim()
    if (cut !== '' && !this.#skipping) this.bad(cut)
  }

  /** Records until one isn't whole, which is kept. */
  #read(text: string): void {
    let at = this.#skipping ? this.#skip(text, 0) : 0
    while (at < text.length && !this.#skipping) {
      const end = this.take(text, at)
      if (end === INCOMPLETE) break
      if (end < 0 && text.charCodeAt(at) !== 10) {
        const line = text.indexOf('\n', at)
        this.bad(text.slice(at, line < 0 ? text.length : line))
        at = this.#skip(text, at + 1)
      } else at = Math.max(end, at + 1)
    }
    if (at >= text.length) return
    const rest = at === 0 ? text : text.slice(at)
    this.#quoted = false
    this.#closed = false
    if (!this.#skipping) this.#endsOpen(rest)
    this.#open.push(rest)
  }

  /** Where a record starts at or after `from`; or else the last line, as far as it has come, if it may be one. */
  #skip(text: string, from: number): number {
    this.#skipping = false
    let last = from
    if (from === 0 && this.start.test(text.slice(0, 60))) return 0
    if (from > 0) last = text.length
    for (let line = text.indexOf('\n', from); line >= 0; line = text.indexOf('\n', line + 1)) {
      last = line + 1
      if (this.start.test(text.slice(last, last + 60))) return last
    }
    this.#skipping = true
    return text.length - last < 60 ? last : text.length
  }

  /** Whether the open record ends in the next piece, or stops being one. */
  #endsOpen(piece: string): boolean {
    if (this.#closed && !mayFollowQuote(piece.charCodeAt(0))) return true
    for (let at = 0; ; ) {
      const quote = piece.indexOf('"', at)
      if (!this.#quoted) {
        const line = piece.indexOf('\n', at)
        if (line >= 0 && (quote < 0 || line < quote)) return true
      }
      this.#closed = this.#quoted && quote === piece.length - 1
      if (quote < 0) return false
      if (this.#quoted && !this.#closed && !mayFollowQuote(piece.charCodeAt(quote + 1))) return true
      this.#quoted = !this.#quoted
      at = quote + 1
    }
  }
}

/** A comma, the end of the line, or a second quote. */
function mayFollowQuote(code: number): boolean {
  return code === 44 || code === 10 || code === 13 || code === 34
}
