import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { countCarts, type DjangoShop, exampleShop, openShop } from '../support/django-shop.js'
import { describeWith } from '../support/servers.js'

const python = inject('tools').django

describeWith(python)(`a Django shop (${python ?? 'skipped: needs Python with Django and psycopg2'})`, () => {
  let shop: DjangoShop
  let serverLog: string

  beforeAll(async () => {
    shop = await openShop(exampleShop)
    await shop.manage(['migrate'])
    serverLog = (await shop.load(40)).log
  })

  afterAll(async () => {
    await shop?.database.drop()
  })

  test('leaves duplicate rows, and get_or_create() fails on them', async () => {
    const { groups } = await countCarts(shop.database)
    expect(groups).toBeGreaterThan(0)
    const failures = serverLog.match(/MultipleObjectsReturned: get\(\) returned more than one Cart/g) ?? []
    // Each visitor with several carts comes back once more, and fails then at the latest.
    expect(failures.length).toBeGreaterThanOrEqual(groups)
  })

  test('scan names the key set and counts as SQL does', async () => {
    const counted = await countCarts(shop.database)
    const { code, stdout } = await shop.audit(['scan', '--json'])
    expect(code).toBe(1)
    const { keySets, findings, complete } = JSON.parse(stdout)
    expect(complete).toBe(true)
    expect(keySets).toMatchObject([
      { table: 'shop_cart', columns: ['session'], protection: 'none', duplicates: { counted: true, ...counted } },
    ])
    const rules = findings.map((finding: { rule: string }) => finding.rule)
    expect(rules).toEqual(expect.arrayContaining(['missing-unique', 'duplicate-rows']))
  })

  test('scan says so to people too', async () => {
    const { code, stdout } = await shop.audit(['scan'])
    expect(code).toBe(1)
    expect(stdout).toContain('shop_cart(session)')
    expect(stdout).not.toContain(shop.environment.PGPASSWORD)
  })
})
