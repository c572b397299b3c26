import type { MysqlDatabase } from '../support/mysql-database.js'
import { columnsOf, conjunction, type Element, type Example, type Name, type Part } from './coverage-mysql-examples.js'
import type { Truth } from './coverage-truth.js'

/** Tables and rows of a random example, and what the server lets happen with them. */

const VALUES: Readonly<Record<Name, readonly string[]>> = {
  a: ['-1', '0', '1', '2'],
  b: [`'a'`, `'A'`, `'á'`, `''`, `'1'`, `'01'`],
  c: [`'x'`, `'y'`, `'z'`],
  d: [`'2001-01-01'`, `'2012-01-01'`, `'2013-01-01'`],
}

/** Between which a double doesn't tell. */
const LARGE = ['9007199254740992', '9007199254740993']

/** Trailing blanks, and two spellings of a letter, are told apart by some. */
const SUBTLE = [`'a '`, `'ab'`, `'a\u{301}'`]

/** Letters about which lower() and upper() disagree. */
const FOLDED = [`'ı'`, `'i'`]

const charset = (collation: string) => collation.replace(/_.*/, '')
const textual = (type: string, collation: string) => `${type} CHARACTER SET ${charset(collation)} COLLATE ${collation}`

function columnType({ types, collation, notNull }: Example, name: Name): string {
  const type = name === 'b' ? textual(types.b, collation) : types[name]
  return `${type} ${notNull.includes(name) ? 'NOT NULL' : 'NULL'}`
}

function generatedType({ collation, otherCollation }: Example, type: string): string {
  if (type === 'TEXT') return textual('varchar(40)', collation)
  return type === 'OTHER' ? textual('varchar(40)', otherCollation) : type
}

/** No functional part may return a text as long as that. */
const isFunctional = ({ types }: Example, element: Element): boolean =>
  element.kind === 'computed' && element.functional && (element.type === 'int' || types.b !== 'text')

/** A char column must be freed of its padding first, where MariaDB is to take it into an index. */
const sqlOf = ({ types }: Example, { sql }: Element): string =>
  types.b === 'char(4)' ? sql.replace(/\bb\b/, 'rtrim(b)') : sql

function member(example: Example, element: Element, name: string): string {
  if (element.kind === 'computed') return isFunctional(example, element) ? `(${sqlOf(example, element)})` : name
  const isLong = element.sql === 'b' && example.types.b === 'text'
  const canBeCut = element.sql === 'b' || (element.sql === 'c' && !example.types.c.startsWith('enum'))
  return isLong || (element.prefix && canBeCut) ? `${element.sql}(2)` : element.sql
}

/** Whether an index is on other columns than the lookup asks for, listed, folded or pinned by its predicate. */
function outside({ parts, where, view }: Example, elements: readonly Element[]): boolean {
  const asked = parts.flatMap(({ sql }) => /^(?:(?:lower|upper)\()?(?<name>\w+)\)?$/.exec(sql)?.groups?.name ?? [])
  const looked: string[] = [...asked, ...[...where, ...view].flatMap(({ fixes }) => fixes ?? [])]
  const isAsked = ({ sql }: Element) => parts.some((part) => part.sql === sql)
  return !elements.every((element) => isAsked(element) || columnsOf(element.sql).every((name) => looked.includes(name)))
}

/** The table `cart`, its view `seen` where the example has one, and `every`, all rows that it could hold. */
export function tableSql(example: Example): string {
  const columns = (['a', 'b', 'c', 'd'] as const).map((name) => `${name} ${columnType(example, name)}`)
  const generated = example.indexes.flatMap(({ elements }, at) =>
    elements.flatMap((element, number) =>
      element.kind === 'computed' && !isFunctional(example, element)
        ? [`g${at}${number} ${generatedType(example, element.type)} AS (${sqlOf(example, element)}) VIRTUAL`]
        : [],
    ),
  )
  const indexes = example.indexes.map(
    ({ unique, elements }, at) =>
      `${unique ? 'UNIQUE ' : ''}KEY i${at} (${elements.map((element, number) => member(example, element, `g${at}${number}`)).join(', ')})`,
  )
  const lists = (['a', 'b', 'c', 'd'] as const).map((name) => `(${valuesOf(example, name)}) AS v_${name}`)
  const view = example.view.map(({ sql }) => sql)
  return `DROP TABLE IF EXISTS cart, every;
    CREATE TABLE cart (id int AUTO_INCREMENT PRIMARY KEY, second bool NOT NULL, ${[...columns, ...generated, ...indexes].join(', ')});
    ${view.length ? `CREATE OR REPLACE VIEW seen AS SELECT * FROM cart WHERE ${conjunction(view)};` : ''}
    CREATE TABLE every (n int AUTO_INCREMENT PRIMARY KEY, ${columns.join(', ')}, asked bool, met bool);
    INSERT INTO every (a, b, c, d) SELECT * FROM ${lists.join(', ')};
    UPDATE every SET met = (${conjunction([...example.where, ...example.view].map(({ sql }) => sql))}) IS TRUE;
    UPDATE every SET asked = met AND ${conjunction(example.parts.map((part) => (nullsAsked(example, part) ? 'TRUE' : `(${part.sql}) IS NOT NULL`)))};`
}

/** Few of the columns that don't matter. */
function valuesOf(example: Example, name: Name): string {
  const { parts, notNull, types } = example
  const inLookup = parts.some(({ sql }) => columnsOf(sql).includes(name))
  const others = [...example.indexes.flatMap(({ elements }) => elements), ...example.where, ...example.view]
  const matters = inLookup || others.some(({ sql }) => columnsOf(sql).includes(name))
  const bound = parts.some((part) => part.sql === name && part.bound === 'double')
  const list = name === 'a' && bound && types.a === 'bigint' ? [...LARGE, '1'] : VALUES[name]
  const folds = [...parts, ...others].map((one) => ('match' in one ? `${one.match} ${one.sql}` : one.sql)).join(' ')
  const isFolded = /lower/.test(folds) && /upper/.test(folds)
  const subtle = example.collation.startsWith('latin1') ? SUBTLE.slice(0, 2) : SUBTLE
  const all = name === 'b' && inLookup ? [...list, ...subtle, ...(isFolded ? FOLDED : [])] : list
  const chosen = matters ? all : all.slice(0, 1)
  return [...(notNull.includes(name) || !matters ? [] : ['NULL']), ...chosen]
    .map((value) => `SELECT ${value}`)
    .join(' UNION ALL ')
}

function nullsAsked({ nulls, where, view }: Example, { sql }: Part): boolean {
  return nulls || [...where, ...view].some((condition) => condition.sql === `${sql} IS NULL`)
}

/** Whether a lookup that finds the one finds the other, as the server itself compares. */
function together(example: Example, part: Part): string {
  const [one, two] = ['first', 'other'].map((alias) => part.sql.replaceAll(/\b[abcd]\b/g, (name) => `${alias}.${name}`))
  const nulls = nullsAsked(example, part) ? ` OR (${one} IS NULL AND ${two} IS NULL)` : ''
  return `(${equality(part, one ?? '', two ?? '')}${nulls})`
}

function equality({ match, bound }: Part, one: string, two: string): string {
  if (match === 'like') return `${one} LIKE ${two}`
  if (match === 'lower' || match === 'upper') return `${match}(${one}) = ${match}(${two})`
  if (match === 'binary' || bound === 'varbinary(20)') return `CAST(${one} AS BINARY) = CAST(${two} AS BINARY)`
  return bound === null ? `${one} = ${two}` : `${one} + 0e0 = ${two} + 0e0`
}

/** Tries the pairs in `pairs`, until what there is to see has been seen. */
export const ATTEMPT = `CREATE PROCEDURE attempt(OUT taken int, OUT refused int, IN enough bool)
  BEGIN
    DECLARE done, hit bool DEFAULT FALSE;
    DECLARE i, j, before_ int DEFAULT 0;
    DECLARE pair CURSOR FOR SELECT one, two FROM pairs ORDER BY one, two;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
    SET taken = 0, refused = 0;
    START TRANSACTION;
    OPEN pair;
    trial: LOOP
      FETCH pair INTO i, j;
      IF done OR (refused > 0 AND (enough OR taken > 0)) THEN LEAVE trial; END IF;
      IF i <> before_ THEN
        DELETE FROM cart;
        INSERT INTO cart (second, a, b, c, d) SELECT FALSE, a, b, c, d FROM every WHERE n = i;
        SET before_ = i;
      END IF;
      SET hit = FALSE;
      BEGIN
        DECLARE CONTINUE HANDLER FOR 1062 SET hit = TRUE;
        INSERT INTO cart (second, a, b, c, d) SELECT TRUE, a, b, c, d FROM every WHERE n = j;
      END;
      IF hit THEN SET refused = refused + 1;
      ELSE SET taken = taken + 1; DELETE FROM cart WHERE second; END IF;
    END LOOP;
    CLOSE pair;
    ROLLBACK;
  END`

/** More pairs than these, of a row with itself and with others, aren't tried. */
const MOST = 100

async function attempt(
  database: MysqlDatabase,
  which: string,
  enough: boolean,
): Promise<{ taken: number; refused: number }> {
  const some = (others: string) =>
    `(SELECT first.n AS one, other.n AS two FROM every AS first JOIN every AS other ON ${which}
      WHERE ${others} ORDER BY rand(1) LIMIT ${MOST})`
  // Texts that are compared as numbers are cut with a warning.
  await database.script(`SET @strict = @@sql_mode, sql_mode = '';
    CREATE TEMPORARY TABLE pairs AS ${some('first.n = other.n')} UNION ALL ${some('first.n <> other.n')};
    SET sql_mode = @strict;
    CALL attempt(@taken, @refused, ${enough}); DROP TEMPORARY TABLE pairs`)
  const [row] = await database.query('SELECT @taken AS taken, @refused AS refused')
  return { taken: Number(row?.taken), refused: Number(row?.refused) }
}

/** Drops the indexes that are outside of the lookup. */
export async function truthOf(database: MysqlDatabase, example: Example): Promise<Truth> {
  const keys = example.parts.map((part) => together(example, part)).join(' AND ')
  const found = await attempt(database, `first.asked AND other.asked AND ${keys} AND first.n <= other.n`, false)
  const drops = example.indexes.flatMap(({ elements }, at) => (outside(example, elements) ? [`DROP INDEX i${at}`] : []))
  if (drops.length > 0) await database.query(`ALTER TABLE cart ${drops.join(', ')}`)
  const unseen = await attempt(database, `other.asked AND NOT (first.met AND IFNULL(${keys}, FALSE))`, true)
  const [row] = await database.query('SELECT SUM(asked) AS asked FROM every')
  return { asked: Number(row?.asked ?? 0), ...found, locked: unseen.refused }
}
