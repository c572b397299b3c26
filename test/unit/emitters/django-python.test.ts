import { describe, expect, test } from 'vitest'
import { classesOf, type Value } from '../../../src/emitters/django/python-values.js'

/** A value in short: texts, lists and mappings as themselves, names as `<name>`, what is passed over as null. */
type Short = string | null | readonly Short[] | { readonly [key: string]: Short }

function short(value: Value | undefined): Short {
  switch (value?.kind) {
    case 'string':
      return value.text
    case 'name':
      return `<${value.name}>`
    case 'list':
      return value.items.map(short)
    case 'dict':
      return Object.fromEntries([...value.entries].map(([key, each]) => [key, short(each)]))
    case 'call':
      return [`${value.callee}()`, ...value.positional.map(short), short({ kind: 'dict', entries: value.named })]
    default:
      return null
  }
}

const read = (expression: string) => short(classesOf(`class A:\n    x = ${expression}\n`)[0]?.attributes.get('x'))

describe('values', () => {
  test.each<[string, Short]>([
    ['"a"', 'a'],
    ["'it\\'s'", "it's"],
    ['"""a\n"b" \\""""', 'a\n"b" "'],
    ["'''\n'a'''", "\n'a"],
    ['"a" \'b\' """c"""', 'abc'],
    ['r"\\d\\"x"', '\\d\\"x'],
    ['u"a"', 'a'],
    ['"\\x41\\u00e9\\U0001F600\\101\\n\\q\\\\"', 'A\u00e9\u{1f600}A\n\\q\\'],
    ['"a\\\n  b"', 'a  b'],
    ['""', ''],
    ['b"a"', null],
    ['f"{x}"', null],
    ['"a" f"{x}"', null],
    ['None', '<None>'],
    ['models.CASCADE', '<models.CASCADE>'],
    ['[]', []],
    ['()', []],
    ['("a")', 'a'],
    ['("a",)', ['a']],
    ['("a", "b",)', ['a', 'b']],
    ['{"a", "b"}', { a: null, b: null }],
    ['{"a": "b", c: "d", **e, "f": ["g"]}', { a: 'b', f: ['g'] }],
    ['f()', ['f()', {}]],
    ['a.b("c", d=("e", "f"), g=h.i())', ['a.b()', 'c', { d: ['e', 'f'], g: ['h.i()', {}] }]],
    ['f("a"  # "b", )\n   , c="d")', ['f()', 'a', { c: 'd' }]],
    ['["a", -1, 1.5, "b" % c, x[0], lambda: (1, 2), "d"]', ['a', null, null, null, null, null, 'd']],
    ['f(*a, default=lambda: {"b": [1]}, c="d")', ['f()', null, { default: null, c: 'd' }]],
    ['[x for x in ("a", "b")]', [null]],
    ['f(a == "b", c="d")', ['f()', null, { c: 'd' }]],
    ['f(a)(b)', null],
    ['"(" + ")"', null],
    ['["a" if b else {"c": "d"}, "e"]', [null, 'e']],
  ])('%s', (expression, expected) => {
    expect(read(expression)).toEqual(expected)
  })

  test.each(['[', '["a", (', 'f("a"', '{"a": ', '[)]', '[,]', '{:}', '"a', "'''a", '[}, "a"]', ')', 'f(=)'])(
    'broken source ends too: %s',
    (expression) => {
      expect(() => read(expression)).not.toThrow()
    },
  )

  test('a long text is read', () => {
    const sql = `it''s "quoted" \\\\ \n`.repeat(50_000)
    expect(read(`["""${sql}""", "a"]`)).toEqual([sql.replaceAll('\\\\', '\\'), 'a'])
  })
})

describe('classes', () => {
  const attributes = (source: string) =>
    classesOf(source).map((found) => [
      found.name,
      Object.fromEntries([...found.attributes].map(([k, v]) => [k, short(v)])),
    ])

  test('only what stands at their top', () => {
    const source = `\uFEFF# class Comment:
"""
class Docstring:
    a = "no"
"""
import os; b = "no"

@decorated(a="no")
class One(Base[int], metaclass=Meta):
    """a = "no"""
    a: str = "yes"; b = "too"

    c == "no"
    d += "no"
    e: str
    def method(self):
        a = "no"
        return self.x(
    a="no")

    class Inner:
        a = "no"
    last = (
"outdented",
    )
if True:
    class Nested:
        a = "no"
class Two: pass
class Three:
\ta = \\
  "yes"
`.replaceAll('\n', '\r\n')
    expect(attributes(source)).toEqual([
      ['One', { a: 'yes', b: 'too', last: ['outdented'] }],
      ['Two', {}],
      ['Three', { a: 'yes' }],
    ])
  })
})
