import { hashOf } from './values.js'

/** Lists of a profile hold at most as many. */
export const MOST_ENTRIES = 20_000

/** The n smallest different numbers. */
export function smallest(numbers: Iterable<number>, n: number): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b).slice(0, n)
}

/** The n smallest different texts. */
export function firstTexts(texts: Iterable<string>, n: number): string[] {
  return [...new Set(texts)].sort(byText).slice(0, n)
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The entries that stay of too many: those with the smallest hashes of their keys, sorted by key. */
export function mostEntries<T extends { readonly key: string }>(entries: readonly T[], n = MOST_ENTRIES): T[] {
  const kept =
    entries.length <= n
      ? [...entries]
      : entries
          .map((entry) => ({ entry, hash: hashOf([entry.key]) }))
          .sort((a, b) => a.hash - b.hash || byText(a.entry.key, b.entry.key))
          .slice(0, n)
          .map(({ entry }) => entry)
  return kept.sort((a, b) => byText(a.key, b.key))
}

/** A map that forgets what was set longest ago. */
export class Recent<K, V> {
  readonly #map = new Map<K, V>()

  constructor(readonly most: number) {}

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#map.delete(key)
    this.#map.set(key, value)
    if (this.#map.size > this.most) this.#map.delete(this.#map.keys().next().value as K)
  }

  delete(key: K): void {
    this.#map.delete(key)
  }

  get size(): number {
    return this.#map.size
  }
}

/** Adds `count` to a record's entry. */
export function add(to: Record<string, number>, name: string, count = 1): void {
  to[name] = (Object.hasOwn(to, name) ? (to[name] ?? 0) : 0) + count
}
