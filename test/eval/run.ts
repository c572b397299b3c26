// Recall and precision of `discover` on the kept logs: `npm run eval [-- --verbose] [-- --only 'node-*']`.
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type Evaluated, evaluate, keptLogs, rates, totals } from './support/evaluate.js'

const { values } = parseArgs({ options: { verbose: { type: 'boolean' }, only: { type: 'string' } } })

const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`

function gradesOf({ found }: Evaluated): string {
  const grades = found.map(({ keySet }) => keySet.evidence.grade)
  const counted = (['A', 'B', 'C', 'D'] as const).map((each) => [each, grades.filter((one) => one === each).length])
  return counted.flatMap(([each, count]) => (count === 0 ? [] : [`${count} ${each}`])).join(', ')
}

function show(results: readonly Evaluated[]): void {
  const head = ['application', 'server', 'source', 'recall', 'precision', 'grades']
  const table = new Table({ head, style: { head: [], border: [], compact: true } })
  for (const one of results) {
    const { recall, precision } = rates([one])
    const counts = `${one.expected.length - one.missed.length}/${one.expected.length}`
    table.push([
      one.application,
      one.server,
      one.source,
      `${percent(recall)} (${counts})`,
      percent(precision),
      gradesOf(one),
    ])
  }
  console.log(table.toString())
}

function explain(one: Evaluated): void {
  const lines = [
    ...one.missed.map(({ id, path }) => `  missed  ${id}  ${path}`),
    ...one.alarms.map(
      ({ keySet, why }) => `  false   ${keySet.id}  ${keySet.evidence.grade} ${keySet.idiom}${why && `: ${why}`}`,
    ),
    ...one.remarks.map((remark) => `  differs ${remark}`),
  ]
  if (lines.length > 0) console.log([`${one.application} ${one.server} ${one.source}`, ...lines].join('\n'))
}

const results: Evaluated[] = []
for (const log of await keptLogs(values.only)) results.push(...(await evaluate(log)))
show(results)
if (values.verbose) for (const one of results) if (one.class !== 'sampled') explain(one)
for (const { class: kind, recall, precision, passes } of totals(results)) {
  console.log(
    `${kind.padEnd(10)}  recall ${percent(recall)}, precision ${percent(precision)}${passes ? '' : '  below'}`,
  )
  if (!passes) process.exitCode = 1
}
