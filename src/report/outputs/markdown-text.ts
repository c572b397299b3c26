import { visible, visibleLines } from '../../model/visible.js'
import { type Block, blocks } from './common.js'

/**
 * Text that means nothing but itself in Markdown, in tables and in HTML inside of Markdown: punctuation becomes
 * entities, which never start a construct. `@` and `#` stand in elements of their own, so that a server that turns
 * names and numbers into mentions finds none.
 */
export function plain(text: string): string {
  return visible(text)
    .replace(/[!"$%&*+/:<=>?[\\\]^_`{|}~]/g, entity)
    .replace(/^(\s*)([-.]|\d+(?=[.)]))/g, (_, blank: string, start: string) => blank + [...start].map(entity).join(''))
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}&#46;`)
    .replace(/[@#](?!\d+;)/g, (found) => `<span>${entity(found)}</span>`)
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`
}

/** A name or a value. */
export function code(text: string): string {
  return `<code>${plain(text)}</code>`
}

export function fenced(lines: readonly string[], language: string): string {
  const text = visibleLines(lines.join('\n'))
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

export function prose(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(plain)
    .join('\n\n')
}

export function mixed(text: string): string {
  return blocks(text)
    .map((block: Block) => (block.code ? fenced(block.lines, 'sql') : prose(block.lines.join('\n'))))
    .join('\n\n')
}
