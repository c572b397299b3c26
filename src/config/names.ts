/** What a name in the file means, or one sentence why it means nothing. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string; readonly advice: string }

const simple = /^[^\s"'`().,;:<>=!~*/%^&|+?@#\\[\]{}]+$/u

/**
 * Takes `shop.cart`, `shop."a.b"` or `"we""ird"` apart. Unquoted parts are taken as written, so that `Cart` finds the
 * table that an ORM made as "Cart".
 */
function parseName(text: string): Parsed<readonly string[]> {
  const parts: string[] = []
  let rest = text
  while (true) {
    const match = /^"((?:[^"]|"")*)"|^[^."]+/u.exec(rest)
    if (match === null) return notAName(text)
    const [raw, quoted] = match
    const part = quoted === undefined ? raw : quoted.replaceAll('""', '"')
    if (quoted === undefined ? !simple.test(raw) : part === '') return notAName(text)
    parts.push(part)
    rest = rest.slice(raw.length)
    if (rest === '') return { value: parts }
    if (!rest.startsWith('.')) return notAName(text)
    rest = rest.slice(1)
  }
}

export function parseTableName(text: string): Parsed<{ readonly schema?: string; readonly name: string }> {
  const parsed = parseName(text)
  if ('problem' in parsed) return parsed
  const [first = '', second] = parsed.value
  if (parsed.value.length > 2) {
    return {
      problem: `\`${text}\` has ${parsed.value.length} parts; a table has a schema and a name.`,
      advice: 'Name the database in `database.url`, and quote a dot that belongs to a name: `shop."a.b"`.',
    }
  }
  return { value: second === undefined ? { name: first } : { schema: first, name: second } }
}

export function parseColumnName(text: string): Parsed<string> {
  const parsed = parseName(text)
  if ('problem' in parsed) return parsed
  const [name = '', ...others] = parsed.value
  if (others.length === 0) return { value: name }
  return { problem: `\`${text}\` has a dot in it, and a column stands alone.`, advice: 'Leave the table away.' }
}

/** A member of `columns`: SQL in parentheses, or a name. */
export function parseMember(
  text: string,
): Parsed<{ readonly kind: 'column'; readonly name: string } | { readonly kind: 'expression'; readonly sql: string }> {
  const trimmed = text.trim()
  if (trimmed.startsWith('(') && trimmed.endsWith(')')) {
    const sql = trimmed.slice(1, -1).trim()
    if (sql !== '') return { value: { kind: 'expression', sql } }
  }
  const parsed = parseColumnName(text)
  return 'problem' in parsed ? parsed : { value: { kind: 'column', name: parsed.value } }
}

function notAName(text: string): { problem: string; advice: string } {
  const quoted = text.includes('"') ? null : `"${text}"`
  if (/[()]|->|\|\||::/.test(text)) {
    return {
      problem: `\`${text}\` is no name.`,
      advice: `If it is an expression, put it in parentheses: "(${text})".`,
    }
  }
  return {
    problem: `\`${text}\` is no name.`,
    advice: `A name with such characters is quoted as in SQL${quoted === null ? '' : `: '${quoted}'`}.`,
  }
}
