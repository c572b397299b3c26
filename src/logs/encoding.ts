const beyondAscii = /[\x80-\xff]/

/**
 * Readable text of one that holds a byte per character: UTF-8, with each byte that isn't part of any read as latin1.
 */
export function fromLog(text: string): string {
  if (!beyondAscii.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  const decoded = bytes.toString('utf8')
  return decoded.includes('\u{fffd}') ? decodeMixed(text) : decoded
}

/** The opposite, for texts that are to be compared with those of a log. */
export function toLog(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Well-formed sequences only: neither overlong ones, nor surrogates, nor beyond U+10FFFF. */
const sequences =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|\xed[\x80-\x9f]|[\xe1-\xec\xee\xef][\x80-\xbf])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|\xf4[\x80-\x8f]|[\xf1-\xf3][\x80-\xbf])[\x80-\xbf]{2}/g

function decodeMixed(text: string): string {
  return text.replace(sequences, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'))
}
