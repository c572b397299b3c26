/** Places in a text, kept in one array that grows and is used again. */
export class Spans {
  #places = new Int32Array(64)
  length = 0

  clear(): void {
    this.length = 0
  }

  push(start: number, end: number): void {
    const at = this.length * 2
    if (at >= this.#places.length) {
      const larger = new Int32Array(this.#places.length * 2)
      larger.set(this.#places)
      this.#places = larger
    }
    this.#places[at] = start
    this.#places[at + 1] = end
    this.length++
  }

  /** Start and end of each, one after the other. */
  copy(): readonly number[] {
    const places: number[] = []
    for (let i = 0; i < this.length * 2; i++) places.push(this.#places[i] ?? 0)
    return places
  }
}
