/** Names that need quotes, or more, and are told apart by the number in them. */
const styles: readonly ((base: string) => string)[] = [
  (base) => base,
  (base) => base,
  (base) => base,
  (base) => base,
  (base) => base,
  (base) => base,
  (base) => base.toUpperCase(),
  (base) => `${base} of it`,
  (base) => `${base}"quoted`,
  (base) => `${base}.dotted`,
  (base) => `${base}'s`,
  (base) => `🙂${base}`,
  (base) => `${base}_${'long'.repeat(12)}`,
  (base) => `${base}ß%`,
  (base) => `${base}$1`,
]

/** Of tables, and of columns of their own. */
const keywords: Readonly<Record<string, readonly string[]>> = {
  t: ['order', 'user', 'group', 'table', 'select', 'check'],
  c: ['default', 'end', 'column', 'limit'],
}

/** A name of the table's or column's `number`, in the style that was chosen. */
export function nameOf(base: string, number: number, style: number): string {
  const write = styles[style]
  return write === undefined ? (keywords[base]?.[number] ?? `${base}${number}`) : write(`${base}${number}`)
}
