const unicodeEscape = /\\(?:u([\da-fA-F]{4})|.)/g

/**
 * JSON of a log, which holds a character per byte, with its values in the same form. Undefined: it is no JSON. Escapes
 * become what the log would have without them: UTF-8.
 */
export function parseJsonBytes(text: string): unknown {
  try {
    return JSON.parse(text.includes('\\u') ? spellOut(text) : text)
  } catch {
    return undefined
  }
}

/** Escapes beyond ASCII as the bytes that they stand for; two for one character belong together. */
function spellOut(text: string): string {
  let high = ''
  return text.replace(unicodeEscape, (escaped, hex: string | undefined) => {
    const code = hex === undefined ? 0 : Number.parseInt(hex, 16)
    if (code < 0x80) return escaped
    if (code >= 0xd800 && code < 0xdc00) {
      high = String.fromCharCode(code)
      return ''
    }
    const text = code >= 0xdc00 && code < 0xe000 ? high + String.fromCharCode(code) : String.fromCharCode(code)
    high = ''
    return Buffer.from(text, 'utf8').toString('latin1')
  })
}
