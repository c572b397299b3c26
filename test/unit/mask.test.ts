import { expect, test } from 'vitest'
import { mask } from '../../src/model/mask.js'

test.each([
  [null, null],
  ['', ''],
  ['Anna-7@ö.de', 'xxxx-9@x.xx'],
  ['🛒 1', '* 9'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), `${'x'.repeat(40)}… (41 characters)`],
  ['🛒'.repeat(40), '*'.repeat(40)],
  ['🛒'.repeat(41), `${'*'.repeat(40)}… (41 characters)`],
])('%j', (value, expected) => {
  expect(mask(value)).toBe(expected)
})
