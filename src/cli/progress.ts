import { visible } from '../model/visible.js'
import { cut } from '../report/terminal.js'

const EVERY = 100
const SHOW_SECONDS_AFTER = 3000

interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** One line that is written over again and again, on a terminal only. */
export class Progress {
  #text = ''
  #since = 0
  #timer: NodeJS.Timeout | null = null

  constructor(private readonly stream: Stream) {}

  /** Says what is going on now; nothing is drawn for work that is over at once. */
  show(text: string): void {
    if (!this.stream.isTTY) return
    if (text !== this.#text) this.#since = Date.now()
    this.#text = text
    if (this.#timer !== null) return
    this.#timer = setInterval(() => this.#draw(), EVERY)
    this.#timer.unref()
  }

  /** Removes the line. */
  clear(): void {
    if (this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
    this.stream.write('\r\u001b[2K')
  }

  #draw(): void {
    const elapsed = Date.now() - this.#since
    const seconds = elapsed > SHOW_SECONDS_AFTER ? ` (${Math.round(elapsed / 1000)} s)` : ''
    const width = (this.stream.columns || 80) - 1
    this.stream.write(`\r\u001b[2K${cut(visible(this.#text), width - seconds.length)}${seconds}`)
  }
}
