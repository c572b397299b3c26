import { describe, expect, test } from 'vitest'
import { firstWord, refuseWriting } from '../../src/dialects/postgres/drivers/guard.js'
import { readParams } from '../../src/dialects/postgres/drivers/params.js'
import { tlsAttempts } from '../../src/dialects/postgres/drivers/tls.js'
import { judgeVersion, versionNote } from '../../src/dialects/postgres/drivers/version.js'

describe('the guard', () => {
  test.each([
    ['SELECT 1', 'select'],
    ['  \n select', 'select'],
    ['(((VALUES (1))))', 'values'],
    ['-- a\r\nWITH x', 'with'],
    ['/* a /* b */ c */ Explain', 'explain'],
    ['/* never closed', ''],
    ['-- never ended', ''],
    ['"select"', ''],
    ['', ''],
  ])('first word of %j', (sql, word) => {
    expect(firstWord(sql)).toBe(word)
  })

  test.each([
    'SELECT 1',
    'WITH x AS (SELECT 1) TABLE x',
    'EXPLAIN SELECT 1',
    'EXPLAIN (FORMAT json, COSTS off) SELECT 1',
    'EXPLAIN (FORMAT json) INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING',
    'SHOW work_mem',
    'SET LOCAL enable_seqscan = off',
    'DECLARE c CURSOR FOR SELECT 1',
    'FETCH 10 FROM c',
    'CLOSE c',
  ])('lets pass %s', (sql) => {
    expect(() => refuseWriting(sql)).not.toThrow()
  })

  test.each(['SET work_mem = 1', 'SET LOCAL TRANSACTION READ WRITE', 'SET SESSION x = 1', 'COMMIT', 'insert', ''])(
    'refuses %j',
    (sql) => {
      expect(() => refuseWriting(sql)).toThrow('refused before sending')
    },
  )
})

describe('servers', () => {
  const judged = (number: number, text: string) => judgeVersion({ number, text }, 'postgresql://u@h/d')

  test.each([
    [140_000, 'PostgreSQL 14.0 on x86_64'],
    [180_004, 'PostgreSQL 18.4 on x86_64'],
    [190_000, 'PostgreSQL 19devel on x86_64'],
    [150_012, 'PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64'],
  ])('%d is fine', (number, text) => {
    expect(judged(number, text)).toBeNull()
  })

  test('too old', () => {
    expect(judged(130_011, 'PostgreSQL 13.11 on x86_64')).toMatchObject({
      code: 'server-too-old',
      message: 'postgresql://u@h/d is PostgreSQL 13, and goc-audit needs 14 or newer.',
    })
  })

  test('another database', () => {
    expect(judged(150_000, 'CockroachDB CCL v24.1.0 (x86_64)')).toMatchObject({
      code: 'not-postgresql',
      message:
        "postgresql://u@h/d speaks PostgreSQL's protocol and is another database: CockroachDB CCL v24.1.0 (x86_64).",
    })
  })

  test('newer than we know', () => {
    expect(versionNote(180_004)).toBeNull()
    expect(versionNote(190_001)).toBe('PostgreSQL 19 is newer than this goc-audit, which was tested up to 18.')
  })
})

describe('connection parameters', () => {
  const params = (url: string) => readParams({ url, shown: url, schemas: [] })

  test('a plain URL', () => {
    expect(params('postgres://me:p%40ss@db:5433/shop')).toEqual({
      endpoints: [{ host: 'db', port: 5433 }],
      user: 'me',
      database: 'shop',
      password: 'p@ss',
      tlsMode: 'prefer',
      directTls: false,
      channelBinding: false,
      applicationName: 'goc-audit',
      connectTimeout: 15_000,
      keepAlive: true,
      sessionKind: 'any',
    })
  })

  test('hosts, ports and addresses go in pairs', () => {
    expect(params('postgresql:///d?host=a,b,c&port=1,2,3&hostaddr=,10.0.0.2,').endpoints).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2, address: '10.0.0.2' },
      { host: 'c', port: 3 },
    ])
    expect(params('postgresql:///d?host=a,b&port=7').endpoints.map(({ port }) => port)).toEqual([7, 7])
  })

  test('a directory is a socket, which needs no TLS', () => {
    const read = params('postgresql:///d?host=/run/pg&port=5433&sslmode=verify-full')
    const [endpoint] = read.endpoints
    expect(endpoint).toEqual({ host: '/run/pg', port: 5433, socketPath: '/run/pg/.s.PGSQL.5433' })
    expect(endpoint && tlsAttempts(read, endpoint)).toEqual([false])
  })

  test.each([
    ['', 15_000],
    ['?connect_timeout=3', 3_000],
    ['?connect_timeout=1', 2_000],
    ['?connect_timeout=0', 0],
  ])('connect_timeout %j', (query, expected) => {
    expect(params(`postgresql://u@h/d${query}`).connectTimeout).toBe(expected)
  })

  test("the system's authorities ask for verify-full", () => {
    expect(params('postgresql://u@h/d?sslrootcert=system').tlsMode).toBe('verify-full')
  })
})
