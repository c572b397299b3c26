/** Cuts pushed pieces into lines, without their line breaks; each is joined once, however many pieces it came in. */
export class WholeLines {
  readonly #open: string[] = []

  constructor(private readonly take: (line: string) => void) {}

  feed(piece: string): void {
    let from = 0
    let end = piece.indexOf('\n')
    if (end < 0) {
      this.#open.push(piece)
      return
    }
    if (this.#open.length > 0) {
      this.#open.push(piece.slice(0, end))
      from = end + 1
      this.#give(this.#open.splice(0).join(''))
      end = piece.indexOf('\n', from)
    }
    for (; end >= 0; end = piece.indexOf('\n', from)) {
      this.#give(piece.slice(from, end))
      from = end + 1
    }
    if (from < piece.length) this.#open.push(piece.slice(from))
  }

  end(): void {
    if (this.#open.length > 0) this.#give(this.#open.splice(0).join(''))
  }

  #give(line: string): void {
    const end = line.length - (line.charCodeAt(line.length - 1) === 13 ? 1 : 0)
    if (end > 0) this.take(end === line.length ? line : line.slice(0, end))
  }
}
