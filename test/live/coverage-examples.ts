import fc from 'fast-check'
import type { KeyPart, KeySet, Match } from '../../src/model/keyset.js'
import { keySet } from '../support/scan.js'

/** Random small tables with indexes, and the lookups of an application, as SQL. */

const types = ['text', 'citext', 'varchar(9)', 'char(4)'] as const

/** What an index or a key set can hold of a column, and where conditions that speak of it, by column. */
const elements: Readonly<Record<string, readonly string[]>> = {
  a: ['a', 'a', 'coalesce(a, 0)', 'coalesce(a, -1)', 'abs(a)'],
  b: ['b', 'b', 'lower(b)', 'upper(b)', 'b COLLATE "C"', `coalesce(b, '')`, 'b text_pattern_ops'],
  c: ['c', 'c', 'lower(c)', 'upper(c)', '(c::text)', `coalesce(c, '')`],
  flag: ['flag', 'flag', 'coalesce(flag, false)', '(CASE WHEN flag THEN 1 END)'],
  gone: [
    'gone',
    '(CASE WHEN gone IS NULL THEN 1 END)',
    '(gone IS NULL)',
    `coalesce(gone, 'infinity')`,
    '(CASE WHEN gone IS NULL THEN a END)',
    '(CASE WHEN gone IS NULL THEN lower(b) END)',
  ],
  status: ['status', 'status', '(status::text)', `coalesce(status, 'none')`],
}

interface Condition {
  readonly sql: string
  /** The column that it pins to one value. */
  readonly fixes?: string
}

const pins = (column: string, ...list: string[]): Condition[] => list.map((sql) => ({ sql, fixes: column }))
const tests = (...list: string[]): Condition[] => list.map((sql) => ({ sql }))

const conditions: Readonly<Record<string, readonly Condition[]>> = {
  a: [...pins('a', 'a IS NULL', 'a = 1'), ...tests('a IS NOT NULL', 'a > 0', 'a <> 1', 'a IN (0, 1)')],
  b: [...pins('b', `b = 'a'`, 'b IS NULL'), ...tests(`b <> 'a'`, 'b IS NOT NULL', `lower(b) = 'a'`)],
  c: [...pins('c', `c = 'a'`), ...tests(`c <> 'a'`, 'c IS NOT NULL')],
  flag: [
    ...pins('flag', 'flag', 'NOT flag', 'flag IS TRUE', 'flag = false', 'flag IS NULL', 'flag IS FALSE'),
    ...tests('flag IS NOT TRUE', 'flag IS NOT NULL', 'coalesce(flag, false)', 'flag IS NOT FALSE'),
  ],
  gone: [...pins('gone', 'gone IS NULL', 'gone IS NULL'), ...tests('gone IS NOT NULL', `gone > '2010-01-01'`)],
  status: [
    ...pins('status', `status = 'x'`),
    ...tests(`status IN ('x', 'y')`, `status <> 'z'`, `status = 'x' OR status = 'z'`, `status NOT IN ('x', 'y')`),
  ],
}

export interface ExampleIndex {
  readonly kind: 'plain' | 'unique' | 'constraint' | 'exclusion'
  readonly elements: readonly string[]
  readonly where: readonly string[]
  readonly nullsNotDistinct: boolean
  readonly deferrable: boolean
}

export interface Example {
  readonly columns: readonly { readonly name: string; readonly notNull: boolean }[]
  readonly type: (typeof types)[number]
  readonly indexes: readonly ExampleIndex[]
  readonly parts: readonly { readonly sql: string; readonly match: Match }[]
  readonly where: readonly Condition[]
  readonly view: readonly Condition[]
  readonly nulls: boolean
}

/** The columns that an SQL text speaks of. */
export function columnsOf(sql: string): string[] {
  return Object.keys(elements).filter((name) => new RegExp(`\\b${name}\\b`).test(sql.replaceAll(/'[^']*'/g, '')))
}

const textual = (sql: string) => ['b', 'c'].includes(sql)

function examplesOf(names: readonly string[], version: number): fc.Arbitrary<Example> {
  const usable = (sql: string) => columnsOf(sql).every((name) => names.includes(name))
  const element = fc.constantFrom(...names.flatMap((name) => (elements[name] ?? []).filter(usable)))
  const condition = fc.constantFrom(...names.flatMap((name) => conditions[name] ?? []))
  const few = (minimum: number, maximum: number) =>
    fc.uniqueArray(condition, { minLength: minimum, maxLength: maximum })
  const some = fc.oneof({ weight: 2, arbitrary: few(0, 0) }, { weight: 3, arbitrary: few(1, 2) })
  const index = fc.record({
    kind: fc.constantFrom('unique' as const, 'unique' as const, 'unique' as const, 'constraint', 'exclusion', 'plain'),
    elements: fc.uniqueArray(element, { minLength: 1, maxLength: 2 }),
    where: some.map((list) => list.map(({ sql }) => sql)),
    nullsNotDistinct: version >= 15 ? fc.constantFrom(false, false, true) : fc.constant(false),
    deferrable: fc.constantFrom(false, false, true),
  })
  const part = fc.record({
    sql: fc.constantFrom(...names, ...names, ...['lower(b)', 'upper(c)'].filter(usable)),
    match: fc.constantFrom<Match>('exact', 'exact', 'lower', 'upper'),
  })
  return fc.record({
    columns: fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          notNull: name === 'gone' ? fc.constant(false) : fc.constantFrom(true, false, false),
        }),
      ),
    ),
    type: fc.constantFrom(...types),
    indexes: fc.array(index, { minLength: 0, maxLength: 4 }),
    parts: fc
      .uniqueArray(part, { minLength: 1, maxLength: 2, selector: ({ sql }) => columnsOf(sql)[0] })
      .map((list) => list.map(({ sql, match }) => ({ sql, match: textual(sql) ? match : ('exact' as const) }))),
    where: some,
    view: fc.oneof({ weight: 3, arbitrary: few(0, 0) }, { weight: 1, arbitrary: few(1, 1) }),
    nulls: fc.boolean(),
  })
}

export function examples(version: number): fc.Arbitrary<Example> {
  return fc
    .uniqueArray(fc.constantFrom(...Object.keys(elements)), { minLength: 1, maxLength: 3 })
    .chain((names) => examplesOf(names, version))
    .map((example) => ({
      ...example,
      where: example.where.filter(mild(example)),
      view: example.view.filter(mild(example)),
    }))
}

/** Without conditions that leave a folded column one spelling: a verdict doesn't see that folding is then idle. */
const mild = ({ parts }: Example) => {
  const folded = parts.flatMap(({ sql, match }) => (match === 'exact' && !sql.includes('(') ? [] : columnsOf(sql)))
  return ({ sql }: Condition) => sql.endsWith('NULL') || !columnsOf(sql).some((name) => folded.includes(name))
}

const values: Readonly<Record<string, string>> = {
  a: 'NULL, -1, 0, 1, 2',
  b: `NULL, 'a', 'A', 'b', ''`,
  c: `NULL, 'a', 'A', 'b'`,
  flag: 'NULL, false, true',
  gone: `NULL, '2001-01-01', '2011-01-01', '2012-01-01'`,
  status: `NULL, 'x', 'y', 'z', 'w', 'v'`,
}

/** Letters about which lower() and upper() disagree. */
const FOLDED = `NULL, 'a', 'A', 'ſ', 'S', 'ẞ', 'ß'`

const typeOf = ({ type }: Example, name: string) =>
  ({ a: 'int', flag: 'boolean', gone: 'timestamptz', c: type })[name] ?? 'text'

function constraint(index: ExampleIndex, at: number): string | null {
  const { kind, where, deferrable } = index
  const later = deferrable ? 'DEFERRABLE INITIALLY DEFERRED' : ''
  const list = index.elements
  if (kind === 'constraint' && list.every((sql) => /^\w+$/.test(sql)))
    return `CONSTRAINT i${at} UNIQUE ${index.nullsNotDistinct ? 'NULLS NOT DISTINCT' : ''} (${list.join(', ')}) ${later}`
  if (kind !== 'exclusion' || list.some((sql) => /_ops/.test(sql))) return null
  const compared = list.map((sql) => `${/^\w+$|^\w+ COLLATE/.test(sql) ? sql : `(${sql})`} WITH =`).join(', ')
  return `CONSTRAINT i${at} EXCLUDE USING btree (${compared}) ${where.length ? `WHERE (${conjunction(where)})` : ''} ${later}`
}

export const conjunction = (list: readonly string[]): string => list.map((sql) => `(${sql})`).join(' AND ') || 'true'

/** The table `cart`, its view `seen` where the example has one, and `rows`, every row that it could hold. */
export function tableSql(example: Example): string {
  const columns = example.columns.map(
    ({ name, notNull }) => `${name} ${typeOf(example, name)} ${notNull ? 'NOT NULL' : ''}`,
  )
  const constraints = example.indexes.map(constraint)
  const indexes = example.indexes.flatMap((index, at) =>
    constraints[at] === null
      ? [
          `CREATE ${index.kind === 'plain' ? '' : 'UNIQUE'} INDEX i${at} ON cart (${index.elements.join(', ')})
           ${index.nullsNotDistinct ? 'NULLS NOT DISTINCT' : ''} ${index.where.length ? `WHERE ${conjunction(index.where)}` : ''};`,
        ]
      : [],
  )
  const view = example.view.map(({ sql }) => sql)
  return `DROP TABLE IF EXISTS cart CASCADE; DROP TABLE IF EXISTS rows;
    CREATE TABLE cart (${[...columns, ...constraints.filter((sql) => sql !== null)].join(', ')});
    ${indexes.join(' ')}
    ${view.length ? `CREATE VIEW seen AS SELECT * FROM cart WHERE ${conjunction(view)};` : ''}
    ${rowsSql(example)}`
}

function rowsSql(example: Example): string {
  const names = example.columns.map(({ name }) => name).join(', ')
  const all = JSON.stringify([example.indexes, example.parts])
  const folds = /upper/.test(all) && (/lower/.test(all) || example.type === 'citext')
  const lists = example.columns.map(({ name, notNull }) => {
    const list = folds && ['b', 'c'].includes(name) ? FOLDED : (values[name] ?? 'NULL')
    return `unnest(ARRAY[${notNull ? list.replace('NULL, ', '') : list}]::${typeOf(example, name).replace('(4)', '').replace('char', 'bpchar').replace('varbpchar(9)', 'varchar')}[]) AS ${name}`
  })
  const keys = example.parts.map(({ sql, match }, at) => `${match === 'exact' ? sql : `${match}(${sql})`} AS k${at}`)
  const nulls = example.parts.map(({ sql }, at) =>
    example.nulls || pinned(example).includes(`${sql} IS NULL`) ? 'true' : `k${at} IS NOT NULL`,
  )
  const met = conjunction([...example.where, ...example.view].map(({ sql }) => sql))
  const rows = example.columns.map((_, at) => `(SELECT ${lists[at]}) AS v${at}`).join(', ')
  return `CREATE TABLE rows AS SELECT *, met AND ${nulls.join(' AND ')} AS asked
    FROM (SELECT row_number() OVER () AS n, ${names}, (${met}) IS TRUE AS met, ${keys.join(', ')}
      FROM (SELECT ${example.columns.map(({ name }) => `${name}::${typeOf(example, name)}`).join(', ')} FROM ${rows}) AS every) AS keyed;`
}

const pinned = ({ where, view }: Example) => [...where, ...view].map(({ sql }) => sql)

/** Whether all columns of the index are among those that the lookup asks for, listed or pinned by its predicate. */
export function withinLookup(example: Example, index: ExampleIndex): boolean {
  const looked = [
    ...example.parts.flatMap(({ sql }) => columnsOf(sql)),
    ...[...example.where, ...example.view].flatMap(({ fixes }) => fixes ?? []),
  ]
  return index.elements.flatMap(columnsOf).every((name) => looked.includes(name))
}

export function keySetOf(example: Example): KeySet {
  const parts = example.parts.map(
    ({ sql }): KeyPart => (/^\w+$/.test(sql) ? { kind: 'column', name: sql } : { kind: 'expression', sql }),
  )
  const match = Object.fromEntries(
    example.parts.filter(({ match: how }) => how !== 'exact').map(({ sql, match: how }) => [sql, how]),
  )
  return keySet(example.view.length ? 'seen' : 'cart', [], {
    parts,
    match,
    nulls: example.nulls ? 'looked-up' : 'never',
    ...(example.where.length ? { where: conjunction(example.where.map(({ sql }) => sql)) } : {}),
  })
}
