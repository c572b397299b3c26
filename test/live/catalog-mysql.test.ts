import { expect, test } from 'vitest'
import type { Session } from '../../src/dialects/dialect.js'
import { mysql } from '../../src/dialects/mysql/index.js'
import type { Column, Index, Table } from '../../src/model/catalog.js'
import type { TableName } from '../../src/model/keyset.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql } from '../support/servers.js'

async function withSession<T>(url: string, work: (session: Session) => Promise<T>, schemas: string[] = []): Promise<T> {
  const session = await mysql.connect({ url, shown: 'the test server', schemas }, { statementTimeout: 0 })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

const read = (url: string, names: readonly TableName[], schemas?: string[]) =>
  withSession(url, (session) => session.readCatalog(names), schemas)

async function table(url: string, name: string): Promise<Table> {
  const [answer] = await read(url, [{ name }])
  if (answer === undefined || !('table' in answer)) throw new Error(`no table ${name}: ${JSON.stringify(answer)}`)
  return answer.table
}

const column = (of: Table, name: string): Column => {
  const found = of.columns.find((one) => one.name === name)
  if (!found) throw new Error(`no column ${name}`)
  return found
}

const index = (of: Table, name: string): Index => {
  const found = of.indexes.find((one) => one.name === name)
  if (!found) throw new Error(`no index ${name}`)
  return found
}

forEachMysql((server) => {
  const isMariadb = server.kind === 'mariadb'

  test('columns', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE cart (
        id INT AUTO_INCREMENT PRIMARY KEY,
        email VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'a''b',
        code VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_bin,
        token VARCHAR(36) DEFAULT (UUID()),
        created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
        updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
        folded VARCHAR(50) AS (CONCAT(LOWER(email), 'it''s')) VIRTUAL,
        live INT AS (IF(updated_at IS NULL, 1, NULL)) STORED,
        place POINT, quantity INT DEFAULT 1, raw VARBINARY(16))`,
      async (database) => {
        const cart = await table(database.url, 'cart')
        expect(cart).toMatchObject({ schemaImplied: true, kind: 'table', engine: 'InnoDB', primaryKey: ['id'] })
        expect(column(cart, 'id')).toMatchObject({
          baseType: 'int',
          notNull: true,
          generatesKey: true,
          collation: null,
        })
        expect(column(cart, 'email')).toMatchObject({
          type: 'varchar(40)',
          default: "'a''b'",
          collation: 'utf8mb4_unicode_ci',
          deterministic: false,
        })
        expect(column(cart, 'code')).toMatchObject({ collation: 'latin1_bin', deterministic: false })
        expect(column(cart, 'token')).toMatchObject({ generatesKey: true })
        expect(column(cart, 'created_at')).toMatchObject({ isTimestamp: true, isCreationStamp: true })
        expect(column(cart, 'updated_at')).toMatchObject({ stampedOnUpdate: true, isCreationStamp: false })
        expect(column(cart, 'folded')).toMatchObject({ generated: 'virtual' })
        expect(column(cart, 'folded').expression).toMatch(/^concat\(l(ower|case)\(`email`\),(_utf8mb4)?'it\\'s'\)$/)
        expect(column(cart, 'live')).toMatchObject({ generated: 'stored', default: null })
        expect(column(cart, 'place').hasEquality).toBe(false)
        expect(column(cart, 'quantity').default).toBe('1')
        expect(column(cart, 'raw')).toMatchObject({ collation: null, deterministic: true })
      },
    ))

  test('indexes: prefixes, order, hidden ones, and what the servers have for long keys and expressions', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE cart (id INT PRIMARY KEY, email VARCHAR(40), note TEXT, tenant INT,
        UNIQUE KEY short (email(5)), UNIQUE KEY pair (tenant, email DESC), UNIQUE KEY quiet (tenant, id));
      ALTER TABLE cart ${isMariadb ? 'ALTER INDEX quiet IGNORED' : 'ALTER INDEX quiet INVISIBLE'};
      ALTER TABLE cart ADD UNIQUE KEY long_one (${isMariadb ? 'note' : "(lower(concat(email, '''')))"})`,
      async (database) => {
        const cart = await table(database.url, 'cart')
        expect(index(cart, 'PRIMARY')).toMatchObject({ primary: true, unique: true, valid: true, ready: true })
        expect(index(cart, 'short').parts).toMatchObject([{ column: 'email', prefix: 5 }])
        expect(index(cart, 'pair').parts).toMatchObject([{ column: 'tenant' }, { column: 'email', descending: true }])
        expect(index(cart, 'pair').parts[0]).not.toHaveProperty('prefix')
        expect(index(cart, 'quiet')).toMatchObject({ ignored: true, unique: true, ready: true })
        expect(index(cart, 'pair')).not.toHaveProperty('ignored')
        const long = index(cart, 'long_one')
        if (isMariadb) expect(long).toMatchObject({ method: 'hash', unique: true, parts: [{ column: 'note' }] })
        else {
          expect(long.parts[0]).toMatchObject({ column: null })
          expect(long.parts[0]?.expression).toBe(String.raw`lower(concat(${'`email`'},_utf8mb4'\''))`)
        }
      },
    ))

  test('foreign keys from other databases and to itself, and the indexes that they need', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE parent (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL, up INT, UNIQUE KEY uc (code), UNIQUE KEY spare (up),
         CONSTRAINT self FOREIGN KEY (up) REFERENCES parent (id) ON DELETE SET NULL);`,
      async (database) => {
        const other = await database.another()
        await database.script(
          `CREATE TABLE \`${other}\`.\`ch ild\` (id INT PRIMARY KEY, a INT, b VARCHAR(20),
            CONSTRAINT \`f k\` FOREIGN KEY (a) REFERENCES \`${database.name}\`.parent (id) ON DELETE CASCADE,
            CONSTRAINT fc FOREIGN KEY (b) REFERENCES \`${database.name}\`.parent (code) ON UPDATE SET NULL)`,
        )
        const parent = await table(database.url, 'parent')
        expect([...parent.references].sort((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
          { name: 'f k', schema: other, table: 'ch ild', columns: ['a'], targetColumns: ['id'], onDelete: 'cascade' },
          { name: 'fc', schema: other, columns: ['b'], targetColumns: ['code'], onUpdate: 'set null' },
          { name: 'self', schema: database.name, table: 'parent', columns: ['up'], onDelete: 'set null' },
        ])
        expect(index(parent, 'uc').pinned).toBe(true)
        expect(index(parent, 'spare').pinned).toBe(true)
      },
    ))

  test('partitions, triggers, views, and what is no table', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE plain (id INT PRIMARY KEY, code VARCHAR(20), kind INT);
      CREATE TRIGGER fold BEFORE INSERT ON plain FOR EACH ROW SET NEW.code = lower(NEW.code);
      CREATE VIEW shown AS SELECT id AS number, code AS label FROM plain WHERE kind = 1 AND code <> 'a''b\\\\c';
      CREATE VIEW above AS SELECT label FROM shown WHERE number > 3;
      CREATE VIEW joined AS SELECT a.id FROM plain a JOIN plain b ON a.id = b.kind;
      CREATE TABLE by_year (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (YEAR(d))
        (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
      CREATE TABLE by_key (id INT PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;
      ${isMariadb ? 'CREATE SEQUENCE numbers; CREATE TABLE old (id INT PRIMARY KEY) WITH SYSTEM VERSIONING;' : ''}`,
      async (database) => {
        const { url } = database
        expect((await table(url, 'plain')).insertTriggers).toEqual([{ name: 'fold', assigns: ['code'] }])
        expect((await table(url, 'by_year')).partitioning).toEqual({
          columns: ['d'],
          byExpression: true,
          partitions: 2,
        })
        expect((await table(url, 'by_key')).partitioning).toEqual({
          columns: ['id'],
          byExpression: false,
          partitions: 3,
        })
        const above = await table(url, 'above')
        expect(above.base).toMatchObject({ table: { name: 'plain' }, columns: { label: '`code`' } })
        expect(above.base?.predicate).toContain('`id` > 3')
        expect((await table(url, 'joined')).base).toBeNull()
        if (!isMariadb) return
        expect(await table(url, 'old')).toMatchObject({ kind: 'table', systemVersioned: true })
        expect(await read(url, [{ name: 'numbers' }])).toMatchObject([{ missing: 'not-found' }])
      },
    ))

  test('names: odd ones, mistyped ones, ambiguous ones', () =>
    withMysqlDatabase(
      server,
      'CREATE TABLE `a``b % ? "é" C` (`x``y` INT PRIMARY KEY, `Ä ?` INT, UNIQUE KEY `k``?` (`Ä ?`)); CREATE TABLE cart (id INT)',
      async (database) => {
        const odd = await table(database.url, 'a`b % ? "é" C')
        expect(odd.columns.map(({ name }) => name)).toEqual(['x`y', 'Ä ?'])
        expect(index(odd, 'k`?').parts).toMatchObject([{ column: 'Ä ?' }])
        const other = await database.another()
        await database.script(`CREATE TABLE \`${other}\`.cart (id INT)`)
        const [mistyped, upper, emoji, ambiguous] = await read(
          database.url,
          [
            { schema: database.name, name: 'crat' },
            { schema: database.name, name: 'CART' },
            { name: '😀' },
            { name: 'cart' },
          ],
          [database.name, other],
        )
        expect(mistyped).toMatchObject({ missing: 'not-found' })
        expect(mistyped && 'missing' in mistyped && mistyped.candidates).toContain(`${database.name}.cart`)
        expect(upper).toMatchObject({ missing: 'not-found' })
        expect(emoji).toMatchObject({ missing: 'not-found' })
        expect(ambiguous).toEqual({ missing: 'ambiguous', candidates: [`${database.name}.cart`, `${other}.cart`] })
      },
    ))

  test('a user sees what it has rights on, and is told where something is hidden', () =>
    withMysqlDatabase(
      server,
      'CREATE TABLE part (id INT PRIMARY KEY, a INT, b INT); CREATE TABLE blind (id INT PRIMARY KEY); CREATE TABLE secret (id INT); CREATE VIEW shown AS SELECT id FROM part',
      async (database) => {
        const user = await database.user([
          `SELECT (id, a) ON \`${database.name}\`.part`,
          `INSERT ON \`${database.name}\`.blind`,
        ])
        const names = ['part', 'blind', 'secret'].map((name) => ({ schema: database.name, name }))
        const [part, blind, secret] = await read(user.url, names)
        expect(part).toMatchObject({ table: { partlyHidden: true, columns: [{ name: 'id' }, { name: 'a' }] } })
        expect(blind).toMatchObject({ table: { unreadableColumns: ['id'] } })
        expect(secret).toMatchObject({ missing: 'no-privilege' })
        const reader = await database.reader()
        const [whole] = await read(reader.url, [{ schema: database.name, name: 'part' }])
        expect(whole).toMatchObject({ table: { unreadableColumns: [] } })
        expect(whole && 'table' in whole && whole.table.partlyHidden).toBeUndefined()
        // Without SHOW VIEW.
        const [view] = await read(reader.url, [{ schema: database.name, name: 'shown' }])
        expect(view).toMatchObject({ table: { kind: 'view', base: null, partlyHidden: true } })
      },
    ))
})
