import { SeverityReader } from './postgres-severity.js'
import { isDigit, TimeReader } from './postgres-time.js'

/** What of a prefix is of use here. */
export const fields = [
  'pid',
  'session',
  'start',
  'database',
  'application',
  'transaction',
  'sqlstate',
  'remote',
] as const
export type Field = (typeof fields)[number]

type Kind = 'literal' | 'time' | 'skipped-time' | 'epoch' | 'digits' | 'hex' | 'pair' | 'remote' | 'text' | 'stop'

interface Step {
  readonly kind: Kind
  /** Of a literal; else, what follows the value. */
  readonly text: string
  /** Place in `fields`; -1: not kept. */
  readonly field: number
  /** The value is padded to at least so many characters. */
  readonly width: number
}

const escapes: Readonly<Record<string, readonly [Kind, Field?]>> = {
  a: ['text', 'application'],
  u: ['text'],
  d: ['text', 'database'],
  r: ['remote', 'remote'],
  h: ['text'],
  b: ['text'],
  p: ['digits', 'pid'],
  P: ['digits'],
  t: ['time'],
  m: ['time'],
  n: ['epoch'],
  i: ['text'],
  e: ['text', 'sqlstate'],
  c: ['hex', 'session'],
  l: ['digits'],
  s: ['skipped-time', 'start'],
  v: ['pair', 'transaction'],
  x: ['digits'],
  Q: ['digits'],
  q: ['stop'],
}

/** The longest text that a prefix may have for one field. */
const LONGEST = 300

/** Steps of a `log_line_prefix`; escapes that no server knows print nothing, as on the server. */
function stepsOf(prefix: string): Step[] {
  const tokens = [...prefix.matchAll(/%(-?\d*)([A-Za-z%])|%-?\d*$|[^%]+|%/g)]
  const steps: { kind: Kind; text: string; field: number; width: number }[] = []
  for (const [whole, width = '', letter] of tokens) {
    const literal = letter === '%' ? '%' : whole.startsWith('%') ? '' : whole
    const known = letter === undefined ? undefined : escapes[letter]
    const last = steps.at(-1)
    if (known)
      steps.push({
        kind: known[0],
        text: '',
        field: known[1] ? fields.indexOf(known[1]) : -1,
        width: Math.abs(Number(width)),
      })
    else if (literal !== '' && last?.kind === 'literal') last.text += literal
    else if (literal !== '') steps.push({ kind: 'literal', text: literal, field: -1, width: 0 })
  }
  return steps.map((step, at) => (step.kind === 'literal' ? step : { ...step, text: literalAfter(steps, at) }))
}

function literalAfter(steps: readonly Step[], at: number): string {
  const next = steps.slice(at + 1).find(({ kind }) => kind !== 'stop')
  return next?.kind === 'literal' ? next.text : ''
}

/** Reads what one `log_line_prefix` printed. */
export class PrefixMatcher {
  /** Milliseconds since 1970; NaN: the prefix has no time. */
  at = Number.NaN
  /** Where the values of the last match stand, by place in `fields`; a start of -1: not there. */
  readonly starts: number[] = fields.map(() => -1)
  readonly ends: number[] = fields.map(() => -1)
  readonly #steps: readonly Step[]
  /** Places of what only processes with a session print. */
  readonly #afterStop: readonly number[]
  readonly #time: TimeReader
  readonly #otherTime: TimeReader
  readonly #pattern: RegExp | undefined
  #patternFailures = 0

  constructor(
    readonly prefix: string,
    offsetMinutes: number | undefined,
    private readonly severity: SeverityReader = new SeverityReader(),
  ) {
    this.#steps = stepsOf(prefix)
    const stop = this.#steps.findIndex(({ kind }) => kind === 'stop')
    this.#afterStop = this.#steps.slice(stop).flatMap(({ field }) => (stop >= 0 && field >= 0 ? [field] : []))
    this.#time = new TimeReader(offsetMinutes)
    this.#otherTime = new TimeReader(offsetMinutes)
    this.#pattern = patternOf(this.#steps)
  }

  /** Whether the line at `from` has the prefix and a severity after it, which the reader of severities then has. */
  match(text: string, from: number, end: number): boolean {
    this.at = Number.NaN
    const after = this.#walk(text, from, end)
    if (after >= 0 && this.severity.read(text, after)) return true
    return this.#stopped(text) || this.#search(text, from, end)
  }

  #stop = -1

  /** `%q` ends the prefix of processes without a session. */
  #stopped(text: string): boolean {
    if (this.#stop < 0 || !this.severity.read(text, this.#stop)) return false
    for (const field of this.#afterStop) this.starts[field] = -1
    return true
  }

  #walk(text: string, from: number, end: number): number {
    this.#stop = -1
    let at = from
    for (const step of this.#steps) {
      if (step.kind === 'literal') {
        if (!text.startsWith(step.text, at)) return -1
        at += step.text.length
        continue
      }
      if (step.kind === 'stop') {
        this.#stop = at
        continue
      }
      const after = this.#value(step, text, at, Math.min(end, at + LONGEST))
      if (after < 0) return -1
      at = after
    }
    return at
  }

  /** Where the value at `from` ends, its padding included. */
  #value(step: Step, text: string, from: number, limit: number): number {
    let start = from
    if (step.width > 0) while (text.charCodeAt(start) === 32 && start < from + step.width) start++
    let end = this.#endOf(step, text, start, limit, from)
    if (end < 0) return -1
    const padded = Math.max(end, from + step.width)
    if (step.kind === 'text' && step.width > 0) while (end > start && text.charCodeAt(end - 1) === 32) end--
    if (step.field >= 0) {
      this.starts[step.field] = start
      this.ends[step.field] = end
    }
    return padded
  }

  #endOf(step: Step, text: string, start: number, limit: number, from: number): number {
    switch (step.kind) {
      case 'time': {
        const end = this.#time.read(text, start, true)
        this.at = this.#time.at
        return end
      }
      case 'skipped-time':
        // Processes without a session have none.
        return step.text !== '' && text.startsWith(step.text, start) ? start : this.#otherTime.read(text, start, true)
      case 'epoch': {
        const end = runOf(text, start, limit, isEpoch)
        this.at = end > start ? Number(text.slice(start, end)) * 1000 : Number.NaN
        return end > start ? end : -1
      }
      case 'digits':
        return runOf(text, start, limit, isNumber)
      case 'hex':
        return runOf(text, start, limit, isHex)
      case 'pair':
        return runOf(text, start, limit, isPair)
      case 'remote':
        return endOfRemote(text, start, limit, step.text)
      default:
        return step.text === '' ? -1 : find(text, step.text, Math.max(start, from + step.width), limit)
    }
  }

  /** The slow way, for values that hold what should end them. */
  #search(text: string, from: number, end: number): boolean {
    if (this.#pattern === undefined || this.#patternFailures > 200) return false
    const line = text.slice(from, Math.min(end, from + 2 * LONGEST))
    const found =
      this.#time.read(line, 0, false) >= 0 || !this.prefix.startsWith('%m') ? this.#pattern.exec(line) : null
    if (!found || !this.severity.read(text, from + found[0].length)) {
      this.#patternFailures++
      return false
    }
    this.#patternFailures = 0
    for (const [place, field] of fields.entries()) {
      const indices = found.indices?.groups?.[field]
      this.starts[place] = indices ? from + indices[0] : -1
      this.ends[place] = indices ? from + indices[1] : -1
    }
    const time = found.indices?.groups?.time
    if (time && this.#time.read(line, time[0], true) >= 0) this.at = this.#time.at
    return true
  }
}

/** Undefined if all values end where the quick way sees it. */
function patternOf(steps: readonly Step[]): RegExp | undefined {
  const texts = steps.filter(({ kind }) => kind === 'text')
  if (texts.length === 0 || texts.length > 4) return undefined
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [^\s:\]]{1,6})?`
  let timed = false
  const values: Readonly<Record<Kind, string>> = {
    literal: '',
    stop: '',
    time,
    'skipped-time': `(?:${time})?`,
    epoch: String.raw`\d+\.\d+`,
    digits: String.raw`-?\d*`,
    hex: '[0-9a-f.]*',
    pair: String.raw`[\d/]*`,
    remote: String.raw`\S*?`,
    text: String.raw`[^\n]{0,80}?`,
  }
  const sources = steps.map((step) => {
    if (step.kind === 'literal') return step.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    if (step.kind === 'stop') return ''
    const name = step.kind === 'time' && !timed ? 'time' : fields[step.field]
    timed ||= step.kind === 'time'
    const value = name === undefined ? `(?:${values[step.kind]})` : `(?<${name}>${values[step.kind]})`
    return step.width > 0 ? ` *${value} *` : value
  })
  return new RegExp(`^${sources.join('')}(?= {0,3}[A-Z\\x80-\\xff]{3,60}\\d? ?: )`, 'd')
}

/** Where `wanted` starts, looked for up to `limit` only. */
function find(text: string, wanted: string, from: number, limit: number): number {
  const first = wanted.charCodeAt(0)
  for (let at = from; at < limit; at++) if (text.charCodeAt(at) === first && text.startsWith(wanted, at)) return at
  return -1
}

/** `[local]`, `10.1.2.3(5432)`, `::1(5432)`, or nothing. */
function endOfRemote(text: string, from: number, limit: number, next: string): number {
  if (text.charCodeAt(from) === 91 /* [ */) {
    const close = find(text, ']', from, limit)
    return close < 0 ? -1 : close + 1
  }
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 40 /* ( */) {
      const end = runOf(text, at + 1, limit, isDigit)
      return text.charCodeAt(end) === 41 ? end + 1 : -1
    }
    if (code === 32 || code === 10) break
  }
  return next === '' || text.startsWith(next, from) ? from : -1
}

function runOf(text: string, from: number, limit: number, belongs: (code: number) => boolean): number {
  let at = from
  while (at < limit && belongs(text.charCodeAt(at))) at++
  return at
}

function isNumber(code: number): boolean {
  return isDigit(code) || code === 45
}

function isEpoch(code: number): boolean {
  return isDigit(code) || code === 46
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || code === 46
}

function isPair(code: number): boolean {
  return isDigit(code) || code === 47
}
