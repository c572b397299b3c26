import { describe, expect, test } from 'vitest'
import { type Evaluated, evaluate, keptLogs, totals } from '../eval/support/evaluate.js'

/** In bulk, with `IN (…)` and one INSERT of several rows; or an UPDATE that finds nothing, and then an INSERT. */
const notYet = [
  'django-library: "Keyword"("Word")',
  'node-drizzle: campaign(utm_medium,utm_source,workspace_id)',
  'node-sequelize: "Followers"("brandId","customerId")',
  'peewee-feeds: site(host)',
]

const named = ({ application, server, source }: Evaluated): string => `${application} ${server} ${source}`

describe('what is discovered in the logs of real applications', async () => {
  const results: Evaluated[] = []
  for (const log of await keptLogs()) results.push(...(await evaluate(log)))

  test('is all that they do, in full logs, but for what is not read yet', () => {
    const missed = results.flatMap((one) =>
      one.class === 'full' ? one.missed.map(({ id }) => `${one.application}: ${id}`) : [],
    )
    expect([...new Set(missed)].sort()).toEqual(notYet)
  })

  test('is as much and as right as the thresholds ask', () => {
    const below = totals(results).filter(({ passes }) => !passes)
    expect(below.filter(({ class: kind }) => kind !== 'full')).toEqual([])
    expect(totals(results).find(({ class: kind }) => kind === 'full')?.precision).toBeGreaterThanOrEqual(0.9)
    expect(new Set(results.map((one) => one.class))).toEqual(
      new Set(['full', 'pooled', 'valueless', 'statistics', 'sampled']),
    )
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
