import type { Table } from '../../model/catalog.js'
import { parseExpression, type Tree } from './grammar.js'
import { quoteIdentifier, sameName, tokens } from './sql-text.js'

/** One text for an expression, whoever printed it: operators in upper case, parentheses around each inner operation. */
export function spelling(printed: string, table: Pick<Table, 'columns'>): string {
  const tree = parseExpression(printed)
  return tree === null ? unqualified(printed) : print(simplified(tree, table), true)
}

/** One table is all there is to refer to. */
function unqualified(printed: string): string {
  const list = tokens(printed.trim())
  const isName = (at: number) => list[at]?.kind === 'quoted' || list[at]?.text === '.'
  return list.flatMap(({ text }, at) => (isName(at) && isName(at + 1) ? [] : [text])).join('')
}

const FLIPPED: Readonly<Record<string, string>> = {
  '=': '=',
  '<=>': '<=>',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

const OPPOSITE: Readonly<Record<string, string>> = {
  LIKE: 'NOT LIKE',
  IN: 'NOT IN',
  REGEXP: 'NOT REGEXP',
  'IS NULL': 'IS NOT NULL',
}

/** The same meaning in the form that the other server, or a person, would have chosen. */
function simplified(tree: Tree, table: Pick<Table, 'columns'>): Tree {
  const inner = mapped(tree, (child) => simplified(child, table))
  switch (inner.kind) {
    case 'call':
      return unpaddedColumn(inner, table) ?? inner
    case 'infix':
      return comparison(withPlainBytes(flattened(inner), table), table)
    case 'prefix':
      return negation(inner)
    case 'suffix': {
      // MySQL prints `x IS TRUE` as `(0 <> x) IS TRUE`.
      const { operand, operator } = inner
      return /^IS (NOT )?(TRUE|FALSE)$/.test(operator) && isTruth(operand)
        ? { ...inner, operand: operand.operands[0] ?? operand }
        : inner
    }
    default:
      return inner
  }
}

/** `rtrim(c)` of a char column, which has no trailing blanks. */
function unpaddedColumn({ name, args }: Extract<Tree, { kind: 'call' }>, table: Pick<Table, 'columns'>): Tree | null {
  const [operand] = args[0] ?? []
  const isOnly = name === 'rtrim' && args.length === 1 && args[0]?.length === 1
  return isOnly && operand !== undefined && columnOf(operand, table)?.baseType === 'char' ? operand : null
}

function isTruth(tree: Tree): tree is Extract<Tree, { kind: 'infix' }> {
  const [, zero] = tree.kind === 'infix' ? tree.operands : []
  return tree.kind === 'infix' && tree.operator === '<>' && zero?.kind === 'constant' && zero.text === '0'
}

function negation(tree: Extract<Tree, { kind: 'prefix' }>): Tree {
  const { operand, operator } = tree
  if (operator !== 'NOT') return tree
  if (operand.kind === 'between') return { ...operand, not: !operand.not }
  if (operand.kind !== 'infix' && operand.kind !== 'suffix') return tree
  const opposite = OPPOSITE[operand.operator]
  return opposite === undefined ? tree : { ...operand, operator: opposite }
}

function flattened(tree: Extract<Tree, { kind: 'infix' }>): Extract<Tree, { kind: 'infix' }> {
  if (tree.operator !== 'AND' && tree.operator !== 'OR') return tree
  const operands = tree.operands.flatMap((operand) =>
    operand.kind === 'infix' && operand.operator === tree.operator ? operand.operands : [operand],
  )
  return { ...tree, operands }
}

/** The column that a tree is; undefined for any other. */
function columnOf(tree: Tree | undefined, { columns }: Pick<Table, 'columns'>): Table['columns'][number] | undefined {
  const name = tree?.kind === 'column' ? tree.path.at(-1) : undefined
  return columns.find((one) => name !== undefined && sameName(one.name, name))
}

/** Beside a column of bytes, `_binary'x'` is what `'x'` is. */
function withPlainBytes(
  tree: Extract<Tree, { kind: 'infix' }>,
  table: Pick<Table, 'columns'>,
): Extract<Tree, { kind: 'infix' }> {
  const [left, ...others] = tree.operands
  if (left === undefined || !/^(var)?binary$|blob$/.test(columnOf(left, table)?.baseType ?? '')) return tree
  const plain = (one: Tree): Tree => {
    if (one.kind === 'list') return { ...one, members: one.members.map(plain) }
    return one.kind === 'constant' ? { ...one, text: one.text.replace(/^_binary(?=')/, '') } : one
  }
  return { ...tree, operands: [left, ...others.map(plain)] }
}

/** Constants stand on the right; TRUE and FALSE are numbers beside anything but JSON. */
function comparison(tree: Extract<Tree, { kind: 'infix' }>, table: Pick<Table, 'columns'>): Tree {
  const [left, right] = tree.operands
  const flipped = FLIPPED[tree.operator]
  if (flipped === undefined || left === undefined || right === undefined) return tree
  if (left.kind === 'constant' && right.kind !== 'constant')
    return comparison(withPlainBytes({ ...tree, operator: flipped, operands: [right, left] }, table), table)
  const column = columnOf(left, table)
  if (column === undefined || column.baseType === 'json' || right.kind !== 'constant') return tree
  const number = { TRUE: '1', FALSE: '0' }[right.text]
  return number === undefined ? tree : { ...tree, operands: [left, { kind: 'constant', text: number }] }
}

function mapped(tree: Tree, change: (child: Tree) => Tree): Tree {
  switch (tree.kind) {
    case 'call':
      return { ...tree, args: tree.args.map((arg) => arg.map(change)) }
    case 'prefix':
    case 'suffix':
      return { ...tree, operand: change(tree.operand) }
    case 'infix':
      return { ...tree, operands: tree.operands.map(change) }
    case 'list':
      return { ...tree, members: tree.members.map(change) }
    case 'between': {
      const [operand, low, high] = tree.operands
      return { ...tree, operands: [change(operand), change(low), change(high)] }
    }
    case 'case':
      return { ...tree, parts: tree.parts.map(([word, part]) => [word, change(part)] as const) }
    case 'interval':
      return { ...tree, amount: change(tree.amount) }
    default:
      return tree
  }
}

/** Two signs together would begin a comment. */
function unsigned(tree: Tree): string {
  const sql = print(tree)
  return sql.startsWith('-') ? `(${sql})` : sql
}

function print(tree: Tree, outermost = false): string {
  const enclosed = (sql: string) => (outermost ? sql : `(${sql})`)
  switch (tree.kind) {
    case 'column':
      // One table is all there is to refer to.
      return quoteIdentifier(tree.path.at(-1) ?? '')
    case 'constant':
    case 'word':
      return tree.text
    case 'call':
      return `${tree.name}(${tree.args.map((arg) => arg.map((item) => print(item, arg.length === 1)).join(' ')).join(', ')})`
    case 'prefix':
      return enclosed(
        tree.operator === 'NOT' ? `NOT ${print(tree.operand)}` : `${tree.operator}${unsigned(tree.operand)}`,
      )
    case 'infix':
      return enclosed(tree.operands.map((operand) => print(operand)).join(` ${tree.operator} `))
    case 'suffix':
      return enclosed(`${print(tree.operand)} ${tree.operator}`)
    case 'list':
      return `(${tree.members.map((member) => print(member, true)).join(', ')})`
    case 'between': {
      const [operand, low, high] = tree.operands.map((part) => print(part))
      return enclosed(`${operand} ${tree.not ? 'NOT ' : ''}BETWEEN ${low} AND ${high}`)
    }
    case 'case':
      return `CASE ${tree.parts.map(([word, part]) => `${word} ${print(part)}`.trim()).join(' ')} END`
    case 'interval':
      return `INTERVAL ${print(tree.amount)} ${tree.unit}`
  }
}
