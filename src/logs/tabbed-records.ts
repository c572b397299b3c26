/**
 * Cuts pushed pieces into records: lines, together with the lines that begin with a tab after them. Each record is
 * looked at once, however many pieces it came in.
 */
export class TabbedRecords {
  /** Pieces of a record whose end hasn't come. */
  readonly #open: string[] = []
  #openEndsLine = false

  /** `take` gets whole records that stand in `text` from `from` to before `to`. */
  constructor(private readonly take: (text: string, from: number, to: number) => void) {}

  feed(piece: string): void {
    if (piece === '') return
    const first = this.#open.length === 0 ? 0 : this.#firstStart(piece)
    if (first < 0) {
      this.#keep(piece)
      return
    }
    if (this.#open.length > 0) {
      const whole = this.#open.splice(0).join('') + piece.slice(0, first)
      this.take(whole, 0, whole.length)
    }
    const last = lastStart(piece, first)
    if (last > first) this.take(piece, first, last)
    this.#keep(last === 0 ? piece : piece.slice(last))
  }

  end(): void {
    const rest = this.#open.splice(0).join('')
    if (rest !== '') this.take(rest, 0, rest.length)
  }

  #keep(piece: string): void {
    this.#open.push(piece)
    this.#openEndsLine = piece.charCodeAt(piece.length - 1) === 10
  }

  /** Where the first record starts that isn't the open one. */
  #firstStart(piece: string): number {
    if (this.#openEndsLine && piece.charCodeAt(0) !== 9) return 0
    let at = piece.indexOf('\n')
    while (at >= 0 && piece.charCodeAt(at + 1) === 9) at = piece.indexOf('\n', at + 1)
    return at < 0 || at + 1 === piece.length ? -1 : at + 1
  }
}

/** Where the last record starts, at `from` or after. */
function lastStart(piece: string, from: number): number {
  let at = piece.lastIndexOf('\n', piece.length - 2)
  while (at >= from && piece.charCodeAt(at + 1) === 9) at = piece.lastIndexOf('\n', at - 1)
  return Math.max(at + 1, from)
}
