/** End of the literal or name whose opening quote is before `from`; -1 where it has none. */
export function quotedEnd(text: string, from: number, quote: number, escapes: boolean): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) {
      if (i + 1 < text.length && text.charCodeAt(i + 1) === quote) i++
      else return i + 1
    } else if (code === 92 && escapes) i++
  }
  return -1
}

/** End of the number that begins at `from`, its sign included: 1, -1.5, .5, 1e-5, 0x1F, 1_000. */
export function numberEnd(text: string, from: number): number {
  const sign = text.charCodeAt(from) === 45 ? 1 : 0
  const hex = text.charCodeAt(from + sign) === 48 && (text.charCodeAt(from + sign + 1) | 32) === 120
  let i = from + sign
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const lower = code | 32
    if ((code >= 48 && code <= 57) || code === 46 || code === 95 || (lower >= 97 && lower <= 122)) continue
    const exponent = (code === 43 || code === 45) && !hex && i > from && (text.charCodeAt(i - 1) | 32) === 101
    if (!exponent || !isDigit(text, i + 1)) break
  }
  return i
}

export function isDigit(text: string, at: number): boolean {
  const code = at < text.length ? text.charCodeAt(at) : 0
  return code >= 48 && code <= 57
}

/** End of the comment that begins at `from`, or `from` where none does. */
export function commentEnd(text: string, from: number, hashComments: boolean): number {
  const code = text.charCodeAt(from)
  const next = from + 1 < text.length ? text.charCodeAt(from + 1) : 0
  if (code === 47 && next === 42) return blockEnd(text, from + 2, !hashComments)
  // Where # begins a comment, -- does so only before a blank.
  const third = from + 2 < text.length ? text.charCodeAt(from + 2) : 32
  const dashes = code === 45 && next === 45 && (!hashComments || third <= 32)
  if (!dashes && !(code === 35 && hashComments)) return from
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function blockEnd(text: string, from: number, nests: boolean): number {
  const first = text.indexOf('*/', from)
  if (first < 0) return text.length
  // Looked for only before the end: else a text full of short comments is searched to its end for each.
  if (!nests || !text.slice(from, first).includes('/*')) return first + 2
  let depth = 1
  for (let i = from; i + 1 < text.length; i++) {
    const code = text.charCodeAt(i)
    const next = text.charCodeAt(i + 1)
    if (code === 47 && next === 42) depth++
    else if (code === 42 && next === 47) depth--
    else continue
    i++
    if (depth === 0) return i + 1
  }
  return text.length
}

/** End of `$tag$`, or -1. */
export function dollarTagEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length && i - from < 70; i++) {
    const code = text.charCodeAt(i)
    if (code === 36) return i + 1
    const lower = code | 32
    const letter = (lower >= 97 && lower <= 122) || code === 95 || code >= 128
    if (!letter && !(code >= 48 && code <= 57 && i > from + 1)) return -1
  }
  return -1
}
