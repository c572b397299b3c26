/** How many surplus rows may come before a known key set counts as worse. */
export interface Tolerance {
  readonly rows: number
  /** Of the accepted surplus rows: 0.02 for 2 %. */
  readonly share: number
}

export const NO_TOLERANCE: Tolerance = { rows: 0, share: 0 }

/** The most surplus rows that a key set with `accepted` of them may have. */
export function most(accepted: number, { rows, share }: Tolerance): number {
  return accepted + Math.max(rows, Math.floor(accepted * share))
}
