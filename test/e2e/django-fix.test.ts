import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { countCarts, type DjangoShop, exampleShop, openShop } from '../support/django-shop.js'
import { exec } from '../support/process.js'
import { describeWith } from '../support/servers.js'

const python = inject('tools').django
const visitors = 40

/** What comes out of `fix`, and how a person runs it. */
interface Way {
  readonly name: string
  readonly args: readonly string[]
  up(shop: DjangoShop, printed: string): Promise<void>
  down(shop: DjangoShop): Promise<void>
}

const bySql: Way = {
  name: 'psql',
  args: [],
  up: (shop) => runFile(shop, 'up'),
  down: (shop) => runFile(shop, 'down'),
}

const byDjango: Way = {
  name: 'manage.py migrate',
  args: ['--format', 'django'],
  up: async (shop, printed) => {
    await tellTheModel(shop, printed)
    expect(await shop.manage(['makemigrations', '--check', '--dry-run'])).toContain('No changes detected')
    await shop.manage(['migrate'])
  },
  down: async (shop) => {
    await shop.manage(['migrate', 'shop', '0001'])
  },
}

describeWith(python).each([bySql, byDjango])('a Django shop, fixed by $name', (way) => {
  let shop: DjangoShop
  let before: string[]

  beforeAll(async () => {
    shop = await openCopy()
    await shop.manage(['migrate'])
    await shop.load(visitors)
    before = await carts(shop)
  })

  afterAll(async () => {
    if (shop) await remove(shop)
  })

  test('merges its carts, races without one too many, and has them all back', async () => {
    const { groups, surplusRows } = await countCarts(shop.database)
    expect(groups).toBeGreaterThan(0)

    const fixed = await shop.audit(['fix', '--emit-migration', ...way.args])
    expect(fixed).toMatchObject({ code: 0, stderr: '' })
    expect(await carts(shop)).toEqual(before)
    await way.up(shop, fixed.stdout)

    const merged = await carts(shop)
    expect(merged).toHaveLength(before.length - surplusRows)
    const scanned = await shop.audit(['scan', '--json'])
    expect(scanned.code).toBe(0)
    expect(JSON.parse(scanned.stdout).keySets).toMatchObject([{ protection: 'full', duplicates: { groups: 0 } }])

    const idsBefore = await idsTaken(shop)
    const { summary, log } = await shop.load(visitors)
    expect(summary).toContain(`first page: ${visitors * 6} requests, ${visitors * 6} answered 200\n`)
    expect(summary).toContain(`next page:  ${visitors} requests, ${visitors} answered 200\n`)
    expect(log).not.toMatch(/Error|MultipleObjectsReturned/)
    const loaded = await carts(shop)
    expect(loaded).toHaveLength(merged.length + visitors)
    // An INSERT that is refused has taken one: the race was there.
    expect((await idsTaken(shop)) - idsBefore).toBeGreaterThan(visitors)

    await way.down(shop)
    const since = loaded.filter((cart) => !merged.includes(cart))
    expect(await carts(shop)).toEqual([...before, ...since].sort())
    expect((await shop.audit(['scan'])).code).toBe(1)
  })
})

describeWith(python)('the migration of a Django shop', () => {
  test('on SQLite only adds the constraint', async () => {
    const shop = await openCopy()
    try {
      await shop.manage(['migrate'])
      const { stdout } = await shop.audit(['fix', '--emit-migration', '--format', 'django'])
      await tellTheModel(shop, stdout)
      const onSqlite = (args: readonly string[]) =>
        shop.manage(args, { SHOP_SQLITE: join(shop.directory, 'shop.sqlite3') })
      const constraint = 'CONSTRAINT "uq_shop_cart_session" UNIQUE ("session")'
      await onSqlite(['migrate'])
      expect(await onSqlite(['makemigrations', '--check', '--dry-run'])).toContain('No changes detected')
      expect(await schemaOf(onSqlite)).toContain(constraint)
      await onSqlite(['migrate', 'shop', '0001'])
      expect(await schemaOf(onSqlite)).not.toContain(constraint)
    } finally {
      await remove(shop)
    }
  })
})

/** `fix` and its user write into the project. */
async function openCopy(): Promise<DjangoShop> {
  const directory = await mkdtemp(join(tmpdir(), 'goc-audit-django-'))
  await cp(exampleShop, directory, { recursive: true })
  return openShop(directory)
}

async function remove({ database, directory }: DjangoShop): Promise<void> {
  await database.drop()
  await rm(directory, { recursive: true })
}

/** All their values, one text each. */
async function carts({ database }: DjangoShop): Promise<string[]> {
  const rows = await database.query<{ row: string }>('SELECT shop_cart::text AS row FROM shop_cart')
  return rows.map(({ row }) => row).sort()
}

async function idsTaken({ database }: DjangoShop): Promise<number> {
  const [row] = await database.query<{ last: number }>('SELECT last_value::int AS last FROM shop_cart_id_seq')
  return row?.last ?? 0
}

/** By psql where there is one. */
async function runFile({ directory, database, environment }: DjangoShop, kind: 'up' | 'down'): Promise<void> {
  const folder = join(directory, 'migrations/goc-audit')
  const name = (await readdir(folder)).find((each) => each.endsWith(`.${kind}.sql`))
  const path = join(folder, name ?? '')
  const { psql } = inject('tools')
  if (psql === null) return database.script(await readFile(path, 'utf8'))
  const env = { ...process.env, ...environment }
  await exec(psql, ['-X', '-v', 'ON_ERROR_STOP=1', '-f', path], { env })
}

/** Adds to shop/models.py what `fix` printed. */
async function tellTheModel({ directory }: DjangoShop, printed: string): Promise<void> {
  const lines = printed.split('\n')
  const start = lines.findIndex((line) => line.trim() === 'class Cart(models.Model):')
  const indent = lines[start]?.search(/\S/) ?? 0
  const rest = lines.slice(start + 1).map((line) => line.slice(indent))
  const meta = rest.slice(0, rest.indexOf('        ]') + 1)
  expect(meta[0]).toBe('    class Meta:')
  const path = join(directory, 'shop/models.py')
  await writeFile(path, `${await readFile(path, 'utf8')}\n${meta.join('\n')}\n`)
}

/** As SQLite has stored it. */
function schemaOf(manage: (args: readonly string[]) => Promise<string>): Promise<string> {
  const code =
    "from django.db import connection as c; k = c.cursor(); k.execute('SELECT sql FROM sqlite_master'); print(k.fetchall())"
  return manage(['shell', '-c', code])
}
