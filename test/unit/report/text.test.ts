import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Audit } from '../../../src/model/audit.js'
import { buildReport } from '../../../src/report/build.js'
import { explainKeySet } from '../../../src/report/explanation.js'
import { explanationText } from '../../../src/report/explanation-text.js'
import { ruleText } from '../../../src/report/rule-text.js'
import { scanText } from '../../../src/report/text.js'
import { findingsFor, rules } from '../../../src/rules/index.js'
import { sampleAudit } from '../../support/audit-samples.js'
import { audited, counts, part } from '../../support/audited.js'
import { samples } from '../../support/audited-samples.js'

const tool = { name: 'goc-audit', version: '0.1.0' }

function text(audits: readonly Audit[], options: { width?: number; color?: boolean; several?: boolean } = {}): string {
  const report = buildReport(audits, { tool, several: options.several ?? false, showValues: false })
  return scanText(report, { width: options.width ?? 80, color: options.color ?? false })
}

describe.each([80, 120])('at %i columns', (width) => {
  test('every verdict', async () => {
    await expect(text([sampleAudit()], { width })).toMatchFileSnapshot(`scan-${width}.txt`)
  })

  test('explain', async () => {
    const shown = Object.values(samples).map((sample) => {
      const explanation = explainKeySet(sampleAudit({ keySets: [sample] }), sample, { showValues: false })
      return explanationText(explanation, false, { width, color: false })
    })
    await expect(shown.join(`\n${'='.repeat(width)}\n`)).toMatchFileSnapshot(`explain-${width}.txt`)
  })

  test('no line of prose is wider', () => {
    const lines = text([sampleAudit()], { width }).split('\n')
    expect(lines.filter((line) => stringWidth(line) > width && !/CREATE|ALTER/.test(line))).toEqual([])
  })
})

test('a rule', async () => {
  const shown = rules.map((rule) => ruleText(rule, { width: 80, color: false }))
  await expect(shown.join('\n')).toMatchFileSnapshot('rules-80.txt')
})

test('nothing found', async () => {
  const keySets = [audited({ verdict: { protection: 'full', coveredBy: ['uq_cart'] } })]
  const audit = sampleAudit({ keySets, findings: [], notAnalysed: [] })
  await expect(text([audit])).toMatchFileSnapshot('clean.txt')
})

test('incomplete, over budget, ignored, several databases', async () => {
  const uncounted = { counted: false as const, reason: 'over-budget', detail: '80,000,000 rows', incomplete: false }
  const keySets = [
    audited({ duplicates: uncounted }),
    audited({ id: 'public.tag(name)', duplicates: counts(1, 1, { exact: false }) }),
  ]
  const audit = sampleAudit({
    complete: false,
    keySets,
    findings: [],
    ignored: findingsFor(keySets)
      .slice(0, 1)
      .map((finding) => ({ ...finding, reason: 'append-only by design' })),
    notAnalysed: [{ reason: 'over-budget', count: 2, example: 'public.cart(session_id): 80,000,000 rows' }],
    notes: ['The server is a hot standby.'],
    failures: ['The scan was interrupted before public.order(number) was counted.'],
  })
  await expect(text([audit, sampleAudit({ findings: [] })], { several: true })).toMatchFileSnapshot('partial.txt')
})

describe('hostile names and values', () => {
  const hostile = 'a\r\n\u001b[31m\u009b2J\u202eb\u2066\u0007\u{e0041}'
  const sample = audited({
    id: `public.${hostile}(${hostile})`,
    table: { name: hostile },
    parts: [part(hostile)],
    verdict: {
      protection: 'conditional',
      coveredBy: [hostile],
      condition: hostile,
      reasons: [{ index: hostile, gap: 'partial', detail: hostile, protection: 'conditional' }],
    },
    duplicates: counts(1, 1, {
      samples: [{ key: { [hostile]: hostile }, rows: 2, differingColumns: [hostile] }],
      notes: [hostile],
    }),
    keySet: { location: { file: hostile, line: 1, column: 1 } },
    remedy: { kind: 'plain', sql: [`CREATE UNIQUE INDEX ON "${hostile.replaceAll('\n', '')}" (a);`], note: hostile },
  })
  const audit = sampleAudit({
    database: { name: hostile, dialect: hostile, flavour: hostile, version: hostile },
    complete: false,
    keySets: [sample],
    findings: findingsFor([sample]),
    notAnalysed: [{ reason: hostile, count: 1, example: hostile }],
    notes: [hostile],
    failures: [hostile],
  })

  test('reach a plain terminal only in visible form', () => {
    expect(text([audit]).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u)
    const explanation = explainKeySet(audit, sample, { showValues: true })
    const explained = explanationText(explanation, true, { width: 80, color: false })
    expect(explained.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u)
  })

  test('in colour, only our own colours come through', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escapes that we write
    const rest = text([audit], { color: true }).replaceAll(/\u001b\[(1|2|22|31|32|33|35|36|39)m|\n/g, '')
    expect(rest).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(rest).toContain('\\u{1b}[31m')
  })
})

test('wide characters and long names keep the table straight', async () => {
  const long = `public.${'very_long_name_'.repeat(4)}(購物車,${'another_column,'.repeat(5)}z)`
  const keySets = [audited({ id: long }), audited({ id: 'public."😀"(a)', duplicates: counts(12_345, 1_234_567) })]
  await expect(text([sampleAudit({ keySets, findings: [] })])).toMatchFileSnapshot('long-names.txt')
})
