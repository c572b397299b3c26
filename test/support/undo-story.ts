/** The plan runs, a working day goes by, and on Tuesday somebody wants everything back. */

export const groups = 220

export const resolution = {
  survivor: 'oldest',
  merge: { quantity: 'sum', seen: 'max', token: 'keep' },
  divergent: 'stop',
  references: [{ table: { name: 'item' }, columns: ['cart_id'], merge: { pieces: 'sum' } }],
} as const

export interface Cart {
  readonly id: number
  readonly session: string
  readonly token: string
  readonly quantity: number
  readonly seen: string
  readonly note: string
}

export interface Item {
  readonly id: number
  readonly cart_id: number
  readonly product: number
  readonly pieces: number
}

export interface Shop {
  readonly carts: readonly Cart[]
  readonly items: readonly Item[]
}

/** Groups by their number, and the ids of their carts: the survivor and two that go. */
export const idsOf = (group: number): [number, number, number] => [3 * group + 1, 3 * group + 2, 3 * group + 3]
const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)
export const bumped = span(0, 50)
export const extended = span(50, 80)
export const deleted = span(80, 90)
export const moved = span(90, 95)
export const reused = span(100, 103)
export const taken = 103
/** Where moved items go. */
export const elsewhere = idsOf(200)[0]

/** What must be there after down, worked out from what was there before up and before down. */
export function expected(before: Shop, day: Shop): Shop {
  const lost = new Set([...reused, taken].map((group) => idsOf(group)[1]))
  const gone = new Set(deleted.map((group) => idsOf(group)[0]))
  const touched = new Set(bumped.map((group) => idsOf(group)[0]))
  const later = new Map(day.carts.map((cart) => [cart.id, cart]))
  const carts = before.carts
    .filter(({ id }) => !gone.has(id) && !lost.has(id))
    .map((cart) =>
      touched.has(cart.id) ? { ...cart, quantity: later.get(cart.id)?.quantity ?? 0, note: 'touched' } : cart,
    )
  const newCarts = day.carts.filter(({ note }) => note === 'new')

  const there = new Map(day.items.map((item) => [item.id, item]))
  const movedIds = new Set(moved.map((group) => idsOf(group)[2]))
  const items = before.items.flatMap((item): Item[] => {
    const now = there.get(item.id)
    if (movedIds.has(item.id)) return now === undefined ? [] : [now]
    // Of a cart that can't come back: what was repointed stays with the survivor, what was removed stays in the archive.
    if (lost.has(item.cart_id)) return now === undefined ? [] : [now]
    const removed = item.product === 99 && (item.cart_id - 1) % 3 !== 0
    return now === undefined && !removed ? [] : [item]
  })
  const newItems = day.items.filter(({ product }) => product === 500)
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id
  return { carts: [...carts, ...newCarts].sort(byId), items: [...items, ...newItems].sort(byId) }
}
