import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../support/cli.js'
import { type Database, openDatabase, withDatabase } from '../support/database.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'

const shop = `
  CREATE TABLE users (
    id bigserial PRIMARY KEY, email text NOT NULL, username text, name text, biography text, deleted_at timestamptz);
  CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE deleted_at IS NULL;
  CREATE INDEX users_name ON users (name);
  CREATE TABLE account (id uuid PRIMARY KEY, slug varchar(40) UNIQUE DEFERRABLE, owner bigint REFERENCES users);
  CREATE INDEX account_owner ON account (owner);
  CREATE TABLE profile (id serial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users);
  CREATE INDEX profile_user ON profile (user_id);
  CREATE TABLE cart (id serial PRIMARY KEY, tenant_id int NOT NULL, session_id text NOT NULL);
  CREATE INDEX cart_session ON cart (tenant_id, session_id);
  CREATE TABLE item (id serial PRIMARY KEY, cart_id int REFERENCES cart, sku text, UNIQUE (cart_id, sku), UNIQUE (id, sku));
  CREATE TABLE event (id bigserial PRIMARY KEY, session_id text, kind text);
  CREATE INDEX event_session ON event (session_id);
  CREATE INDEX event_kind ON event (kind);
  CREATE TABLE part (id bigint GENERATED ALWAYS AS IDENTITY, tenant int, code text, PRIMARY KEY (id, tenant))
    PARTITION BY LIST (tenant);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
  CREATE UNIQUE INDEX part_1_code ON part_1 (code);
  CREATE TABLE "Odd ""Table" ("Email" text, "a: b" int UNIQUE, data jsonb, "null" text);
  CREATE UNIQUE INDEX odd_data ON "Odd ""Table" ((data ->> 'id'));
  CREATE UNIQUE INDEX odd_null ON "Odd ""Table" ("null") WHERE "null" <> E'#\\n"\\'';
  CREATE TABLE slot (id int, during int4range, EXCLUDE USING gist (during WITH &&));
  CREATE VIEW carts AS SELECT * FROM cart;
  CREATE SCHEMA goc_audit;
  CREATE TABLE goc_audit.plan_1_cart (goc_row int, session_id text);
  CREATE INDEX ON goc_audit.plan_1_cart (session_id);
  INSERT INTO users (email, username, name, biography)
    SELECT i || '@example.org', 'user' || i, 'name' || i % 7, repeat('x', 200) || i FROM generate_series(1, 300) AS i;
  INSERT INTO profile (user_id) SELECT id FROM users;
  INSERT INTO cart (tenant_id, session_id) SELECT i % 5, 's' || i % 290 FROM generate_series(1, 300) AS i;
  INSERT INTO event (session_id, kind) SELECT 's' || i / 20, 'k' || i % 3 FROM generate_series(1, 300) AS i;
  ANALYZE`

const reasons: readonly (readonly [table: string, column: string, why: RegExp])[] = [
  ['cart', 'session_id', /cart_session is not unique; session_id is a usual name/],
  ['part', 'code', /part_1_code is unique in partition part_1 only/],
  ['users', 'username', /no index; .*hardly any username comes twice/],
  ['profile', 'user_id', /one-to-one/],
  ['event', 'session_id', /about 18\.8 rows per session_id/],
]

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-init-'))
  return () => rm(directory, { recursive: true, force: true })
})

forEachPostgres((server) => {
  test('proposes what the database shows, in a file that scan takes', () =>
    withDatabase(server, shop, async ({ url }) => {
      const { code, stdout } = await runCli(['init', '--url', url, '--json'], { cwd: directory })
      expect(code).toBe(0)
      expect(schemaErrors('init', JSON.parse(stdout))).toEqual([])
      // What `fix` keeps is no application's.
      expect(stdout).not.toContain('plan_1_cart')
      const { keySets, file } = JSON.parse(stdout) as { keySets: KeySet[]; file: string }
      expect(file).toBe('.goc-audit.yml')
      expect(keySets.map(brief).sort()).toEqual([
        "guaranteed Odd \"Table((data ->> 'id'::text))",
        'guaranteed Odd "Table(a: b)',
        `guaranteed Odd "Table(null) where "null" <> '#\n"'''::text`,
        'guaranteed account(slug)',
        'guaranteed item(cart_id,sku)',
        'guaranteed users(email:lower) where deleted_at IS NULL',
        'suspect cart(tenant_id,session_id)',
        'suspect part(code)',
        'suspect users(username)',
        'weak Odd "Table(Email)',
        'weak event(session_id)',
        'weak profile(user_id)',
      ])
      for (const [table, column, why] of reasons) {
        expect(keySets.find((each) => each.table === table && each.columns.includes(column))?.why).toMatch(why)
      }

      const scanned = await runCli(['scan', '--url', url, '--json'], { cwd: directory })
      expect(scanned.code).toBe(1)
      const { complete, summary } = JSON.parse(scanned.stdout)
      expect({ complete, summary }).toMatchObject({ complete: true, summary: { keySets: 9, unknown: 0 } })
    }))
})

interface KeySet {
  readonly table: string
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly match: Readonly<Record<string, string>>
  readonly strength: string
  readonly why: string
}

function brief({ table, columns, predicate, match, strength }: KeySet): string {
  const members = columns.map((column) => (match[column] ? `${column}:${match[column]}` : column))
  return `${strength} ${table}(${members})${predicate === null ? '' : ` where ${predicate}`}`
}

describe('on one server', () => {
  let database: Database
  let role: { readonly url: string; readonly password: string }

  beforeAll(async () => {
    database = await openDatabase(
      anyPostgres(),
      'CREATE TABLE cart (id serial PRIMARY KEY, session_id text); CREATE INDEX ON cart (session_id); CREATE SCHEMA crm; CREATE TABLE crm.lead (email text UNIQUE)',
    )
    role = await database.reader(['public', 'crm'])
    await database.script('CREATE TABLE secret (token text UNIQUE)')
  })
  afterAll(() => database?.drop())

  const init = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runCli(['init', ...args], { cwd: directory, env })
  const written = () => readFile(join(directory, '.goc-audit.yml'), 'utf8')

  test('works as a role that may only read, and writes no password', async () => {
    const { code, stdout, stderr } = await init(['--url', role.url])
    expect(code).toBe(0)
    const file = await written()
    expect(file).toContain(`url: \${DATABASE_URL}`)
    expect(file).toContain('schemas: [crm, public]')
    expect(file).toContain('- table: public.cart\n    columns: [session_id]')
    expect(stdout).toContain('Left out, because this role may not read them: public.secret.')
    expect(stdout).toMatch(/export DATABASE_URL='postgresql:\/\/\w+@127/)
    expect(file + stdout + stderr).not.toContain(role.password)
    const scan = await runCli(['scan'], { cwd: directory, env: { DATABASE_URL: role.url } })
    expect(scan.code).toBe(1)
    expect(scan.stdout).toContain('public.cart(session_id)')
  })

  test('takes the connection from the standard variables, and leaves it to them', async () => {
    const { hostname, port, username, password, pathname } = new URL(role.url)
    const env = {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: pathname.slice(1),
    }
    expect((await init([], env)).code).toBe(0)
    expect(await written()).not.toMatch(/^ *url:/m)
    expect((await runCli(['scan'], { cwd: directory, env })).code).toBe(1)
  })

  test('takes the connection and the schemas from an existing file', async () => {
    const first = `database: { url: "\${SHOP_URL}", schemas: [crm] }\n`
    await writeFile(join(directory, '.goc-audit.yml'), first)
    const { code, stdout } = await init(['--stdout'], { SHOP_URL: role.url })
    expect(code).toBe(0)
    expect(stdout).toContain(`url: \${SHOP_URL}\n`)
    expect(stdout).toContain('schemas: [crm]\n')
    expect(stdout).toContain('- table: lead\n')
    expect(await written()).toBe(first)
  })

  test('never overwrites by itself', async () => {
    await writeFile(join(directory, '.goc-audit.yml'), '# mine\n')
    const refused = await init(['--url', role.url])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('.goc-audit.yml exists already')
    expect(await written()).toBe('# mine\n')
    expect((await init(['--url', role.url, '--force'])).code).toBe(0)
    expect(await written()).toContain('session_id')
  })

  test('--stdout writes no file, --config another one', async () => {
    const { stdout } = await init(['--url', role.url, '--stdout'])
    expect(stdout).toMatch(/^# What the application looks up/m)
    expect(await readdir(directory)).toEqual([])
    await init(['--url', role.url, '--config', 'deep/audit.yml'])
    expect(await readFile(join(directory, 'deep', 'audit.yml'), 'utf8')).toContain('session_id')
  })

  test('says so where there is nothing to connect to, and nothing to read', async () => {
    const none = await init([])
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('There is no database to connect to.')
    const empty = await init(['--url', `${role.url}?schema=nowhere`])
    expect(empty.code).toBe(2)
    expect(empty.stderr.replaceAll('\n', ' ')).toContain('no table that this role may read in the schemas nowhere')
    expect(await readdir(directory)).toEqual([])
  })
})
