import type { Random } from './random.js'
import type { Answer, WriterClient } from './writers-client.js'
import type { Ledger, Written } from './writers-ledger.js'

/** Ids that the writers have seen lately, of rows that may be gone. */
export interface Seen {
  readonly carts: number[]
  readonly items: number[]
  readonly marks: number[]
}

export function see(ids: number[], id: unknown): number {
  const seen = Number(id)
  if (!ids.includes(seen)) ids.push(seen)
  if (ids.length > 150) ids.shift()
  return seen
}

let tokens = 0

/** Statements of a writer, each by itself or all in one transaction, and what they have written so far. */
export class Transaction {
  private readonly written: Written[] = []
  private depth = 0

  constructor(
    private readonly client: WriterClient,
    private readonly ledger: Ledger,
    readonly random: Random,
    readonly seen: Seen,
    readonly explicit: boolean,
  ) {}

  get sql() {
    return this.client.sql
  }

  query(sql: string, values: readonly unknown[] = []): Promise<Answer> {
    return this.timed(() => this.client.query(sql, values))
  }

  private async timed<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.ledger.stall = Math.max(this.ledger.stall, performance.now() - start)
    }
  }

  /** Runs `sql`, in which `$1` is to be added to a trail; it counts if it changed a row. */
  async write(
    sql: string,
    values: readonly unknown[] = [],
    grown: { readonly hits?: number; readonly qty?: number } = {},
  ): Promise<Answer> {
    tokens += 1
    const token = `t${tokens}`
    const result = await this.query(sql, [` ${token}`, ...values])
    const rows = result.changed
    if (rows === 0) return result
    const written = { token, hits: (grown.hits ?? 0) * rows, qty: (grown.qty ?? 0) * rows }
    if (this.explicit) this.written.push(written)
    else this.ledger.acknowledge([written])
    return result
  }

  /** What is written inside counts only if the savepoint is released. Unique and foreign keys that fail are caught. */
  async savepoint(work: () => Promise<unknown>, release: boolean): Promise<void> {
    if (!this.explicit) {
      await work()
      return
    }
    const before = this.written.length
    this.depth += 1
    const name = `s${this.depth}`
    await this.query(`SAVEPOINT ${name}`)
    try {
      await work()
      if (release) {
        await this.query(`RELEASE SAVEPOINT ${name}`)
        return
      }
    } catch (error) {
      const code = this.client.codeOf(error)
      if (!this.client.violations.has(code)) throw error
      this.ledger.count(code)
    } finally {
      this.depth -= 1
    }
    await this.query(`ROLLBACK TO SAVEPOINT ${name}`)
    this.written.length = before
  }

  async run(work: () => Promise<unknown>): Promise<void> {
    if (!this.explicit) {
      await work()
      return
    }
    await this.query('BEGIN')
    try {
      await work()
      if (await this.timed(() => this.client.commit())) this.ledger.acknowledge(this.written)
    } catch (error) {
      await this.query('ROLLBACK')
      throw error
    }
  }

  /** The application is busy with something else. */
  think(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.random.below(5)))
  }
}
