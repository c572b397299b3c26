import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mysqlSlow } from '../../../src/logs/mysql-slow.js'
import { anyPlaces, cut, mutated, read, texts, told } from './mysql-reading.js'

const banner = `/usr/sbin/mysqld, Version: 9.7.4 (MySQL Community Server - GPL). started with:
Tcp port: 3306  Unix socket: /var/lib/mysql/socket
Time                 Id Command    Argument
`
const mysql = `${banner}# Time: 2026-11-24T19:17:21.610005Z
# User@Host: root[root] @  [127.0.0.1]  Id:    19
# Query_time: 0.004005  Lock_time: 0.000159 Rows_sent: 0  Rows_examined: 0
use odd db;
SET timestamp=1795547841;
SELECT * FROM t WHERE email = 'ann@x' LIMIT 1;
# Time: 2026-11-24T19:17:21.694473Z
# User@Host: root[root] @  [127.0.0.1]  Id:    19
# Query_time: 0.000169  Lock_time: 0.000000 Rows_sent: 0  Rows_examined: 0
SET timestamp=1795547841;
# administrator command: Prepare;
# Time: 2026-11-24T19:17:22.000000Z
# User@Host: app[app] @ h [10.0.0.7]  Id:    20
# Query_time: 0.500000  Lock_time: 0.000001 Rows_sent: 0  Rows_examined: 0
SET last_insert_id=4,insert_id=5,timestamp=1795547841;
/* web */ INSERT INTO t (note) VALUES ('a;
# Time: 2020-01-01T00:00:00.000000Z
# not the end;
# Time: 2026-11-24T19:17:22.000000Z
b');
# Time: 2026-11-24T19:17:23.000000Z
# User@Host: app[app] @ h [10.0.0.7]  Id:    20
# Query_time: 0.000001  Lock_time: 0.000001 Rows_sent: 1  Rows_examined: 0
SET timestamp=1795547843;
use other;
`
const extra = `# Time: 2026-11-24T19:18:05.205000Z
# User@Host: root[root] @  [127.0.0.1]  Id:    24
# Query_time: 0.005000  Lock_time: 0.000007 Rows_sent: 0  Rows_examined: 0 Thread_id: 24 Errno: 1062 Killed: 0 Bytes_received: 52 Start: 2026-11-24T19:18:05.200000Z End: 2026-11-24T19:18:05.205000Z
use shop;
SET timestamp=1795547885;
INSERT INTO t (email) VALUES ('ann@x');
`
const mariadb = `# Time: 261124  9:17:23
# User@Host: root[root] @  [127.0.0.1]
# Thread_id: 13  Schema: odd db  QC_hit: No
# Query_time: 0.000485  Lock_time: 0.000282  Rows_sent: 0  Rows_examined: 0
# Rows_affected: 0  Bytes_sent: 383
# Full_scan: Yes  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No
#
# explain: id\tselect_type\ttable\ttype
# explain: 1\tSIMPLE\tNULL\tNULL
#
use \`odd db\`;
SET timestamp=1795547843;
SELECT * FROM t WHERE email = 'ann@x' LIMIT 1;
# User@Host: root[root] @  [127.0.0.1]
# Thread_id: 14  Schema: shop  QC_hit: No
# Query_time: 0.001039  Lock_time: 0.000071  Rows_sent: 0  Rows_examined: 0
# Rows_affected: 2  Bytes_sent: 11
SET timestamp=1795547844;
-- web
INSERT INTO t VALUES (1), (2);
`
const percona = `# Time: 2026-11-24T19:17:21.610005Z
# User@Host: app[app] @ localhost []  Id:     7
# Schema: shop  Last_errno: 1213  Killed: 0
# Query_time: 0.000216  Lock_time: 0.000064  Rows_sent: 0  Rows_examined: 0  Rows_affected: 0
SET timestamp=1795547841;
INSERT INTO t VALUES (1);
`

describe('the slow log', () => {
  test('of MySQL: the exact beginning, the database of the last change, rows sent', () => {
    const found = read(mysqlSlow, mysql)
    expect(told(found)).toEqual([
      "19 odd db SELECT * FROM t WHERE email = 'ann@x' LIMIT 1",
      "20 odd db /* web */ INSERT INTO t (note) VALUES ('a;\n# Time: 2020-01-01T00:00:00.000000Z\n# not the end;\n# Time: 2026-11-24T19:17:22.000000Z\nb')",
      '20 odd db use other',
    ])
    const [select, insert] = found.statements
    expect(select?.at).toBeCloseTo(Date.UTC(2026, 10, 24, 19, 17, 21, 606), 2)
    expect(select).toMatchObject({ duration: expect.closeTo(4.005, 6), rows: 0 })
    expect(insert).toMatchObject({ at: Date.UTC(2026, 10, 24, 19, 17, 21, 500), duration: 500, rows: Number.NaN })
    expect(found.unread).toEqual([])
  })

  test("MySQL's log_slow_extra tells errors", () => {
    const { failures, statements } = read(mysqlSlow, extra)
    expect(statements).toEqual([])
    expect(failures).toEqual([
      expect.objectContaining({
        at: Date.UTC(2026, 10, 24, 19, 18, 5, 200),
        session: '24',
        database: 'shop',
        kind: 'unique-violation',
        text: "INSERT INTO t (email) VALUES ('ann@x')",
      }),
    ])
    expect(texts(read(mysqlSlow, extra.replace('1062', '0')))).toEqual(["INSERT INTO t (email) VALUES ('ann@x')"])
  })

  test("Percona's", () => {
    expect(read(mysqlSlow, percona).failures).toEqual([
      expect.objectContaining({ session: '7', database: 'shop', kind: 'deadlock' }),
    ])
  })

  test('of MariaDB: times left out, what it explains, rows written', () => {
    const found = read(mysqlSlow, mariadb)
    expect(
      found.statements.map(({ session, database, text, rows, at }) => [session, database, text, rows, at]),
    ).toEqual([
      ['13', 'odd db', "SELECT * FROM t WHERE email = 'ann@x' LIMIT 1", 0, 1795547843000],
      ['14', 'shop', '-- web\nINSERT INTO t VALUES (1), (2)', 2, 1795547844000],
    ])
    expect(found.unread).toEqual([])
  })

  test('after a restart, connections of the same number are others', () => {
    const { statements } = read(mysqlSlow, mysql + mysql)
    expect(statements.map(({ session }) => session)).toEqual(['19', '20', '20', '19.1', '20.1', '20.1'])
  })

  test('a connection that sets its sql_mode', () => {
    const record = (id: number, sql: string) =>
      `# Time: 2026-11-24T19:17:21.610005Z\n# User@Host: a[a] @ h []  Id: ${id}\n# Query_time: 0.1 Lock_time: 0 Rows_sent: 0 Rows_examined: 0\nSET timestamp=1795547841;\n${sql};\n`
    const log = record(1, "SET sql_mode='ANSI_QUOTES'") + record(2, 'SELECT 2') + record(1, 'SELECT 1')
    expect(read(mysqlSlow, log).statements.map(({ grammar }) => grammar.doubleQuotedNames)).toEqual([
      false,
      false,
      true,
    ])
  })

  test('is recognised, and nothing else is', () => {
    for (const log of [mysql, mariadb, percona, extra]) expect(mysqlSlow.recognises(log)).toBeGreaterThan(0.9)
    expect(mysqlSlow.recognises('# a comment\nSELECT 1;\n')).toBe(0)
    expect(mysqlSlow.startsRecord(mariadb)).toBe(true)
    expect(mysqlSlow.startsRecord('SELECT 1;')).toBe(false)
  })

  test('any pieces give the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(mysql, mariadb, extra + mysql), anyPlaces, (log, places) => {
        expect(read(mysqlSlow, cut(log, places))).toEqual(read(mysqlSlow, log))
      }),
    )
    expect(read(mysqlSlow, [...mysql])).toEqual(read(mysqlSlow, mysql))
  })

  test('changed bytes never stop it', () => {
    fc.assert(
      fc.property(mutated(mysql + mariadb + extra + percona), (log) => {
        expect(texts(read(mysqlSlow, log)).length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })
})
