import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { appendRun, plotted, readHistory, trends } from '../../src/history/index.js'
import { historyJsonSchema } from '../../src/history/schema.js'
import type { HistoryDatabase, HistoryRun } from '../../src/model/history.js'
import { sparkline } from '../../src/report/text-record.js'

const folder = mkdtempSync(join(tmpdir(), 'goc-audit-history-'))
let files = 0
const file = () => join(folder, `${files++}.jsonl`)
const time = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString()

function seen(rows: Readonly<Record<string, number | null>>, changes: Partial<HistoryDatabase> = {}): HistoryDatabase {
  return {
    name: 'shop',
    complete: true,
    partial: false,
    keySets: Object.entries(rows).map(([id, surplusRows]) => {
      return { id, protection: 'none', groups: surplusRows, surplusRows }
    }),
    findings: { 'missing-unique': Object.keys(rows).length },
    ...changes,
  }
}

function run(day: number, ...databases: readonly HistoryDatabase[]): HistoryRun {
  return { time: time(day), tool: '0.1.0', databases }
}

describe('the file', () => {
  test('has the last runs, and the first', async () => {
    const path = file()
    expect(await readHistory(path, path, 3)).toEqual({ runs: [], passedOver: 0 })
    for (let day = 1; day <= 9; day++) await appendRun(path, path, run(day, seen({ 'a(x)': day })))
    const { runs } = await readHistory(path, path, 3)
    expect(runs.map((one) => one.time)).toEqual([1, 7, 8, 9].map(time))
    expect((await readHistory(path, path, 9)).runs.map((one) => one.time)).toHaveLength(9)
    expect((await readHistory(path, path, 100)).runs[0]).toEqual(run(1, seen({ 'a(x)': 1 })))
  })

  test('is not read as a whole, however long it and its lines are', async () => {
    const path = file()
    const wide = seen(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`table_${at}(x)`, at])))
    for (let day = 1; day <= 30; day++) await appendRun(path, path, run(day, wide))
    const { runs, passedOver } = await readHistory(path, path, 4)
    expect(runs.map((one) => one.time)).toEqual([1, 27, 28, 29, 30].map(time))
    expect(runs.map(({ databases }) => databases[0]?.keySets.length)).toEqual([5000, 5000, 5000, 5000, 5000])
    expect(passedOver).toBe(0)
  })

  test('survives a torn last line, and lines of other versions', async () => {
    const path = file()
    await appendRun(path, path, run(1, seen({ 'a(x)': 1 })))
    const [line = ''] = readFileSync(path, 'utf8').split('\n')
    appendFileSync(path, `\n${line.replace('"schemaVersion":1', '"schemaVersion":9')}\n{"schemaVersion":1,"time":"20`)
    expect(await readHistory(path, path, 9)).toMatchObject({ runs: [{ time: time(1) }], passedOver: 2 })
    await appendRun(path, path, run(2, seen({ 'a(x)': 2 })))
    const { runs, passedOver } = await readHistory(path, path, 9)
    expect([runs.map((one) => one.time), passedOver]).toEqual([[time(1), time(2)], 2])
  })

  test('takes lines of many at once, each whole', async () => {
    const path = file()
    // What appendRun does, from threads, which share no lock of ours: one write at the end of the file.
    const wide = seen(Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`table_${at}(x)`, at])))
    const line = JSON.stringify({ schemaVersion: 1, ...run(1, wide) })
    const source = `
      const { open } = require('node:fs/promises')
      const { workerData: { path, line } } = require('node:worker_threads')
      ;(async () => {
        for (let n = 0; n < 10; n++) {
          const file = await open(path, 'a+')
          await file.write(Buffer.from(line + '\\n'))
          await file.close()
        }
      })()`
    const workers = Array.from({ length: 8 }, () => new Worker(source, { eval: true, workerData: { path, line } }))
    const ours = Promise.all(Array.from({ length: 20 }, () => appendRun(path, path, run(2, wide))))
    await Promise.all([ours, ...workers.map((worker) => new Promise((done) => worker.on('exit', done)))])
    expect(await readHistory(path, path, 1000)).toMatchObject({ runs: { length: 100 }, passedOver: 0 })
  })

  test('that can not be read or written is an error', async () => {
    await expect(readHistory(folder, 'folder', 1)).rejects.toMatchObject({ code: 'history-unreadable' })
    const none = join(folder, 'none', 'h.jsonl')
    await expect(appendRun(none, 'h.jsonl', run(1))).rejects.toMatchObject({ code: 'history-unwritable' })
    writeFileSync(join(folder, 'empty'), '')
    expect(await readHistory(join(folder, 'empty'), 'empty', 3)).toEqual({ runs: [], passedOver: 0 })
  })

  test('has a schema that is shipped', async () => {
    await expect(historyJsonSchema()).toMatchFileSnapshot('../../schemas/history.schema.json')
  })
})

describe('trends', () => {
  const moves = (runs: readonly HistoryRun[]) =>
    Object.fromEntries(trends(runs).keySets.map(({ id, sinceLast, sinceFirst }) => [id, [sinceLast, sinceFirst]]))

  test('say what grows, shrinks, stays and is new, since the last scan and since the first', () => {
    const runs = [
      run(1, seen({ up: 1, down: 9, same: 2, back: 3 })),
      run(2, seen({ up: 2, down: 5, same: 2, back: 7 })),
      run(3, seen({ up: 4, down: 5, same: 2, back: 1, fresh: 1 })),
    ]
    expect(moves(runs)).toEqual({
      up: ['growing', 'growing'],
      down: ['steady', 'shrinking'],
      same: ['steady', 'steady'],
      back: ['shrinking', 'shrinking'],
      fresh: ['new', 'new'],
    })
    expect(trends(runs).total.points.map(({ surplusRows }) => surplusRows)).toEqual([15, 16, 13])
  })

  test('of the first scan are steady', () => {
    expect(moves([run(1, seen({ a: 1 }))])).toEqual({ a: ['steady', 'steady'] })
  })

  test('take what was not counted for what it was before', () => {
    const runs = [
      run(1, seen({ a: 5, b: 5 })),
      run(2, seen({ a: null }, { complete: false })),
      run(3, seen({ b: 6 }, { partial: true })),
      run(4, seen({}, { complete: false })),
      run(5, seen({ a: 5 })),
    ]
    expect(plotted(runs).map(({ surplusRows }) => surplusRows)).toEqual([10, 10, 11, 11, 5])
    expect(moves(runs)).toEqual({ a: ['steady', 'steady'] })
  })

  test('compare a database with itself', () => {
    const runs = [run(1, seen({ a: 50 }, { name: 'other' })), run(2, seen({ a: 1 })), run(3, seen({ a: 2 }))]
    expect(plotted(runs).map(({ at, surplusRows }) => [at, surplusRows])).toEqual([
      [time(2), 1],
      [time(3), 2],
    ])
    const both = [run(1, seen({ a: 1 }, { name: 'eu' }), seen({ a: 2 }, { name: 'us' }))]
    expect(plotted(both)).toMatchObject([{ surplusRows: 3, findings: 2, keySets: { a: { surplusRows: 3 } } }])
  })

  test.each([
    [[0, 1, 4, 8], '▁▂▅█'],
    [[0, 0], '▁▁'],
    [Array.from({ length: 50 }, () => 1), '█'.repeat(24)],
  ])('are drawn: %j', (values, drawn) => {
    expect(sparkline(values)).toBe(drawn)
  })
})
