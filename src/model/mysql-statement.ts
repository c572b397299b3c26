import { BACKSLASH_SQL, type LoggedFailure, type SqlGrammar } from './statement.js'

/** What the statements of a connection to MySQL or MariaDB depend on, as far as earlier ones have set it. */
export interface MysqlState {
  /** '' for none, or where it isn't known. */
  readonly database: string
  readonly grammar: SqlGrammar
}

const grammars: readonly SqlGrammar[] = [false, true].flatMap((backslashEscapes) =>
  [false, true].map((doubleQuotedNames) => ({ ...BACKSLASH_SQL, backslashEscapes, doubleQuotedNames })),
)

function grammarWith(backslashEscapes: boolean, doubleQuotedNames: boolean): SqlGrammar {
  if (backslashEscapes && !doubleQuotedNames) return BACKSLASH_SQL
  return grammars[(backslashEscapes ? 2 : 0) + (doubleQuotedNames ? 1 : 0)] ?? BACKSLASH_SQL
}

/** These stand for several modes, ANSI_QUOTES among them; all but the first are MariaDB's. */
const ansi = /\b(?:ANSI_QUOTES|ANSI|DB2|MAXDB|MSSQL|ORACLE|POSTGRESQL)\b/i
const noBackslashes = /\bNO_BACKSLASH_ESCAPES\b/i

/** How SQL is written under a sql_mode, such as `ANSI_QUOTES,STRICT_TRANS_TABLES`. */
export function grammarOf(sqlMode: string): SqlGrammar {
  return grammarWith(!noBackslashes.test(sqlMode), ansi.test(sqlMode))
}

/** Longer statements set no mode. */
const longest = 4096
const use = /^use\s+(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([^\s;]+))\s*;?\s*$/i
const assignment =
  /(?:[\s,]|^)(?:(global|persist|persist_only|session|local)\s+|@@(?:(global|persist|persist_only|session|local)\.)?)?`?sql_mode`?\s*:?=/gi

/** The state after this statement, the same object where it changes nothing; `initial` is what DEFAULT goes back to. */
export function afterStatement(text: string, state: MysqlState, initial: SqlGrammar): MysqlState {
  const first = text.charCodeAt(0) | 0x20
  const second = text.charCodeAt(1) | 0x20
  // u s, s e, / *
  if (!((first === 117 && second === 115) || (first === 115 && second === 101) || first === 47)) return state
  if (text.length > longest) return state
  if (first === 117) return afterUse(text, state)
  const set = /^(?:\/\*M?!\d*\s*)?set\s/i.exec(text)
  return set === null ? state : afterSet(text, state, initial)
}

function afterUse(text: string, state: MysqlState): MysqlState {
  const found = use.exec(text)
  if (found === null) return state
  const [, backquoted, quoted, plain] = found
  const database = backquoted?.replaceAll('``', '`') ?? quoted?.replaceAll('""', '"') ?? plain ?? ''
  return { ...state, database }
}

function afterSet(text: string, state: MysqlState, initial: SqlGrammar): MysqlState {
  let { grammar } = state
  for (const found of text.matchAll(assignment)) {
    const scope = (found[1] ?? found[2] ?? '').toLowerCase()
    if (scope === 'global' || scope.startsWith('persist')) continue
    grammar = grammarAfter(expressionAt(text, found.index + found[0].length), grammar, initial)
  }
  return grammar === state.grammar ? state : { ...state, grammar }
}

/** Up to the comma that begins the next assignment. */
function expressionAt(text: string, start: number): string {
  let depth = 0
  let quote = ''
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if ((character === ',' || character === ';') && depth === 0) return text.slice(start, at)
  }
  return text.slice(start)
}

function grammarAfter(expression: string, before: SqlGrammar, initial: SqlGrammar): SqlGrammar {
  const literal = /^\s*(['"])([\w,\s]*)\1/.exec(expression)
  if (literal !== null) return grammarOf(literal[2] ?? '')
  // Names without quotes: `SET sql_mode = ANSI_QUOTES`.
  if (/^\s*(?!default\b)[a-z_]+\s*$/i.test(expression)) return grammarOf(expression)
  // A variable holds what was kept from before, and DEFAULT the same.
  if (!/@@(?:session\.|local\.)?sql_mode/i.test(expression)) return initial
  const removes = /\breplace\s*\(/i.test(expression)
  const backslashes = noBackslashes.test(expression) ? removes : before.backslashEscapes
  const names = ansi.test(expression) ? !removes : before.doubleQuotedNames
  return grammarWith(backslashes, names)
}

/** What an error number of MySQL or MariaDB means. 1557 and 1586 are 1062 with other words; 1020 is a newer snapshot's. */
export function failureKind(errno: number): LoggedFailure['kind'] {
  if (errno === 1062 || errno === 1586 || errno === 1557) return 'unique-violation'
  if (errno === 1213) return 'deadlock'
  return errno === 1020 ? 'serialization' : 'other'
}

/**
 * The index that `Duplicate entry '…' for key 'cart.uq_cart_session'` names; '' where the message was cut off before.
 * MySQL puts the table's name before it, MariaDB doesn't.
 */
export function violatedIndex(message: string): string {
  const name = /^.* for key '(.*)'$/s.exec(message)?.[1] ?? ''
  return name.slice(name.indexOf('.') + 1)
}

/**
 * The statement behind the text of a digest. MySQL puts EXECUTE before those of prepared statements, and has rows for
 * PREPARE alone as well, which ran nothing: null.
 */
export function digestStatement(digestText: string): string | null {
  const [, prefix = '', rest = ''] = /^(?:(PREPARE|EXECUTE) (?!`))?(.*)$/s.exec(digestText.trim()) ?? []
  return prefix === 'PREPARE' ? null : rest
}

/** Whether the server has cut the end of a digest's text off; `IN (...)` is the whole of a list. */
export function isCutOff(digestText: string): boolean {
  return /\.\.\.\s*$/.test(digestText)
}

const writes = /^(?:\s|\/\*.*?\*\/|--\s[^\n]*\n|#[^\n]*\n)*(?:insert|replace|update|delete)\b/is

/** The one of the two numbers that LoggedStatement and StatementTotals mean by rows. */
export function rowsOf(text: string, sent: number, affected: number): number {
  return writes.test(text) ? affected : sent
}

/** A copy: a part of a text keeps alive all of what it was cut from, which may be a megabyte of log. */
export function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
