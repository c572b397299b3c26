import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mysqlGeneral } from '../../../src/logs/mysql-general.js'
import { anyPlaces, cut, mutated, read, texts, told } from './mysql-reading.js'

const mysql = `/usr/sbin/mysqld, Version: 9.7.4 (MySQL Community Server - GPL). started with:
Tcp port: 3306  Unix socket: /var/lib/mysql/socket
Time                 Id Command    Argument
2026-11-24T19:17:00.908379Z\t   14 Connect\troot@127.0.0.1 on shop using TCP/IP
2026-11-24T19:17:00.909049Z\t   14 Query\tSELECT * FROM t WHERE email = 'ann@x' LIMIT 1
2026-11-24T19:17:00.913467Z\t   15 Connect\tapp@localhost on  using Socket
2026-11-24T19:17:00.913468Z\t   14 Query\tINSERT INTO t (email, note) VALUES ('ann@x', 'line1
line2

\ttab
# Time: 2020-01-01T00:00:00.000000Z
end')
2026-11-24T19:17:00.921042Z\t   15 Init DB\tshop two
2026-11-24T19:17:00.921042Z\t   14 Prepare\tSELECT id FROM t WHERE email = ?
2026-11-24T19:17:00.921884Z\t   15 Execute\tSELECT id FROM t WHERE email = 'b\xc3\xbc'
2026-11-24T19:17:00.931793Z\t   14 Query\tUSE \`odd \`\`db\`
2026-11-24T19:17:00.932230Z\t   14 Query\tSELECT 1 # x
2026-11-24T19:17:00.936153Z\t   14 Change user\tapp@127.0.0.1 on other using SSL/TLS
2026-11-24T19:17:00.936780Z\t   14 Query\tSELECT 2
2026-11-24T19:17:00.936781Z\t   14 Close stmt\t
2026-11-24T19:17:00.952200Z\t   14 Quit\t
`

const mariadb = `/usr/sbin/mariadbd, Version: 11.8.9-MariaDB from Debian. started with:
Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock
Time\t\t    Id Command\tArgument
261124  9:17:23\t    13 Connect\troot@localhost as anonymous on shop
\t\t    13 Query\tSELECT * FROM t
\t   where a = 1
\t\t   111 Query\tSELECT 3
261124 19:17:24\t    13 Query\tSELECT 4
`

describe('the general log', () => {
  test('of MySQL 5.7 and newer', () => {
    expect(told(read(mysqlGeneral, mysql))).toEqual([
      "14 shop SELECT * FROM t WHERE email = 'ann@x' LIMIT 1",
      "14 shop INSERT INTO t (email, note) VALUES ('ann@x', 'line1\nline2\n\n\ttab\n# Time: 2020-01-01T00:00:00.000000Z\nend')",
      "15 shop two SELECT id FROM t WHERE email = 'b\xc3\xbc'",
      '14 shop USE `odd ``db`',
      '14 odd `db SELECT 1 # x',
      '14 other SELECT 2',
    ])
    const [first] = read(mysqlGeneral, mysql).statements
    expect(first).toMatchObject({ at: Date.UTC(2026, 10, 24, 19, 17, 0) + 909.049, rows: Number.NaN, parameters: null })
    expect(read(mysqlGeneral, mysql).unread).toEqual([])
  })

  test('with an offset in its times', () => {
    const line = '2026-11-24T19:17:00.5+02:00\t    1 Query\tSELECT 1\n'
    expect(read(mysqlGeneral, line).statements[0]?.at).toBe(Date.UTC(2026, 10, 24, 17, 17, 0, 500))
  })

  test('of MariaDB and old MySQL: hours padded with blanks, times only where they change', () => {
    const { statements } = read(mysqlGeneral, mariadb, { offsetMinutes: 60 })
    expect(statements.map(({ session, database, text, at }) => [session, database, text, at])).toEqual([
      ['13', 'shop', 'SELECT * FROM t\n\t   where a = 1', Date.UTC(2026, 10, 24, 8, 17, 23)],
      ['111', '', 'SELECT 3', Date.UTC(2026, 10, 24, 8, 17, 23)],
      ['13', 'shop', 'SELECT 4', Date.UTC(2026, 10, 24, 18, 17, 24)],
    ])
  })

  test('what only looks like the head of a record goes on with the text', () => {
    const log = `2026-11-24T19:17:00.1Z\t    1 Query\tSELECT 'a
2026-11-24T19:17:00.1Z\t    1 Nonsense\tSELECT 1
2026-11-24T19:17:00.1Z\t    x Query\tSELECT 1
261124 19:17:24\t    1 Query\tSELECT 4
\t\t    1 Query\tSELECT 5'
2026-11-24T19:17:00.2Z\t    1 Query\tSELECT 6
`
    const found = texts(read(mysqlGeneral, log))
    expect(found).toHaveLength(2)
    expect(found[0]?.split('\n')).toHaveLength(5)
  })

  test('a restart numbers connections anew; a file that is only reopened does not', () => {
    const banner = mysql.slice(0, mysql.indexOf('2026'))
    const connect = (id: number) => `2026-11-24T19:17:00.1Z\t    ${id} Connect\troot@localhost on shop using Socket\n`
    const query = (id: number) => `2026-11-24T19:17:00.1Z\t    ${id} Query\tSELECT ${id}\n`
    const session = (log: string) => read(mysqlGeneral, log).statements.map((one) => one.session)
    const begun = banner + connect(8) + query(8)
    expect(session(begun + banner + query(8))).toEqual(['8', '8'])
    expect(session(begun + banner + connect(9) + query(9) + query(8))).toEqual(['8', '9', '8'])
    expect(session(begun + banner + connect(7) + query(7) + connect(8) + query(8))).toEqual(['8', '7.1', '8.1'])
    expect(session(begun + connect(8) + query(8))).toEqual(['8', '8.1'])
  })

  test('a refused connection ends nobody else', () => {
    const log = `2026-11-24T19:17:00.1Z\t    7 Connect\tx@h on shop using TCP/IP
2026-11-24T19:17:00.1Z\t    7 Connect\tAccess denied for user 'x'@'h' (using password: YES)
2026-11-24T19:17:00.1Z\t    8 Query\tSELECT 8
`
    expect(told(read(mysqlGeneral, log))).toEqual(['8 - SELECT 8'])
  })

  test.each([
    ["SET sql_mode = 'NO_BACKSLASH_ESCAPES'", false, false],
    ["SET SESSION sql_mode='ANSI,STRICT_ALL_TABLES', autocommit=1", true, true],
    ['set names utf8mb4, @@session.sql_mode := "ANSI_QUOTES"', true, true],
    ["SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,NO_BACKSLASH_ESCAPES')", false, true],
    ["/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */", false, false],
    ["SET GLOBAL sql_mode = 'ANSI_QUOTES'", true, false],
    ["SET @old_sql_mode = 'ANSI_QUOTES'", true, false],
    ['SET sql_mode = ANSI_QUOTES', true, true],
    ["SELECT 'sql_mode=ANSI'", true, false],
  ])('after %s', (sql, backslashEscapes, doubleQuotedNames) => {
    const log = `2026-11-24T19:17:00.1Z\t 1 Query\t${sql}\n2026-11-24T19:17:00.1Z\t 1 Query\tSELECT 1\n2026-11-24T19:17:00.1Z\t 2 Query\tSELECT 2\n`
    const [, own, other] = read(mysqlGeneral, log).statements
    expect(own?.grammar).toMatchObject({ backslashEscapes, doubleQuotedNames })
    expect(other?.grammar).toMatchObject({ backslashEscapes: true, doubleQuotedNames: false })
  })

  test("the server's sql_mode holds until a connection sets its own, and again after DEFAULT", () => {
    const line = (sql: string) => `2026-11-24T19:17:00.1Z\t 1 Query\t${sql}\n`
    const log = ["SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')", 'SET sql_mode = DEFAULT', 'SELECT 1'].map(
      line,
    )
    const { statements } = read(mysqlGeneral, log, { sqlMode: 'ANSI_QUOTES,STRICT_ALL_TABLES' })
    expect(statements.map(({ grammar }) => grammar.doubleQuotedNames)).toEqual([true, false, true])
  })

  test('a file that begins inside a record says so once', () => {
    const found = read(mysqlGeneral, `end of a text')\nmore\n${mysql.slice(mysql.indexOf('2026'))}`)
    expect(found.unread).toEqual([['cut-off', "end of a text')"]])
    expect(found.statements).toHaveLength(6)
  })

  test('is recognised, and nothing else is', () => {
    expect(mysqlGeneral.recognises(mysql)).toBeGreaterThan(0.9)
    expect(mysqlGeneral.recognises(mariadb)).toBeGreaterThan(0.9)
    expect(mysqlGeneral.recognises('2026-11-24 19:17:00.100 UTC [12] LOG:  statement: SELECT 1\n')).toBe(0)
    expect(mysqlGeneral.recognises('# Time: 261124 19:17:23\n# User@Host: a[a] @ h []\n')).toBe(0)
    expect(mysqlGeneral.startsRecord(mysql.slice(mysql.indexOf('2026')))).toBe(true)
    expect(mysqlGeneral.startsRecord("line2')\n2026")).toBe(false)
  })

  test('any pieces give the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(mysql, mariadb), anyPlaces, (log, places) => {
        expect(read(mysqlGeneral, cut(log, places))).toEqual(read(mysqlGeneral, log))
      }),
    )
    expect(read(mysqlGeneral, [...mysql])).toEqual(read(mysqlGeneral, mysql))
  })

  test('changed bytes never stop it, and cost only the records around them', () => {
    fc.assert(
      fc.property(mutated(mysql + mysql + mysql), (log) => {
        expect(texts(read(mysqlGeneral, log)).length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  test('a statement of 10 MB in small pieces takes linear time', () => {
    const value = 'x'.repeat(10_000_000)
    const log = `2026-11-24T19:17:00.1Z\t 1 Query\tSELECT '${value}\n${value}'\n`
    const pieces = Array.from({ length: Math.ceil(log.length / 4096) }, (_, at) =>
      log.slice(at * 4096, at * 4096 + 4096),
    )
    const start = performance.now()
    expect(texts(read(mysqlGeneral, pieces))[0]?.length).toBe(20_000_010)
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  test('a line without an end is not held', () => {
    const piece = 'x'.repeat(1 << 20)
    const start = `2026-11-24T19:17:00.1Z\t 1 Query\tSELECT 0\n`
    const long = Array.from({ length: 70 }, () => piece)
    const found = read(mysqlGeneral, [start, '2026-11-24T19:17:00.1Z\t 1 Query\t', ...long, '\n', start])
    expect(found.unread.map(([reason]) => reason)).toEqual(['too-long'])
    expect(texts(found).at(-1)).toBe('SELECT 0')
  })
})
