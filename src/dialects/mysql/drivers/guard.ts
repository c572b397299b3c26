/**
 * Statements that may be sent inside a read-only transaction. The server refuses most writes by itself; this list keeps
 * out what READ ONLY lets through and whatever would end the transaction.
 */
const readers = new Set(['select', 'with', 'values', 'table', 'explain', 'show', 'describe', 'desc'])

/** What writes in spite of a word that reads: files on the server, and statements that EXPLAIN runs. */
const writes = /\binto\s+(outfile|dumpfile)\b|\banaly[sz]e\b/i

/** The first word of a statement in lower case, comments and opening parentheses skipped; '' where a comment is code. */
export function firstWord(sql: string): string {
  let at = 0
  while (at < sql.length) {
    if (/[\s(]/.test(sql.charAt(at))) at += 1
    else if (/^(--\s|#)/.test(sql.slice(at, at + 3))) at = endOf(sql, at, '\n')
    else if (/^\/\*[!M]/.test(sql.slice(at, at + 3))) return ''
    else if (sql.startsWith('/*', at)) at = endOf(sql, at + 2, '*/')
    else break
  }
  return /^[a-z_]+/i.exec(sql.slice(at))?.[0].toLowerCase() ?? ''
}

/** Throws when the statement is none that reads. */
export function refuseWriting(sql: string): void {
  const word = firstWord(sql)
  const plain = withoutQuoted(sql)
  if (readers.has(word) && !(writes.test(plain) && (word !== 'show' || /outfile|dumpfile/i.test(plain)))) return
  throw new Error(
    `refused before sending: a statement that starts with ${word === '' ? 'no word' : word.toUpperCase()}`,
  )
}

/** Throws when the statement makes anything but a temporary table. */
export function refuseLasting(sql: string): void {
  if (/^create temporary table /i.test(sql)) return
  throw new Error('refused before sending: a rehearsal makes temporary tables only')
}

/** Throws unless the statement reads, or fills a temporary table; the server sees to it that it is one. */
export function refuseLastingChange(sql: string): void {
  if (['insert', 'update', 'delete'].includes(firstWord(sql)) && !writes.test(withoutQuoted(sql))) return
  refuseWriting(sql)
}

/** A name or a text may hold any word. */
function withoutQuoted(sql: string): string {
  return sql.replaceAll(/'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`(?:[^`]|``)*`/gs, "''")
}

function endOf(sql: string, from: number, mark: string): number {
  const end = sql.indexOf(mark, from)
  return end < 0 ? sql.length : end + mark.length
}
