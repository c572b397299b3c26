import { initial } from './writers-shop.js'

/** What a statement wrote: the token that is now in the rows' trails, and by how much counters grew in all. */
export interface Written {
  readonly token: string
  readonly hits?: number
  readonly qty?: number
}

/** What the database has acknowledged, kept outside of it. */
export class Ledger {
  readonly tokens = new Set<string>([
    ...initial.carts.map((n) => `cart-${n}`),
    ...initial.items.map((n) => `item-${n}`),
    ...initial.marks.map((n) => `mark-${n}`),
  ])
  hits = initial.hits
  qty = initial.qty
  /** Of the slowest statement, in milliseconds. */
  stall = 0
  /** How often what happened. */
  readonly counts = new Map<string, number>()
  /** The server's accounts of deadlocks. */
  readonly deadlocks: string[] = []
  /** Errors that no writer should ever see. */
  readonly surprises: string[] = []

  acknowledge(written: readonly Written[]): void {
    for (const { token, hits = 0, qty = 0 } of written) {
      this.tokens.add(token)
      this.hits += hits
      this.qty += qty
    }
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

/** What all of them have counted, in a line. */
export function summary(ledgers: readonly Ledger[]): string {
  const total = new Map<string, number>()
  for (const { counts } of ledgers) for (const [what, count] of counts) total.set(what, (total.get(what) ?? 0) + count)
  const tokens = ledgers.reduce((sum, ledger) => sum + ledger.tokens.size, 0)
  const longest = (some: readonly Ledger[]) => Math.round(Math.max(0, ...some.map(({ stall }) => stall)))
  const stall = longest(ledgers.filter(({ deadlocks }) => deadlocks.length === 0))
  const counts = [...total].sort().map(([what, count]) => `${what} ${count}`)
  return `${ledgers.length} runs, ${tokens} tokens, longest statement ${stall} ms (${longest(ledgers)} ms where writers were in deadlocks of their own); ${counts.join(', ')}`
}
