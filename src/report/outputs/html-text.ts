import { visible, visibleLines } from '../../model/visible.js'
import { blocks } from './common.js'

/** Text as HTML, in elements and in quoted attributes; nothing in it can be seen as anything but text. */
export function text(raw: string): string {
  return escaped(visible(raw))
}

function escaped(shown: string): string {
  return (
    shown
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // What a CI server would take for commands of its own, if this is printed in a job.
      .replace(/^(\s*)::/gm, '$1&#58;:')
      .replaceAll('##[', '#&#35;[')
  )
}

/** A name or a value. */
export function code(raw: string): string {
  return `<code>${text(raw)}</code>`
}

/** One paragraph per line. */
export function paragraphs(raw: string): string {
  return raw
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `<p>${text(line)}</p>`)
    .join('')
}

/** Sentences and lines to paste; the script gives those a button. Focusable, since they may have to be scrolled. */
export function mixed(raw: string): string {
  return blocks(raw)
    .map(({ code: isCode, lines }) => {
      const joined = lines.join('\n')
      return isCode ? pre(joined) : paragraphs(joined)
    })
    .join('')
}

export function pre(lines: string): string {
  return `<pre tabindex="0">${escaped(visibleLines(lines))}</pre>`
}

/** A date and time as people read it, to the minute. */
export function moment(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return text(iso)
  const shown = `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 16)} UTC`
  return `<time datetime="${at.toISOString()}">${shown}</time>`
}
