/**
 * Statements that may be sent inside a read-only transaction. The server refuses to write rows of any engine by itself;
 * this list keeps out what READ ONLY lets through (files, SET, locks, KILL, PREPARE) and whatever would end the transaction.
 */
const readers = new Set(['select', 'with', 'values', 'table', 'explain', 'show', 'describe', 'desc'])

/** What writes or locks in spite of a word that reads: files on the server, and statements that EXPLAIN runs. */
const writes = /\binto\b.*\b(outfile|dumpfile)\b|\bfor\s+(update|share)\b|\block\s+in\s+share\s+mode\b/is
const analyses = /\banaly[sz]e\b/i

/** The first word of a statement in lower case, comments and opening parentheses skipped; '' where a comment is code. */
export function firstWord(sql: string): string {
  let at = 0
  while (at < sql.length) {
    if (/[\s(]/.test(sql.charAt(at))) at += 1
    else if (/^(--\s|#)/.test(sql.slice(at, at + 3))) at = endOf(sql, at, '\n')
    else if (/^\/\*(!|M!)/.test(sql.slice(at, at + 4))) return ''
    else if (sql.startsWith('/*', at)) at = endOf(sql, at + 2, '*/')
    else break
  }
  return /^[a-z_]+/i.exec(sql.slice(at))?.[0].toLowerCase() ?? ''
}

/** Throws when the statement is none that reads. */
export function refuseWriting(sql: string): void {
  const word = firstWord(sql)
  if (!readers.has(word)) {
    throw new Error(
      `refused before sending: a statement that starts with ${word === '' ? 'no word' : word.toUpperCase()}`,
    )
  }
  refuseHidden(sql, word)
}

/**
 * Throws when the statement makes anything but an empty temporary table. It runs where writing is allowed, so no row may
 * reach a function in it; and the rows that CREATE … SELECT reads would be locked.
 */
export function refuseLasting(sql: string): void {
  if (/^create temporary table /i.test(sql) && readings(sql).every(isEmpty)) return
  throw new Error('refused before sending: a rehearsal makes temporary tables only, and fills them afterwards')
}

function isEmpty(text: string): boolean {
  const queries = text.match(/\b(select|with|union|values|table\s*\()/gi) ?? []
  return queries.length === 0 || (queries.length === 1 && /\bselect\b.*\bwhere\s+false\s*$/is.test(text))
}

/** Throws unless the statement reads, or changes rows; the server sees to it that they are a temporary table's. */
export function refuseLastingChange(sql: string): void {
  const word = firstWord(sql)
  if (['insert', 'replace', 'update', 'delete'].includes(word)) refuseHidden(sql, word)
  else refuseWriting(sql)
}

function refuseHidden(sql: string, word: string): void {
  const texts = readings(sql)
  if (texts.some((text) => writes.test(text) || (/^(explain|desc|describe)$/.test(word) && analyses.test(text)))) {
    throw new Error('refused before sending: it would write a file, lock rows, or run what it explains')
  }
}

/** Without what is quoted, since a name or a text may hold any word; as it is with and without NO_BACKSLASH_ESCAPES. */
function readings(sql: string): string[] {
  return [
    sql.replaceAll(/'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`(?:[^`]|``)*`/gs, "''"),
    sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`/gs, "''"),
  ]
}

function endOf(sql: string, from: number, mark: string): number {
  const end = sql.indexOf(mark, from)
  return end < 0 ? sql.length : end + mark.length
}
