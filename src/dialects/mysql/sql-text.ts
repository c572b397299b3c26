/** In backquotes; these mean the same under every sql_mode. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** `schema`.`name` */
export const quoteRelation = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`

/** A string constant that means the same with and without NO_BACKSLASH_ESCAPES. */
export function quoteLiteral(value: string): string {
  if (!value.includes('\\') && !value.includes('\0')) return `'${value.replaceAll("'", "''")}'`
  return `_utf8mb4 0x${Buffer.from(value, 'utf8').toString('hex')}`
}

/** As a person would write it: quotes only where SQL needs them. */
export function prettyIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/i.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoteIdentifier(name)
}

/** Reserved by MySQL 8.0 to 9 or MariaDB. */
const RESERVED = new Set(
  `accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case
  change char character check collate column condition constraint continue convert create cross cube cume_dist
  current_date current_role current_time current_timestamp current_user cursor database databases day_hour
  day_microsecond day_minute day_second dec decimal declare default delayed delete delete_domain_id dense_rank desc describe
  deterministic distinct distinctrow div do_domain_ids double drop dual each else elseif empty enclosed escaped except
  exists exit explain false fetch first_value float float4 float8 for force foreign from fulltext function general
  generated get grant group grouping groups having high_priority hour_microsecond hour_minute hour_second if ignore
  ignore_domain_ids ignore_server_ids in index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer
  intersect interval into io_after_gtids io_before_gtids is iterate join json_table key keys kill lag last_value lateral lead
  leading leave left library like limit linear lines load localtime localtimestamp lock long longblob longtext loop
  low_priority manual master_bind master_heartbeat_period master_ssl_verify_server_cert match maxvalue mediumblob mediumint
  mediumtext middleint minute_microsecond minute_second mod modifies natural not no_write_to_binlog nth_value ntile null
  numeric of offset on optimize optimizer_costs option optionally or order out outer outfile over page_checksum parallel parse_vcol_expr
  partition percent_rank precision primary procedure purge qualify range rank read reads read_write real recursive references
  ref_system_id regexp release rename repeat replace require resignal restrict return returning revoke right rlike row
  row_number rows schema schemas second_microsecond select sensitive separator set show signal slow smallint spatial
  specific sql sqlexception sqlstate sqlwarning sql_big_result sql_calc_found_rows sql_small_result ssl starting
  stats_auto_recalc stats_persistent stats_sample_pages stored straight_join system table tablesample terminated then tinyblob
  tinyint tinytext to trailing trigger true undo union unique unlock unsigned update usage use using utc_date utc_time
  utc_timestamp values varbinary varchar varcharacter varying vector virtual when where while window with write xor year_month
  zerofill`.split(/\s+/),
)

/** A token of SQL text; comments count as space. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'space' | 'other'
  readonly text: string
}

const PATTERNS = {
  string: String.raw`'(?:[^'\\]|\\.|'')*'`,
  stringWithoutEscapes: "'(?:[^']|'')*'",
  doubleQuotedString: String.raw`"(?:[^"\\]|\\.|"")*"`,
  backquoted: '`(?:[^`]|``)*`',
  doubleQuotedName: '"(?:[^"]|"")*"',
  number: String.raw`0x[0-9a-f]+(?![\w$])|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w$])`,
  word: String.raw`[\p{L}\p{N}_$@]+`,
  space: String.raw`\s+|\/\*.*?\*\/|(?:--(?=\s|$)|#)[^\n]*`,
  other: String.raw`<=>|<=|>=|<>|!=|:=|->>|->|&&|\|\||<<|>>|.`,
}

function tokenizer(string: string, quoted: string): RegExp {
  const { number, word, space, other } = PATTERNS
  const groups = { string, quoted, number, space, word, other }
  const source = Object.entries(groups).map(([name, pattern]) => `(?<${name}>${pattern})`)
  return new RegExp(source.join('|'), 'gisu')
}

/** What the server prints: escapes in texts whatever the sql_mode, names in double quotes under ANSI_QUOTES. */
const PRINTED = tokenizer(PATTERNS.string, `${PATTERNS.backquoted}|${PATTERNS.doubleQuotedName}`)

function split(sql: string, tokens: RegExp): Token[] {
  return [...sql.matchAll(tokens)].map((match) => {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [
      'other',
      match[0],
    ]
    return { kind: kind as Token['kind'], text: text ?? '' }
  })
}

/** Of text that the server printed, or that we spelled. */
export const tokens = (sql: string): Token[] => split(sql, PRINTED)

/** Of text that a person wrote, as the server would read it in this sql_mode. */
export function writtenTokens(sql: string, sqlMode: string): Token[] {
  const escapes = !sqlMode.includes('NO_BACKSLASH_ESCAPES')
  const single = escapes ? PATTERNS.string : PATTERNS.stringWithoutEscapes
  const double = escapes ? PATTERNS.doubleQuotedString : PATTERNS.doubleQuotedName
  return sqlMode.includes('ANSI_QUOTES')
    ? split(sql, tokenizer(single, `${PATTERNS.backquoted}|${PATTERNS.doubleQuotedName}`))
    : split(sql, tokenizer(`${single}|${double}`, PATTERNS.backquoted))
}

/** Without space and comments. */
export const words = (sql: string): Token[] => tokens(sql).filter((token) => token.kind !== 'space')

/** The name that a quoted token or a bare word stands for. */
export function nameOf(token: Token): string {
  if (token.kind !== 'quoted') return token.text
  const mark = token.text.charAt(0)
  return token.text.slice(1, -1).replaceAll(mark + mark, mark)
}

const ESCAPES: Readonly<Record<string, string>> = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u{1a}' }

/** The text that a string token stands for. */
export function textOf(token: Token, sqlMode = ''): string {
  const mark = token.text.charAt(0)
  const inner = token.text.slice(1, -1)
  if (sqlMode.includes('NO_BACKSLASH_ESCAPES')) return inner.replaceAll(mark + mark, mark)
  const undone = new RegExp(String.raw`\\(.)|${mark}${mark}`, 'gsu')
  return inner.replaceAll(undone, (_, character: string | undefined) => {
    if (character === undefined) return mark
    return character === '%' || character === '_' ? `\\${character}` : (ESCAPES[character] ?? character)
  })
}

/** Columns that an expression printed by the server mentions: it quotes every name. */
export function columnsIn(sql: string, known: readonly string[]): string[] {
  const list = words(sql)
  const found = list.flatMap((token, at) => {
    if (token.kind !== 'quoted' || list[at + 1]?.text === '.' || list[at + 1]?.text === '(') return []
    const name = nameOf(token)
    return known.find((column) => sameName(column, name)) ?? []
  })
  return [...new Set(found)]
}

/** Names of columns, indexes and constraints don't mind case on any server. */
export const sameName = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase()

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

/** Splits a spelled condition at its top-level ANDs; parentheses around each are removed. */
export function conjuncts(sql: string | null): string[] {
  if (sql === null) return []
  const text = stripParentheses(sql)
  const parts: string[] = ['']
  let depth = 0
  for (const token of tokens(text)) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (token.kind === 'word') {
      if (token.text === 'CASE') depth += 1
      if (token.text === 'END') depth -= 1
      if (depth === 0 && ['BETWEEN', 'OR', 'XOR'].includes(token.text)) return [text]
      if (depth === 0 && token.text === 'AND') {
        parts.push('')
        continue
      }
    }
    parts[parts.length - 1] += token.text
  }
  return parts.length === 1 ? [text] : parts.flatMap((part) => conjuncts(part))
}

export interface Literals {
  readonly strings: readonly string[]
  readonly numbers: readonly string[]
}

/** Constants in a spelled condition: what a search for counter-examples should try. */
export function literalsIn(sql: string): Literals {
  const list = words(sql)
  const strings = list.flatMap((token, at) => {
    if (token.kind === 'string') return [textOf(token)]
    const hex = token.kind === 'number' && list[at - 1]?.text.startsWith('_') && /^0x(?<digits>.+)$/i.exec(token.text)
    return hex ? [Buffer.from(hex.groups?.digits ?? '', 'hex').toString('utf8')] : []
  })
  const numbers = list.flatMap(({ kind, text }) => (kind === 'number' && !/^0x/i.test(text) ? [text] : []))
  return {
    strings: [...new Set(strings)],
    numbers: [...new Set([...numbers, ...strings.filter((text) => /^-?\d+(\.\d+)?$/.test(text))])],
  }
}

const CONSTANT = String.raw`(?:(?:DATE |TIME |TIMESTAMP |_\w+ ?)?'(?:[^']|'')*'|_\w+ 0x[0-9a-f]+|0x[0-9a-f]+|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|TRUE|FALSE)`
const EQUALITY = new RegExp(`^(?<left>.+?) = (?<constant>${CONSTANT})$`, 'su')

/** `column = constant` → its two sides; null for anything else. */
export function constantEquality(conjunct: string): { readonly left: string; readonly constant: string } | null {
  const groups = EQUALITY.exec(conjunct)?.groups
  return groups?.left === undefined || groups.constant === undefined
    ? null
    : { left: groups.left, constant: groups.constant }
}

/** The column that a spelled operand is; null for anything else. */
export function plainColumn(operand: string, known: readonly string[]): string | null {
  const only = tokens(stripParentheses(operand))
  const [token] = only
  if (only.length !== 1 || token?.kind !== 'quoted') return null
  return known.find((column) => sameName(column, nameOf(token))) ?? null
}

/** Collapses white space outside quotes, so that ids don't depend on how a predicate was laid out. */
export function collapse(sql: string): string {
  return tokens(sql.trim())
    .map((token) => (token.kind === 'space' ? ' ' : token.text))
    .join('')
}
