import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLogs } from '../../../src/logs/index.js'
import type { LoggedStatement, StatementSink } from '../../../src/model/statement.js'

const lines = Array.from({ length: 12 }, (_, n) => {
  const at = `2026-05-01 08:00:${String(n + 10)}.003 UTC [${100 + (n % 3)}] app@shop LOG:  statement:`
  return `${at} SELECT id\n\tFROM cart WHERE session_id = 'k-${n}'\n${at} BEGIN\n`
})
const log = lines.join('')

async function statements(pieces: readonly string[]): Promise<unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'goc-audit-split-'))
  try {
    const paths = pieces.map((_, at) => join(folder, `${at}.log`))
    for (const [at, path] of paths.entries()) await writeFile(path, pieces[at] ?? '')
    const found: unknown[] = []
    const sink: StatementSink = {
      statement: ({ at, session, text }: LoggedStatement) => found.push([at, session, text]),
      failure: () => {},
      totals: () => {},
      unread: (reason, example) => found.push([reason, example]),
    }
    await readLogs(paths, { format: 'auto' }, sink)
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('a log in two files is read as one, wherever it was split', async () => {
  const whole = await statements([log])
  expect(whole).toHaveLength(24)
  for (let at = 150; at < log.length - 1; at += 7)
    expect(await statements([log.slice(0, at), log.slice(at)]), `split at ${at}`).toEqual(whole)
})

test('a record that was cut off does not take the next file along', async () => {
  const cut = lines.slice(0, 2).join('').slice(0, -8)
  const found = await statements([cut, lines.slice(2).join('')])
  expect(found.slice(-20)).toEqual((await statements([log])).slice(-20))
})
