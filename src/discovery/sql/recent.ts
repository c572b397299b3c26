/** A map that forgets what was not asked for longest: of two halves, the older is dropped when the younger is full. */
export class Recent<V> {
  #young = new Map<number, V>()
  #old = new Map<number, V>()
  readonly #half: number

  constructor(limit: number) {
    this.#half = Math.max(1, limit >> 1)
  }

  get(key: number): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: number, value: V): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
