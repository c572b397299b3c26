import { expect, test } from 'vitest'
import { findingsFor, rules } from '../../../src/rules/index.js'
import { rulesDocument } from '../../../src/rules/page.js'
import { audited } from '../../support/audited.js'
import { samples } from '../../support/audited-samples.js'

test('every rule says what, why and what to do', async () => {
  const text = Object.entries(samples)
    .flatMap(([name, sample]) =>
      findingsFor([sample]).map(
        ({ id, severity, message, suggestion }) => `=== ${name}\n${severity} ${id}\n${message}\n\n${suggestion}\n`,
      ),
    )
    .join('\n')
  await expect(text).toMatchFileSnapshot('words.txt')
})

test('docs/rules.md is what the rules say', async () => {
  await expect(rulesDocument(rules)).toMatchFileSnapshot('../../../docs/rules.md')
})

test('names can not break out of their line', () => {
  const hostile = 'a\n\u001b[31mb\u202ec\u0085'
  const sample = audited({
    table: { name: hostile },
    verdict: { reasons: [{ index: hostile, gap: 'extra-columns', detail: hostile, protection: 'none' }] },
  })
  const [finding] = findingsFor([sample])
  const lines = finding?.message.split('\n') ?? []
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
})
