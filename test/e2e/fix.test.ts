import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Outcome, runCli } from '../support/cli.js'
import { type Database, openDatabase, withDatabase } from '../support/database.js'
import { declare, shop } from '../support/fix-cli.js'
import { schemaErrors } from '../support/schemas.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-fix-'))
  return () => rm(directory, { recursive: true, force: true })
})

async function run(url: string, config: string, ...args: readonly string[]): Promise<Outcome> {
  await writeFile(join(directory, '.goc-audit.yml'), config)
  return runCli(args, { cwd: directory, env: { DATABASE_URL: url } })
}

/** Every row of every table, and every index. */
async function state(database: Database): Promise<unknown> {
  const tables = await database.query<{ name: string }>(
    "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1",
  )
  const rows = tables.map(({ name }) => `SELECT '${name}' AS name, t::text AS row FROM ${name} AS t`)
  return {
    rows: await database.query(`${rows.join(' UNION ALL ')} ORDER BY 1, 2`),
    indexes: await database.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
  }
}

const prefix = 'migrations/goc-audit/0001_goc_audit_cart_session_id'

forEachPostgres((server) => {
  test('a dry run changes nothing, writes nothing, and says what it would do', () =>
    withDatabase(server, shop, async (database) => {
      const before = await state(database)
      const { code, stdout, stderr } = await run(database.url, declare('cart', 'account'), 'fix')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^public\.cart\(session_id\) +fixed$/m)
      expect(stdout).toMatch(/^public\.account\(email\) +protected already$/m)
      expect(stdout).toMatch(/^public\.cart +4 +2 +1 +1 +0$/m)
      expect(stdout).toMatch(/^public\.item +4 +0 +2 +2 +0$/m)
      expect(stdout).toContain('- { table: public.audit_log, columns: [cart_id] }')
      expect(stdout).toMatch(/^ {2}goc-audit fix --emit-migration$/m)
      expect(await state(database)).toEqual(before)
      expect(await readdir(directory)).toEqual(['.goc-audit.yml'])
    }))

  test('--emit-migration writes three files, which do what was planned and undo it', () =>
    withDatabase(server, shop, async (database) => {
      const before = await state(database)
      const config = declare('cart')
      const { code, stdout } = await run(database.url, config, 'fix', '--emit-migration')
      expect(code).toBe(0)
      for (const kind of ['up', 'down', 'cleanup']) {
        expect(stdout).toContain(`  - ${prefix}.${kind}.sql, `)
        expect(stdout).toContain(`psql -v ON_ERROR_STOP=1 -f ${prefix}.${kind}.sql\n`)
      }
      expect(stdout).toContain('What the application must do now')
      expect(await state(database)).toEqual(before)

      const file = (kind: string) => readFile(join(directory, `${prefix}.${kind}.sql`), 'utf8')
      await database.script(await file('up'))
      expect((await run(database.url, config, 'scan')).code).toBe(0)
      expect(await database.query('SELECT session_id, quantity FROM cart ORDER BY 1')).toEqual([
        { session_id: 'secret-a', quantity: 7 },
        { session_id: 'secret-b', quantity: 5 },
      ])
      const again = await run(database.url, config, 'fix')
      expect(again.code).toBe(0)
      expect(again.stdout).toContain('Nothing to fix')
      await database.script(await file('down'))
      await database.script(await file('cleanup'))
      expect(await state(database)).toEqual(before)
    }))
})

const family = `
  CREATE TABLE person (id bigserial PRIMARY KEY, name text NOT NULL);
  CREATE TABLE member (id bigserial PRIMARY KEY, person_id bigint NOT NULL REFERENCES person, team text, note text,
    UNIQUE (person_id, team));
  CREATE TABLE badge (id bigserial PRIMARY KEY, member_id bigint NOT NULL REFERENCES member, "Kind" text, level int,
    UNIQUE (member_id, "Kind"));
  INSERT INTO person (name) VALUES ('ann'), ('ann');
  INSERT INTO member (person_id, team, note) VALUES (1, 'red', 'first'), (2, 'red', 'second');
  INSERT INTO badge (member_id, "Kind", level) VALUES (1, 'gold', 1), (2, 'gold', 2);`

test('children that collide are decided by what it says to write, level by level', () =>
  withDatabase(anyPostgres(), family, async ({ url }) => {
    interface Advice {
      readonly place: 'key-set' | 'keysets'
      readonly yaml: string
    }
    const person: Record<string, unknown> = { table: 'person', columns: ['name'] }
    const further: unknown[] = []
    const decided: string[] = []
    for (;;) {
      const { code, stdout } = await run(url, stringify({ keysets: [person, ...further] }), 'fix', '--json')
      const advice: Advice[] = JSON.parse(stdout).undecided.flatMap((one: { advice: Advice[] }) => one.advice)
      if (advice.length === 0) {
        expect(code).toBe(0)
        break
      }
      expect(code).toBe(1)
      for (const { place, yaml } of advice) {
        decided.push(`${place} ${yaml}`)
        if (place === 'key-set') Object.assign(person, parse(yaml))
        else further.push(...parse(yaml))
      }
      expect(decided.length).toBeLessThan(9)
    }
    expect(decided).toEqual([
      'key-set references:\n  - { table: member, columns: [person_id], merge: { note: latest } }',
      `keysets - { table: public.badge, columns: [member_id, '"Kind"'], merge: { level: latest } }`,
    ])
  }))

const ofTheReadme = `
  CREATE TABLE cart (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id text NOT NULL, coupon text,
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE cart_item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cart_id bigint NOT NULL REFERENCES cart ON DELETE CASCADE, sku text NOT NULL, quantity int NOT NULL DEFAULT 1,
    UNIQUE (cart_id, sku));
  INSERT INTO cart (session_id, created_at)
    SELECT 'sess-' || i, timestamptz '2026-01-01' + i * interval '1 min' FROM generate_series(1, 5000) AS i;
  INSERT INTO cart (session_id, coupon, created_at) VALUES ('sess-17', NULL, '2026-01-01 00:17:00.13'),
    ('sess-17', 'SPRING', '2026-01-01 00:17:00.16');
  INSERT INTO cart_item (cart_id, sku, quantity) SELECT i, 'SKU-' || i % 30, 1 + i % 2 FROM generate_series(1, 5000) AS i;
  INSERT INTO cart_item (cart_id, sku) VALUES (5001, 'SKU-17'), (5001, 'SKU-20'), (5002, 'SKU-4')`

test('the README shows what it prints', () =>
  withDatabase(anyPostgres(), ofTheReadme, async ({ url }) => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const [, config = '', shown = ''] =
      /```yaml\n(keysets:\n(?:(?!```).)*)```\n+```\n\$ goc-audit fix\n(.*?)```/s.exec(readme) ?? []
    const { code, stdout } = await run(url, config, 'fix')
    expect(code).toBe(0)
    // Its first line names the server, and the hash changes with whatever a plan is made of.
    const told = (text: string) => text.replace(/^.*\n/, '').replace(/\([0-9a-f]{16}\)/, '()')
    expect(told(stdout)).toBe(told(shown))
  }))

describe('on one server', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase(anyPostgres(), shop)
  })
  afterAll(() => database?.drop())

  const fix = (config: string, ...args: readonly string[]) => run(database.url, config, 'fix', ...args)
  const json = async (config: string, ...args: readonly string[]) => {
    const { code, stdout } = await fix(config, '--json', ...args)
    return { code, plan: JSON.parse(stdout) }
  }
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

  describe('undecided: exit 1', () => {
    test('names the columns, and what to write into the file', async () => {
      const { code, stdout } = await fix(declare('cart', 'tag'))
      expect(code).toBe(1)
      expect(stdout).toMatch(/^public\.tag\(name\) +undecided: left out$/m)
      expect(stdout).toMatch(/^public\.tag +4$/m)
      expect(stdout).toContain('2 duplicate groups of public.tag with 4 rows differ in color.')
      expect(stdout).toContain('in the key set at .goc-audit.yml:3\n    merge: { color: first-non-null }\n')
    })

    test('what it says to write decides it', async () => {
      const decided = declare('tag').replace(' }', ', merge: { color: first-non-null } }')
      expect((await fix(decided)).code).toBe(0)
      expect((await fix(declare('tag').replace(' }', ', divergent: keep-survivor }'))).code).toBe(0)
    })

    test('the others are written all the same', async () => {
      const { code, plan } = await json(declare('cart', 'tag'), '--emit-migration')
      expect(code).toBe(1)
      expect(plan.files).toHaveLength(3)
      expect(plan.undecided).toMatchObject([
        {
          keySet: 'public.tag(name)',
          location: { file: '.goc-audit.yml', line: 3 },
          groups: [{ schema: 'public', table: 'tag', columns: ['color'], groups: 2, rows: 4 }],
        },
      ])
      const up = await readFile(join(directory, `${prefix}.up.sql`), 'utf8')
      expect(up).not.toContain('public.tag')
    })
  })

  describe('refused: exit 2', () => {
    test('where nothing can make it unique: why, and the table of keys to use', async () => {
      const { code, stdout } = await fix(declare('cart', 'tag', 'event'))
      expect(code).toBe(2)
      expect(oneLine(stdout)).toContain('Left out: public.event is partitioned by day, which the lookup')
      expect(stdout).toContain('    CREATE TABLE public.event_key (kind text, PRIMARY KEY (kind));\n')
      expect(stdout).toMatch(/^public\.cart\(session_id\) +fixed$/m)
    })

    test.each([
      [['--max-surplus', '20%'], /2 of the 4 rows of public\.cart are surplus, more than 20 %/],
      [['--max-group', '2'], /a duplicate group of public\.cart has 3 rows, more than 2/],
      [['--max-stall', '1ms'], /writers would wait for about 1 seconds?, and the limit is 0\.001/],
    ])('where a limit is exceeded: %j', async (args, reason) => {
      const { code, plan } = await json(declare('cart'), ...args)
      expect(code).toBe(2)
      expect(plan.refused).toMatchObject([{ keySet: 'public.cart(session_id)', reason: expect.stringMatching(reason) }])
      expect(plan).toMatchObject({ planHash: null, steps: [], script: [] })
    })

    test('limits can be lifted', async () => {
      expect((await fix(declare('cart'), '--max-surplus', '0.5', '--max-group', '3', '--max-stall', '0')).code).toBe(0)
    })
  })

  test('--json fits the schema, dry and written', async () => {
    const dry = await json(declare('cart', 'tag', 'account', 'event'))
    expect(schemaErrors('fix', dry.plan)).toEqual([])
    expect(dry.plan).toMatchObject({
      schemaVersion: 1,
      protected: ['public.account(email)'],
      suspected: [{ schema: 'public', table: 'audit_log', column: 'cart_id', to: 'public.cart' }],
      modelChange: [{ table: 'cart', members: [{ column: 'session_id', fold: null }], constraint: true }],
      files: [],
    })
    expect(dry.plan.steps).toContainEqual(
      expect.objectContaining({ kind: 'repoint', table: 'item', columns: ['cart_id'], rows: 2 }),
    )
    const written = await json(declare('cart', 'tag', 'event'), '--emit-migration')
    expect(schemaErrors('fix', written.plan)).toEqual([])
    expect(written.plan.planHash).toBe(dry.plan.planHash)
  })

  test('values are masked unless asked for', async () => {
    const config = declare('cart', 'tag')
    expect((await fix(config)).stdout).not.toContain('secret')
    expect((await fix(config, '--json')).stdout).not.toContain('secret')
    const shown = (await fix(config, '--show-values')).stdout
    expect(shown).toMatch(/^ {4}session_id +secret-a +secret-a +secret-a$/m)
    expect(shown).toMatch(/^ {4}≠ color +secret-f00 +secret-a00 +undecided$/m)
  })

  test('--only plans these key sets alone', async () => {
    const { code, plan } = await json(declare('cart', 'tag', 'event'), '--only', 'public.cart*')
    expect({ code, undecided: plan.undecided, refused: plan.refused }).toEqual({ code: 0, undecided: [], refused: [] })
    const none = await fix(declare('cart'), '--only', 'nothing')
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('No key set matches --only nothing.')
  })
})
