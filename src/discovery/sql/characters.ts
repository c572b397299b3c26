/** What a character begins, outside of literals and names. */
export const BLANK = 0
export const WORD = 1
export const DIGIT = 2
export const PUNCT = 3
export const OPEN = 4
export const CLOSE = 5
/** What needs a closer look: quotes, `$`, `?`, `.`, `-`, `/`, `#`, `;`. */
export const SPECIAL = 6
/** `"` and `` ` ``. */
export const QUOTE = 7

const isLetter = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 128

function kindOf(code: number): number {
  if (code <= 32) return BLANK
  if (isLetter(code)) return WORD
  if (code >= 48 && code <= 57) return DIGIT
  if (code === 40 || code === 91) return OPEN
  if (code === 41 || code === 93) return CLOSE
  if (code === 34 || code === 96) return QUOTE
  return "'$?.-/#;".includes(String.fromCharCode(code)) ? SPECIAL : PUNCT
}

export const KIND = Uint8Array.from({ length: 256 }, (_, code) => kindOf(code))

/** 1 for what continues a word. */
export const IN_WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  isLetter(code) || kindOf(code) === DIGIT || code === 36 ? 1 : 0,
)

/** Stand in a hash for what is left out; no text has them, since control characters are blanks. */
export const MARK = {
  text: 1,
  number: 2,
  parameter: 3,
  many: 4,
  more: 5,
  name: 6,
  bodyOpen: 7,
  bodyClose: 8,
  unterminated: 11,
} as const
