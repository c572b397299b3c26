/** A token of SQL text as PostgreSQL prints it. */
interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'space' | 'other'
  readonly text: string
}

const TOKEN =
  /(?<string>[eE]?'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<space>\s+)|(?<other>::|.)/gsu

function tokens(sql: string): Token[] {
  return [...sql.matchAll(TOKEN)].map((match) => {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [
      'other',
      match[0],
    ]
    return { kind: kind as Token['kind'], text: text ?? '' }
  })
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quoted only where SQL needs it; whatever the name holds, it is one token under every setting of the server. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : quoteIdentifier(name)
}

export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return value.includes('\\') ? `E${quoted}` : quoted
}

/** As a person would write it: quotes only where SQL needs them. `keywords` that need quoting are rare; the server's own list is not asked. */
export function prettyIdentifier(name: string): string {
  if (UNPRINTABLE.test(name)) return unicodeIdentifier(name)
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : quoteIdentifier(name)
}

/** Control characters, line ends and marks that turn text around would not survive copying, or mislead the eye. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

function unicodeIdentifier(name: string): string {
  const escaped = [...name].map((character) => {
    if (character === '\\') return '\\\\'
    const code = character.codePointAt(0) ?? 0
    if (!UNPRINTABLE.test(character)) return character === '"' ? '""' : character
    return code > 0xffff ? `\\+${code.toString(16).padStart(6, '0')}` : `\\${code.toString(16).padStart(4, '0')}`
  })
  return `U&"${escaped.join('')}"`
}

const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
  character check coalesce collate collation column concurrently constraint create cross current_catalog current_date
  current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do
  else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike
  in initially inner inout int integer intersect interval into is isnull join json_array lateral leading least left like
  limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset on only or
  order out outer overlaps overlay placing position precision primary real references returning right row select
  session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to
  trailing treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes
  xmlconcat`.split(/\s+/),
)

function unquote(token: Token): string {
  return token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text
}

/**
 * Columns that an expression printed by the server mentions.
 * The server quotes every name that could be read as something else, so a bare word that is neither called, nor a
 * type after `::`, nor a collation, nor a field is a column.
 */
export function columnsIn(sql: string, known: readonly string[]): string[] {
  const list = tokens(sql).filter((token) => token.kind !== 'space')
  const found = new Set<string>()
  for (const [at, token] of list.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue
    const before = list[at - 1]?.text
    if (before === '::' || before === '.' || before?.toUpperCase() === 'COLLATE') continue
    if (list[at + 1]?.text === '(' && token.kind === 'word') continue
    const name = unquote(token)
    if (known.includes(name)) found.add(name)
  }
  return [...found]
}

/** `cart.session_id` → `session_id`, outside quoted text. */
export function unqualify(sql: string, alias: string): string {
  const names = [quoteIdentifier(alias), alias].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const qualifier = new RegExp(String.raw`('(?:[^']|'')*')|(?<![\w"$.])(?:${names.join('|')})\.(?=["\p{L}_])`, 'gu')
  return sql.replaceAll(qualifier, (_, text: string | undefined) => text ?? '')
}

/** Removes parentheses that enclose the whole text. */
export function stripParentheses(sql: string): string {
  let text = sql.trim()
  for (;;) {
    const list = tokens(text)
    if (list[0]?.text !== '(' || list.at(-1)?.text !== ')') return text
    let depth = 0
    for (const [at, token] of list.entries()) {
      if (token.text === '(') depth += 1
      if (token.text === ')') depth -= 1
      if (depth === 0 && at < list.length - 1) return text
    }
    text = text.slice(1, -1).trim()
  }
}

/** Splits a condition printed by the server at its top-level ANDs; parentheses around each are removed. */
export function conjuncts(sql: string | null): string[] {
  if (sql === null) return []
  const text = stripParentheses(sql)
  const parts: string[] = ['']
  let depth = 0
  for (const token of tokens(text)) {
    if (token.text === '(' || token.text === '[') depth += 1
    if (token.text === ')' || token.text === ']') depth -= 1
    if (token.kind === 'word') {
      if (token.text === 'CASE') depth += 1
      if (token.text === 'END') depth -= 1
      if (token.text === 'AND' && depth === 0) {
        parts.push('')
        continue
      }
    }
    parts[parts.length - 1] += token.text
  }
  if (parts.length === 1) return [text]
  return parts.flatMap((part) => conjuncts(part))
}

export interface Literals {
  readonly strings: readonly string[]
  readonly numbers: readonly string[]
}

/** Constants in a condition, array members included: what a search for counter-examples should try. */
export function literalsIn(sql: string): Literals {
  const list = tokens(sql)
  const strings = list
    .filter((token) => token.kind === 'string')
    .map((token) => token.text.replace(/^[eE]?'|'$/g, '').replaceAll("''", "'"))
  const members = strings
    .filter((text) => /^\{.*\}$/s.test(text))
    .flatMap((text) =>
      text
        .slice(1, -1)
        .split(',')
        .map((member) => member.replace(/^"|"$/g, '')),
    )
  const all = [...strings.filter((text) => !/^\{.*\}$/s.test(text)), ...members]
  const numbers = list.filter((token) => token.kind === 'number').map((token) => token.text)
  return {
    strings: [...new Set(all)],
    numbers: [...new Set([...numbers, ...all.filter((text) => /^-?\d+(\.\d+)?$/.test(text))])],
  }
}

const CONSTANT = String.raw`(?:'(?:[^']|'')*'(?:::[\w ."\[\](),]+)?|\(?'?-?\d+(?:\.\d+)?'?\)?(?:::[\w ]+)?)`
const EQUALITY = new RegExp(`^(?<left>.+?) = (?<constant>${CONSTANT})$`, 's')

/** `column = constant` → its two sides; null for anything else. */
export function constantEquality(conjunct: string): { readonly left: string; readonly constant: string } | null {
  const groups = EQUALITY.exec(conjunct)?.groups
  return groups?.left === undefined || groups.constant === undefined
    ? null
    : { left: groups.left, constant: groups.constant }
}

/** The column that a printed operand is, seen through a cast that changes nothing; null for anything else. */
export function plainColumn(operand: string, known: readonly string[]): string | null {
  const inner = stripParentheses(operand)
  const cast = /^(?<inner>.+)::(?:text|character varying)$/s.exec(inner)?.groups?.inner
  const text = stripParentheses(cast ?? inner)
  const only = tokens(text)
  const [token] = only
  if (only.length !== 1 || token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) return null
  const name = unquote(token)
  return known.includes(name) ? name : null
}

/** Collapses white space outside quotes, so that ids don't depend on how a predicate was laid out. */
export function collapse(sql: string): string {
  return tokens(sql.trim())
    .map((token) => (token.kind === 'space' ? ' ' : token.text))
    .join('')
}
