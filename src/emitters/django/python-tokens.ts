export interface Token {
  readonly kind: 'name' | 'string' | 'operator' | 'other'
  readonly text: string
}

/** A statement, whatever number of lines it takes. */
export interface LogicalLine {
  readonly indent: number
  readonly tokens: readonly Token[]
}

const TOKEN = new RegExp(
  [
    /(?<string>(?:[rbuft]|br|rb|fr|rf|tr|rt)?(?:"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))/u,
    /(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*)/u,
    /(?<skipped>[ \t\f]+|#[^\n]*|\\\n)/u,
    /(?<newline>\n)/u,
    /(?<other>\d[\w.]*)/u,
    /(?<operator>\*\*|\/\/|->|:=|[=!<>+\-*/%&|^@]=|.)/u,
  ]
    .map((part) => part.source)
    .join('|'),
  'gisu',
)

/** Python source as its statements. */
export function logicalLines(source: string): LogicalLine[] {
  const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const lines: LogicalLine[] = []
  let tokens: Token[] = []
  let depth = 0
  let lineStart = 0
  let indent = 0
  const endStatement = () => {
    if (tokens.length > 0) lines.push({ indent, tokens })
    tokens = []
  }
  for (const match of text.matchAll(TOKEN)) {
    const [kind = 'other', found = ''] =
      Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? []
    if (kind === 'newline') {
      lineStart = match.index + 1
      if (depth === 0) endStatement()
    } else if (kind === 'operator' && found === ';' && depth === 0) {
      endStatement()
    } else if (kind !== 'skipped') {
      if (tokens.length === 0) indent = statementIndent(text, lineStart)
      tokens.push({ kind: kind as Token['kind'], text: found })
      if (kind === 'operator') depth += nesting(found)
    }
  }
  endStatement()
  return lines
}

/** By how much a token goes deeper into brackets. */
export function nesting(operator: string): number {
  return '([{'.includes(operator) ? 1 : ')]}'.includes(operator) ? -1 : 0
}

function statementIndent(text: string, lineStart: number): number {
  let width = 0
  for (let at = lineStart; text[at] === ' ' || text[at] === '\t'; at++) width += text[at] === '\t' ? 8 - (width % 8) : 1
  return width
}
