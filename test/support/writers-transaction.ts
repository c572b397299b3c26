import type pg from 'pg'
import type { Random } from './random.js'
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

  constructor(
    private readonly client: pg.Client,
    private readonly ledger: Ledger,
    readonly random: Random,
    readonly seen: Seen,
    readonly explicit: boolean,
  ) {}

  async query(sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    const start = performance.now()
    try {
      return await this.client.query(sql, values as unknown[])
    } finally {
      this.ledger.stall = Math.max(this.ledger.stall, performance.now() - start)
    }
  }

  /** Runs `sql`, in which `$1` is to be added to a trail; it counts if it changed a row. */
  async write(
    sql: string,
    values: readonly unknown[] = [],
    grown: { readonly hits?: number; readonly qty?: number } = {},
  ): Promise<pg.QueryResult> {
    tokens += 1
    const token = `t${tokens}`
    const result = await this.query(sql, [` ${token}`, ...values])
    const rows = result.rowCount ?? 0
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
    await this.query('SAVEPOINT s')
    try {
      await work()
      if (release) {
        await this.query('RELEASE SAVEPOINT s')
        return
      }
    } catch (error) {
      if (!['23505', '23503'].includes(codeOf(error))) throw error
      this.ledger.count(codeOf(error))
    }
    await this.query('ROLLBACK TO SAVEPOINT s')
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
      const { command } = await this.query('COMMIT')
      // COMMIT of a transaction that has failed is answered too, with ROLLBACK.
      if (command === 'COMMIT') this.ledger.acknowledge(this.written)
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

export const codeOf = (error: unknown): string => (error as { code?: string }).code ?? ''
