import { expect, test } from 'vitest'
import { mysql } from '../../src/dialects/mysql/index.js'
import type { KeySet } from '../../src/model/keyset.js'
import type { KeySetFacts, PlanFacts, TableFacts } from '../../src/model/plan-facts.js'
import { buildSteps } from '../../src/plan/build.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { keySet } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'

async function factsOf(url: string, keySets: readonly KeySet[], schemas: readonly string[] = []): Promise<PlanFacts> {
  const session = await mysql.connect({ url, shown: 'the test server', schemas }, { statementTimeout: 60_000 })
  try {
    const answers = await session.readCatalog(keySets.map(({ table }) => table))
    const resolved = []
    for (const [at, answer] of answers.entries()) {
      if (!('table' in answer)) throw new Error(JSON.stringify(answer))
      resolved.push({ resolved: await session.resolve(keySets[at] as KeySet, answer.table), refusal: null })
    }
    return await session.readPlanFacts(resolved)
  } finally {
    await session.close()
  }
}

const tableOf = ({ tables }: PlanFacts, name: string): TableFacts => {
  const found = tables.find(({ table }) => table.name === name)
  if (found === undefined) throw new Error(`${name} is not among ${tables.map(({ table }) => table.name).join(', ')}`)
  return found
}
const namesOf = ({ tables }: PlanFacts): string[] => tables.map(({ table }) => table.name)
const uniquenessOf = ({ keySets }: PlanFacts, at = 0) => {
  const { uniqueness } = keySets[at] as KeySetFacts
  if ('refused' in uniqueness) throw new Error(uniqueness.refused)
  return uniqueness
}
const warningsAbout = ({ warnings }: PlanFacts, what: RegExp): string[] => warnings.filter((one) => what.test(one))

const CART = 'CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), note INT) CHARACTER SET utf8mb4;'
const BY_SESSION = keySet('cart', ['session_id'])

const referring = (table: string, columns: readonly string[], more: object = {}): KeySet =>
  keySet('cart', ['session_id'], {
    resolution: {
      survivor: 'oldest',
      merge: {},
      divergent: 'stop',
      references: [{ table: { name: table }, columns, merge: {}, ...more }],
    },
  })

forEachMysql((server) => {
  const isMariadb = server.kind === 'mariadb'
  const withFacts = (
    sql: string,
    keySets: readonly KeySet[],
    check: (facts: PlanFacts, database: MysqlDatabase) => void | Promise<void>,
  ) => withMysqlDatabase(server, sql, async (database) => check(await factsOf(database.url, keySets), database))

  /** The whole refusal of a table's rows, or null. */
  const refusalIn = async (sql: string, table = 'cart', keySets: readonly KeySet[] = [BY_SESSION]) => {
    let refusal: TableFacts['refusal'] = null
    await withFacts(sql, keySets, (facts) => {
      refusal = tableOf(facts, table).refusal
    })
    return refusal
  }

  test('tables that refer to the rows, from other databases too, and how', () =>
    withMysqlDatabase(
      server,
      `${CART} CREATE TABLE item (id INT PRIMARY KEY, cart_id INT NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
       CREATE TABLE part (id INT PRIMARY KEY, item_id INT, FOREIGN KEY item_fk (item_id) REFERENCES item (id));
       CREATE TABLE apart (id INT PRIMARY KEY)`,
      async (database) => {
        const other = await database.another('odd `name')
        const quoted = `\`${other.replaceAll('`', '``')}\``
        await database.query(
          `CREATE TABLE ${quoted}.\`Ελλ %s ?\` (id INT PRIMARY KEY, \`c\`\`art\` INT, CONSTRAINT away FOREIGN KEY (\`c\`\`art\`) REFERENCES \`${database.name}\`.cart (id) ON UPDATE CASCADE)`,
        )
        const facts = await factsOf(database.url, [BY_SESSION])
        expect(namesOf(facts).sort()).toEqual(['cart', 'item', 'part', 'Ελλ %s ?'])
        const cart = tableOf(facts, 'cart')
        expect(cart.children.map(({ child, reference }) => [namesOf(facts)[child], reference.columns])).toEqual(
          expect.arrayContaining([
            ['item', ['cart_id']],
            ['Ελλ %s ?', ['c`art']],
          ]),
        )
        expect(cart.outgoing).toEqual([])
        expect(tableOf(facts, 'part').outgoing).toEqual([
          { columns: ['item_id'], schema: database.name, table: 'item', targets: ['id'] },
        ])
        expect(tableOf(facts, 'Ελλ %s ?').outgoing).toMatchObject([{ schema: database.name, table: 'cart' }])
        expect(buildSteps(facts, [0]).tables.map(({ name }) => name)[0]).toBe('cart')
      },
    ))

  test('a type says everything about what a column can hold', async () => {
    const columns = [
      'a VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
      "b ENUM('it''s', 'a\\\\b', 'ü', 'x,y') CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
      "c SET('p', 'q') CHARACTER SET latin1 COLLATE latin1_bin",
      'd TIMESTAMP(6) NULL',
      'e DECIMAL(10,2) UNSIGNED',
      'f JSON',
      'g GEOMETRY',
      'h BIT(3)',
      'i VARBINARY(16)',
      'j MEDIUMTEXT CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci',
      'k INT UNSIGNED ZEROFILL',
      'l YEAR',
      isMariadb ? 'm UUID' : 'm POINT SRID 4326',
      isMariadb ? 'n VARCHAR(40) COMPRESSED' : 'n VARCHAR(40)',
    ]
    const sql = `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), ${columns.join(', ')}) CHARACTER SET latin1`
    await withFacts(sql, [BY_SESSION], async (facts, database) => {
      const { table } = tableOf(facts, 'cart')
      const types = Object.fromEntries(table.columns.map(({ name, type }) => [name, type]))
      expect(types).toMatchObject({
        a: 'varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
        c: "set('p','q') CHARACTER SET latin1 COLLATE latin1_bin",
        d: 'timestamp(6)',
        f: isMariadb ? 'longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' : 'json',
        session_id: 'varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci',
      })
      expect(table.columns.find(({ name }) => name === 'a')?.baseType).toBe('varchar')
      // In a table whose character set is another, so that nothing is left to a default.
      const declarations = table.columns.map(({ name, type }) => `\`${name}\` ${type} NULL`)
      await database.query(`CREATE TABLE copy (${declarations.join(', ')}) CHARACTER SET utf8mb3`)
      const read = (name: string) =>
        database.query(
          `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, COLLATION_NAME AS collation
           FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
          [database.name, name],
        )
      const plain = (rows: Awaited<ReturnType<typeof read>>) =>
        rows.map((row) => ({ ...row, type: String(row.type).replace(/ \/\*.*\*\//, '') }))
      expect(await read('copy')).toEqual(plain(await read('cart')))
      await database.query("INSERT INTO cart (id, b) VALUES (1, 'a\\\\b'), (2, 'ü'), (3, 'it''s')")
      await database.query('INSERT INTO copy (id, b) SELECT id, b FROM cart')
      expect(await database.query('SELECT HEX(b) AS b FROM copy ORDER BY id')).toEqual(
        await database.query('SELECT HEX(b) AS b FROM cart ORDER BY id'),
      )
    })
  })

  test('rows are known by the primary key, or else by a unique key that tells all of them apart', async () => {
    const keyOf = async (columns: string): Promise<readonly string[]> => {
      let key: readonly string[] = []
      await withFacts(
        `CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE cart (session_id VARCHAR(40), ${columns})`,
        [BY_SESSION],
        (facts) => {
          key = tableOf(facts, 'cart').table.primaryKey
        },
      )
      return key
    }
    expect(await keyOf('a INT NOT NULL, b INT NOT NULL, UNIQUE (a), PRIMARY KEY (b, a)')).toEqual(['b', 'a'])
    expect(await keyOf('a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, UNIQUE (a, b), UNIQUE (c)')).toEqual(['c'])
    expect(
      await keyOf(
        'a INT NOT NULL, b INT NOT NULL, c INT NOT NULL, UNIQUE (a), UNIQUE (b, c), FOREIGN KEY (a) REFERENCES parent (id)',
      ),
    ).toEqual(['b', 'c'])
    expect(await keyOf('a INT, UNIQUE (a)')).toEqual([])
    expect(await keyOf('a VARCHAR(40) NOT NULL, UNIQUE (a(10))')).toEqual([])
    expect(await keyOf('a TEXT NOT NULL, PRIMARY KEY (a(10))')).toEqual([])
    expect(
      await keyOf(`a INT, b INT AS (COALESCE(a, 0)) ${isMariadb ? 'VIRTUAL' : 'STORED NOT NULL'}, UNIQUE (b)`),
    ).toEqual([])
    if (isMariadb) expect(await keyOf('a TEXT NOT NULL, UNIQUE (a)')).toEqual([])
    else expect(await keyOf('a INT NOT NULL, UNIQUE ((a + 1))')).toEqual([])
  })

  test('a table whose rows nothing tells apart is refused, and the advice helps', () =>
    withFacts('CREATE TABLE cart (session_id VARCHAR(40), Row_Id INT)', [BY_SESSION], async (facts, database) => {
      const { refusal } = tableOf(facts, 'cart')
      expect(refusal?.refused).toBe(
        `${database.name}.cart has no primary key, and no unique key of whole columns that can't be NULL: its rows can't be told apart`,
      )
      const [, sql = ''] = refusal?.advice.split('\n') ?? []
      await database.query("INSERT INTO cart VALUES ('a', 1), ('a', 1)")
      await database.query(sql)
      const after = await factsOf(database.url, [BY_SESSION])
      expect(tableOf(after, 'cart')).toMatchObject({ refusal: null, table: { primaryKey: ['row_id_2'] } })
      expect(await database.query('SELECT * FROM cart')).toEqual(Array(2).fill({ session_id: 'a', Row_Id: 1 }))
    }))

  test('tables that are stored where nothing can be rolled back', async () => {
    const engines = isMariadb ? ['MyISAM', 'MEMORY', 'Aria', 'CSV'] : ['MyISAM', 'MEMORY', 'ARCHIVE', 'CSV']
    for (const engine of engines) {
      const key = engine === 'CSV' || engine === 'ARCHIVE' ? '' : ' PRIMARY KEY'
      const sql = `CREATE TABLE cart (id INT NOT NULL${key}, session_id VARCHAR(40) NOT NULL) ENGINE = ${engine}`
      expect(await refusalIn(sql), engine).toMatchObject({
        refused: expect.stringMatching(
          new RegExp(`^t\\w+\\.cart is stored by ${engine}, where an interrupted migration can't be rolled back$`),
        ),
        advice: expect.stringMatching(/^Store it by InnoDB first: ALTER TABLE `t\w+`\.`cart` ENGINE = InnoDB;$/),
      })
    }
    const child = `${CART} CREATE TABLE log (id INT PRIMARY KEY, cart_id INT) ENGINE = MyISAM`
    expect(await refusalIn(child, 'log', [referring('log', ['cart_id'])])).toMatchObject({
      refused: expect.stringContaining('.log is stored by MyISAM'),
    })
  })

  test('names that the migration uses, whatever their case', async () => {
    expect(await refusalIn('CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), Goc_x INT)')).toEqual({
      refused: expect.stringContaining('.cart has a column Goc_x, and names that begin with goc_'),
      advice: 'Give the column another name.',
    })
    expect(await refusalIn(CART)).toBeNull()
  })

  test('columns that the user may not read', () =>
    withMysqlDatabase(server, `${CART}`, async (database) => {
      const role = await database.user([`SELECT (id, session_id) ON \`${database.name}\`.cart`])
      const facts = await factsOf(role.url, [BY_SESSION], [database.name])
      expect(tableOf(facts, 'cart').refusal).toEqual({
        refused: `this user may not read some columns of ${database.name}.cart`,
        advice: 'Connect as a user who may.',
      })
      const blind = await database.user([`SELECT (id, session_id), INSERT (note) ON \`${database.name}\`.cart`])
      expect(tableOf(await factsOf(blind.url, [BY_SESSION], [database.name]), 'cart').refusal).toMatchObject({
        refused: `this user may not read note of ${database.name}.cart`,
      })
    }))

  test('circles in which no row can go first', async () => {
    const self = (nullable: string) =>
      `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), parent INT ${nullable}, FOREIGN KEY (parent) REFERENCES cart (id))`
    expect(await refusalIn(self('NOT NULL'))).toEqual({
      refused: expect.stringMatching(
        /^rows of t\w+\.cart refer by parent, which can't be NULL, to rows that refer to them/,
      ),
      advice: 'Let parent be NULL for the time of the migration.',
    })
    expect(await refusalIn(self('NULL'))).toBeNull()
    const pair = (nullable: string) => `
      CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), first_item INT ${nullable});
      CREATE TABLE item (id INT PRIMARY KEY, cart_id INT NOT NULL UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id));
      ALTER TABLE cart ADD FOREIGN KEY (first_item) REFERENCES item (id)`
    expect(await refusalIn(pair('NOT NULL'), 'item')).toMatchObject({ refused: expect.stringContaining('cart_id') })
    expect(await refusalIn(pair('NULL'), 'item')).toBeNull()
    // It is the reference that can be NULL at which the circle is cut, whichever table comes first.
    for (const sets of [[BY_SESSION], [keySet('item', ['cart_id']), BY_SESSION]]) {
      await withFacts(pair('NULL'), sets, (facts) => {
        const { tables, references } = buildSteps(facts, [...sets.keys()])
        const back = references.filter(({ from, to }) => to >= from)
        expect(back.map(({ from, columns }) => [tables[from]?.name, columns])).toEqual([['cart', ['first_item']]])
      })
    }
  })

  test('foreign keys to what is not unique', () =>
    withMysqlDatabase(
      server,
      'CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), code INT, other INT, KEY (code), UNIQUE (other))',
      async (database) => {
        if (!isMariadb) await database.query('SET SESSION restrict_fk_on_non_standard_key = OFF')
        await database.query(
          'CREATE TABLE good (id INT PRIMARY KEY, other INT, FOREIGN KEY (other) REFERENCES cart (other))',
        )
        expect(tableOf(await factsOf(database.url, [BY_SESSION]), 'cart').refusal).toBeNull()
        await database.query(
          'CREATE TABLE vague (id INT PRIMARY KEY, code INT, CONSTRAINT v FOREIGN KEY (code) REFERENCES cart (code))',
        )
        expect(tableOf(await factsOf(database.url, [BY_SESSION]), 'cart').refusal).toEqual({
          refused: `the foreign key v of ${database.name}.vague points to code of ${database.name}.cart, where no unique key says which row is meant`,
          advice: expect.stringContaining('Let it point to the primary key'),
        })
      },
    ))

  test('unique keys as rows are checked against them', () =>
    withFacts(
      `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40) NOT NULL, a VARCHAR(40), b INT, c INT AS (b + 1) VIRTUAL,
        t TEXT, KEY (b), UNIQUE u1 (session_id, a), UNIQUE u2 (t(5) DESC), UNIQUE u3 (c)
        ${isMariadb ? '' : ', UNIQUE u4 ((LOWER(a)), b)'}) CHARACTER SET utf8mb4`,
      [BY_SESSION],
      (facts) => {
        const { uniqueKeys, generated } = tableOf(facts, 'cart')
        expect(generated).toEqual([{ name: 'c', sql: expect.stringMatching(/`b` \+ 1/), from: ['b'] }])
        const known = Object.fromEntries(uniqueKeys.map(({ name, ...key }) => [name, key]))
        const value = (sql: string) => ({ sql, groupsNulls: false })
        expect(known).toMatchObject({
          PRIMARY: { columns: ['id'], values: [value('`id`')], conditions: [] },
          u1: {
            columns: ['session_id', 'a'],
            values: [value('`session_id`'), value('`a`')],
            conditions: ['(`a`) IS NOT NULL'],
          },
          u2: { columns: ['t'], values: [value('LEFT(`t`, 5)')], conditions: ['(`t`) IS NOT NULL'] },
          u3: { columns: ['c'], values: [value('`c`')], conditions: ['(`c`) IS NOT NULL'] },
        })
        expect(Object.keys(known)).toHaveLength(isMariadb ? 4 : 5)
        if (!isMariadb)
          expect(known.u4).toMatchObject({ columns: ['a', 'b'], values: [{ sql: '(lower(`a`))' }, value('`b`')] })
      },
    ))

  test('what the unique keys call equal is what the server does', () =>
    withFacts(
      `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), a VARCHAR(40) COLLATE utf8mb4_unicode_ci, t TEXT,
        UNIQUE u1 (a), UNIQUE u2 (t(3))) CHARACTER SET utf8mb4`,
      [BY_SESSION],
      async (facts, database) => {
        const rows = ["'ß', NULL", "'Ä', 'abcd'", 'NULL, NULL', "'x ', 'abd'"]
        const twins = ["'ss', NULL", "'a', 'q'", "'X', 'r'", "'new', 'abcz'", "'new', 'ABD'"]
        for (const [id, row] of rows.entries()) await database.query(`INSERT INTO cart VALUES (${id}, NULL, ${row})`)
        await database.query('CREATE TABLE free AS SELECT * FROM cart')
        for (const twin of twins) {
          await expect(database.query(`INSERT INTO cart VALUES (9, NULL, ${twin})`)).rejects.toThrow(/Duplicate entry/)
          await database.query(`INSERT INTO free VALUES (9, NULL, ${twin})`)
          let groups = 0
          for (const { values, conditions, name } of tableOf(facts, 'cart').uniqueKeys) {
            if (name === 'PRIMARY') continue
            const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
            groups += (
              await database.query(
                `SELECT 1 AS found FROM free${where} GROUP BY ${values.map(({ sql }) => sql).join(', ')} HAVING COUNT(*) > 1`,
              )
            ).length
          }
          expect(groups, twin).toBe(1)
          await database.query('DELETE FROM free WHERE id = 9')
        }
      },
    ))

  test('declared references compare as texts where the types differ', () =>
    withFacts(
      `${CART} CREATE TABLE log (id INT PRIMARY KEY, small SMALLINT, big BIGINT UNSIGNED, code VARCHAR(40), kind VARCHAR(9))`,
      ['small', 'big', 'code', 'CODE'].map((column) => referring('log', [column], { where: 'kind = "cart"' })),
      (facts) => {
        const log = namesOf(facts).indexOf('log')
        expect(facts.declared.map(({ columns, asText }) => [columns, asText])).toEqual([
          [['small'], false],
          [['big'], false],
          [['code'], true],
          [['code'], true],
        ])
        expect(facts.declared[0]).toMatchObject({ child: log, to: 0, targets: ['id'] })
        // In one spelling: the files run in another sql_mode than what was written.
        expect(facts.declared[0]?.where).toMatch(/`kind` = .*'cart'/)
      },
    ))

  test('texts of different collations compare as texts; a foreign key is no declared reference', () =>
    withFacts(
      `CREATE TABLE cart (id VARCHAR(9) COLLATE utf8mb4_bin PRIMARY KEY, session_id VARCHAR(40)) CHARACTER SET utf8mb4;
       CREATE TABLE log (id INT PRIMARY KEY, a VARCHAR(20) COLLATE utf8mb4_bin, b VARCHAR(9) COLLATE utf8mb4_unicode_ci,
         c VARCHAR(9) COLLATE utf8mb4_bin, FOREIGN KEY (c) REFERENCES cart (id)) CHARACTER SET utf8mb4`,
      ['a', 'b', 'c'].map((column) => referring('log', [column])),
      (facts) =>
        expect(facts.declared.map(({ columns, asText }) => [columns, asText])).toEqual([
          [['a'], false],
          [['b'], true],
        ]),
    ))

  test('references that make no sense', () =>
    withMysqlDatabase(server, `${CART} CREATE TABLE log (id INT PRIMARY KEY, a INT, b INT)`, async (database) => {
      const facts = (set: KeySet) => factsOf(database.url, [set])
      await expect(facts(referring('logs', ['a']))).rejects.toThrow(
        'There is no table "logs", which `references` names.',
      )
      await expect(facts(referring('log', ['a', 'b']))).rejects.toThrow(
        /names 2 columns of .*\.log, but the primary key/,
      )
      await expect(facts(referring('log', ['c']))).rejects.toThrow(/\.log has no column "c"/)
      await expect(facts(referring('log', ['a'], { where: 'nix = 1' }))).rejects.toThrow(/does not accept `where`/)
    }))

  test('columns that look like references', () =>
    withFacts(
      `CREATE TABLE carts (id INT PRIMARY KEY, session_id VARCHAR(40));
       CREATE TABLE log (id INT PRIMARY KEY, cart_id BIGINT, carts_id INT, cart_ids INT, Cart_Id_Text INT);
       CREATE TABLE text_log (id INT PRIMARY KEY, cart_id VARCHAR(9));
       CREATE TABLE known (id INT PRIMARY KEY, cart_id INT, FOREIGN KEY (cart_id) REFERENCES carts (id));
       CREATE TABLE tagging (id INT PRIMARY KEY, taggable_id INT, taggable_type VARCHAR(20));
       CREATE VIEW seen AS SELECT * FROM log`,
      [keySet('carts', ['session_id'])],
      (facts, { name }) =>
        expect(facts.suspected).toEqual(
          [
            ['log', 'cart_id'],
            ['log', 'carts_id'],
            ['tagging', 'taggable_id'],
          ].map(([table, column]) => ({ schema: name, table, column, to: `${name}.carts` })),
        ),
    ))

  test('indexes that make the key sets unique, with names that nothing else has', () =>
    withFacts(
      'CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), live INT, KEY UQ_CART_SESSION_ID (live))',
      [
        BY_SESSION,
        keySet('cart', ['session_id'], { where: 'live = 1' }),
        keySet('cart', ['session_id'], { match: { session_id: 'lower' } }),
        keySet('cart', ['session_id', 'live'], { match: { session_id: 'lower' } }),
      ],
      async (facts, database) => {
        const all = [0, 1, 2, 3].flatMap((at) => uniquenessOf(facts, at))
        const names = all.map(({ name }) => name.toLowerCase())
        expect(new Set([...names, 'uq_cart_session_id']).size).toBe(5)
        const columns = all.flatMap(({ generatedColumns }) => generatedColumns)
        expect(new Set(columns.map(({ name }) => name.toLowerCase())).size).toBe(columns.length)
        for (const { name, members, generatedColumns } of all) {
          for (const { name: column, definition } of generatedColumns)
            await database.query(`ALTER TABLE cart ADD COLUMN \`${column}\` ${definition}`)
          await database.query(`ALTER TABLE cart ADD UNIQUE KEY \`${name}\` (${members})`)
        }
        expect(all[1]?.model).toMatchObject({ predicate: expect.stringContaining('live'), constraint: false })
        expect(all[0]).toMatchObject({ generatedColumns: [], predicate: null, nullsNotDistinct: false })
      },
    ))

  test('a reason of its own why nothing can make a key set unique', () =>
    withMysqlDatabase(server, 'CREATE TABLE cart (id INT PRIMARY KEY, place POINT)', async (database) => {
      const facts = await factsOf(database.url, [keySet('cart', ['place'])])
      expect(facts.keySets[0]?.uniqueness).toMatchObject({ refused: expect.stringContaining('place') })
    }))

  test('what else happens to rows', () =>
    withFacts(
      `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), at TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP);
       CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, cart_id INT);
       CREATE TRIGGER b_upd AFTER UPDATE ON cart FOR EACH ROW INSERT INTO log (cart_id) VALUES (OLD.id);
       CREATE TRIGGER a_del BEFORE DELETE ON cart FOR EACH ROW INSERT INTO log (cart_id) VALUES (OLD.id);
       CREATE TRIGGER c_ins BEFORE INSERT ON cart FOR EACH ROW SET NEW.session_id = NEW.session_id`,
      [BY_SESSION],
      (facts, { name }) => {
        expect(warningsAbout(facts, /Triggers/)).toEqual([
          `Triggers of ${name}.cart fire for every row that changes or goes: a_del, b_upd.`,
        ])
        expect(warningsAbout(facts, /sets the time/)).toEqual([
          `at of ${name}.cart keeps its value in rows that change, though any other UPDATE sets the time.`,
        ])
        expect(warningsAbout(facts, /gh-ost/)).not.toEqual([])
      },
    ))

  test('who reads the changes', async () => {
    await withFacts(CART, [BY_SESSION], async (facts, database) => {
      const [{ logs, format } = { logs: 0, format: '' }] = await database.query<{ logs: number; format: string }>(
        'SELECT @@log_bin AS logs, @@binlog_format AS format',
      )
      expect(warningsAbout(facts, /binary log is on/)).toHaveLength(logs)
      expect(warningsAbout(facts, /binlog_format/)).toHaveLength(logs === 1 && format !== 'ROW' ? 1 : 0)
      expect(facts.way.logReaders).toEqual(logs === 1 ? expect.stringContaining('binary log') : null)
      expect(facts.way.stall.readersWait).toBe(true)
    })
  })

  if (isMariadb) {
    test('system-versioned tables', () =>
      withFacts(
        `CREATE TABLE cart (id INT PRIMARY KEY, session_id VARCHAR(40), begins TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
          ends TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (begins, ends)) WITH SYSTEM VERSIONING`,
        [BY_SESSION],
        (facts, { name }) => {
          expect(tableOf(facts, 'cart')).toMatchObject({ refusal: null, generated: [] })
          expect(warningsAbout(facts, /Old versions/)).toEqual([
            `Old versions of rows of ${name}.cart are not checked and stay as they are: they may hold duplicates. Every row that changes or goes leaves one more.`,
          ])
        },
      ))
  }

  test('partitioned tables', async () => {
    const sql =
      'CREATE TABLE cart (id INT, session_id VARCHAR(40), PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 2'
    expect(await refusalIn(sql)).toBeNull()
  })
})
