import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mysqlHistory } from '../../../src/logs/mysql-history.js'
import { neutral } from '../../../src/logs/neutral.js'
import { mysqlDigest, pgStatStatements } from '../../../src/logs/statistics.js'
import { anyPlaces, cut, mutated, read } from './mysql-reading.js'

const csv = `userid,queryid,query,calls,rows,datname
10,-8888888888888888888,"SELECT ""id"", ','
 FROM cart WHERE session_id = $1 LIMIT $2",12,3,shop
10,,<insufficient privilege>,1,1,shop
10,5,INSERT INTO cart VALUES ($1),9,9,shop
`
const tsv = `SCHEMA_NAME	DIGEST	DIGEST_TEXT	COUNT_STAR	SUM_ERRORS	SUM_ROWS_SENT	SUM_ROWS_AFFECTED
shop	ab	EXECUTE SELECT ${'`id`'} FROM ${'`t`'} WHERE ${'`email`'} IN (...)	5	0	2	0
shop	ab	PREPARE SELECT ${'`id`'} FROM ${'`t`'}	5	0	0	0
shop	ab	INSERT INTO ${'`t`'} ( ${'`a\\tb\\\\n`'} ) VALUES (?) ...	5	1	0	4
NULL	NULL	NULL	7	1	0	4
`

describe('exported statistics', () => {
  test('of pg_stat_statements as CSV', () => {
    const found = read(pgStatStatements, csv)
    expect(found.totals.map(({ database, text, calls, rows }) => [database, text, calls, rows])).toEqual([
      ['shop', `SELECT "id", ','\n FROM cart WHERE session_id = $1 LIMIT $2`, 12, 3],
      ['shop', 'INSERT INTO cart VALUES ($1)', 9, 9],
    ])
    expect(found.unread).toEqual([['insufficient-privilege', '']])
    expect(read(pgStatStatements, `\xef\xbb\xbf${csv.replaceAll('\n', '\r\n')}`).totals[1]).toEqual(found.totals[1])
    expect(read(pgStatStatements, 'query;calls;rows\n"a;b";1;2').totals[0]).toMatchObject({
      text: 'a;b',
      calls: 1,
      rows: 2,
    })
  })

  test('of two servers, one file after the other', () => {
    const { totals } = read(pgStatStatements, `${csv}rows,query,calls,datname\n1,SELECT 2,3,blog\n`)
    expect(totals.map(({ text, calls }) => [text, calls]).slice(1)).toEqual([
      ['INSERT INTO cart VALUES ($1)', 9],
      ['SELECT 2', 3],
    ])
  })

  test.each([
    ['lines', '{"query":"SELECT \\"{\\" \\u00e9","calls":5,"rows":"2"}\n{"query":"b","calls":1}\n'],
    ['a list', '\n[{"query":"SELECT \\"{\\" \\u00e9","calls":5,"rows":"2"},\n {"query":"b","calls":1}]'],
  ])('of pg_stat_statements as JSON in %s', (_, json) => {
    expect(read(pgStatStatements, json).totals).toEqual([
      expect.objectContaining({ text: 'SELECT "{" \xc3\xa9', calls: 5, rows: 2 }),
      expect.objectContaining({ text: 'b', calls: 1, rows: Number.NaN }),
    ])
  })

  test("of MySQL's digests, as its client writes them", () => {
    const found = read(mysqlDigest, tsv)
    expect(found.totals).toEqual([
      expect.objectContaining({
        text: 'SELECT `id` FROM `t` WHERE `email` IN (...)',
        calls: 5,
        rows: 2,
        truncated: false,
      }),
      expect.objectContaining({
        text: 'INSERT INTO `t` ( `a\tb\\n` ) VALUES (?) ...',
        rows: 4,
        errors: 1,
        truncated: true,
      }),
    ])
    expect(found.unread).toEqual([['no-text', '']])
  })

  test('of the history: what failed, and what was cut off', () => {
    const names =
      'THREAD_ID\tEVENT_ID\tEVENT_NAME\tTIMER_START\tTIMER_END\tSQL_TEXT\tCURRENT_SCHEMA\tMYSQL_ERRNO\tMESSAGE_TEXT\tROWS_AFFECTED\tROWS_SENT'
    const rows = [
      '60\t1\tstatement/sql/select\t1000000000\t3000000000\tSELECT 1\tshop\t0\tNULL\t0\t0',
      "60\t2\tstatement/com/Execute\t1\t2\tINSERT INTO t VALUES (?)\tshop\t1062\tDuplicate entry 'for key 'x'' for key 't.uq_t'\t0\t0",
      '60\t3\tstatement/com/Prepare\t1\t2\tSELECT ?\tshop\t0\tNULL\t0\t0',
      '60\t4\tstatement/sql/select\t1\t2\tSELECT aaa...\tshop\t0\tNULL\t0\t0',
      '60\t5\tstatement/com/Quit\t1\t2\tNULL\tshop\t0\tNULL\t0\t0',
    ]
    const found = read(mysqlHistory, [names, ...rows, ''].join('\n'))
    expect(found.statements).toEqual([
      expect.objectContaining({ session: '60', text: 'SELECT 1', rows: 0, duration: 2 }),
    ])
    expect(found.failures).toEqual([expect.objectContaining({ kind: 'unique-violation', constraint: 'uq_t' })])
    expect(found.unread.map(([reason]) => reason)).toEqual(['truncated-text'])
  })

  test('each is recognised for itself', () => {
    const formats = [pgStatStatements, mysqlDigest, mysqlHistory, neutral]
    const best = (head: string) => {
      const scores = formats.map((format) => format.recognises(head))
      return formats[scores.indexOf(Math.max(...scores))]?.name
    }
    expect(best(csv)).toBe('pg-stat-statements')
    expect(best('{"query":"b","calls":1,"rows":2}\n')).toBe('pg-stat-statements')
    expect(best(tsv)).toBe('mysql-digest')
    expect(best('[{"DIGEST_TEXT": "a", "COUNT_STAR": 1}]')).toBe('mysql-digest')
    expect(best('{"query":"b","time":1}\n')).toBe('jsonl')
    expect(formats.map((format) => format.recognises('2026-11-24 LOG:  statement: SELECT 1\n'))).toEqual([0, 0, 0, 0])
  })

  test('any pieces give the same, and changed bytes never stop it', () => {
    const json = `[{"query":"a","calls":5,"rows":"2"},{"query":"}","calls":1}]`
    fc.assert(
      fc.property(anyPlaces, (places) => {
        for (const [format, text] of [
          [pgStatStatements, csv],
          [pgStatStatements, json],
          [mysqlDigest, tsv],
        ] as const)
          expect(read(format, cut(text, places))).toEqual(read(format, text))
      }),
    )
    fc.assert(
      fc.property(mutated(csv), mutated(json), mutated(tsv), (a, b, c) => {
        for (const text of [a, b]) read(pgStatStatements, text)
        read(mysqlDigest, c)
      }),
    )
  })
})
