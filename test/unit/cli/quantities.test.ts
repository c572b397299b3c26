import { describe, expect, test } from 'vitest'
import { parseBudget, parseDuration, parseShare } from '../../../src/cli/quantities.js'

const none = Number.MAX_SAFE_INTEGER

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5 s', 1500],
    ['5min', 300_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['0', 0],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  test.each(['', '5', 's', '-1s', '5 days', '1e3s'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(`--timeout: "${text}" is not a duration.`)
  })
})

describe('budgets', () => {
  test.each([
    ['1000', { rows: 1000, bytes: none }],
    ['500k', { rows: 500_000, bytes: none }],
    ['10M', { rows: 10_000_000, bytes: none }],
    ['2G', { rows: 2_000_000_000, bytes: none }],
    ['5GB', { rows: none, bytes: 5 * 2 ** 30 }],
    ['512 MiB', { rows: none, bytes: 512 * 2 ** 20 }],
    ['10M, 5gb', { rows: 10_000_000, bytes: 5 * 2 ** 30 }],
  ])('%s', (text, expected) => {
    expect(parseBudget(text)).toEqual(expected)
  })

  test.each(['', '10X', 'GB', '10M,', '-5', '10M,5M', '1GB,2GB'])('"%s" is refused', (text) => {
    expect(() => parseBudget(text)).toThrow(`--budget: "${text}" is not a limit.`)
  })
})

describe('shares', () => {
  test.each([
    ['10%', 0.1],
    ['0.5 %', 0.005],
    ['100%', 1],
    ['0.15', 0.15],
    ['.5', 0.5],
    ['0', 0],
  ])('%s', (text, expected) => {
    expect(parseShare(text)).toBe(expected)
  })

  // A bare 1 could mean one percent as well as everything.
  test.each(['', '1', '10', '1.5', '101%', '-1%', '%', 'all'])('"%s" is refused', (text) => {
    expect(() => parseShare(text)).toThrow(`--max-surplus: "${text}" is not a share.`)
  })
})
