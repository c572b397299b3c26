import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logFormats } from '../../../src/logs/index.js'
import { type Collected, readText } from './collect.js'

const stamp = '2026-05-01 08:30:00.123'
const at = Date.UTC(2026, 4, 1, 8, 30, 0, 123)
const line = (text: string, session = '[7] app@shop') => `${stamp} UTC ${session} ${text}\n`

function stderr(...lines: readonly string[]): Collected {
  return readText('postgres-stderr', lines.join(''))
}

function texts({ statements }: Collected): unknown[] {
  return statements.map(({ text, parameters }) => (parameters === null ? text : [text, parameters]))
}

describe('messages on standard error', () => {
  test('a statement, with its line breaks as sent', () => {
    const found = stderr(
      line('LOG:  statement: SELECT 1\n\t\tFROM a\n\t  WHERE b'),
      line('LOG:  checkpoint starting: time'),
    )
    expect(found).toMatchObject({
      statements: [{ at, session: '7', database: 'shop', text: 'SELECT 1\n\tFROM a\n  WHERE b', parameters: null }],
      failures: [],
      unread: [],
    })
  })

  test.each(['parameters', 'Parameters'])('%s of an execution, although another session writes between', (word) => {
    const found = stderr(
      line('LOG:  execute a1: SELECT $1'),
      line('LOG:  execute <unnamed>/p: SELECT 2, $1', '[8] app@shop'),
      line(`DETAIL:  ${word}: $1 = 'x', $2 = NULL`),
      line(`DETAIL:  ${word}: $1 = '8'`, '[8] app@shop'),
    )
    expect(texts(found)).toEqual([
      ['SELECT $1', "$1 = 'x', $2 = NULL"],
      ['SELECT 2, $1', "$1 = '8'"],
    ])
  })

  test('durations: parse, bind and those without a text are no statements', () => {
    const found = stderr(
      line('LOG:  duration: 0.1 ms  parse s1: SELECT $1'),
      line('LOG:  duration: 0.2 ms  bind s1: SELECT $1'),
      line("DETAIL:  parameters: $1 = 'bound'"),
      line('LOG:  duration: 0.3 ms  execute s1: SELECT $1'),
      line("DETAIL:  parameters: $1 = 'x'"),
      line('LOG:  duration: 0.4 ms  statement: SELECT 2'),
      line('LOG:  duration: 0.5 ms'),
      line('LOG:  execute fetch from s1/c: SELECT 3'),
    )
    expect(texts(found)).toEqual([['SELECT $1', "$1 = 'x'"], 'SELECT 2'])
    expect(found.statements.map(({ duration }) => duration)).toEqual([0.3, 0.4])
  })

  test('EXECUTE: the prepared text with its arguments', () => {
    const detail = line('DETAIL:  prepare: PREPARE p (text, int) AS SELECT * FROM cart WHERE a = $1')
    expect(texts(stderr(line("LOG:  statement: EXECUTE p('it''s', -2.5, NULL)"), detail))).toEqual([
      ['SELECT * FROM cart WHERE a = $1', ["it's", '-2.5', null]],
    ])
    expect(texts(stderr(line('LOG:  statement: EXECUTE p(now())'), detail))).toEqual(['EXECUTE p(now())'])
  })

  test('a violated constraint, without its values', () => {
    const { failures } = stderr(
      line('ERROR:  duplicate key value violates unique constraint "cart_key"'),
      line('DETAIL:  Key (session_id, lower(a, b), "we,ird")=(secret, x, y) already exists.'),
      line('STATEMENT:  INSERT INTO cart VALUES (1)'),
      line('ERROR:  deadlock detected'),
      line('ERROR:  could not serialize access due to concurrent update'),
      line('ERROR:  division by zero'),
    )
    expect(failures.map(({ kind, constraint, columns, text }) => [kind, constraint, columns, text])).toEqual([
      ['unique-violation', 'cart_key', ['session_id', 'lower(a, b)', '"we,ird"'], 'INSERT INTO cart VALUES (1)'],
      ['deadlock', '', [], ''],
      ['serialization', '', [], ''],
      ['other', '', [], ''],
    ])
    expect(JSON.stringify(failures)).not.toContain('secret')
  })

  test('codes that verbose servers put before the message', () => {
    const found = stderr(line('LOG:  00000: statement: SELECT 1'), line('LOCATION:  exec_simple_query, postgres.c:1'))
    expect([texts(found), found.unread]).toEqual([['SELECT 1'], []])
  })

  test('plans of auto_explain, with the rows of their top node', () => {
    const plan =
      'LOG:  duration: 0.01 ms  plan:\n\tQuery Text: SELECT *\n\tFROM cart WHERE a = 1\n\tSeq Scan on cart  (cost=0.00..1.00 rows=9 width=4) (actual time=0.1..0.1 rows=0 loops=1)\n\t  Filter: (a = 1)'
    const found = stderr(line(plan))
    expect(found.statements).toMatchObject([{ text: 'SELECT *\nFROM cart WHERE a = 1', rows: 0 }])
    const twice = stderr(line(plan), line('LOG:  statement: SELECT *\n\tFROM cart WHERE a = 1'), line(plan))
    expect(twice.statements.map(({ rows }) => rows)).toEqual([0, 0])
  })

  test('entries of pgaudit', () => {
    const found = stderr(line('LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.cart,"SELECT ""a"", $1","x,""y""",0'))
    expect(found.statements).toMatchObject([{ text: 'SELECT "a", $1', parameters: ['x', 'y'], rows: 0 }])
  })

  test('messages in other languages', () => {
    const found = stderr(
      ...['LOG:  Anweisung: SELECT 1', 'LOG:  Dauer: 0.1 ms  Ausführen a1: SELECT $1'].map((text) =>
        line(latin1(text)),
      ),
      line("DETAIL:  Parameter: $1 = 'x'"),
      line(latin1('FEHLER:  doppelter Schlüsselwert verletzt Unique-Constraint »cart_key«')),
      line(latin1('DETAIL:  Schlüssel »(a)=(1)« existiert bereits.')),
      line('ANWEISUNG:  INSERT'),
    )
    expect(texts(found)).toEqual(['SELECT 1', ['SELECT $1', "$1 = 'x'"]])
    expect(found.failures).toMatchObject([{ text: 'INSERT' }])
    expect(found.unread).toEqual([])
  })

  test('lines of other programs are counted, those of the server itself are not', () => {
    const found = stderr(line('LOG:  statement: SELECT 1'), 'cp: no such file\n', `${stamp} UTC [1] LOG:  ready\n`)
    expect([texts(found), found.unread]).toEqual([['SELECT 1'], ['no-prefix-match: cp: no such file']])
  })
})

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

const record = (message: string, detail = '') =>
  `${stamp} UTC,"app","shop",7,"10.0.0.1:5",5f.7,1,"SELECT",${stamp} UTC,3/4,0,LOG,00000,"${message}","${detail}",,,,,,,,"web"\n`
const csv =
  record('execute a: SELECT ""x""\n, $1', `parameters: $1 = 'a\n""b""'`) +
  record('statement: SELECT 2\r\n -- é') +
  record('checkpoint')
const json = [
  {
    timestamp: `${stamp} UTC`,
    pid: 7,
    session_id: '5f.7',
    vxid: '3/4',
    error_severity: 'LOG',
    message: 'statement: SELECT "x"',
  },
  { timestamp: `${stamp} UTC`, error_severity: 'ERROR', state_code: '23505', message: 'duplicate "k"', statement: 'I' },
].map((one) => `${JSON.stringify(one)}\n`)
const samples: Readonly<Record<string, string>> = {
  'postgres-stderr':
    line('LOG:  execute a: SELECT\n\t$1\n\t\n\tFROM t') +
    line('LOG:  statement: SELECT 2', '[8] b@shop') +
    line("DETAIL:  parameters: $1 = 'x\n\ty'") +
    'stray\n' +
    line('ERROR:  duplicate key value violates unique constraint "k"') +
    line('STATEMENT:  INSERT\n\tINTO t'),
  'postgres-csv': csv,
  'postgres-json': json.join(''),
}

describe.each(Object.entries(samples))('%s', (name, sample) => {
  test('is recognised', () => {
    const sure = logFormats.map((format) => [format.recognises(sample), format.name] as const)
    expect(sure.sort(([a], [b]) => b - a)[0]?.[1]).toBe(name)
  })

  test('gives the same, however it is cut', () => {
    const whole = readText(name, sample)
    expect(whole.statements.length + whole.failures.length).toBeGreaterThan(1)
    for (let size = 1; size < sample.length; size++) expect(readText(name, sample, {}, size), `${size}`).toEqual(whole)
  })

  test('never throws, and finds the next whole records after damage', () => {
    const damage = fc.array(
      fc.tuple(fc.nat(sample.length - 1), fc.constantFrom('', '"', '\n', '\t', '\0', '\\', '\xff', "'", '{')),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(damage, fc.integer({ min: 1, max: 200 }), (changes, size) => {
        let text = sample
        for (const [place, byte] of changes) text = text.slice(0, place) + byte + text.slice(place + 1)
        const found = readText(name, `${text}\n${sample.repeat(3)}`, {}, size)
        const whole = readText(name, sample)
        expect(found.statements.length).toBeGreaterThanOrEqual(2 * whole.statements.length)
      }),
      { numRuns: 200 },
    )
  })

  test('takes time in proportion to a record of ten megabytes', () => {
    const start = performance.now()
    const long = 'x\n\t'.repeat(3_500_000)
    const text =
      samples[name]?.replace(/SELECT(?= )/, `SELECT ${name === 'postgres-json' ? 'x'.repeat(1e7) : long}`) ?? ''
    expect(Math.max(...readText(name, text).statements.map((one) => one.text.length))).toBeGreaterThan(6_000_000)
    expect(performance.now() - start).toBeLessThan(8000)
  })
})
