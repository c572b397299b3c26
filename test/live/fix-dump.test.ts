import { expect, inject, test } from 'vitest'
import { withDatabase } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { exec } from '../support/process.js'
import { keySet } from '../support/scan.js'
import { describeWith, servers } from '../support/servers.js'

const pgDump = inject('tools').pgDump

const shop = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.visitor (id int PRIMARY KEY, email text NOT NULL, deleted_at date);
  CREATE TABLE shop.cart (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id int NOT NULL REFERENCES shop.visitor ON DELETE CASCADE, session text NOT NULL);
  CREATE VIEW shop.open_cart AS SELECT * FROM shop.cart;
  INSERT INTO shop.visitor VALUES (1, 'a', NULL), (2, 'A', NULL), (3, 'a', '2026-01-01');
  INSERT INTO shop.cart (visitor_id, session) VALUES (1, 'x'), (2, 'x'), (2, 'y'), (3, 'x')`

describeWith(pgDump)('pg_dump', () => {
  test('finds nothing but the new constraints once the archive is removed', async () => {
    const { program, version } = pgDump ?? { program: '', version: 0 }
    const [server] = servers({ to: version, pglite: false }).sort((a, b) => b.version - a.version)
    if (!server) throw new Error(`no server that pg_dump ${version} can read`)
    await withDatabase(server, shop, async (database) => {
      // Recent editions put a random word into each dump.
      const dump = async () =>
        (await exec(program, ['--schema-only', '--dbname', database.url])).stdout
          .split('\n')
          .filter((line) => line !== '' && !/^(--|\\)/.test(line))
      const before = await dump()
      const keySets = [
        keySet('shop.visitor', ['email'], { match: { email: 'lower' }, where: 'deleted_at IS NULL' }),
        keySet('shop.cart', ['visitor_id', 'session']),
      ]
      const { up, down, cleanup, fix } = await planFor(database.url, keySets)
      expect(fix.fixed).toHaveLength(2)
      expect(await run(database, up)).toBe('')
      expect(await run(database, down)).toBe('')
      expect(await run(database, cleanup)).toBe('')
      expect(await dump()).toEqual(before)
      expect(await run(database, up)).toBe('')
      expect(await run(database, cleanup)).toBe('')
      const after = await dump()
      expect(after.filter((line) => !before.includes(line))).toEqual([
        '    ADD CONSTRAINT uq_cart_visitor_id_session UNIQUE (visitor_id, session);',
        expect.stringMatching(
          /^CREATE UNIQUE INDEX uq_visitor_email_\w+ ON shop\.visitor USING btree \(lower\(email\)\) WHERE \(deleted_at IS NULL\);$/,
        ),
      ])
      expect(before.filter((line) => !after.includes(line))).toEqual([])
    })
  })
})
