import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { scanExitCode } from '../../../src/cli/exit-code.js'
import { layout } from '../../../src/cli/output.js'
import { Progress } from '../../../src/cli/progress.js'
import { visibleJson } from '../../../src/model/visible.js'
import { buildReport } from '../../../src/report/build.js'
import { findingsFor } from '../../../src/rules/index.js'
import { sampleAudit } from '../../support/audit-samples.js'
import { samples } from '../../support/audited-samples.js'

describe('exit code', () => {
  const code = (rule: keyof typeof samples, failOn: 'error' | 'warning' | 'note' | 'never', complete = true) => {
    const sample = samples[rule]
    const keySets = sample ? [sample] : []
    const audit = sampleAudit({ keySets, findings: findingsFor(keySets), complete })
    const tool = { name: 'goc-audit', version: '0.1.0' }
    return scanExitCode(buildReport([audit], { tool, several: false, showValues: false }), failOn)
  }

  test.each([
    ['missing-unique', 'error', 1],
    ['missing-unique', 'never', 0],
    ['stale-retry', 'error', 0],
    ['stale-retry', 'warning', 1],
    ['other-unique', 'warning', 0],
    ['other-unique', 'note', 1],
  ] as const)('%s with --fail-on %s: %i', (rule, failOn, expected) => {
    expect(code(rule, failOn)).toBe(expected)
  })

  test('2 beats 1 and 0', () => {
    expect(code('missing-unique', 'error', false)).toBe(2)
    expect(code('stale-retry', 'never', false)).toBe(2)
  })
})

describe('layout', () => {
  const terminal = { isTTY: true, columns: 100 }

  test('the width of the terminal, within reason', () => {
    expect(layout(terminal, {}).width).toBe(100)
    expect(layout({ isTTY: true, columns: 300 }, {}).width).toBe(120)
    expect(layout({ isTTY: true, columns: 12 }, {}).width).toBe(40)
    expect(layout({}, {}).width).toBe(80)
    expect(layout({}, { COLUMNS: '100' }).width).toBe(100)
  })

  test.each([
    [terminal, {}, true],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [terminal, { FORCE_COLOR: '0' }, false],
  ])('colour on %o with %o: %s', (stream, env, expected) => {
    expect(layout(stream, env).color).toBe(expected)
  })
})

describe('progress', () => {
  let written = ''
  const stream = (isTTY: boolean) => ({ isTTY, columns: 30, write: (text: string) => (written += text) })

  beforeEach(() => {
    written = ''
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('one line, cut at the width, that disappears', () => {
    const progress = new Progress(stream(true))
    progress.show('Counting duplicate rows 1/8: public.購物車\u001b[31m')
    vi.advanceTimersByTime(100)
    expect(written).toBe('\r\u001b[2KCounting duplicate rows 1/8:…')
    progress.clear()
    expect(written.endsWith('\r\u001b[2K')).toBe(true)
    vi.advanceTimersByTime(1000)
    expect(written.match(/Counting/g)).toHaveLength(1)
  })

  test('seconds, once it takes long', () => {
    const progress = new Progress(stream(true))
    progress.show('Counting')
    vi.advanceTimersByTime(4000)
    expect(written.endsWith('Counting (4 s)')).toBe(true)
    progress.clear()
  })

  test('nothing without a terminal', () => {
    const progress = new Progress(stream(false))
    progress.show('Counting')
    vi.advanceTimersByTime(1000)
    progress.clear()
    expect(written).toBe('')
  })
})

test('JSON holds no control characters, and means the same', () => {
  const value = { 'a\u202e': '\u009b\u007f\n\u{e0041}\u2028' }
  const text = visibleJson(JSON.stringify(value, null, 2))
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\u{e0000}-\u{e007f}]/u)
  expect(JSON.parse(text)).toEqual(value)
})
