/** The text ends before the record does. */
export const INCOMPLETE = -1
/** Something else than a comma or the end of the line stands after a closing quote. */
export const MALFORMED = -2

/**
 * Where the record at `from` ends, its line break included, or one of the above. `places` gets where each field starts
 * and ends, one after the other; a quoted one, with its quotes.
 */
export function parseCsvRecord(text: string, from: number, places: number[]): number {
  places.length = 0
  let at = from
  for (;;) {
    const start = at
    if (text.charCodeAt(at) === 34) {
      at = endOfQuoted(text, at)
      if (at < 0) return INCOMPLETE
    } else {
      let code = text.charCodeAt(at)
      while (code !== 44 && code !== 10) {
        if (Number.isNaN(code)) return INCOMPLETE
        code = text.charCodeAt(++at)
      }
    }
    const next = text.charCodeAt(at)
    places.push(start, next === 10 && text.charCodeAt(at - 1) === 13 ? at - 1 : at)
    if (next === 44) at++
    else if (next === 10) return at + 1
    else if (next === 13 && text.charCodeAt(at + 1) === 10) return at + 2
    else return at >= text.length - 1 ? INCOMPLETE : MALFORMED
  }
}

/** Behind the closing quote; -1: there is none. */
function endOfQuoted(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2))
    if (text.charCodeAt(at + 1) !== 34) return at + 1
  return -1
}

export function fieldText(text: string, places: readonly number[], field: number): string {
  const start = places[2 * field] as number
  const end = places[2 * field + 1] as number
  if (start === end) return ''
  if (text.charCodeAt(start) !== 34) return text.slice(start, end)
  const inner = text.slice(start + 1, end - 1)
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner
}
