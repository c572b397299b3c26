/**
 * Makes text that comes from a database or a file safe to show on one line: control characters, line breaks, terminal
 * escapes, bidirectional controls, invisible characters and lone surrogates become `\n`, `\t` or `\u{…}`.
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** As `visible`, but line feeds stay: for text of several lines that we wrote ourselves, such as SQL to paste. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

/** JSON text whose strings hold none of these characters either; it still means the same. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === '\n') return character
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

// U+200D (zero width joiner) and variation selectors are left alone: emoji are made with them.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{ad}\u{61c}\u{180e}\u{200b}\u{200c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string): string {
  return SHORT[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`
}
