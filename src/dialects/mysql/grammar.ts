import { nameOf, quoteIdentifier, quoteLiteral, type Token, textOf, words } from './sql-text.js'

/**
 * An expression as MySQL and MariaDB print it, read into a tree, so that one spelling stands for what they write
 * differently: MySQL puts parentheses around everything, MariaDB only where needed, and each turns some comparisons around.
 */
export type Tree =
  | { readonly kind: 'column'; readonly path: readonly string[] }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly (readonly Tree[])[] }
  /** A keyword inside a call: `AS`, `USING`, a type. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'prefix'; readonly operator: string; readonly operand: Tree }
  | { readonly kind: 'infix'; readonly operator: string; readonly operands: readonly Tree[] }
  /** `IS NULL`, `IS TRUE`, `COLLATE utf8mb4_bin` */
  | { readonly kind: 'suffix'; readonly operator: string; readonly operand: Tree }
  | { readonly kind: 'list'; readonly members: readonly Tree[] }
  | { readonly kind: 'between'; readonly not: boolean; readonly operands: readonly [Tree, Tree, Tree] }
  | { readonly kind: 'case'; readonly parts: readonly (readonly [string, Tree])[] }
  | { readonly kind: 'interval'; readonly amount: Tree; readonly unit: string }

/** Lowest first. NOT stands between AND and the comparisons. */
const LEVELS: readonly (readonly string[])[] = [
  ['OR'],
  ['XOR'],
  ['AND'],
  [],
  ['=', '<=>', '<>', '<', '<=', '>', '>=', 'LIKE', 'NOT LIKE', 'REGEXP', 'NOT REGEXP', 'RLIKE', 'IN', 'NOT IN'],
  ['|'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%', 'DIV', 'MOD'],
  ['^'],
]
const NOT_LEVEL = 3
const COMPARISON = 4

/** As MariaDB prints them. */
const ALIASES: Readonly<Record<string, string>> = { lcase: 'lower', ucase: 'upper' }

/** Thrown for what this grammar doesn't know; the text is then left as it was printed. */
class Unread extends Error {}

/** Null where the text is no expression that we can read. */
export function parseExpression(sql: string): Tree | null {
  const reader = new Reader(words(sql))
  try {
    const tree = reader.expression(0)
    return reader.atEnd() ? tree : null
  } catch (error) {
    if (error instanceof Unread) return null
    throw error
  }
}

class Reader {
  private at = 0

  constructor(private readonly list: readonly Token[]) {}

  atEnd(): boolean {
    return this.at >= this.list.length
  }

  expression(level: number): Tree {
    if (level >= LEVELS.length) return this.collated()
    if (level === NOT_LEVEL) {
      if (!this.takeWord('NOT')) return this.expression(level + 1)
      return { kind: 'prefix', operator: 'NOT', operand: this.expression(level) }
    }
    let left = this.expression(level + 1)
    for (;;) {
      const next = level === COMPARISON ? this.comparison(left) : this.infix(left, level)
      if (next === null) return left
      left = next
    }
  }

  private infix(left: Tree, level: number): Tree | null {
    const operator = LEVELS[level]?.find((candidate) => this.takeOperator(candidate))
    if (operator === undefined) return null
    // MariaDB prints % as MOD.
    return {
      kind: 'infix',
      operator: operator === 'MOD' ? '%' : operator,
      operands: [left, this.expression(level + 1)],
    }
  }

  private comparison(left: Tree): Tree | null {
    if (this.takeWord('IS')) {
      const not = this.takeWord('NOT') ? 'NOT ' : ''
      const what = ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'].find((word) => this.takeWord(word))
      if (what === undefined) throw new Unread()
      return { kind: 'suffix', operator: `IS ${not}${what === 'UNKNOWN' ? 'NULL' : what}`, operand: left }
    }
    const from = this.at
    const not = this.takeWord('NOT')
    if (this.takeWord('BETWEEN')) {
      const low = this.expression(COMPARISON + 1)
      if (!this.takeWord('AND')) throw new Unread()
      return { kind: 'between', not, operands: [left, low, this.expression(COMPARISON + 1)] }
    }
    const operator = LEVELS[COMPARISON]?.find((one) => !one.startsWith('NOT ') && this.takeOperator(one))
    if (operator === undefined || (not && !/^[A-Z]/.test(operator))) {
      this.at = from
      return null
    }
    const name = `${not ? 'NOT ' : ''}${operator}`
    if (operator !== 'IN') return { kind: 'infix', operator: name, operands: [left, this.expression(COMPARISON + 1)] }
    const right = this.primary()
    return {
      kind: 'infix',
      operator: name,
      operands: [left, right.kind === 'list' ? right : { kind: 'list', members: [right] }],
    }
  }

  private collated(): Tree {
    let operand = this.unary()
    while (this.takeWord('COLLATE')) {
      const name = this.take()
      operand = { kind: 'suffix', operator: `COLLATE ${nameOf(name)}`, operand }
    }
    return operand
  }

  private unary(): Tree {
    for (const operator of ['-', '~', '+'])
      if (this.takeOperator(operator)) {
        const operand = this.unary()
        return operator === '-' && operand.kind === 'constant' && /^[\d.]/.test(operand.text)
          ? { kind: 'constant', text: `-${operand.text}` }
          : { kind: 'prefix', operator, operand }
      }
    if (this.takeOperator('!')) return { kind: 'prefix', operator: 'NOT', operand: this.unary() }
    return this.primary()
  }

  private primary(): Tree {
    const token = this.take()
    if (token.text === '(') return this.parentheses()
    if (token.kind === 'number') return { kind: 'constant', text: token.text }
    if (token.kind === 'string') return { kind: 'constant', text: quoteLiteral(textOf(token)) }
    if (token.kind === 'quoted') return this.column(token)
    if (token.kind !== 'word') throw new Unread()
    return this.wordFirst(token)
  }

  private wordFirst(token: Token): Tree {
    const word = token.text.toUpperCase()
    const next = this.list[this.at]
    if (next?.kind === 'string') return this.prefixedConstant(token, this.take())
    if (word.startsWith('_') && next?.kind === 'number')
      return { kind: 'constant', text: `${token.text} ${this.take().text}` }
    if (next?.text === '(') return this.call(token.text)
    if (['NULL', 'TRUE', 'FALSE'].includes(word)) return { kind: 'constant', text: word }
    if (word === 'CASE') return this.caseOf()
    if (word === 'INTERVAL') {
      const amount = this.expression(COMPARISON + 1)
      return { kind: 'interval', amount, unit: this.take().text.toUpperCase() }
    }
    throw new Unread()
  }

  /** `_utf8mb4'a'`, `DATE'2020-01-01'`, `X'41'` */
  private prefixedConstant({ text }: Token, literal: Token): Tree {
    const value = quoteLiteral(textOf(literal))
    if (/^_utf8mb[34]$/i.test(text)) return { kind: 'constant', text: value }
    if (/^x$/i.test(text)) return { kind: 'constant', text: `0x${textOf(literal)}` }
    return {
      kind: 'constant',
      text: text.startsWith('_') ? `${text}${literal.text}` : `${text.toUpperCase()} ${value}`,
    }
  }

  private column(first: Token): Tree {
    const path = [nameOf(first)]
    while (this.takeOperator('.')) path.push(nameOf(this.take()))
    if (this.list[this.at]?.text === '(') return this.call(path.map(quoteIdentifier).join('.'))
    return { kind: 'column', path }
  }

  private parentheses(): Tree {
    const members = [this.expression(0)]
    while (this.takeOperator(',')) members.push(this.expression(0))
    if (!this.takeOperator(')')) throw new Unread()
    const [only] = members
    return members.length === 1 && only !== undefined ? only : { kind: 'list', members }
  }

  private call(name: string): Tree {
    this.at += 1
    const args: Tree[][] = [[]]
    while (!this.takeOperator(')')) {
      if (this.takeOperator(',')) args.push([])
      else args.at(-1)?.push(this.argument())
    }
    const spelled = name.startsWith('`') ? name : (ALIASES[name.toLowerCase()] ?? name.toLowerCase())
    return { kind: 'call', name: spelled, args: args.filter((arg) => arg.length > 0) }
  }

  /** An expression, or a keyword such as those of `cast(x as char charset utf8mb4)`. */
  private argument(): Tree {
    const [token, next] = [this.list[this.at], this.list[this.at + 1]]
    const isKeyword =
      token?.kind === 'word' &&
      next?.kind !== 'string' &&
      next?.text !== '(' &&
      !/^(null|true|false|case|interval|not)$/i.test(token.text)
    if (!isKeyword) return this.expression(0)
    return { kind: 'word', text: this.take().text }
  }

  private caseOf(): Tree {
    const parts: [string, Tree][] = []
    if (!this.isWord('WHEN')) parts.push(['', this.expression(0)])
    for (;;) {
      const word = ['WHEN', 'THEN', 'ELSE'].find((one) => this.takeWord(one))
      if (word === undefined) break
      parts.push([word, this.expression(0)])
    }
    if (!this.takeWord('END')) throw new Unread()
    return { kind: 'case', parts }
  }

  private take(): Token {
    const token = this.list[this.at]
    if (token === undefined) throw new Unread()
    this.at += 1
    return token
  }

  private isWord(word: string): boolean {
    const token = this.list[this.at]
    return token?.kind === 'word' && token.text.toUpperCase() === word
  }

  private takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.at += 1
    return true
  }

  private takeOperator(operator: string): boolean {
    if (/^[A-Z]/.test(operator)) return this.takeWord(operator)
    const token = this.list[this.at]
    if (token?.kind !== 'other' || token.text !== operator) return false
    this.at += 1
    return true
  }
}
