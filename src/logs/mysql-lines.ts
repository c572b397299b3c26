/** The line that begins at `start` and ends before `end`, in a text that may hold more of them. */
export type OnLine = (text: string, start: number, end: number) => void

/** Characters; what is longer than this is no statement that anybody compares, and isn't held. */
export const longestRecord = 64 * 1024 * 1024

/** Cuts pieces of any size into lines, in linear time; an unfinished line is held until the rest of it comes. */
export class Lines {
  readonly #held: string[] = []
  #length = 0
  #tooLong = false

  constructor(
    private readonly onLine: OnLine,
    /** In place of a line that is longer than `longestRecord`. */
    private readonly onLongLine: () => void,
  ) {}

  feed(piece: string): void {
    let start = 0
    if (this.#held.length > 0 || this.#tooLong) {
      const first = piece.indexOf('\n')
      this.#hold(first < 0 ? piece : piece.slice(0, first))
      if (first < 0) return
      start = first + 1
      this.end()
    }
    for (let end = piece.indexOf('\n', start); end >= 0; end = piece.indexOf('\n', start)) {
      this.onLine(piece, start, end)
      start = end + 1
    }
    if (start < piece.length) this.#hold(piece.slice(start))
  }

  /** The last line, where no line break ends it. */
  end(): void {
    const line = this.#held.length === 0 ? null : this.#held.join('')
    const tooLong = this.#tooLong
    this.#held.length = 0
    this.#length = 0
    this.#tooLong = false
    if (tooLong) this.onLongLine()
    else if (line !== null) this.onLine(line, 0, line.length)
  }

  #hold(part: string): void {
    this.#length += part.length
    if (this.#length <= longestRecord) {
      this.#held.push(part)
      return
    }
    this.#held.length = 0
    this.#tooLong = true
  }
}

/** The text of one record, line by line: joined once, however many there are. */
export class Text {
  readonly #lines: string[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  add(line: string): void {
    this.#lines.push(line)
    this.#length += line.length + 1
  }

  /** All of it; empty afterwards. */
  take(): string {
    const [only = ''] = this.#lines
    const text = this.#lines.length <= 1 ? only : this.#lines.join('\n')
    this.#lines.length = 0
    this.#length = 0
    return text
  }
}

/** The first lines of a file, without what may be the half of one. */
export function* linesOf(head: string): Generator<string> {
  let start = 0
  for (let end = head.indexOf('\n'); end >= 0; end = head.indexOf('\n', start)) {
    yield head.slice(start, end)
    start = end + 1
  }
  if (start === 0) yield head
}

/** The first line of three that the server begins each file with, and writes again when it starts or reopens the file. */
export function isBanner(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1) === 13 ? end - 1 : end
  // "…/mysqld, Version: 9.7.4 ((Debian)). started with:"
  if (text.charCodeAt(last - 1) !== 58 || last - start > 1000) return false
  return /, Version: .* started with:\r?$/.test(text.slice(start, end))
}

/** The second and the third line of a banner. */
export function isBelowBanner(line: string): boolean {
  return /^tcp port:/i.test(line) || /^Time\s+Id Command\s+Argument\s*$/.test(line)
}
