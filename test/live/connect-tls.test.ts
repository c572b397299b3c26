import { chmod, chown, copyFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, open, read } from '../support/driver.js'
import { configure, type PostgresProcess, startPostgres } from '../support/postgres.js'
import { anyPostgres, describeWith } from '../support/servers.js'

const certificates = fileURLToPath(new URL('../support/certificates', import.meta.url))
const certificate = (name: string) => join(certificates, name)
const long = 'SELECT count(*) FROM generate_series(1, 200000000)'

/** `both` takes either kind of connection, `tls` and `plain` only one, `certified` wants a certificate. */
const rules = `
hostssl   all tls       127.0.0.1/32 scram-sha-256
hostnossl all plain     127.0.0.1/32 scram-sha-256
hostssl   all certified 127.0.0.1/32 cert
host      all both      127.0.0.1/32 scram-sha-256
`

describeWith(anyPostgres().bin)('TLS', () => {
  let server: PostgresProcess
  let password: string

  beforeAll(async () => {
    server = await startPostgres(anyPostgres().bin ?? '')
    password = new URL(server.url).password
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    for (const role of ['both', 'tls', 'plain', 'certified']) {
      await client.query(`CREATE ROLE "${role}" LOGIN PASSWORD '${password}'`)
    }
    await client.end()
    const { uid, gid } = await stat(server.data)
    for (const name of ['server.crt', 'server.key', 'authority.crt']) {
      const path = join(server.data, name)
      await copyFile(certificate(name), path)
      await chown(path, uid, gid)
      await chmod(path, 0o600)
    }
    await configure(server.data, { ssl: 'on', ssl_ca_file: 'authority.crt' })
    await writeFile(join(server.data, 'pg_hba.conf'), rules)
    await server.restart()
  })
  afterAll(() => server?.stop())

  const url = (role: string, query = '', host = '127.0.0.1') =>
    `postgresql://${role}:${password}@${host}:${server.port}/postgres${query}`
  const shown = (role: string, host = '127.0.0.1') => `postgresql://${role}@${host}:${server.port}/postgres`
  const encrypted = async (address: string) => {
    const sql = 'SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()'
    const [row] = await read(address, ({ query }) => query<{ ssl: boolean }>(sql))
    return row?.ssl
  }

  test.each([
    ['both', 'disable', false],
    ['both', 'allow', false],
    ['both', 'prefer', true],
    ['both', 'require', true],
    ['tls', 'allow', true],
    ['tls', 'prefer', true],
    ['plain', 'prefer', false],
    ['plain', 'allow', false],
  ])('%s with sslmode=%s: encrypted is %s', async (role, mode, expected) => {
    expect(await encrypted(url(role, `?sslmode=${mode}`))).toBe(expected)
  })

  test('the default is prefer', async () => {
    expect(await encrypted(url('both'))).toBe(true)
  })

  test.each([
    ['verify-ca', 'authority.crt', '127.0.0.1'],
    ['verify-full', 'authority.crt', 'localhost'],
    ['require', 'authority.crt', '127.0.0.1'],
  ])('%s with %s at %s', async (mode, root, host) => {
    expect(await encrypted(url('both', `?sslmode=${mode}&sslrootcert=${certificate(root)}`, host))).toBe(true)
  })

  test('a client certificate', async () => {
    const own = `?sslcert=${certificate('client.crt')}&sslkey=${certificate('client.key')}`
    expect(await encrypted(url('certified', own))).toBe(true)
  })

  test('a wrong password is tried once, not again without encryption', async () => {
    const count = async () => (await server.log()).split('authentication failed for user "both"').length
    const before = await count()
    const wrong = url('both').replace(password, 'topsecret')
    expect((await failure(open(wrong)))[0]).toBe('password-wrong')
    expect((await count()) - before).toBe(1)
  })

  test('channel binding', async () => {
    expect(await encrypted(url('tls', '?sslmode=require&channel_binding=require'))).toBe(true)
  })

  test('an abort goes through TLS, and the certificate is checked there too', async () => {
    const abort = new AbortController()
    const query = `?sslmode=verify-full&sslrootcert=${certificate('authority.crt')}`
    const driver = await open(url('tls', query, 'localhost'), { signal: abort.signal })
    setTimeout(() => abort.abort(), 200)
    const started = Date.now()
    expect((await failure(driver.readOnly(({ query }) => query(long))))[0]).toBe('cancelled')
    expect(Date.now() - started).toBeLessThan(3_000)
    await driver.close()
    expect(await server.log()).toContain('canceling statement due to user request')
  })

  const advice = [
    "For the server's certificate, name the authority that signed it: ?sslrootcert=FILE; the host must be one that the certificate names.",
    'For a certificate that the server wants from us: ?sslcert=FILE&sslkey=FILE.',
  ]

  test('an authority that is not known', async () => {
    for (const query of ['?sslmode=verify-full', `?sslmode=verify-ca&sslrootcert=${certificate('stranger.crt')}`]) {
      const [code, message, ...rest] = await failure(open(url('both', query, 'localhost')))
      expect([code, rest]).toEqual(['tls-failed', advice])
      expect(message).toMatch(new RegExp(`^TLS with ${shown('both', 'localhost')} failed: .*(certificate|self)`))
    }
  })

  test('a host that the certificate does not name', async () => {
    const [code, message] = await failure(
      open(url('both', `?sslmode=verify-full&sslrootcert=${certificate('authority.crt')}`)),
    )
    expect(code).toBe('tls-failed')
    expect(message).toContain("IP: 127.0.0.1 is not in the cert's list")
  })

  test('a root certificate that is not there', async () => {
    expect(await failure(open(url('both', '?sslmode=verify-ca&sslrootcert=/nonexistent/ca.pem')))).toEqual([
      'tls-file-unreadable',
      "The root certificate /nonexistent/ca.pem can't be read: ENOENT: no such file or directory, open '/nonexistent/ca.pem'.",
      'Check the path (sslrootcert, sslcert, sslkey) and its permissions.',
    ])
  })

  test('a missing client certificate', async () => {
    expect((await failure(open(url('certified', '?sslmode=require'))))[0]).toBe('login-refused')
  })

  test('TLS that the server demands', async () => {
    expect(await failure(open(url('tls', '?sslmode=disable')))).toEqual([
      'login-refused',
      `The server at ${shown('tls')} does not let this role in: no pg_hba.conf entry for host "127.0.0.1", user "tls", database "postgres", no encryption.`,
      'Check the name of the role, and the lines of pg_hba.conf for this host, database and role.',
      'It may want TLS: add ?sslmode=require to the URL.',
    ])
  })

  test('TLS that a server does not offer', async () => {
    const other = anyPostgres().url
    expect(await failure(open(`${other}?sslmode=require`))).toEqual([
      'tls-not-offered',
      `127.0.0.1:${new URL(other).port} offers no TLS, and postgresql://postgres@127.0.0.1:${new URL(other).port}/postgres demands it by its sslmode.`,
      'Switch TLS on at the server (ssl = on), or allow an unencrypted connection with ?sslmode=prefer.',
    ])
  })
})
