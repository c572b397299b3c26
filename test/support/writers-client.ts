import type { Row } from './database.js'

/** A connection of an application, whatever the product. */
export interface WriterClient {
  readonly sql: WriterSql
  /** `$1` is the first of the values. */
  query(sql: string, values?: readonly unknown[]): Promise<Answer>
  /** Turns to the tables of another shop. */
  use(schema: string): Promise<unknown>
  /** Whether what was written since BEGIN is there for good. */
  commit(): Promise<boolean>
  codeOf(error: unknown): string
  /** Codes of unique and foreign keys that are violated. */
  readonly violations: ReadonlySet<string>
  /** What an application has to live with while others write. */
  readonly usual: ReadonlySet<string>
  /** The server's account of a deadlock that the error tells of; null: it tells of something else. */
  deadlock(error: unknown): string | null
  end(): Promise<unknown>
}

export interface Answer {
  readonly rows: readonly Row[]
  /** How many rows were written. */
  readonly changed: number
}

/** What the operations send: `$1` of those that write is what is added to a trail. Inserts answer with the row's id. */
export type WriterSql = ReturnType<typeof plainSql> &
  Readonly<Record<'create' | 'addItem' | 'addMark' | 'removeMarks', string>>

/** `grown`: the trail with `$1` at its end. */
export const plainSql = (grown: string) =>
  ({
    find: 'SELECT id FROM cart WHERE session = $1 ORDER BY id LIMIT 1',
    increment: `UPDATE cart SET hits = hits + 2, trail = ${grown} WHERE id = $2`,
    lock: 'SELECT hits FROM cart WHERE id = $1 FOR UPDATE',
    incrementByKey: `UPDATE cart SET hits = hits + 1, trail = ${grown} WHERE session = $2`,
    annotate: `UPDATE cart SET note = $1, trail = ${grown} WHERE id = $2`,
    rename: `UPDATE cart SET session = $3, trail = ${grown} WHERE id = $2`,
    changeItem: `UPDATE item SET qty = qty + 1, trail = ${grown} WHERE cart_id = $2`,
    moveItem: `UPDATE item SET cart_id = $3, trail = ${grown} WHERE id = $2`,
    changeMark: `UPDATE mark SET trail = ${grown} WHERE id = $2`,
    readAll:
      'SELECT cart.id FROM cart JOIN item ON item.cart_id = cart.id JOIN mark ON mark.item_id = item.id WHERE cart.id = $1',
    removeItem: 'DELETE FROM item WHERE id = $1',
    removeItems: 'DELETE FROM item WHERE cart_id = $1',
    removeCart: 'DELETE FROM cart WHERE id = $1',
  }) as const
