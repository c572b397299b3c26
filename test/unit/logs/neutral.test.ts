import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neutral } from '../../../src/logs/neutral.js'
import { anyPlaces, cut, mutated, read } from './mysql-reading.js'

const line = (record: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ text: 'SELECT 1', ...record })}\n`
const statement = (record: Readonly<Record<string, unknown>>) => read(neutral, line(record)).statements[0]

describe('statements as JSON lines', () => {
  test('everything that they may tell', () => {
    const record = {
      time: '2026-11-24T19:17:00.899518Z',
      session: 42,
      database: 'shop',
      application: 'web',
      transaction: 't-1',
      text: 'SELECT id FROM cart WHERE a = $1',
      parameters: ['é', 1, true, null, 1.5, { a: 1 }],
      rows: 0,
      duration: 2.5,
      unknown: 'key',
    }
    expect(statement(record)).toEqual({
      at: expect.closeTo(Date.UTC(2026, 10, 24, 19, 17, 0) + 899.518, 3),
      session: '42',
      database: 'shop',
      application: 'web',
      transaction: 't-1',
      text: 'SELECT id FROM cart WHERE a = $1',
      parameters: ['é', '1', 'true', null, '1.5', '{"a":1}'],
      rows: 0,
      duration: 2.5,
      grammar: expect.objectContaining({ dollarQuotes: true }),
    })
    expect(statement({})).toMatchObject({ at: Number.NaN, session: '', parameters: null, rows: Number.NaN })
  })

  test.each([
    ['seconds', 1795547820],
    ['milliseconds', 1795547820000],
    ['microseconds', 1795547820000000],
    ['seconds as text', '1795547820.000'],
    ['another zone', '2026-11-24 21:17:00+02'],
    ['no zone', '2026-11-24T19:17:00'],
    ['nothing but UTC', '2026-11-24 19:17 UTC'],
  ])('time in %s', (_, time) => {
    expect(statement({ time })?.at).toBe(Date.UTC(2026, 10, 24, 19, 17, 0))
  })

  test('nanoseconds, and numbers that JavaScript has no room for', () => {
    const { statements } = read(
      neutral,
      '{"text":"x","time":1795547820000000000,"parameters":[12345678901234567890,"\\"123456789012345678"]}\n',
    )
    expect(statements[0]).toMatchObject({
      at: Date.UTC(2026, 10, 24, 19, 17, 0),
      parameters: ['12345678901234567890', '"123456789012345678'],
    })
  })

  test('escapes are the bytes that the character has', () => {
    expect(read(neutral, '{"text":"\\u00e9 \xc3\xa9"}').statements[0]?.text).toBe('\xc3\xa9 \xc3\xa9')
    expect(read(neutral, '{"text":"\xff"}').statements[0]?.text).toBe('\xff')
  })

  test('parameters by number, or as PostgreSQL writes them', () => {
    expect(statement({ parameters: { 2: 'b', $1: 'a' } })?.parameters).toEqual(['a', 'b'])
    expect(statement({ params: "$1 = 'x', $2 = NULL" })?.parameters).toBe("$1 = 'x', $2 = NULL")
    expect(statement({ parameters: { name: 'a' } })?.parameters).toBeNull()
  })

  test.each([
    [{ code: '23505', constraint: 'uq', columns: ['a'] }, 'unique-violation', 'uq', ['a']],
    [{ errno: 1062, code: 'ER_DUP_ENTRY' }, 'unique-violation', '', []],
    ['40P01', 'deadlock', '', []],
    [{ message: 'no' }, 'other', '', []],
    ['constructor', 'other', '', []],
  ])('error %j', (error, kind, constraint, columns) => {
    const { failures, statements } = read(neutral, line({ error }))
    expect(statements).toEqual([])
    expect(failures).toEqual([expect.objectContaining({ text: 'SELECT 1', kind, constraint, columns })])
  })

  test('other names of the text, and how the SQL is written', () => {
    expect(
      read(neutral, '{"statement":"SELECT `a`"}\n{"sql":"b"}\n{"query":"c","dialect":"MariaDB"}').statements,
    ).toEqual([
      expect.objectContaining({ text: 'SELECT `a`', grammar: expect.objectContaining({ backslashEscapes: true }) }),
      expect.objectContaining({ text: 'b', grammar: expect.objectContaining({ backslashEscapes: false }) }),
      expect.objectContaining({ text: 'c', grammar: expect.objectContaining({ backslashEscapes: true }) }),
    ])
  })

  test('what is no statement is told, and costs nothing else', () => {
    const found = read(neutral, `\xef\xbb\xbf{"text":"a"}\n\n[1]\n{"a":1}\nnull\n{"text":""}\n{"text":"b"`)
    expect(found.statements.map(({ text }) => text)).toEqual(['a'])
    expect(found.unread.map(([reason]) => reason)).toEqual(Array.from({ length: 5 }, () => 'not-json-statement'))
    expect(
      read(neutral, `{"text":"a","parameters":[${'['.repeat(200_000)}${']'.repeat(200_000)}]}`).statements.length,
    ).toBeLessThan(2)
  })

  test('any pieces give the same, and changed bytes never stop it', () => {
    const log = [{ time: 1 }, { session: 'ü', parameters: ['\u{1f600}'] }, { error: '23505' }].map(line).join('')
    fc.assert(
      fc.property(anyPlaces, (places) => {
        expect(read(neutral, cut(log, places))).toEqual(read(neutral, log))
      }),
    )
    fc.assert(
      fc.property(mutated(log), (text) => {
        read(neutral, text)
      }),
    )
  })
})
