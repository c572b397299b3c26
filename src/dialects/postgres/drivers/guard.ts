/**
 * Statements that may be sent inside a read-only transaction. The server refuses most writes by itself; this list keeps
 * out what READ ONLY lets through (COPY … TO PROGRAM, REINDEX, PREPARE, NOTIFY) and whatever would end the
 * transaction, after which the server would allow anything.
 */
const readers = new Set(['select', 'with', 'values', 'table', 'explain', 'show', 'declare', 'fetch', 'move', 'close'])

/** EXPLAIN ANALYZE runs what it explains, and READ ONLY overlooks CREATE TABLE … AS in it. */
const analyses = /explain\s*(\([^)]*|verbose\s+)?\banaly[sz]e\b/i

/** The first word of a statement in lower case, comments and opening parentheses skipped. */
export function firstWord(sql: string): string {
  let at = 0
  while (at < sql.length) {
    if (/[\s(]/.test(sql.charAt(at))) at += 1
    else if (sql.startsWith('--', at)) at = endOfLine(sql, at)
    else if (sql.startsWith('/*', at)) at = endOfComment(sql, at)
    else break
  }
  return /^[a-z_]+/i.exec(sql.slice(at))?.[0].toLowerCase() ?? ''
}

/** Throws when the statement is none that reads. SET is allowed in its LOCAL form, except for the transaction's own mode. */
export function refuseWriting(sql: string): void {
  const word = firstWord(sql)
  if (word === 'explain' && analyses.test(sql)) throw new Error('refused before sending: EXPLAIN ANALYZE')
  if (readers.has(word)) return
  if (word === 'set' && /^[\s(]*set\s+local\s+(?!transaction)/i.test(sql)) return
  throw new Error(
    `refused before sending: a statement that starts with ${word === '' ? 'no word' : word.toUpperCase()}`,
  )
}

/** Throws when the statement makes anything but a temporary table or view. */
export function refuseLasting(sql: string): void {
  if (/^create temporary (table|view) /i.test(sql)) return
  throw new Error('refused before sending: a rehearsal makes temporary tables and views only')
}

function endOfLine(sql: string, at: number): number {
  const end = sql.slice(at).search(/[\r\n]/)
  return end < 0 ? sql.length : at + end
}

function endOfComment(sql: string, start: number): number {
  let depth = 0
  let at = start
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      depth += 1
      at += 2
    } else if (sql.startsWith('*/', at)) {
      depth -= 1
      at += 2
      if (depth === 0) return at
    } else at += 1
  }
  return at
}
