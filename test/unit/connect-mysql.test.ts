import { describe, expect, test } from 'vitest'
import { bind } from '../../src/dialects/mysql/drivers/bind.js'
import { firstWord, refuseLasting, refuseLastingChange, refuseWriting } from '../../src/dialects/mysql/drivers/guard.js'
import { readParams } from '../../src/dialects/mysql/drivers/params.js'
import { tlsAttempts } from '../../src/dialects/mysql/drivers/tls.js'
import { identify, judgeVersion, versionNotes } from '../../src/dialects/mysql/drivers/version.js'

describe('the guard', () => {
  test.each([
    ['SELECT 1', 'select'],
    ['  \n select', 'select'],
    ['(((VALUES ROW(1))))', 'values'],
    ['-- a\r\nWITH x', 'with'],
    ['# a\nWITH x', 'with'],
    ['--1', ''],
    ['/* a */ Explain', 'explain'],
    ['/*! delete from t */', ''],
    ['/*!80000 select */ 1', ''],
    ['/*M! select */ 1', ''],
    ['/*M!100000 select */ 1', ''],
    ['/* never closed', ''],
    ['`select`', ''],
    ['', ''],
  ])('first word of %j', (sql, word) => {
    expect(firstWord(sql)).toBe(word)
  })

  test.each([
    'SELECT 1',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    "SELECT `into outfile`, 'for update', `analyze` FROM t",
    "SELECT 'it\\'s'",
    'EXPLAIN FORMAT=JSON SELECT 1',
    'EXPLAIN INSERT INTO t VALUES (1)',
    'SHOW CREATE TABLE t',
  ])('lets pass %s', (sql) => {
    expect(() => refuseWriting(sql)).not.toThrow()
  })

  test.each([
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO/**/DUMPFILE '/tmp/x'",
    "SELECT 1 /*!50000 INTO */ OUTFILE '/tmp/x'",
    // One text with backslashes, and the end of one without.
    "SELECT '\\' INTO OUTFILE '/tmp/x' -- '",
    'SELECT * FROM t FOR UPDATE',
    'SELECT * FROM t FOR SHARE',
    'SELECT * FROM t LOCK IN SHARE MODE',
    'EXPLAIN ANALYZE SELECT 1',
    'SET @x = 1',
    'COMMIT',
    'insert',
    '',
  ])('refuses %j', (sql) => {
    expect(() => refuseWriting(sql)).toThrow('refused before sending')
  })

  test('a rehearsal makes empty temporary tables', () => {
    for (const sql of [
      'CREATE TEMPORARY TABLE a (`select` int)',
      'CREATE TEMPORARY TABLE a ENGINE = InnoDB AS SELECT x FROM t WHERE FALSE',
    ]) {
      expect(() => refuseLasting(sql)).not.toThrow()
    }
    for (const sql of [
      'CREATE TABLE a (b int)',
      'CREATE TEMPORARY TABLE a AS SELECT x FROM t',
      'CREATE TEMPORARY TABLE a AS SELECT (SELECT f()) FROM t WHERE FALSE',
      'CREATE TEMPORARY TABLE a AS TABLE (t)',
      'DROP TABLE a',
    ]) {
      expect(() => refuseLasting(sql), sql).toThrow('refused before sending')
    }
  })

  test('and changes rows', () => {
    for (const sql of ['INSERT INTO a SELECT 1', 'UPDATE a SET b = 1', 'DELETE FROM a', 'REPLACE INTO a SELECT 1']) {
      expect(() => refuseLastingChange(sql)).not.toThrow()
    }
    for (const sql of ['INSERT INTO a SELECT 1 FROM t FOR UPDATE', 'TRUNCATE a', 'DROP TEMPORARY TABLE a', 'COMMIT']) {
      expect(() => refuseLastingChange(sql), sql).toThrow('refused before sending')
    }
  })
})

describe('values', () => {
  test.each<[sql: string, values: unknown[], mode: string, expected: string]>([
    ['SELECT ?', ["O'Brien"], '', "SELECT 'O''Brien'"],
    ['SELECT ?', ['a\\b'], '', 'SELECT _utf8mb4 0x615c62'],
    ['SELECT \'?\', `?`, "?", ? -- ?\n', [1], '', 'SELECT \'?\', `?`, "?", 1 -- ?\n'],
    ["SELECT 'it\\'s ?', ?", [1], '', "SELECT 'it\\'s ?', 1"],
    ["SELECT '\\', ?", [1], 'NO_BACKSLASH_ESCAPES', "SELECT '\\', 1"],
    ['SELECT /* ? */ ?', [null], '', 'SELECT /* ? */ NULL'],
    ['IN (?)', [['a', 1, true]], '', "IN ('a', 1, TRUE)"],
    ['?', [Buffer.from([0, 255])], '', "x'00ff'"],
    ['?', [9007199254740993n], '', '9007199254740993'],
    ['SELECT ?', [], '', 'SELECT ?'],
  ])('%s', (sql, values, mode, expected) => {
    expect(bind(sql, values, mode)).toBe(expected)
  })

  test('as many as there are places', () => {
    expect(() => bind('SELECT ?', [1, 2], '')).toThrow('1 places for 2 values')
    expect(() => bind('SELECT ?', [undefined], '')).toThrow("can't be sent")
  })
})

describe('servers', () => {
  const none = new Map<string, string>()
  const judged = (text: string, comment = '', variables = none) =>
    judgeVersion(identify(text, comment, variables), 'mysql://u@h/d')

  test.each([
    ['8.0.11', 'MySQL Community Server - GPL', 'mysql', 80_011],
    ['9.7.4', '(Debian)', 'mysql', 90_704],
    ['10.6.1-MariaDB', '', 'mariadb', 100_601],
    ['5.5.5-10.11.18-MariaDB-deb12', '', 'mariadb', 101_118],
  ])('%s is fine', (text, comment, flavour, number) => {
    const server = identify(text, comment, none)
    expect(server).toMatchObject({ flavour, number, product: null })
    expect(judged(text, comment)).toBeNull()
    expect(versionNotes(server)).toEqual([])
  })

  test('too old', () => {
    expect(judged('5.7.44-log')?.message).toBe('mysql://u@h/d is MySQL 5.7.44, and goc-audit needs 8.0 or newer.')
    expect(judged('10.5.29-MariaDB')).toMatchObject({
      code: 'server-too-old',
      message: 'mysql://u@h/d is MariaDB 10.5.29, and goc-audit needs 10.6 or newer.',
    })
  })

  test.each([
    ['8.0.36', 'Source distribution', new Map([['aurora_version', '3.08']]), 'aurora'],
    ['8.0.11-TiDB-v8.5.0', 'TiDB Server (Apache License 2.0)', none, 'tidb'],
    ['8.0.30-Vitess', 'Version: 20.0.0 vitess', none, 'vitess'],
    ['8.0.36-28', 'Percona Server (GPL), Release 28', none, 'percona'],
  ])('%s is %s', (text, comment, variables, product) => {
    const server = identify(text, comment, variables)
    expect(server.product).toBe(product)
    expect(versionNotes(server)).toEqual([`This is ${product}; goc-audit was tested with MySQL's own server only.`])
  })

  test('another database', () => {
    expect(judged('5.7.32', 'SingleStoreDB source distribution', new Map([['memsql_version', '8.9']]))).toMatchObject({
      code: 'not-mysql',
      message: "mysql://u@h/d speaks MySQL's protocol and is another database: singlestore 5.7.32.",
    })
  })

  test('newer than we know', () => {
    expect(versionNotes(identify('10.0.1', '', none))).toEqual([
      'MySQL 10.0.1 is newer than this goc-audit, which was tested up to 9.7.',
    ])
    expect(versionNotes(identify('12.3.1-MariaDB', '', none))).toEqual([
      'MariaDB 12.3.1 is newer than this goc-audit, which was tested up to 11.8.',
    ])
  })
})

describe('connection parameters', () => {
  const params = (url: string, more = {}) => readParams({ url, shown: url, schemas: [], ...more })

  test('a plain URL', () => {
    expect(params('mysql://me:p%40ss@db:3307/shop')).toEqual({
      endpoints: [{ host: 'db', port: 3307 }],
      user: 'me',
      database: 'shop',
      password: 'p@ss',
      tlsMode: 'preferred',
      cleartext: false,
      connectTimeout: 15_000,
    })
  })

  test('hosts and ports go in pairs', () => {
    expect(params('mysql:///d?host=a,b&port=1,2').endpoints).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ])
  })

  test('a socket needs no TLS', () => {
    const read = params('mysql:///d?socket=/s&ssl-mode=VERIFY_CA')
    const [endpoint] = read.endpoints
    expect(endpoint).toEqual({ host: 'localhost', port: 3306, socketPath: '/s' })
    expect(endpoint && tlsAttempts(read, endpoint)).toEqual([false])
  })

  test.each([
    ['', [{ rejectUnauthorized: false, verifyIdentity: false }, false]],
    ['?ssl-mode=DISABLED', [false]],
    ['?ssl-mode=REQUIRED', [{ rejectUnauthorized: false, verifyIdentity: false }]],
    ['?ssl-mode=VERIFY_CA', [{ rejectUnauthorized: true, verifyIdentity: false }]],
    ['?ssl-mode=VERIFY_IDENTITY', [{ rejectUnauthorized: true, verifyIdentity: true }]],
  ])('TLS with %j', (query, expected) => {
    expect(tlsAttempts(params(`mysql://u@h/d${query}`), { host: 'h', port: 3306 })).toEqual(expected)
  })

  test('whoever names authorities wants the server checked', () => {
    expect(params('mysql://u@h/d?ssl-ca=/ca').tlsMode).toBe('verify_ca')
    expect(params('mysql://u@h/d?ssl-ca=/ca&ssl-mode=REQUIRED').tlsMode).toBe('required')
  })

  test('a token never goes without TLS, unless somebody says so', () => {
    const token = { passwordCommand: 'echo x' }
    expect(params('mysql://u@h/d', token)).toMatchObject({ tlsMode: 'required', cleartext: true })
    expect(params('mysql://u@h/d?ssl-mode=PREFERRED', token).tlsMode).toBe('required')
    expect(params('mysql://u@h/d?ssl-mode=DISABLED', token).tlsMode).toBe('disabled')
  })

  test.each([
    ['', 15_000],
    ['?connect-timeout=3', 3_000],
    ['?connect-timeout=1', 2_000],
    ['?connect-timeout=0', 0],
  ])('connect-timeout %j', (query, expected) => {
    expect(params(`mysql://u@h/d${query}`).connectTimeout).toBe(expected)
  })
})
