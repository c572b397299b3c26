import type { PartFact } from '../../model/verdict.js'
import { parseExpression, type Tree } from './grammar.js'
import { sameName } from './sql-text.js'

type Nulls = PartFact['null']

/** Functions that give NULL for NULL input only. */
const STRICT =
  /^(lower|upper|trim|ltrim|rtrim|left|right|substr|replace|concat|md5|sha|sha1|sha2|hex|length|char_length|abs|reverse|lpad|rpad|year|month|to_base64|convert|greatest|least|floor|ceiling|round)$/

const COMPARISONS = /^(=|<>|<|<=|>|>=|(NOT )?(LIKE|REGEXP|IN))$/

/** When a spelled expression is NULL: never, exactly when a column of it is, or for other values too. */
export function nullOfExpression(sql: string): Nulls {
  const tree = parseExpression(sql)
  return tree === null ? 'possible' : nullOf(tree)
}

const weakest = (list: readonly Nulls[]): Nulls =>
  list.includes('possible') ? 'possible' : list.includes('with-input') ? 'with-input' : 'never'

function nullOf(tree: Tree): Nulls {
  switch (tree.kind) {
    case 'column':
      return 'with-input'
    case 'constant':
      return tree.text === 'NULL' ? 'possible' : 'never'
    case 'word':
      return 'never'
    case 'suffix':
      return tree.operator.startsWith('IS ') ? 'never' : nullOf(tree.operand)
    case 'prefix':
      return nullOf(tree.operand)
    case 'infix':
      return nullOfInfix(tree)
    case 'call':
      return nullOfCall(tree)
    default:
      return 'possible'
  }
}

function nullOfInfix({ operator, operands }: Extract<Tree, { kind: 'infix' }>): Nulls {
  if (operator === '<=>') return 'never'
  const strict = /^([-+*|&^]|<<|>>)$/.test(operator) || (COMPARISONS.test(operator) && !operator.endsWith('IN'))
  return strict ? weakest(operands.map(nullOf)) : 'possible'
}

function nullOfCall({ name, args }: Extract<Tree, { kind: 'call' }>): Nulls {
  const nulls = args.map((arg) => weakest(arg.map(nullOf)))
  if (name === 'coalesce' || name === 'ifnull') return nulls.includes('never') ? 'never' : 'possible'
  if (name === 'if') return nulls.slice(1).every((one) => one === 'never') ? 'never' : 'possible'
  // A cast to a date or a number of another range can fail, which gives NULL.
  if (name === 'cast')
    return args[0]?.some(
      ({ kind, ...word }) => kind === 'word' && /^(date|datetime|time|json)$/i.test(Object.values(word).join('')),
    )
      ? 'possible'
      : weakest(nulls)
  return STRICT.test(name) ? weakest(nulls) : 'possible'
}

/** Whether a spelled condition can't hold for a row in which the column is NULL. */
export function rejectsNull(condition: string, column: string): boolean {
  const tree = parseExpression(condition)
  return tree !== null && rejects(tree, column)
}

/** The tree isn't true where the column is NULL. */
function rejects(tree: Tree, column: string): boolean {
  switch (tree.kind) {
    case 'infix':
      if (tree.operator === 'AND') return tree.operands.some((operand) => rejects(operand, column))
      if (tree.operator === 'OR') return tree.operands.every((operand) => rejects(operand, column))
      if (tree.operator.endsWith('IN')) return tree.operands.slice(0, 1).some((operand) => isNullWith(operand, column))
      return COMPARISONS.test(tree.operator) && tree.operands.some((operand) => isNullWith(operand, column))
    case 'between':
      return tree.operands.slice(0, 1).some((operand) => isNullWith(operand, column))
    case 'suffix':
      return /^IS (NOT NULL|TRUE|FALSE)$/.test(tree.operator) && isNullWith(tree.operand, column)
    default:
      return isNullWith(tree, column)
  }
}

/** The tree is NULL where the column is. */
function isNullWith(tree: Tree, column: string): boolean {
  switch (tree.kind) {
    case 'column':
      return sameName(tree.path.at(-1) ?? '', column)
    case 'call':
      return (STRICT.test(tree.name) || tree.name === 'cast') && tree.args.flat().some((arg) => isNullWith(arg, column))
    case 'prefix':
      return isNullWith(tree.operand, column)
    case 'suffix':
      return tree.operator.startsWith('COLLATE') && isNullWith(tree.operand, column)
    case 'infix':
      return (
        (/^([-+*/%|&^]|DIV|<<|>>)$/.test(tree.operator) ||
          (COMPARISONS.test(tree.operator) && !tree.operator.endsWith('IN'))) &&
        tree.operands.some((operand) => isNullWith(operand, column))
      )
    default:
      return false
  }
}
