import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Addition, addKeySets } from '../../src/config/add-keysets.js'

const cart: Addition = {
  entry: { schema: 'shop', table: 'cart', parts: [{ kind: 'column', name: 'session_id' }], match: {} },
  comment: 'grade B',
}
const odd: Addition = {
  entry: {
    table: 'a.b',
    parts: [
      { kind: 'column', name: 'E"mail' },
      { kind: 'expression', sql: "data->>'id'" },
    ],
    match: { 'E"mail': 'lower' },
    where: "kind = 'x' AND deleted_at IS NULL",
    nulls: 'looked-up',
    isolation: 'repeatable-read',
    idiom: 'upsert',
    boundAs: { 'E"mail': 'text' },
  },
  comment: 'grade A',
}
const added = [
  { table: 'shop.cart', columns: ['session_id'] },
  {
    table: '"a.b"',
    columns: ['"E""mail"', "(data->>'id')"],
    match: { '"E""mail"': 'lower' },
    bound_as: { '"E""mail"': 'text' },
    where: "kind = 'x' AND deleted_at IS NULL",
    nulls: 'looked-up',
    isolation: 'repeatable-read',
    idiom: 'upsert',
  },
]

const files: Readonly<Record<string, string>> = {
  'block list between comments': `# top
version: 1
keysets:
  # ours
  - table: x # why
    columns: [a]   # and this

  # about ignores
ignore: [] # none
`,
  'list at the margin': `version: 1
keysets:
- {table: x, columns: [a]}
fail_on: error
`,
  'empty list': 'keysets: [] # none found; add yours\nfail_on: error\n',
  'no value': 'keysets:\nfail_on: error\n',
  'no value, with a comment': 'keysets: # soon\n  # - { table: y, columns: [b] }\nfail_on: error\n',
  'list in brackets': 'keysets: [{ table: x, columns: [a] }] # short\nfail_on: error\n',
  'list in brackets over lines': 'keysets: [\n  { table: x,\n    columns: [a] },\n]\nfail_on: error\n',
  'no key sets': 'version: 1\nfail_on: error',
  'an empty file': '',
  'only comments': '# nothing yet\n',
  'line feeds of Windows': 'version: 1\r\nkeysets:\r\n  - table: x\r\n    columns: [a]\r\nfail_on: error\r\n',
  'no line feed at the end': 'keysets:\n  - table: x\n    columns: [a]',
  'last entry with a text of several lines':
    'keysets:\n  - table: x\n    columns: [a]\n    where: >\n      a IS NULL\n      AND b\nfail_on: note\n',
}

test.each(Object.entries(files))('adds key sets to %s', (_, text) => {
  const before = (parse(text) ?? {}) as Record<string, unknown>
  const result = addKeySets(text, [cart, odd])
  const after = parse(result) as Record<string, unknown>
  expect(after).toEqual({ ...before, keysets: [...((before.keysets as unknown[]) ?? []), ...added] })
  expect(result).toContain('# grade B')
})

test('every line that was there stays, in its order', () => {
  for (const [name, text] of Object.entries(files)) {
    if (name.includes('brackets') || name === 'empty list') continue
    const lines = addKeySets(text, [cart, odd]).split(/\r?\n/)
    for (const line of text.split(/\r?\n/)) {
      const at = lines.indexOf(line)
      expect(at, `${name}: ${line}`).not.toBe(-1)
      lines.splice(0, line === '' ? 0 : at + 1)
    }
  }
})

test('the line ends of the file are kept', () => {
  expect(addKeySets(files['line feeds of Windows'] ?? '', [cart]).replaceAll('\r\n', '')).not.toContain('\n')
})

test('nothing to add changes nothing', () => {
  expect(addKeySets('keysets: []', [])).toBe('keysets: []')
})
