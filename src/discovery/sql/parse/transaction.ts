import type { SqlStatement } from '../../../model/sql.js'
import { isWord, type Range, range, type Tokens } from './range.js'

type Transaction = Extract<SqlStatement, { kind: 'transaction' }>

const OTHER: SqlStatement = { kind: 'other' }

const verb = (of: Transaction['verb'], isolation: Transaction['isolation'] = null): Transaction => ({
  kind: 'transaction',
  verb: of,
  isolation,
})

function words(t: Tokens, { from, to }: Range): string {
  return t
    .slice(from, Math.min(to, from + 40))
    .map(({ text }) => text)
    .join(' ')
}

function isolationOf(text: string): Transaction['isolation'] {
  const level = /\b(read[ -](?:un)?committed|repeatable[ -]read|serializable)\b/.exec(text)?.[1]?.replace(' ', '-')
  if (level === undefined) return null
  if (level === 'serializable' || level === 'repeatable-read') return level
  return 'read-committed'
}

/** BEGIN, COMMIT, savepoints, SET TRANSACTION … and autocommit; null for what is none of them. */
export function transaction(t: Tokens, where: Range): SqlStatement | null {
  const first = t[where.from]?.text ?? ''
  const text = words(t, where)
  if (first === 'begin' || first === 'start') {
    const begins = first === 'start' ? isWord(t, where.from + 1, 'transaction') : !isWord(t, where.from + 1, 'not')
    return begins ? verb('begin', isolationOf(text)) : OTHER
  }
  if (first === 'commit' || first === 'end') return isWord(t, where.from + 1, 'prepared') ? OTHER : verb('commit')
  if (first === 'prepare' && isWord(t, where.from + 1, 'transaction')) return verb('commit')
  if (first === 'rollback' || first === 'abort') {
    if (isWord(t, where.from + 1, 'prepared')) return OTHER
    return verb(/^rollback (?:work |transaction )?to\b/.test(text) ? 'rollback-to' : 'rollback')
  }
  if (first === 'savepoint') return verb('savepoint')
  if (first === 'release') return verb('release')
  return first === 'set' ? setting(words(t, range(where.from + 1, where.to))) : null
}

function setting(text: string): SqlStatement {
  const autocommit = /^(?:@ ?@ ?)?(?:session |local |session \. )*autocommit (?::?=|to) (0|1|on|off|true|false)\b/.exec(
    text,
  )
  if (autocommit) return verb(/^(?:0|off|false)$/.test(autocommit[1] ?? '') ? 'begin' : 'commit')
  const names =
    /^(?:@ ?@ ?)?(?:session |local |global |session \. )*(?:characteristics as )?(?:transaction\b|(?:tx|transaction|default_transaction)_isolation\b)/
  const isolation = names.test(text) ? isolationOf(text) : null
  return isolation ? verb('isolation', isolation) : OTHER
}
