// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the file's own syntax
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Environment, loadConfig, resolveTarget, resolveTargets } from '../../src/config/index.js'
import { UserError } from '../../src/model/errors.js'

let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'goc-audit-target-'))
  await mkdir(join(home, 'project'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** An environment with nothing of this machine in it. */
const env = (more: Environment = {}): Environment => ({ HOME: home, ...more })

const fromUrl = (url: string, more: Environment = {}) => resolveTarget({ url, env: env(more), cwd: '/project' })
const fromEnv = (more: Environment) => resolveTarget({ env: env(more), cwd: '/project' })

async function fromFile(text: string, more: Environment = {}, choice: { url?: string; database?: string } = {}) {
  const cwd = join(home, 'project')
  await writeFile(join(cwd, '.goc-audit.yml'), text)
  return resolveTargets({
    config: await loadConfig({ cwd, env: env(more) }),
    env: env(more),
    cwd: '/project',
    ...choice,
  })
}

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { location } = error
    const place = location === undefined ? '' : `${location.file}:${location.line}:${location.column} `
    return [`${place}[${error.code}]`, error.message, ...error.suggestions].join('\n')
  }
  return expect.fail('it was accepted')
}

const me = userInfo().username

describe('URLs', () => {
  test.each<[given: string, url: string, shown: string]>([
    ['postgresql://u:p@h:5433/d', 'postgresql://u:p@h:5433/d', 'postgresql://u@h:5433/d'],
    ['postgres://u@h/d', 'postgresql://u@h/d', 'postgresql://u@h/d'],
    ['POSTGRES://u@h/d', 'postgresql://u@h/d', 'postgresql://u@h/d'],
    ['postgresql+psycopg2://u:p@h/d', 'postgresql://u:p@h/d', 'postgresql://u@h/d'],
    ['postgresql+asyncpg://u:p@h/d?ssl=require', 'postgresql://u:p@h/d?sslmode=require', 'postgresql://u@h/d'],
    ['postgis://u:p@h/d', 'postgresql://u:p@h/d', 'postgresql://u@h/d'],
    ['ecto://u:p@h/d', 'postgresql://u:p@h/d', 'postgresql://u@h/d'],
    ['jdbc:postgresql://h:1/d?user=u&password=p', 'postgresql://u:p@h:1/d', 'postgresql://u@h:1/d'],
    ['postgresql://u:p%40s%2Fs@h/d', 'postgresql://u:p%40s%2Fs@h/d', 'postgresql://u@h/d'],
    ['postgresql://u:a@b#c:d%@h/d', 'postgresql://u:a%40b%23c%3Ad%25@h/d', 'postgresql://u@h/d'],
    ['postgresql://u@[::1]:5433/d', 'postgresql://u@[::1]:5433/d', 'postgresql://u@[::1]:5433/d'],
    ['postgresql://u@h', 'postgresql://u@h/u', 'postgresql://u@h/u'],
    ['postgresql://h/d', `postgresql://${me}@h/d`, `postgresql://${me}@h/d`],
    ['postgresql://u@h/caf%C3%A9', 'postgresql://u@h/caf%C3%A9', 'postgresql://u@h/café'],
    [
      'postgresql://u@a,b:5433/d?target_session_attrs=standby',
      'postgresql:///d?host=a%2Cb&port=5432%2C5433&target_session_attrs=standby&user=u',
      'postgresql://u@a:5432,b:5433/d',
    ],
    [
      'postgresql://u@/d?host=/var/run/postgresql&port=5433',
      'postgresql:///d?host=%2Fvar%2Frun%2Fpostgresql&port=5433&user=u',
      'postgresql://u@/d?host=/var/run/postgresql&port=5433',
    ],
    ['postgresql:///d?user=u', 'postgresql:///d?user=u', 'postgresql://u@/d'],
    ['postgres://u@%2Ftmp/d', 'postgresql:///d?host=%2Ftmp&user=u', 'postgresql://u@/d?host=/tmp'],
    ['pglite:///data/shop', 'pglite:///data/shop', 'pglite:///data/shop'],
    ['pglite://./shop', 'pglite:///project/shop', 'pglite:///project/shop'],
    ['pglite://shop/db', 'pglite:///project/shop/db', 'pglite:///project/shop/db'],
    ['pglite://memory', 'pglite://memory', 'pglite://memory'],
  ])('%s', (given, url, shown) => {
    expect(fromUrl(given)).toMatchObject({ url, shown, schemas: [] })
  })

  test('a database without a server has a directory', () => {
    expect(fromUrl('pglite://./shop').directory).toBe('/project/shop')
    expect(fromUrl('pglite://memory').directory).toBeUndefined()
    expect(fromUrl('postgresql://u@h/d').directory).toBeUndefined()
  })

  test.each([
    ['postgresql://u@h/d?schema=app', ['app']],
    ['postgresql://u@h/d?currentSchema=a,%20b', ['a', 'b']],
    ['postgresql://u@h/d?search_path=a', ['a']],
  ])('schemas of %s', (url, schemas) => {
    expect(fromUrl(url).schemas).toEqual(schemas)
  })

  test('TLS files: ~ and relative paths', () => {
    const { searchParams } = new URL(fromUrl('postgresql://u@h/d?sslrootcert=~/ca.pem&sslcert=me.crt&sslkey=/k').url)
    expect(Object.fromEntries(searchParams)).toEqual({
      sslrootcert: join(home, 'ca.pem'),
      sslcert: '/project/me.crt',
      sslkey: '/k',
    })
    expect(fromUrl('postgresql://u@h/d?sslrootcert=system').url).toContain('sslrootcert=system')
  })

  test.each([
    ['ssl=true', 'require'],
    ['ssl=0', 'disable'],
    ['sslmode=no-verify', 'require'],
    ['sslmode=verify-full', 'verify-full'],
  ])('%s means %s', (query, mode) => {
    expect(new URL(fromUrl(`postgresql://u@h/d?${query}`).url).searchParams.get('sslmode')).toBe(mode)
  })

  test("other drivers' parameters are passed over", () => {
    const query =
      'pool=5&timeout=5000&pgbouncer=true&connection_limit=1&serverVersion=16&charset=utf8&encoding=x&prepareThreshold=0'
    expect(fromUrl(`postgresql://u@h/d?${query}`).url).toBe('postgresql://u@h/d')
  })

  test.each<[given: string, expected: string[]]>([
    [
      'postgresql://u@h/d?sslmod=require',
      ['[connection-url-invalid]', 'The connection URL has an unknown parameter `sslmod`.', 'Did you mean `sslmode`?'],
    ],
    [
      'postgre://u:topsecret@h/d',
      [
        '[connection-url-invalid]',
        'The connection URL begins with postgre://, which is not known.',
        'Did you mean postgres://?',
      ],
    ],
    [
      'mongodb://u:topsecret@h/d',
      [
        '[connection-url-invalid]',
        'The connection URL begins with mongodb://, which is not known.',
        'Write it as postgresql://user:password@host:port/database, mysql://user:password@host:port/database, or pglite://DIR.',
      ],
    ],
    [
      'host=h password=topsecret',
      [
        '[connection-url-invalid]',
        "The connection URL can't be read.",
        'Write it as postgresql://user:password@host:port/database, mysql://user:password@host:port/database, or pglite://DIR.',
      ],
    ],
    [
      'postgresql://u:top/secret@h/d',
      [
        '[connection-url-invalid]',
        "The connection URL can't be read. It has a `/` before the `@`.",
        'Write it as postgresql://user:password@host:port/database, with / ? # % and @ in user and password written as %2F %3F %23 %25 and %40.',
      ],
    ],
    [
      'postgresql://u:topsecret@h:port/d',
      [
        '[connection-url-invalid]',
        "The connection URL can't be read. Its host and port are not of the form host:port.",
        'Write it as postgresql://user:password@host:port/database, with / ? # % and @ in user and password written as %2F %3F %23 %25 and %40.',
      ],
    ],
    [
      'pglite://',
      [
        '[connection-url-invalid]',
        'pglite:// names no directory.',
        'Write pglite://DIR, with the directory that was given to PGlite as its dataDir.',
      ],
    ],
  ])('refuses %s', (given, expected) => {
    const text = refusal(() => fromUrl(given))
    expect(text).toBe(expected.join('\n'))
    expect(text).not.toContain('secret')
  })
})

describe('the environment', () => {
  test('DATABASE_URL', () => {
    expect(fromEnv({ DATABASE_URL: 'postgres://u:p@h/d', PGHOST: 'other' }).url).toBe('postgresql://u:p@h/d')
  })

  test('PG* variables', () => {
    const target = fromEnv({
      PGHOST: 'h',
      PGPORT: '5433',
      PGUSER: 'u',
      PGPASSWORD: 'top secret',
      PGDATABASE: 'd',
      PGSSLMODE: 'verify-ca',
      PGSSLROOTCERT: '/ca.pem',
      PGAPPNAME: 'nightly',
      PGOPTIONS: '-c search_path=x',
      PGCONNECT_TIMEOUT: '3',
    })
    expect(target.url).toBe(
      'postgresql://u:top%20secret@h:5433/d?sslmode=verify-ca&sslrootcert=%2Fca.pem&application_name=nightly&options=-c+search_path%3Dx&connect_timeout=3',
    )
    expect(target.shown).toBe('postgresql://u@h:5433/d')
  })

  test('variables fill in what a URL leaves open', () => {
    const more = { PGPASSWORD: 'p', PGPORT: '5433', PGDATABASE: 'other', PGHOSTADDR: '10.0.0.1' }
    expect(fromUrl('postgresql://u@h/d', more).url).toBe('postgresql://u:p@h:5433/d')
  })

  test('the password file', async () => {
    const file = join(home, '.pgpass')
    await writeFile(file, '*:*:*:*:x\n')
    await chmod(file, 0o600)
    expect(fromUrl('postgresql://u@h/d').url).toBe(`postgresql://u@h/d?passfile=${encodeURIComponent(file)}`)
    expect(fromUrl('postgresql://u@h/d', { PGPASSFILE: '/else' }).url).toBe('postgresql://u@h/d?passfile=%2Felse')
    await rm(file)
  })

  describe('service files', () => {
    const services = '# ours\n[shop]\nhost=db1\nport = 5433\nuser=u\ndbname=shop\n\n[other]\nhost=db2\n'

    test('PGSERVICE, and what is said nearer wins', async () => {
      await writeFile(join(home, '.pg_service.conf'), services)
      expect(fromEnv({ PGSERVICE: 'shop', PGHOST: 'not-this' }).shown).toBe('postgresql://u@db1:5433/shop')
      expect(fromUrl('postgresql://me@/?service=shop').shown).toBe('postgresql://me@db1:5433/shop')
    })

    test('PGSERVICEFILE and a name that it lacks', async () => {
      const file = join(home, 'services')
      await writeFile(file, services)
      expect(refusal(() => fromEnv({ PGSERVICE: 'shp', PGSERVICEFILE: file }))).toBe(
        ['[service-not-found]', `There is no service "shp" in ${file}.`, 'Did you mean `shop`?'].join('\n'),
      )
    })
  })

  test('nothing at all', () => {
    expect(refusal(() => fromEnv({}))).toBe(
      [
        '[no-database]',
        'There is no database to connect to.',
        'Pass --url postgresql://user@host:port/database, or mysql://user@host:port/database.',
        'Or set `database.url` in .goc-audit.yml; `goc-audit init` writes one.',
        'Or set DATABASE_URL; or PGHOST, PGUSER and PGDATABASE; or MYSQL_HOST, and the user in ~/.my.cnf.',
      ].join('\n'),
    )
  })

  test('DATABASE_URL of another kind says so', () => {
    expect(refusal(() => fromEnv({ DATABASE_URL: 'oracle://u:topsecret@h/d' }))).toContain(
      'DATABASE_URL: The connection URL begins with oracle://',
    )
  })
})

describe('the file', () => {
  test('--url wins, and keeps the schemas of the file', async () => {
    const text = 'database: { url: "${UNSET}", schemas: [app], password_command: "echo x" }'
    expect(await fromFile(text, {}, { url: 'postgresql://u@h/d' })).toEqual([
      { name: null, target: { url: 'postgresql://u@h/d', shown: 'postgresql://u@h/d', schemas: ['app'] } },
    ])
  })

  test('the file wins over DATABASE_URL', async () => {
    const [first] = await fromFile('database: { url: "postgresql://u@file/d", password_command: "echo x" }', {
      DATABASE_URL: 'postgresql://u@env/d',
    })
    expect(first?.target).toMatchObject({ shown: 'postgresql://u@file/d', passwordCommand: 'echo x' })
  })

  test('without a URL the environment is asked', async () => {
    const [first] = await fromFile('database: { schemas: ["${S}"] }', {
      DATABASE_URL: 'postgresql://u@env/d',
      S: 'app',
    })
    expect(first?.target).toMatchObject({ shown: 'postgresql://u@env/d', schemas: ['app'] })
  })

  test("the URL's own schema wins", async () => {
    const [first] = await fromFile('database: { url: "postgresql://u@h/d?schema=a", schemas: [b] }')
    expect(first?.target.schemas).toEqual(['a'])
  })

  test('a relative pglite path starts at the file', async () => {
    const [first] = await fromFile('database: { url: "pglite://./db" }')
    expect(first?.target.url).toBe(`pglite://${join(home, 'project', 'db')}`)
  })

  test('an unset variable has its place', async () => {
    const config = await loadConfig({ cwd: join(home, 'project'), env: env() })
    expect(config.databases).toHaveLength(1)
    await writeFile(join(home, 'project', '.goc-audit.yml'), 'version: 1\ndatabase:\n  url: ${SHOP_URL}\n')
    const read = await loadConfig({ cwd: join(home, 'project'), env: env() })
    expect(refusal(() => resolveTarget({ config: read, env: env(), cwd: home }))).toBe(
      [
        '.goc-audit.yml:3:8 [config-unset-variable]',
        'The environment variable SHOP_URL is not set.',
        'Set it, or give a default: ${SHOP_URL:-…}.',
      ].join('\n'),
    )
  })

  test('a bad URL has its place', async () => {
    await writeFile(join(home, 'project', '.goc-audit.yml'), 'database:\n  url: oracle://u:topsecret@h/d\n')
    const read = await loadConfig({ cwd: join(home, 'project'), env: env() })
    const text = refusal(() => resolveTarget({ config: read, env: env(), cwd: home }))
    expect(text).toMatch(/^\.goc-audit\.yml:2:8 \[connection-url-invalid\]/)
    expect(text).not.toContain('secret')
  })

  describe('several databases', () => {
    const text = 'databases: [{ name: shop, url: "postgresql://u@a/d" }, { name: billing, url: "${UNSET}" }]'

    test('all, each by its name', async () => {
      expect(
        (await fromFile(text, { UNSET: 'postgresql://u@b/d' })).map(({ name, target }) => [name, target.shown]),
      ).toEqual([
        ['shop', 'postgresql://u@a/d'],
        ['billing', 'postgresql://u@b/d'],
      ])
    })

    test('one of them needs only its own variables', async () => {
      expect((await fromFile(text, {}, { database: 'shop' })).map(({ name }) => name)).toEqual(['shop'])
    })

    test('an unknown name', async () => {
      await expect(fromFile(text, {}, { database: 'shpo' })).rejects.toMatchObject({
        code: 'database-unknown',
        message: 'There is no database "shpo" in the configuration.',
        suggestions: ['Did you mean `shop`?'],
      })
    })

    test('a command that takes one', async () => {
      const config = await loadConfig({ cwd: join(home, 'project'), env: env() })
      const all = { config, env: env({ UNSET: 'postgresql://u@b/d' }), cwd: home }
      expect(refusal(() => resolveTarget(all))).toBe(
        [
          '[database-ambiguous]',
          'The configuration has several databases, and this command takes one.',
          'Choose with --database: shop, billing.',
        ].join('\n'),
      )
    })
  })
})
