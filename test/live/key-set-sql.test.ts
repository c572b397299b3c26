import { expect, test } from 'vitest'
import { withDatabase } from '../support/database.js'
import { keySet, scanUrl } from '../support/scan.js'
import { forEachPostgres } from '../support/servers.js'

const cart = 'CREATE TABLE cart (id int PRIMARY KEY, session_id text NOT NULL, quantity int)'
const location = { file: '.goc-audit.yml', line: 4, column: 5 }
const resolution = { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] } as const

forEachPostgres(
  (server) => {
    test('what looks at other rows is no key', () =>
      withDatabase(server, cart, async (database) => {
        for (const sql of ['count(*)', '(SELECT 1)', 'row_number() OVER ()', 'generate_series(1, 2)', 'nothing(1)']) {
          const part = { kind: 'expression', sql, location } as const
          await expect(scanUrl(database.url, [keySet('cart', [], { parts: [part] })])).rejects.toMatchObject({
            code: 'sql-rejected',
            location,
          })
        }
        const where = '(SELECT count(*) FROM cart) > 1'
        await expect(scanUrl(database.url, [keySet('cart', ['session_id'], { where })])).rejects.toMatchObject({
          code: 'sql-rejected',
          message: expect.stringContaining('other rows'),
        })
      }))

    test('misspelt names in merge and survivor are told before anything is counted', () =>
      withDatabase(server, cart, async (database) => {
        const merge = keySet('cart', ['session_id'], {
          location,
          resolution: { ...resolution, merge: { quantitty: 'sum' } },
        })
        await expect(scanUrl(database.url, [merge])).rejects.toMatchObject({
          code: 'column-missing',
          location,
          suggestions: ['Did you mean "quantity"?'],
        })
        const survivor = keySet('cart', ['session_id'], {
          location,
          resolution: { ...resolution, survivor: 'quantitty DESC' },
        })
        await expect(scanUrl(database.url, [survivor])).rejects.toMatchObject({
          code: 'sql-rejected',
          location,
          suggestions: ['Did you mean "quantity"?'],
        })
        const good = keySet('cart', ['session_id'], {
          resolution: { ...resolution, survivor: 'quantity DESC, id', merge: { quantity: 'sum' } },
        })
        expect(await scanUrl(database.url, [good])).toMatchObject({ complete: true })
      }))
  },
  { pglite: false },
)
