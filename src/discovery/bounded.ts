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

/** How much maps may hold together. Of two halves of each, all drop the older when the younger are full. */
export class Bound {
  readonly #maps: { turn(): void }[] = []
  #taken = 0

  constructor(readonly most: number) {}

  add(map: { turn(): void }): void {
    this.#maps.push(map)
  }

  grew(): void {
    if (++this.#taken < this.most) return
    this.#taken = 0
    for (const map of this.#maps) map.turn()
  }
}

/** A map that forgets what was set longest ago: the bound's `most` newest stay, and up to as many more. */
export class Recent<K, V> {
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  constructor(readonly bound: Bound) {
    bound.add(this)
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: K, value: V): void {
    const { size } = this.#young
    this.#young.set(key, value)
    if (this.#young.size > size) this.bound.grew()
  }

  delete(key: K): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  turn(): void {
    if (this.#young.size === 0 && this.#old.size === 0) return
    this.#old = this.#young
    this.#young = new Map()
  }
}

/** Adds `count` to a record's entry. */
export function add(to: Record<string, number>, name: string, count = 1): void {
  to[name] = (Object.hasOwn(to, name) ? (to[name] ?? 0) : 0) + count
}
