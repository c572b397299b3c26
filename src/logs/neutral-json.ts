import { fromLog, toLog } from './encoding.js'

/**
 * Escapes are read as characters, all other text as the bytes that it is; numbers too long for
 * JavaScript as text. Null for what is no JSON.
 */
export function parseJson(line: string): unknown {
  try {
    const exact = longNumber.test(line) ? line.replaceAll(stringOrNumber, quotedNumber) : line
    if (!exact.includes('\\u')) return JSON.parse(exact)
    return JSON.parse(fromLog(exact), (_, value) => (typeof value === 'string' ? toLog(value) : value))
  } catch {
    return null
  }
}

const longNumber = /\d{16}/
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g

function quotedNumber(found: string): string {
  return found.startsWith('"') ? found : `"${found}"`
}
