// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the file's own syntax
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Config, type LoadOptions, loadConfig } from '../../src/config/index.js'
import { UserError } from '../../src/model/errors.js'

let root: string
let deep: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'goc-audit-config-'))
  deep = join(root, 'app', 'src')
  await mkdir(deep, { recursive: true })
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function load(text: string, options: Partial<LoadOptions> = {}): Promise<Config> {
  await writeFile(join(root, 'app', '.goc-audit.yml'), text)
  return loadConfig({ cwd: join(root, 'app'), env: {}, ...options })
}

/** The error as a person reads it: place and code, message, advice. */
async function refusal(text: string, options: Partial<LoadOptions> = {}): Promise<string> {
  const error = await load(text, options).then(
    () => expect.fail('it was accepted'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof UserError)) throw error
  const { location } = error
  const place = location === undefined ? '' : `${location.file}:${location.line}:${location.column} `
  return [`${place}[${error.code}]`, error.message, ...error.suggestions].join('\n')
}

const keySet = (...lines: string[]) =>
  ['keysets:', '  - table: cart', '    columns: [session_id]', ...lines.map((line) => `    ${line}`)].join('\n')

describe('finding the file', () => {
  test('searches upwards and names it from here', async () => {
    await writeFile(join(root, 'app', '.goc-audit.yml'), keySet())
    const config = await loadConfig({ cwd: deep })
    expect(config.file).toBe(join('..', '.goc-audit.yml'))
    expect(config.directory).toBe(join(root, 'app'))
    expect(config.keySets[0]?.location).toEqual({ file: join('..', '.goc-audit.yml'), line: 2, column: 5 })
  })

  test('no file is no mistake', async () => {
    const config = await loadConfig({ cwd: root })
    expect(config).toMatchObject({ file: null, keySets: [], databases: [], failOn: 'error' })
  })

  test('takes the other ending too', async () => {
    await writeFile(join(root, '.goc-audit.yaml'), keySet())
    expect((await loadConfig({ cwd: root })).file).toBe('.goc-audit.yaml')
    await rm(join(root, '.goc-audit.yaml'))
  })

  test('a named file that is missing', async () => {
    expect(await refusal('', { file: 'other.yml' })).toBe(
      [
        '[config-not-found]',
        'There is no configuration file other.yml.',
        'Check the path after --config.',
        'Without --config, .goc-audit.yml is searched upwards from here.',
      ].join('\n'),
    )
  })

  test('a directory in its place', async () => {
    expect(await refusal('', { file: '.' })).toContain("can't be read: EISDIR")
  })

  test.each(['', '# nothing yet\n', 'keysets:\n#  - table: cart\n'])('nothing in it: %j', async (text) => {
    expect((await load(text)).keySets).toEqual([])
  })
})

describe('what nothing can use', () => {
  test.each([
    ['in a name', 'keysets: [{ table: "a\\0b", columns: [c] }]', '1:20'],
    ['in a predicate', 'keysets: [{ table: a, columns: [c], where: "d = \'\\0\'" }]', '1:44'],
    ['in a key', 'keysets: [{ table: a, columns: [c], match: { "c\\0": lower } }]', '1:44'],
  ])('NUL %s', async (_, text, place) => {
    expect(await refusal(text)).toBe(
      `.goc-audit.yml:${place} [config-invalid-value]\nThis text has a NUL character in it.\nRemove it.`,
    )
  })

  test('an alias of what it stands in', async () => {
    expect(await refusal('keysets: &all\n  - *all\n')).toContain('This alias stands inside of what it repeats.')
  })
})

describe('what it says', () => {
  test('defaults', async () => {
    const config = await load(keySet())
    expect(config.keySets[0]).toMatchObject({
      table: { name: 'cart' },
      parts: [{ kind: 'column', name: 'session_id' }],
      idiom: 'select-insert',
      match: {},
      boundAs: {},
      resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
    })
    expect(config.keySets[0]).not.toHaveProperty('where')
    expect(config.keySets[0]).not.toHaveProperty('nulls')
    expect(config).toMatchObject({ archive: { schema: 'goc_audit' }, baseline: null, ignore: [], logs: [] })
  })

  test('every part has its place', async () => {
    const [read] = (await load(keySet('where: deleted_at IS NULL', 'bound_as: { session_id: text }'))).keySets
    const file = '.goc-audit.yml'
    expect(read?.table.location).toEqual({ file, line: 2, column: 12 })
    expect(read?.parts[0]?.location).toEqual({ file, line: 3, column: 15 })
    expect(read?.whereLocation).toEqual({ file, line: 4, column: 12 })
    expect(read?.boundAsLocations).toEqual({ session_id: { file, line: 5, column: 29 } })
    expect(read?.evidence).toEqual([{ kind: 'declared', location: { file, line: 2, column: 5 } }])
  })

  test.each([
    ['cart', { name: 'cart' }],
    ['shop.cart', { schema: 'shop', name: 'cart' }],
    ['Cart', { name: 'Cart' }],
    ['shop."a.b"', { schema: 'shop', name: 'a.b' }],
    ['"we""ird"', { name: 'we"ird' }],
    ['"A b"."c\'d"', { schema: 'A b', name: "c'd" }],
    ['täble_🛒', { name: 'täble_🛒' }],
    ['order', { name: 'order' }],
  ])('table %s', async (text, name) => {
    const [read] = (await load(`keysets: [{ table: ${JSON.stringify(text)}, columns: [x] }]`)).keySets
    const { location: _, ...table } = read?.table ?? { name: '' }
    expect(table).toEqual(name)
  })

  test('members: names and expressions', async () => {
    const columns = ['a', '"B c"', "(data->>'id')", '( lower(email) )']
    const [read] = (await load(`keysets: [{ table: t, columns: ${JSON.stringify(columns)} }]`)).keySets
    expect(read?.parts.map(({ location: _, ...part }) => part)).toEqual([
      { kind: 'column', name: 'a' },
      { kind: 'column', name: 'B c' },
      { kind: 'expression', sql: "data->>'id'" },
      { kind: 'expression', sql: 'lower(email)' },
    ])
  })

  test('quoted names in mappings', async () => {
    const [read] = (await load(`keysets: [{ table: t, columns: ['"B c"'], match: { '"B c"': lower } }]`)).keySets
    expect(read?.match).toEqual({ 'B c': 'lower' })
  })

  test('aliases and merge keys of YAML', async () => {
    const { keySets } = await load(
      ['keysets:', '  - &first { table: a, columns: [x], survivor: newest }', '  - { <<: *first, table: b }'].join(
        '\n',
      ),
    )
    expect(keySets.map((each) => [each.table.name, each.resolution.survivor])).toEqual([
      ['a', 'newest'],
      ['b', 'newest'],
    ])
  })

  test('paths start at the file', async () => {
    await writeFile(join(root, 'app', '.goc-audit.yml'), 'baseline: base.json\nlogs: [{ path: log/*.csv }]\n')
    const config = await loadConfig({ cwd: deep })
    expect(config.baseline).toBe(join(root, 'app', 'base.json'))
    expect(config.logs).toMatchObject([{ path: join(root, 'app', 'log', '*.csv'), logFormat: 'auto' }])
  })

  test('variables', async () => {
    const text = 'archive: { schema: "${SCHEMA:-kept}_$${x}" }'
    expect((await load(text)).archive.schema).toBe('kept_${x}')
    expect((await load(text, { env: { SCHEMA: 'old' } })).archive.schema).toBe('old_${x}')
    expect((await load(text, { env: { SCHEMA: '' } })).archive.schema).toBe('kept_${x}')
  })

  test('SQL is left alone', async () => {
    const [read] = (await load(keySet('where: "note = \'${X}\'"'))).keySets
    expect(read?.where).toBe("note = '${X}'")
  })

  test('an unset variable of the database is no matter until it is used', async () => {
    expect((await load('database: { url: "${NOT_SET}" }')).databases).toHaveLength(1)
  })
})

describe('mistakes', () => {
  test.each<[name: string, text: string, expected: string[]]>([
    [
      'unknown key',
      keySet('surviver: newest'),
      [
        '.goc-audit.yml:4:5 [config-unknown-key]',
        '`surviver` is not a known key of a key set.',
        'Did you mean `survivor`?',
      ],
    ],
    [
      'unknown key that is like no other',
      'colour: red',
      [
        '.goc-audit.yml:1:1 [config-unknown-key]',
        '`colour` is not a known key of the file.',
        'Known are version, database, databases, keysets, logs, archive, ignore, baseline, fail_on.',
      ],
    ],
    [
      'misspelt required key: said once',
      'keysets:\n  - tabel: cart\n    columns: [a]',
      ['.goc-audit.yml:2:5 [config-unknown-key]', '`tabel` is not a known key of a key set.', 'Did you mean `table`?'],
    ],
    [
      'unknown key inside a reference',
      keySet('references:', '  - { table: x, column: [y] }'),
      [
        '.goc-audit.yml:5:21 [config-unknown-key]',
        '`column` is not a known key of a reference.',
        'Did you mean `columns`?',
      ],
    ],
    [
      'missing key',
      'keysets:\n  - table: cart',
      [
        '.goc-audit.yml:2:5 [config-missing-key]',
        '`columns` is missing from a key set.',
        'Add `columns: [session_id]`.',
      ],
    ],
    [
      'missing reason',
      'ignore: [{ keyset: a }]',
      [
        '.goc-audit.yml:1:10 [config-missing-key]',
        '`reason` is missing from an entry of `ignore`.',
        'Add `reason: "…"`, so that others know why.',
      ],
    ],
    [
      'text for a list',
      'keysets:\n  - table: cart\n    columns: session_id',
      ['.goc-audit.yml:3:14 [config-wrong-type]', '`columns` must be a list, not text.', 'Write [session_id].'],
    ],
    [
      'a number for a name',
      'keysets: [{ table: 7, columns: [x] }]',
      ['.goc-audit.yml:1:20 [config-wrong-type]', '`table` must be text, not the number 7.', "Put it in quotes: '7'."],
    ],
    [
      'a list for the file',
      '- table: cart',
      [
        '.goc-audit.yml:1:1 [config-wrong-type]',
        'The file must be a mapping, not a list.',
        'Write `keysets:` and the other keys at the beginning of their lines.',
      ],
    ],
    [
      'unknown word',
      keySet('idiom: upsrt'),
      [
        '.goc-audit.yml:4:12 [config-invalid-value]',
        "`idiom` is `upsrt`, which it can't be.",
        'Did you mean `upsert`? It is one of select-insert, insert-first, upsert, validator, not-exists, unknown.',
      ],
    ],
    [
      'unknown rule',
      'ignore: [{ keyset: a, rule: mising-unique, reason: b }]',
      [
        '.goc-audit.yml:1:29 [config-invalid-value]',
        'There is no rule `mising-unique`.',
        'Did you mean `missing-unique`?',
      ],
    ],
    [
      'no day',
      'ignore: [{ keyset: a, reason: b, until: 2027-02-30 }]',
      [
        '.goc-audit.yml:1:41 [config-invalid-value]',
        '`until` is `2027-02-30`, which is no day.',
        'Write it as 2027-03-01.',
      ],
    ],
    [
      'empty list',
      'keysets: [{ table: a, columns: [] }]',
      [
        '.goc-audit.yml:1:32 [config-invalid-value]',
        '`columns` is empty.',
        "Fill it in, or remove it where it isn't needed.",
      ],
    ],
    [
      'another version',
      'version: 2',
      [
        '.goc-audit.yml:1:10 [config-invalid-value]',
        '`version` is 2, and this goc-audit reads version 1.',
        'Write `version: 1`, or use the goc-audit that the file was written for.',
      ],
    ],
    [
      'an expression without parentheses',
      'keysets: [{ table: a, columns: [lower(email)] }]',
      [
        '.goc-audit.yml:1:33 [config-invalid-value]',
        '`lower(email)` is no name.',
        'If it is an expression, put it in parentheses: "(lower(email))".',
      ],
    ],
    [
      'a blank in a name',
      'keysets: [{ table: my cart, columns: [a] }]',
      [
        '.goc-audit.yml:1:20 [config-invalid-value]',
        '`my cart` is no name.',
        'A name with such characters is quoted as in SQL: \'"my cart"\'.',
      ],
    ],
    [
      'three parts',
      'keysets: [{ table: a.b.c, columns: [a] }]',
      [
        '.goc-audit.yml:1:20 [config-invalid-value]',
        '`a.b.c` has 3 parts; a table has a schema and a name.',
        'Name the database in `database.url`, and quote a dot that belongs to a name: `shop."a.b"`.',
      ],
    ],
    [
      'a column twice',
      'keysets: [{ table: a, columns: [x, \'"x"\'] }]',
      ['.goc-audit.yml:1:36 [config-invalid-value]', '`"x"` stands twice in `columns`.', 'Remove one of the two.'],
    ],
    [
      'match of no member',
      keySet('match: { session: lower }'),
      [
        '.goc-audit.yml:4:14 [config-invalid-value]',
        '`session` in `match` is not among the `columns` of this key set.',
        'Did you mean `session_id`?',
      ],
    ],
    [
      'survivor misspelt',
      keySet('survivor: oldst'),
      [
        '.goc-audit.yml:4:15 [config-invalid-value]',
        '`survivor` is `oldst`.',
        'Did you mean `oldest`? For a column of that name write `oldst ASC`.',
      ],
    ],
    [
      'unset variable',
      'baseline: ${HOME_OF_IT}/base.json',
      [
        '.goc-audit.yml:1:11 [config-unset-variable]',
        'The environment variable HOME_OF_IT is not set.',
        'Set it, or give a default: ${HOME_OF_IT:-…}.',
      ],
    ],
    [
      'no variable',
      'baseline: ${1}/base.json',
      [
        '.goc-audit.yml:1:11 [config-invalid-value]',
        '`${1}` is no reference to a variable.',
        'Write ${NAME} or ${NAME:-default}, and $${ for the characters themselves.',
      ],
    ],
    [
      'YAML: indentation',
      'keysets:\n  - table: cart\n   columns: [a]',
      [
        '.goc-audit.yml:3:1 [config-yaml-syntax]',
        'This is no valid YAML: Sequence item without - indicator.',
        'Check the indentation, quotes and brackets here and on the line before.',
      ],
    ],
    [
      'YAML: tabs',
      'keysets:\n\t- table: cart',
      [
        '.goc-audit.yml:2:1 [config-yaml-syntax]',
        'This is no valid YAML: Tabs are not allowed as indentation.',
        'Indent with blanks.',
      ],
    ],
    [
      'YAML: a key twice',
      'fail_on: error\nfail_on: note',
      [
        '.goc-audit.yml:2:1 [config-yaml-syntax]',
        'This is no valid YAML: Map keys must be unique.',
        'Keep one of the two; a second key set is a second entry of the list.',
      ],
    ],
    [
      'both ways of naming databases',
      'database: { url: a }\ndatabases: [{ name: x, url: b }]',
      [
        '.goc-audit.yml:2:1 [config-invalid-value]',
        '`database` and `databases` stand in the same file.',
        'Keep one of the two: `database` for one, `databases` with a name each for several.',
      ],
    ],
    [
      'two databases of one name',
      'databases: [{ name: x, url: a }, { name: x, url: b }]',
      [
        '.goc-audit.yml:1:42 [config-invalid-value]',
        'Two entries of `databases` are called `x`.',
        'Give each a name of its own.',
      ],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await refusal(text, { rules: ['missing-unique'] })).toBe(expected.join('\n'))
  })

  test('all of them at once, in the order of the file', async () => {
    const text = [
      'keysets:',
      '  - table: cart',
      '    columns: [1]',
      '    nuls: never',
      'fail_on: erro',
      'version: 3',
    ].join('\n')
    expect(await refusal(text)).toBe(
      [
        '[config-invalid]',
        '4 mistakes in .goc-audit.yml:',
        "  .goc-audit.yml:3:15 A member of `columns` must be text, not the number 1. Put it in quotes: '1'.",
        '  .goc-audit.yml:4:5 `nuls` is not a known key of a key set. Did you mean `nulls`?',
        "  .goc-audit.yml:5:10 `fail_on` is `erro`, which it can't be. Did you mean `error`? It is one of error, warning, note.",
        '  .goc-audit.yml:6:10 `version` is 3, and this goc-audit reads version 1. Write `version: 1`, or use the goc-audit that the file was written for.',
      ].join('\n'),
    )
  })

  describe('the same key set twice', () => {
    const twice = (first: string, second: string) => `keysets:\n  - ${first}\n  - ${second}`

    test.each([
      ['{ table: a, columns: [x, y] }', '{ table: a, columns: [y, x] }'],
      ['{ table: a, columns: [x], where: b  IS NULL }', '{ table: a, columns: [x], where: b IS NULL }'],
      ['{ table: a, columns: [x], match: { x: exact } }', '{ table: a, columns: [x], survivor: newest }'],
      ['{ table: s.a, columns: ["(lower(x))"] }', '{ table: s."a", columns: ["( lower(x) )"] }'],
    ])('%s = %s', async (first, second) => {
      expect(await refusal(twice(first, second))).toBe(
        [
          '.goc-audit.yml:3:5 [config-duplicate-keyset]',
          'This key set stands in the file twice: the first is at .goc-audit.yml:2:5.',
          'Remove one of the two; the order of columns makes no difference.',
        ].join('\n'),
      )
    })

    test.each([
      ['{ table: a, columns: [x] }', '{ table: b, columns: [x] }'],
      ['{ table: a, columns: [x] }', '{ table: a, columns: [x], where: b IS NULL }'],
      ['{ table: a, columns: [x] }', '{ table: a, columns: [x], match: { x: lower } }'],
      ['{ table: a, columns: [x] }', '{ table: a, columns: ["(x)"] }'],
      ["{ table: a, columns: [x], where: b = 'c  d' }", "{ table: a, columns: [x], where: b = 'c d' }"],
    ])('%s ≠ %s', async (first, second) => {
      expect((await load(twice(first, second))).keySets).toHaveLength(2)
    })
  })

  test('control characters of the file stay out of the terminal', async () => {
    expect(await refusal('"a\\e[31mb": 1')).toContain('`a\\u{1b}[31mb` is not a known key')
  })
})
