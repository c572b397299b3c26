import fc from 'fast-check'
import type { KeyPart, KeySet, Match } from '../../src/model/keyset.js'
import { keySet } from '../support/scan.js'

/** Random small tables of MySQL or MariaDB with indexes, and the lookups of an application, as SQL. */

const COLLATIONS = {
  mysql: ['utf8mb4_0900_ai_ci', 'utf8mb4_0900_as_cs', 'utf8mb4_0900_bin', 'utf8mb4_general_ci', 'utf8mb4_bin'],
  mariadb: ['utf8mb4_general_ci', 'utf8mb4_bin', 'utf8mb4_nopad_bin', 'utf8mb4_general_nopad_ci', 'latin1_general_cs'],
}

const TYPES = {
  a: ['int', 'decimal(6,1)', 'bigint'],
  b: ['varchar(9)', 'char(4)', 'text'],
  c: [`enum('x','y','z') CHARACTER SET utf8mb4`, 'varbinary(9)', 'varchar(9) CHARACTER SET utf8mb4'],
  d: ['datetime', 'date'],
} as const

export type Name = keyof typeof TYPES
const NAMES: readonly Name[] = ['a', 'b', 'c', 'd']

/** What an index can compute of the columns, with the type of a generated column for it. `TEXT` is the type of b as a varchar. */
const COMPUTED: readonly (readonly [sql: string, type: string])[] = [
  ['ifnull(a, 0)', 'decimal(20,1)'],
  ['ifnull(a, -1)', 'decimal(20,1)'],
  ['abs(a)', 'decimal(20,1)'],
  ['a IS NULL', 'int'],
  ['if(a > 0, 1, NULL)', 'int'],
  ['lower(b)', 'TEXT'],
  ['upper(b)', 'TEXT'],
  [`ifnull(b, '')`, 'TEXT'],
  [`ifnull(lower(b), '')`, 'TEXT'],
  ['b IS NULL', 'int'],
  [`nullif(b, '')`, 'TEXT'],
  ['left(b, 1)', 'TEXT'],
  ['hex(b)', 'varchar(80) CHARACTER SET ascii COLLATE ascii_bin'],
  ['unhex(sha2(b, 256))', 'binary(32)'],
  ['if(d IS NULL, 1, NULL)', 'int'],
  ['if(d IS NOT NULL, NULL, 1)', 'int'],
  ['CASE WHEN d IS NULL THEN a END', 'decimal(20,1)'],
  ['if(d IS NULL, lower(b), NULL)', 'TEXT'],
  [`if(c = 'x', 1, NULL)`, 'int'],
  [`if(c = 'x', b, NULL)`, 'TEXT'],
  [`ifnull(d, TIMESTAMP'1000-01-01 00:00:00')`, 'datetime'],
  ['d IS NULL', 'int'],
  ['date(d)', 'date'],
]

interface Condition {
  readonly sql: string
  /** The column that it pins to one value. */
  readonly fixes?: Name
}

const pins = (column: Name, ...list: string[]): Condition[] => list.map((sql) => ({ sql, fixes: column }))
const tests = (...list: string[]): Condition[] => list.map((sql) => ({ sql }))

const CONDITIONS: readonly Condition[] = [
  ...pins('a', 'a IS NULL', 'a = 1'),
  ...tests('a IS NOT NULL', 'a > 0', 'a <> 1', 'a IN (1, 2)'),
  ...pins('b', `b = 'a'`, 'b IS NULL'),
  ...tests(`b <> 'a'`, 'b IS NOT NULL'),
  ...pins('c', `c = 'x'`, `c = 'x'`),
  ...tests(`c <> 'x'`, `c IN ('x', 'y')`),
  ...pins('d', 'd IS NULL', 'd IS NULL', 'd IS NULL'),
  ...tests('d IS NOT NULL', `d > '2010-01-01'`),
]

/** A column, a prefix of one, or something computed: by a generated column (of a collation of its own) or a functional part. */
export type Element =
  | { readonly kind: 'column'; readonly sql: Name; readonly prefix: boolean }
  | { readonly kind: 'computed'; readonly sql: string; readonly type: string; readonly functional: boolean }

export interface Part {
  readonly sql: string
  readonly match: Match
  readonly bound: string | null
}

export interface Example {
  readonly types: Readonly<Record<Name, string>>
  readonly collation: string
  readonly otherCollation: string
  readonly notNull: readonly Name[]
  readonly indexes: readonly { readonly unique: boolean; readonly elements: readonly Element[] }[]
  readonly parts: readonly Part[]
  readonly where: readonly Condition[]
  readonly view: readonly Condition[]
  readonly nulls: boolean
}

export function columnsOf(sql: string): Name[] {
  return NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(sql.replaceAll(/'[^']*'/g, '')))
}

const element = (flavour: 'mysql' | 'mariadb'): fc.Arbitrary<Element> => {
  const computed = fc.record({
    of: fc.constantFrom(...COMPUTED, ['b', 'OTHER'] as const, ['b', 'TEXT'] as const),
    functional: flavour === 'mysql' ? fc.boolean() : fc.constant(false),
  })
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('column' as const),
        sql: fc.constantFrom(...NAMES),
        prefix: fc.constantFrom(false, false, true),
      }),
    },
    {
      weight: 2,
      arbitrary: computed.map(({ of: [sql, type], functional }) => ({
        kind: 'computed' as const,
        sql,
        type,
        functional: functional && !/^b$/.test(sql),
      })),
    },
  )
}

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    sql: fc.constantFrom('a', 'b', 'b', 'b', 'c', 'd'),
    match: fc.constantFrom<Match>('exact', 'exact', 'exact', 'lower', 'upper', 'like', 'binary'),
    bound: fc.constantFrom(null, null, null, null, 'int', 'double', 'varbinary(20)'),
  }),
  fc.record({
    sql: fc.constantFrom('lower(b)', 'upper(b)', `ifnull(b, '')`, 'date(d)', 'concat(b, a)'),
    match: fc.constant<Match>('exact'),
    bound: fc.constant(null),
  }),
)

const overlap = (one: string, two: string) => columnsOf(one).some((name) => columnsOf(two).includes(name))

/** Folding and binding are for texts, and not both at once; doubles also for numbers. */
function sensible({ sql, match, bound }: Part): Part {
  if (sql === 'b') return { sql, match, bound: match === 'exact' ? bound : null }
  return { sql, match: 'exact', bound: sql === 'a' && bound === 'double' ? bound : null }
}

export function examples(flavour: 'mysql' | 'mariadb'): fc.Arbitrary<Example> {
  const few = (minimum: number, maximum: number) =>
    fc.uniqueArray(fc.constantFrom(...CONDITIONS), { minLength: minimum, maxLength: maximum })
  const collation = fc.constantFrom(...COLLATIONS[flavour])
  return fc
    .record({
      types: fc.record({
        a: fc.constantFrom(...TYPES.a),
        b: fc.constantFrom(...TYPES.b),
        c: fc.constantFrom(...TYPES.c),
        d: fc.constantFrom(...TYPES.d),
      }),
      collation,
      otherCollation: collation,
      notNull: fc.subarray<Name>(['a', 'b', 'c']),
      indexes: fc.array(
        fc.record({
          unique: fc.constantFrom(true, true, true, false),
          elements: fc.uniqueArray(element(flavour), { minLength: 1, maxLength: 3, selector: ({ sql }) => sql }),
        }),
        { maxLength: 3 },
      ),
      parts: fc
        .uniqueArray(part, { minLength: 1, maxLength: 2, selector: ({ sql }) => columnsOf(sql)[0] })
        .map((list) => list.map(sensible).filter(({ sql }, at) => at === 0 || !overlap(sql, list[0]?.sql ?? ''))),
      where: fc.oneof({ weight: 2, arbitrary: few(0, 0) }, { weight: 3, arbitrary: few(1, 2) }),
      view: fc.oneof({ weight: 3, arbitrary: few(0, 0) }, { weight: 1, arbitrary: few(1, 1) }),
      nulls: fc.boolean(),
    })
    .map((example) => ({
      ...example,
      indexes: example.indexes.map(({ unique, elements }) => ({ unique, elements: elements.filter(telling(example)) })),
      where: example.where.filter(mild(example)),
      view: example.view.filter(mild(example)),
    }))
    .map((example) => ({ ...example, indexes: example.indexes.filter(({ elements }) => elements.some(isKey)) }))
}

/** Columns of which the lookup asks for something computed, beyond folding. */
const computedIn = ({ parts }: Pick<Example, 'parts'>) =>
  parts.flatMap(({ sql }) => (/^(?:(?:lower|upper)\()?\w+\)?$/.test(sql) ? [] : columnsOf(sql)))

/** What can be different in many rows. */
const isKey = (element: Element): boolean => element.kind === 'column' || element.type !== 'int'

/** Without what is the same for all rows, or needs arithmetic to compare with what the lookup computes. */
const telling = (example: Pick<Example, 'notNull' | 'parts'>) => {
  const computed = computedIn(example)
  return ({ sql }: Element): boolean =>
    example.parts.some((part) => part.sql === sql) ||
    !columnsOf(sql).some(
      (name) => computed.includes(name) || (sql.endsWith(' IS NULL') && example.notNull.includes(name)),
    )
}

/** Without conditions that leave a folded column one spelling: a verdict doesn't see that folding is then idle. */
const mild = ({ parts }: Pick<Example, 'parts'>) => {
  const folded = parts.flatMap(({ sql, match, bound }) =>
    match === 'exact' && bound === null && !sql.includes('(') ? [] : columnsOf(sql),
  )
  const computed = computedIn({ parts })
  return ({ sql }: Condition) =>
    !columnsOf(sql).some((name) => computed.includes(name)) &&
    (sql.endsWith('NULL') || !columnsOf(sql).some((name) => folded.includes(name)))
}

export function keySetOf(example: Example): KeySet {
  const parts = example.parts.map(
    ({ sql }): KeyPart => (/^\w+$/.test(sql) ? { kind: 'column', name: sql } : { kind: 'expression', sql }),
  )
  const match = example.parts.flatMap((part) => (part.match === 'exact' ? [] : [[part.sql, part.match] as const]))
  const bound = example.parts.flatMap((part) => (part.bound === null ? [] : [[part.sql, part.bound] as const]))
  return keySet(example.view.length ? 'seen' : 'cart', [], {
    parts,
    match: Object.fromEntries(match),
    boundAs: Object.fromEntries(bound),
    nulls: example.nulls ? 'looked-up' : 'never',
    ...(example.where.length ? { where: conjunction(example.where.map(({ sql }) => sql)) } : {}),
  })
}

export const conjunction = (list: readonly string[]): string => list.map((sql) => `(${sql})`).join(' AND ') || 'TRUE'
