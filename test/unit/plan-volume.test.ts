import { expect, test } from 'vitest'
import { warningsOf } from '../../src/dialects/mysql/fix/consequences.js'
import { wayOf } from '../../src/dialects/mysql/fix/way.js'
import type { PlanFacts } from '../../src/model/plan-facts.js'
import { volumesOf } from '../../src/plan/volume.js'
import { table } from '../support/audited.js'
import { plannedFix, samplePlan } from '../support/planned-fix.js'

const { rehearsal } = plannedFix()
const factsWith = (logs: boolean, systemVersioned: boolean): PlanFacts => ({
  searchPath: [],
  tables: [
    {
      table: table({ id: '1', name: 'cart', systemVersioned }),
      ...{ generated: [], uniqueKeys: [], children: [], outgoing: [], refusal: null },
    },
  ],
  ...{ keySets: [], declared: [], suspected: [], warnings: [] },
  way: wayOf({ flavour: 'mysql', lockingReadSeesNewRows: true }, { logs }),
})
const volumes = (facts: PlanFacts) => (rehearsal === null ? [] : volumesOf(samplePlan, facts, rehearsal))

test('rows that reach the log and the history', () => {
  expect(volumes(factsWith(true, true))).toEqual([
    'Replicas and other readers of the binary log receive about as many rows as now are to change or go: 203 of public.cart, 3 of public.cart_item, and 412 of the archive.',
    'The history of public.cart grows by 203 row versions: 104 of rows that go, 99 of rows that change.',
  ])
  expect(volumes(factsWith(false, false))).toEqual([])
})

test.each([
  [{ format: 'ROW' }, []],
  [{ format: 'MIXED' }, [expect.stringContaining('binlog_format is MIXED')]],
  [{ format: 'STATEMENT', gtids: true }, [expect.stringMatching(/binlog_format is STATEMENT.*error 1787/)]],
  [
    { format: 'ROW', cluster: 'Galera' },
    [expect.stringContaining('(Galera), whose other members know nothing of LOCK TABLES')],
  ],
])('the log: %j', (settings, more) => {
  const log = { logs: true, gtids: false, cluster: null, ...settings }
  const [first, second, ...others] = warningsOf([], log)
  expect([first, second]).toEqual([expect.stringContaining('binary log is on'), expect.stringContaining('lags behind')])
  expect(others.slice(0, -2)).toEqual(more)
})
