import { PrefixMatcher } from './postgres-prefix.js'
import { findSeverity, type SeverityReader } from './postgres-severity.js'

/** Prefixes in use at many places; of two that fit, the one that tells more comes first. */
export const usualPrefixes: readonly string[] = [
  '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
  '%m [%p]: user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: [%l-1] db=%d,user=%u ',
  '%m [%p]: [%l-1] db=%d,user=%u ',
  '%t:%r:%u@%d:[%p]:',
  '%m:%r:%u@%d:[%p]:',
  '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:',
  '%t-%c-',
  '%m [%p] %q%u@%d ',
  '%t [%p] %q%u@%d ',
  '%t [%p-%l] %q%u@%d ',
  '%m [%p] %q[user=%u,db=%d,app=%a] ',
  '%m [%p] ',
  '%t [%p] ',
  '%t [%p]: [%l-1] ',
  '%m ',
  '%t ',
  '%q%u@%d ',
  '',
]

/** What stands behind `name=`. */
const labels: Readonly<Record<string, string>> = {
  u: '%u',
  usr: '%u',
  user: '%u',
  d: '%d',
  db: '%d',
  dbname: '%d',
  database: '%d',
  a: '%a',
  app: '%a',
  application: '%a',
  application_name: '%a',
  h: '%h',
  host: '%h',
  client: '%h',
  remote: '%h',
  p: '%p',
  pid: '%p',
  c: '%c',
  sid: '%c',
  sess: '%c',
  session: '%c',
  v: '%v',
  vx: '%v',
  vxid: '%v',
  tx: '%x',
  txid: '%x',
  xid: '%x',
  l: '%l',
  line: '%l',
  e: '%e',
  sqlstate: '%e',
  tag: '%i',
  cmd: '%i',
}

/** Pieces of a printed prefix, surest first; one that was had before becomes something that is skipped. */
const pieces: readonly (readonly [RegExp, (found: RegExpExecArray, had: (code: string) => boolean) => string])[] = [
  [
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?:[A-Za-z]{1,6}(?![A-Za-z])|[+-]\d{2,4})/y,
    (_, had) => (had('%m') ? '%s' : '%m'),
  ],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:[A-Za-z]{1,6}(?![A-Za-z])|[+-]\d{2,4})/y, (_, had) => (had('%m') ? '%s' : '%m')],
  [/\d{10}\.\d{3}(?!\d)/y, (_, had) => (had('%m') ? '%b' : '%n')],
  [/[0-9a-f]{8}\.[0-9a-f]{1,8}(?![0-9a-f])/y, () => '%c'],
  [/\d+\/\d+/y, () => '%v'],
  [new RegExp(String.raw`\b(${Object.keys(labels).join('|')})( ?= ?)(\[local\]|[^\s,;|\])]*)`, 'iy'), labelled],
  [/[A-Za-z_]+ ?= ?/y, ([whole]) => whole as string],
  [/\[(\d+)\]/y, (_, had) => (had('%p') ? '[%l]' : '[%p]')],
  [/[\w.:-]+\(\d+\)|\[local\]/y, () => '%r'],
  [/\d+(?![\w.])/y, (_, had) => (had('%p') ? '%l' : '%p')],
  [/([\w.-]+|\[unknown\])@([\w.-]+|\[unknown\])/y, () => '%u@%d'],
  [/[A-Z0-9]{5}(?![A-Z0-9a-z])/y, () => '%e'],
  [/\[unknown\]|[\w.$-]+/y, () => '%b'],
  [/[\s\S]/y, ([char]) => (char === '%' ? '%%' : (char as string))],
]

function labelled([, name = '', equals = '', value = '']: RegExpExecArray): string {
  const code = labels[name.toLowerCase()] ?? '%b'
  return name + equals + (code === '%h' && /^(\[local\]|.*\(\d+\))$/.test(value) ? '%r' : code)
}

/** A prefix that could have printed this one. */
export function inferPrefix(printed: string): string {
  let prefix = ''
  const had = (code: string): boolean => prefix.includes(code)
  for (let at = 0; at < printed.length; ) {
    for (const [pattern, make] of pieces) {
      pattern.lastIndex = at
      const found = pattern.exec(printed)
      if (!found || found[0] === '') continue
      prefix += make(found, had)
      at += found[0].length
      break
    }
  }
  return prefix
}

/** A matcher for a line that none so far fits; undefined: it is no line of a server's log. */
export function learnPrefix(
  line: string,
  severity: SeverityReader,
  offsetMinutes: number | undefined,
): PrefixMatcher | undefined {
  const at = findSeverity(line, severity)
  if (at < 0) return undefined
  for (const prefix of [...usualPrefixes, inferPrefix(line.slice(0, at))]) {
    const matcher = new PrefixMatcher(prefix, offsetMinutes, severity)
    if (matcher.match(line, 0, line.length)) return matcher
  }
  return undefined
}
