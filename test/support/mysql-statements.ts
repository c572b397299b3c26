const TOKEN =
  /(?<string>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`)|(?<comment>--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!!).*?\*\/)|(?<delimiter>^[ \t]*DELIMITER[ \t]+(?<mark>\S+)[^\n]*)|(?<other>.)/gimsu

/** A file's statements, as the plain clients tell them apart: at `;`, or at what DELIMITER says. */
export function statementsOf(text: string): string[] {
  const found: string[] = []
  let mark = ';'
  let open = ''
  const close = () => {
    if (open.trim() !== '') found.push(open.trim())
    open = ''
  }
  for (const { groups = {} } of text.matchAll(TOKEN)) {
    if (groups.comment !== undefined) open += ' '
    else if (groups.delimiter !== undefined && open.trim() === '') mark = groups.mark ?? ';'
    else open += groups.string ?? groups.delimiter ?? groups.other ?? ''
    if (groups.other !== undefined && open.endsWith(mark)) {
      open = open.slice(0, -mark.length)
      close()
    }
  }
  close()
  return found
}
