import { expect, test } from 'vitest'
import { Shapes } from '../../../../src/discovery/sql/index.js'
import type { SqlLookup, SqlStatement, SqlValue } from '../../../../src/model/sql.js'
import { BACKSLASH_SQL, type SqlGrammar, STANDARD_SQL } from '../../../../src/model/statement.js'

const PG = STANDARD_SQL
const MY = BACKSLASH_SQL

function value(one: SqlValue | number | null, literals: readonly string[]): string {
  if (one === null) return '-'
  if (typeof one === 'number') return String(one)
  if (one.kind === 'literal') return `'${literals[one.at]}'`
  if (one.kind === 'parameter') return `$${one.at}`
  return one.kind === 'boolean' ? String(one.value) : one.kind
}

function lookup(
  one: Pick<SqlLookup, 'members'> & Partial<Pick<SqlLookup, 'conditions'>>,
  literals: readonly string[],
): string {
  const members = one.members.map(
    ({ column, match, value: of, list }) =>
      `${column}${match === 'exact' ? '=' : `~${match}=`}${list ? 'any ' : ''}${value(of, literals)}`,
  )
  const conditions = one.conditions?.map(({ kind, sql }) => `[${kind}: ${sql}]`) ?? []
  return [...members, ...conditions].join(' ')
}

function brief(one: SqlStatement, literals: readonly string[]): string {
  const table = 'table' in one ? (one.table.schema ? `${one.table.schema}.` : '') + one.table.name : ''
  if (one.kind === 'lookup') {
    const flags = (['locks', 'joins', 'ordered', 'grouped'] as const).filter((flag) => one[flag])
    return `${one.asks} ${table}: ${lookup(one, literals)} limit ${value(one.limit, literals)} ${flags.join(' ')}`.trim()
  }
  if (one.kind === 'insert') {
    const rows = one.rows.map((row) => `(${row.map((cell) => value(cell, literals)).join(',')})`).join('')
    const { conflict, unless } = one
    const at = conflict
      ? ` ${conflict.action} ${conflict.columns?.join(',') ?? conflict.constraint ?? 'any'}${conflict.where ? ` where ${conflict.where}` : ''}`
      : ''
    return `insert ${table}(${one.columns?.join(',') ?? ''})${rows}${at} ${one.idiom}${unless ? ` unless ${lookup(unless, literals)}` : ''}`
  }
  if (one.kind === 'update' || one.kind === 'delete') return `${one.kind} ${table}: ${lookup(one, literals)}`
  if (one.kind === 'transaction') return one.isolation ? `${one.verb} ${one.isolation}` : one.verb
  return one.kind === 'unparsed' ? `unparsed ${one.reason}` : 'other'
}

function read(sql: string, grammar: SqlGrammar): string[] {
  const taken = new Shapes().take(sql, grammar)
  return taken.statements.map((one) => brief(one, taken.literals()))
}

const cases: readonly [SqlGrammar, string, ...string[]][] = [
  // Object-relational mappers
  [PG, `SELECT "T"."id" FROM "T" WHERE ("T"."a" = 'x' AND "T"."b" = 2) LIMIT 21`, `rows T: a='x' b='2' limit '21'`],
  [PG, 'SELECT "t".* FROM "t" WHERE "t"."a" = $1 LIMIT $2', 'rows t: a=$1 limit $2'],
  [PG, 'SELECT 1 AS one FROM "t" WHERE LOWER("t"."a") = LOWER($1) LIMIT $2', 'exists t: a~lower=$1 limit $2'],
  [PG, `SELECT "id" FROM "T" AS "M" WHERE "M"."a" = 'x' LIMIT 1;`, `rows T: a='x' limit '1'`],
  [
    PG,
    'SELECT "User"."id" AS "User_id" FROM "user" "User" WHERE (("User"."email" = $1)) LIMIT 1',
    `rows user: email=$1 limit '1'`,
  ],
  [
    PG,
    'SELECT "public"."T"."id" FROM "public"."T" WHERE ("public"."T"."a" = $1 AND 1=1) LIMIT $2 OFFSET $3',
    'rows public.T: a=$1 limit $2',
  ],
  [
    PG,
    'select u1_0.id from SHOP.USERS u1_0 where u1_0.EMAIL=? fetch first ? rows only',
    'rows shop.users: email=$1 limit $2',
  ],
  [
    PG,
    `SELECT * FROM "T" WHERE "T"."a" = $1 AND "T"."deleted_at" IS NULL ORDER BY "T"."id" LIMIT 1`,
    `rows T: a=$1 deleted_at=null limit '1' ordered`,
  ],
  [
    PG,
    '-- GetUser\n\nSELECT EXISTS (\n    SELECT 1\n    FROM "T" AS u\n    WHERE u."a" = $1)',
    'exists T: a=$1 limit -',
  ],
  [PG, 'SELECT u0."id" FROM "T" AS u0 WHERE (u0."a" = $1)', 'rows T: a=$1 limit -'],
  [MY, 'select count(*) as aggregate from `t` where `a` = ? and `id` <> ?', 'count t: a=$1 [other: id <> ?] limit -'],
  [
    PG,
    `SELECT "t1"."id" FROM "T" AS "t1" WHERE (("t1"."a" = 'x') AND ("t1"."b" = 1)) LIMIT 1 OFFSET 0`,
    `rows T: a='x' b='1' limit '1'`,
  ],
  [
    PG,
    'SELECT DISTINCT "distinctAlias"."User_id" AS "ids_User_id" FROM (SELECT "User"."id" AS "User_id" FROM "user" "User" WHERE "User"."email" = $1) "distinctAlias" ORDER BY "User_id" ASC LIMIT 1',
    `rows user: email=$1 limit '1' ordered`,
  ],
  [
    MY,
    "SELECT COUNT(*) FROM wp_postmeta WHERE post_id = 8 AND meta_key = '_edit_lock'",
    `count wp_postmeta: post_id='8' meta_key='_edit_lock' limit -`,
  ],
  // Values
  [
    PG,
    "SELECT  *\n\tFROM t WHERE a = -1 AND b = 1.5 AND c = TRUE AND d = DATE '2020-01-01' AND e = E'\\x41\\n' AND f = $2::text",
    `rows t: a='-1' b='1.5' c=true d='2020-01-01' e='A\n' f=$2 limit -`,
  ],
  [
    MY,
    "SELECT * FROM t WHERE a = _utf8mb4'x' AND b = N'y' AND c = X'4142' AND d = \"it\\'s\" AND e = CAST(? AS CHAR)",
    `rows t: a='x' b='y' c='AB' d='it's' e=$1 limit -`,
  ],
  [
    PG,
    "SELECT * FROM t WHERE 'x' = a AND (b, c) = ($1, $2) AND d IN ($3) AND e = ANY($4) AND f IN (1, 2)",
    `rows t: a='x' b=$1 c=$2 d=$3 e=any $4 [other: f IN (...)] limit -`,
  ],
  [
    PG,
    'SELECT * FROM t WHERE active AND NOT gone AND a IS TRUE AND b IS NOT NULL AND c IS NOT DISTINCT FROM $1',
    'rows t: active=true gone=false a=true c=$1 [is-not-null: b IS NOT NULL] limit -',
  ],
  [
    MY,
    'SELECT * FROM t WHERE a <=> ? AND b LIKE ? AND c LIKE BINARY ? AND BINARY d = ? AND e COLLATE utf8mb4_bin = ?',
    'rows t: a=$1 b~like=$2 c~binary=$3 d~binary=$4 e~binary=$5 limit -',
  ],
  [PG, "SELECT * FROM t WHERE UPPER(a::text) = UPPER('x') AND b ILIKE $1", `rows t: a~upper='x' b~lower=$1 limit -`],
  [PG, 'SELECT * FROM t WHERE a = 1 OR a = 2', 'rows t: [other: a = ? or a = ?] limit -'.replace(' or ', ' OR ')],
  [
    PG,
    'SELECT * FROM t WHERE a = 1 AND b BETWEEN 2 AND 3 AND c > 4',
    `rows t: a='1' [other: b BETWEEN ? AND ?] [other: c > ?] limit -`,
  ],
  [PG, "SELECT * FROM t WHERE tenant = current_setting('x') AND a = $1", 'rows t: tenant=other a=$1 limit -'],
  // Clauses
  [MY, 'SELECT * FROM t WHERE a = 1 LIMIT 5, 10', `rows t: a='1' limit '10'`],
  [MY, 'SELECT * FROM t WHERE a = 1 LOCK IN SHARE MODE', `rows t: a='1' limit - locks`],
  [PG, 'SELECT * FROM t WHERE a = 1 FOR NO KEY UPDATE SKIP LOCKED', `rows t: a='1' limit - locks`],
  [
    PG,
    'SELECT * FROM t x JOIN u ON u.id = x.u_id WHERE x.a = $1 AND u.b = $2 AND x.c = u.c',
    'rows t: a=$1 limit - joins',
  ],
  [PG, 'SELECT a, count(*) FROM t WHERE a = $1 GROUP BY a HAVING count(*) > 1', 'rows t: a=$1 limit - grouped'],
  [PG, 'WITH x AS (SELECT * FROM t WHERE a = $1) SELECT * FROM x', 'rows t: a=$1 limit -'],
  [PG, 'SELECT a FROM t WHERE a = $1 UNION ALL SELECT 2', 'rows t: a=$1 [other: UNION] limit -'],
  // Inserts
  [
    PG,
    `INSERT INTO "T" ("a", "b") VALUES ('x', DEFAULT), (NULL, $1) RETURNING "T"."id"`,
    `insert T(a,b)('x',other)(null,$1) plain`,
  ],
  [MY, "INSERT LOW_PRIORITY IGNORE INTO t SET a=1, b = 'x'", `insert t(a,b)('1','x') nothing any plain`],
  [MY, 'REPLACE INTO s.t (a) VALUES (1)', `insert s.t(a)('1') replace any plain`],
  [MY, 'INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)', `insert t(a)('1') update any plain`],
  [
    PG,
    'INSERT INTO t AS x (a) VALUES ($1) ON CONFLICT (a, lower(b)) WHERE gone IS NULL DO UPDATE SET a = 1',
    'insert t(a)($1) update a,lower(b) where gone IS NULL plain',
  ],
  [PG, 'INSERT INTO t (a) VALUES ($1) ON CONFLICT ON CONSTRAINT c DO NOTHING', 'insert t(a)($1) nothing c plain'],
  [PG, 'INSERT INTO t DEFAULT VALUES ON CONFLICT DO NOTHING', 'insert t()() nothing any plain'],
  [
    MY,
    "INSERT INTO t (a) SELECT 'x' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = 'x')",
    `insert t(a)('x') not-exists unless a='x'`,
  ],
  [
    PG,
    'WITH f AS (SELECT 1 FROM t WHERE a = $1) INSERT INTO t (a) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM f)',
    'insert t(a)($1) not-exists unless a=$1',
  ],
  [
    PG,
    'WITH i AS (INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING RETURNING *) SELECT * FROM i UNION SELECT * FROM t WHERE a = $1',
    'insert t(a)($1) nothing any plain',
    'rows t: a=$1 limit -',
  ],
  [
    PG,
    "MERGE INTO t USING (SELECT $1 AS a, 'x' AS b) s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, s.b)",
    `insert t(a,b)($1,'x') merge unless a=$1`,
  ],
  [
    PG,
    "DO $body$ BEGIN IF NOT EXISTS (SELECT 1 FROM t WHERE a = 'x') THEN INSERT INTO t (a) VALUES ('x'); END IF; END $body$",
    `insert t(a)('x') not-exists unless a='x'`,
  ],
  [
    PG,
    "CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS t AS $func_1a$ BEGIN INSERT INTO t (a) VALUES ('x'); EXCEPTION WHEN unique_violation THEN END $func_1a$ LANGUAGE plpgsql; DROP FUNCTION f()",
    `insert t(a)('x') catches-violation`,
    'other',
  ],
  // Changes and transactions
  [PG, "UPDATE t SET a = 1 WHERE t.id = 2 AND b = 'x'", `update t: id='2' b='x'`],
  [MY, 'DELETE FROM `t` WHERE `a` = 1 LIMIT 1', `delete t: a='1'`],
  [PG, 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'begin repeatable-read'],
  [MY, 'set autocommit=0', 'begin'],
  [MY, 'SET autocommit = 1', 'commit'],
  [MY, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', 'isolation read-committed'],
  [MY, "SET SESSION transaction_isolation = 'REPEATABLE-READ'", 'isolation repeatable-read'],
  [
    PG,
    'SAVEPOINT "s1_x1"; RELEASE SAVEPOINT "s1_x1"; ROLLBACK TO SAVEPOINT a; ROLLBACK; COMMIT',
    'savepoint',
    'release',
    'rollback-to',
    'rollback',
    'commit',
  ],
  [MY, 'SET NAMES utf8mb4', 'other'],
  // Texts of a server
  [MY, 'SELECT * FROM `s` . `t` WHERE `t` . `a` = ? AND `b` IN (...) LIMIT ?', 'rows s.t: a=$1 b=any other limit $2'],
  [MY, 'INSERT INTO `t` ( `a` , `b` ) VALUES (...) /* , ... */', 'insert t(a,b)(other,other) plain'],
  [
    MY,
    'EXECUTE INSERT INTO `t` ( `id` , `a` , `b` ) VALUES ( DEFAULT , ?, ... )',
    'insert t(id,a,b)(other,$1,other) plain',
  ],
  [PG, 'SELECT * FROM t WHERE a IN ($1 /*, ... */) AND b = $2', 'rows t: b=$2 [other: a IN (? ...)] limit -'],
  [MY, 'SELECT `a` , `b` ...', 'unparsed truncated'],
  [PG, "SELECT * FROM t WHERE a = 'x", 'unparsed unterminated'],
  [PG, 'SELECT * FROM t WHERE (a = 1', 'unparsed unbalanced'],
  [PG, 'FROB t', 'unparsed unknown-verb'],
  [PG, 'SELECT 1', 'other'],
]

test.each(cases)('%#: %o %s', (grammar, sql, ...expected) => {
  expect(read(sql, grammar)).toEqual(expected)
})
