import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Environment, resolveTarget } from '../../src/config/index.js'
import { UserError } from '../../src/model/errors.js'

let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'goc-audit-mysql-'))
})
afterEach(() => rm(join(home, '.my.cnf'), { force: true }))
afterAll(() => rm(home, { recursive: true, force: true }))

const env = (more: Environment = {}): Environment => ({ HOME: home, ...more })
const fromUrl = (url: string, more: Environment = {}) => resolveTarget({ url, env: env(more), cwd: '/project' })
const fromEnv = (more: Environment) => resolveTarget({ env: env(more), cwd: '/project' })
const optionFile = (text: string) => writeFile(join(home, '.my.cnf'), text, { mode: 0o600 })
const paramsOf = (url: string) => Object.fromEntries(new URL(fromUrl(url).url).searchParams)

function refusal(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [error.code, error.message, ...error.suggestions]
  }
  return expect.fail('it was accepted')
}

const me = userInfo().username

describe('URLs', () => {
  test.each<[given: string, url: string, shown: string]>([
    ['mysql://u:p@h:3307/d', 'mysql://u:p@h:3307/d', 'mysql://u@h:3307/d'],
    ['mysql2://u:p@h/d?pool=5', 'mysql://u:p@h/d', 'mysql://u@h/d'],
    ['trilogy://u:p@h/d', 'mysql://u:p@h/d', 'mysql://u@h/d'],
    ['mysql+pymysql://u:p@h/d?charset=utf8mb4', 'mysql://u:p@h/d', 'mysql://u@h/d'],
    ['mysql+mysqldb://u:p@h/d', 'mysql://u:p@h/d', 'mysql://u@h/d'],
    ['mariadb://u:p@h/d', 'mariadb://u:p@h/d', 'mariadb://u@h/d'],
    ['mariadb+mariadbconnector://u:p@h/d', 'mariadb://u:p@h/d', 'mariadb://u@h/d'],
    ['jdbc:mysql://h:1/d?user=u&password=p', 'mysql://u:p@h:1/d', 'mysql://u@h:1/d'],
    ['jdbc:mariadb://h/d?user=u&password=p', 'mariadb://u:p@h/d', 'mariadb://u@h/d'],
    [
      'jdbc:mysql:loadbalance://a:1,b/d?user=u&password=p',
      'mysql:///d?host=a%2Cb&port=1%2C3306&user=u&password=p',
      'mysql://u@a:1,b:3306/d',
    ],
    ['mysql://u:p%40s%2Fs@h/d', 'mysql://u:p%40s%2Fs@h/d', 'mysql://u@h/d'],
    ['mysql://u:a@b#c:d%@h/d', 'mysql://u:a%40b%23c%3Ad%25@h/d', 'mysql://u@h/d'],
    ['mysql://u@[::1]:3307/d', 'mysql://u@[::1]:3307/d', 'mysql://u@[::1]:3307/d'],
    ['mysql://u@h', 'mysql://u@h/', 'mysql://u@h/'],
    ['mysql://h/d', `mysql://${me}@h/d`, `mysql://${me}@h/d`],
    ['mysql://u@h/caf%C3%A9', 'mysql://u@h/caf%C3%A9', 'mysql://u@h/café'],
    ['mysql://u:p@/d?unix_socket=/s', 'mysql:///d?socket=%2Fs&user=u&password=p', 'mysql://u@/d?socket=/s'],
    ['mysql://u@localhost/d?socket=/s', 'mysql:///d?socket=%2Fs&user=u', 'mysql://u@/d?socket=/s'],
    ['mysql://u@%2Fs/d', 'mysql:///d?socket=%2Fs&user=u', 'mysql://u@/d?socket=/s'],
  ])('%s', (given, url, shown) => {
    expect(fromUrl(given)).toEqual({ url, shown, schemas: [] })
  })

  test.each([
    ['ssl-mode=verify_identity', 'VERIFY_IDENTITY'],
    ['sslmode=require', 'REQUIRED'],
    ['sslMode=VERIFY_CA', 'VERIFY_CA'],
    ['ssl_mode=DISABLED', 'DISABLED'],
    ['sslaccept=strict', 'VERIFY_IDENTITY'],
    ['sslaccept=accept_invalid_certs', 'PREFERRED'],
    ['ssl=true', 'REQUIRED'],
    ['ssl=0', 'DISABLED'],
    ['ssl={"rejectUnauthorized":true}', 'VERIFY_IDENTITY'],
    ['ssl={"rejectUnauthorized":false}', 'REQUIRED'],
    ['useSSL=true', 'REQUIRED'],
    ['useSSL=true&verifyServerCertificate=true', 'VERIFY_CA'],
    ['useSSL=false', 'DISABLED'],
    ['tls=true', 'VERIFY_IDENTITY'],
    ['tls=skip-verify', 'REQUIRED'],
    ['tls=preferred', 'PREFERRED'],
    ['ssl_verify_identity=true', 'VERIFY_IDENTITY'],
    ['ssl-mode=nonsense', 'nonsense'],
  ])('%s means %s', (query, mode) => {
    expect(paramsOf(`mysql://u@h/d?${query}`)).toEqual({ 'ssl-mode': mode })
  })

  test.each([
    [
      'ssl-ca=~/ca.pem&ssl-cert=me.crt&ssl_key=/k',
      { 'ssl-ca': '~/ca.pem', 'ssl-cert': '/project/me.crt', 'ssl-key': '/k' },
    ],
    ['sslrootcert=/ca', { 'ssl-ca': '/ca' }],
    ['sslcert=/ca', { 'ssl-ca': '/ca' }],
    ['sslcert=/c&sslkey=/k', { 'ssl-cert': '/c', 'ssl-key': '/k' }],
    ['connect_timeout=3', { 'connect-timeout': '3' }],
    ['connectTimeout=2500', { 'connect-timeout': '3' }],
    ['enable-cleartext-plugin=true', { 'enable-cleartext-plugin': '1' }],
  ])('%s', (query, expected) => {
    const own = Object.entries(expected).map(([name, value]) => [name, value.replace(/^~/, home)])
    expect(paramsOf(`mysql://u@h/d?${query}`)).toEqual(Object.fromEntries(own))
  })

  test("other drivers' parameters are passed over", () => {
    const query =
      'pool=5&timeout=5s&charset=utf8mb4&serverTimezone=UTC&allowPublicKeyRetrieval=true&connection_limit=1&parseTime=true&rewriteBatchedStatements=true&encoding=utf8mb4&reconnect=true&collation=utf8mb4_bin'
    expect(fromUrl(`mysql://u@h/d?${query}`).url).toBe('mysql://u@h/d')
  })

  test.each<[given: string, expected: string[]]>([
    [
      'mysql://u:topsecret@h/d?sslmod=REQUIRED',
      ['connection-url-invalid', 'The connection URL has an unknown parameter `sslmod`.', 'Did you mean `ssl-mode`?'],
    ],
    [
      'mysql://u:topsecret@h/d?search_path=app',
      [
        'connection-url-invalid',
        "The connection URL has the parameter `search_path`, which is PostgreSQL's.",
        'Leave it away: it means nothing to a MySQL server.',
      ],
    ],
    [
      'mysql://u:top/secret@h/d',
      [
        'connection-url-invalid',
        "The connection URL can't be read. It has a `/` before the `@`.",
        'Write it as mysql://user:password@host:port/database, with / ? # % and @ in user and password written as %2F %3F %23 %25 and %40.',
      ],
    ],
    [
      'mysqlx://u:topsecret@h/d',
      [
        'connection-url-invalid',
        'The connection URL begins with mysqlx://, which is not known.',
        'Did you mean mysql://?',
      ],
    ],
    [
      'mysql://u:topsecret@h/d?defaults-file=/nonexistent/my.cnf',
      [
        'option-file-unreadable',
        "The option file /nonexistent/my.cnf can't be read: ENOENT: no such file or directory, stat '/nonexistent/my.cnf'.",
        'Check its path (?defaults-file=, ?defaults-extra-file=, MYSQL_HOME) and its permissions.',
      ],
    ],
  ])('refuses %s', (given, expected) => {
    const lines = refusal(() => fromUrl(given))
    expect(lines).toEqual(expected)
    expect(lines.join()).not.toContain('secret')
  })
})

describe('the environment', () => {
  test('MYSQL_* variables', () => {
    const target = fromEnv({ MYSQL_HOST: 'h', MYSQL_TCP_PORT: '3307', MYSQL_PWD: 'top secret' })
    expect(target).toEqual({
      url: `mysql://${me}:top%20secret@h:3307/`,
      shown: `mysql://${me}@h:3307/`,
      schemas: [],
    })
  })

  test('a socket, unless somebody names a host', () => {
    expect(fromEnv({ MYSQL_UNIX_PORT: '/s' }).shown).toBe(`mysql://${me}@/?socket=/s`)
    expect(fromEnv({ MYSQL_UNIX_PORT: '/s', MYSQL_HOST: 'h' }).shown).toBe(`mysql://${me}@h/`)
    expect(fromUrl('mysql://u@h/d', { MYSQL_UNIX_PORT: '/s' }).shown).toBe('mysql://u@h/d')
  })

  test('variables fill in what a URL leaves open', () => {
    const more = { MYSQL_PWD: 'p', MYSQL_TCP_PORT: '3307', MYSQL_HOST: 'other' }
    expect(fromUrl('mysql://u@h/d', more).url).toBe('mysql://u:p@h:3307/d')
    expect(fromUrl('mysql://u:own@h:1/d', more).url).toBe('mysql://u:own@h:1/d')
  })

  test("PostgreSQL's variables come first, and mean nothing to a mysql:// URL", () => {
    expect(fromEnv({ PGHOST: 'pg', MYSQL_HOST: 'my' }).shown).toMatch(/^postgresql:/)
    expect(fromUrl('mysql://u@h/d', { PGPASSWORD: 'p', PGPORT: '1' }).url).toBe('mysql://u@h/d')
  })
})

describe('option files', () => {
  test('what the URL leaves open, and no other groups', async () => {
    await optionFile(
      '[mysqld]\nport=1\n[client]\nuser = me\npassword = "a b#c\\"d"  # ours\nport=3307\nssl_ca=/ca.pem\n[mysql]\nhost=no\n',
    )
    const target = fromUrl('mysql://h/d')
    expect(target).toEqual({
      url: 'mysql://me:a%20b%23c%22d@h:3307/d?ssl-ca=%2Fca.pem',
      shown: 'mysql://me@h:3307/d',
      schemas: [],
    })
    expect(fromUrl('mysql://u:p@h:1/d').url).toBe('mysql://u:p@h:1/d?ssl-ca=%2Fca.pem')
  })

  test('an option file goes before the variables', async () => {
    await optionFile('[client]\npassword=file\n')
    expect(fromUrl('mysql://u@h/d', { MYSQL_PWD: 'variable' }).url).toBe('mysql://u:file@h/d')
  })

  test("MariaDB's groups are read for mariadb:// only, and a suffix adds more", async () => {
    await optionFile('[client]\npassword=both\n[client-mariadb]\npassword=maria\n[client_eu]\npassword=eu\n')
    expect(fromUrl('mysql://u@h/d').url).toBe('mysql://u:both@h/d')
    expect(fromUrl('mariadb://u@h/d').url).toBe('mariadb://u:maria@h/d')
    expect(fromUrl('mysql://u@h/d?defaults-group-suffix=_eu').url).toBe('mysql://u:eu@h/d')
    expect(fromUrl('mysql://u@h/d', { MYSQL_GROUP_SUFFIX: '_eu' }).url).toBe('mysql://u:eu@h/d')
  })

  test('another file, in place of the usual ones or after them', async () => {
    await optionFile('[client]\nuser=usual\npassword=p\n')
    const other = join(home, 'other.cnf')
    await writeFile(other, '[client]\nuser=other\n')
    expect(fromUrl(`mysql://h/d?defaults-file=${other}`).url).toBe('mysql://other@h/d')
    expect(fromUrl(`mysql://h/d?defaults-extra-file=${other}`).url).toBe('mysql://other:p@h/d')
  })

  test('MYSQL_HOME', async () => {
    await writeFile(join(home, 'my.cnf'), '[client]\nloose-skip-ssl\nuser=server\n')
    expect(fromUrl('mysql://h/d', { MYSQL_HOME: home }).url).toBe('mysql://server@h/d?ssl-mode=DISABLED')
  })

  test("a host of the URL is not looked for in another's socket", async () => {
    await optionFile('[client]\nsocket=/s\n')
    expect(fromUrl('mysql://u@h/d').shown).toBe('mysql://u@h/d')
    expect(fromUrl('mysql://u@/d').shown).toBe('mysql://u@/d?socket=/s')
  })

  test.runIf(process.platform !== 'win32')('one that everybody may write into is not read', async () => {
    await optionFile('[client]\npassword=p\n')
    await chmod(join(home, '.my.cnf'), 0o666)
    expect(fromUrl('mysql://u@h/d').url).toBe('mysql://u@h/d')
  })
})
