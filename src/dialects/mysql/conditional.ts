import { stripParentheses, tokens } from './sql-text.js'

/** A spelled expression that is NULL unless a condition holds: what unique indexes here have instead of a predicate. */
export interface Conditional {
  /** Null where it holds for all rows. */
  readonly predicate: string | null
  readonly value: string
}

/** `if(P, v, NULL)`, `CASE WHEN P THEN v END` and their kin taken apart. */
export function conditionalOf(sql: string): Conditional {
  const branches = ifOf(sql) ?? caseOf(sql)
  if (branches === null) return { predicate: null, value: sql }
  const [condition, yes, no] = branches
  const isNull = (one: string) => one.toUpperCase() === 'NULL'
  if (isNull(no) && !isNull(yes)) return nested(condition, yes)
  const negated = isNull(yes) && !isNull(no) ? negation(condition) : null
  return negated === null ? { predicate: null, value: sql } : nested(negated, no)
}

function nested(predicate: string, value: string): Conditional {
  const inner = conditionalOf(stripParentheses(value))
  return inner.predicate === null
    ? { predicate, value: inner.value }
    : { predicate: `(${predicate}) AND (${inner.predicate})`, value: inner.value }
}

function ifOf(sql: string): [string, string, string] | null {
  if (!/^if\(/i.test(sql) || !sql.endsWith(')')) return null
  const args: string[] = ['']
  let depth = 0
  for (const token of tokens(sql.slice(3, -1))) {
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (depth < 0) return null
    if (token.text === ',' && depth === 0) args.push('')
    else args[args.length - 1] += token.text
  }
  const [condition, yes, no] = args.map(stripParentheses)
  return args.length === 3 && condition !== undefined && yes !== undefined && no !== undefined
    ? [condition, yes, no]
    : null
}

/** With one WHEN, and no operand between CASE and it. */
function caseOf(sql: string): [string, string, string] | null {
  if (!/^CASE WHEN /i.test(sql)) return null
  const parts: Record<'WHEN' | 'THEN' | 'ELSE', string> = { WHEN: '', THEN: '', ELSE: '' }
  let part: keyof typeof parts | null = null
  let depth = 0
  const list = tokens(sql)
  for (const [at, { kind, text }] of list.entries()) {
    const word = kind === 'word' ? text.toUpperCase() : ''
    if (word === 'END' && depth === 1 && at !== list.length - 1) return null
    if (word === 'END' && --depth === 0) break
    if (word === 'CASE' && ++depth === 1) continue
    if (depth === 1 && (word === 'WHEN' || word === 'THEN' || word === 'ELSE')) {
      if (parts[word] !== '') return null
      part = word
    } else if (part !== null) parts[part] += text
  }
  const [condition, yes, no] = [parts.WHEN, parts.THEN, parts.ELSE].map(stripParentheses)
  return condition && yes ? [condition, yes, no || 'NULL'] : null
}

/** The condition under which neither `condition` nor NULL is the answer; only where that is plain to see. */
function negation(condition: string): string | null {
  const test = /^(?<operand>.+) IS (?<not>NOT )?NULL$/su.exec(condition)?.groups
  if (test === undefined || / (?:AND|OR|XOR) /.test(condition)) return null
  return `${test.operand} IS ${test.not === undefined ? 'NOT ' : ''}NULL`
}
