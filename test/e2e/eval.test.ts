import { describe, expect, test } from 'vitest'
import { type Evaluated, evaluate, keptLogs, totals } from '../eval/support/evaluate.js'

const named = ({ application, server, source }: Evaluated): string => `${application} ${server} ${source}`

describe('what is discovered in the logs of real applications', async () => {
  const results: Evaluated[] = []
  for (const log of await keptLogs()) results.push(...(await evaluate(log)))

  test('is all that they do, in full logs', () => {
    const missed = results.flatMap((one) =>
      one.class === 'full' ? one.missed.map(({ id, path }) => `${named(one)}: ${id}, ${path}`) : [],
    )
    expect(missed).toEqual([])
  })

  test('is as much and as right as the thresholds ask', () => {
    expect(totals(results).filter(({ passes }) => !passes)).toEqual([])
    expect(new Set(results.map((one) => one.class))).toEqual(new Set(['full', 'pooled', 'statistics', 'sampled']))
  })

  test('is the same in all forms of one log', () => {
    const ids = (one: Evaluated) => one.discovery.keySets.map(({ id }) => id).sort()
    for (const one of results.filter(({ source }) => source === 'csv' || source === 'json')) {
      const same = results.find((each) => each.application === one.application && each.source === 'stderr')
      expect(ids(one), named(one)).toEqual(same && ids(same))
    }
  })

  test('holds no value of the logs', () => {
    const shown = JSON.stringify(results.map(({ discovery }) => discovery))
    expect(shown).not.toMatch(/@example\.(com|net|org)|race\d/)
  })
})
