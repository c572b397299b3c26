import type { PostgresRecord } from './postgres-record.js'
import type { Part } from './postgres-severity.js'

const HELD_CHARACTERS = 4 << 20

/**
 * Joins records with what follows them: other sessions may have written in between, so that the last few records are
 * held back. They are given out in their order.
 */
export class HeldRecords {
  readonly #held: PostgresRecord[] = []
  #first = 0
  #characters = 0

  constructor(
    private readonly give: (record: PostgresRecord) => void,
    private readonly most = 16,
  ) {}

  record(record: PostgresRecord): void {
    this.#held.push(record)
    this.#characters += record.message.length
    while (this.#held.length - this.#first > this.most || this.#characters > HELD_CHARACTERS) {
      if (this.#held.length - this.#first <= 1) break
      this.#giveFirst()
    }
  }

  /** False: nothing of this session is held. */
  companion(session: string, part: Part, text: string): boolean {
    for (let at = this.#held.length - 1; at >= this.#first; at--) {
      const record = this.#held[at] as PostgresRecord
      if (record.session !== session) continue
      if (part === 'detail') record.detail = text
      else if (part === 'statement') record.statement = text
      else if (part === 'context') record.context = text
      return true
    }
    return false
  }

  end(): void {
    while (this.#first < this.#held.length) this.#giveFirst()
    this.#held.length = 0
    this.#first = 0
  }

  #giveFirst(): void {
    const record = this.#held[this.#first++] as PostgresRecord
    this.#characters -= record.message.length
    this.give(record)
    if (this.#first < 1024) return
    this.#held.splice(0, this.#first)
    this.#first = 0
  }
}
