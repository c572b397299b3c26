import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { expect, test } from 'vitest'
import type { LogFormat } from '../../src/logs/format.js'
import { mysqlGeneral } from '../../src/logs/mysql-general.js'
import { mysqlSlow } from '../../src/logs/mysql-slow.js'
import { unique } from '../support/database.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql, type Server } from '../support/servers.js'
import { type Found, keeping, type Sent, schema, sendAll, textsOf, withGlobals } from './logs-mysql-support.js'

/** A directory that the server may both log into and read from. */
async function logDirectory(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT COALESCE(NULLIF(@@secure_file_priv, ''), @@datadir) AS directory",
  )
  return String(rows[0]?.directory).replace(/\/?$/, '/')
}

const run = promisify(execFile)

/** MariaDB reads out only files that all may read, which its logs are not: those of servers on this machine can be read here. */
async function fileOf(server: Server, connection: Connection, path: string): Promise<Buffer> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT LOAD_FILE(?) AS log', [path])
  if (Buffer.isBuffer(rows[0]?.log)) return rows[0].log
  if (server.source === 'local') return readFile(join(server.mysql?.root ?? '', path))
  const { stdout: ids } = await run('docker', ['ps', '--quiet', '--no-trunc'])
  for (const id of ids.trim().split('\n')) {
    const { stdout: shown } = await run('docker', ['inspect', '--format', '{{.Args}} {{.NetworkSettings.Ports}}', id])
    if (!new RegExp(`\\b${new URL(server.url).port}\\b`).test(shown)) continue
    return (await run('docker', ['exec', id, 'cat', path], { encoding: 'buffer', maxBuffer: 1e9 })).stdout
  }
  throw new Error(`no way to read ${path} of ${server.label}`)
}

async function readLog(format: LogFormat, log: Buffer): Promise<Found> {
  const sink = keeping()
  expect(format.recognises(log.toString('latin1', 0, 20_000))).toBeGreaterThan(0.9)
  const reader = format.reader(sink, {})
  for (let at = 0; at < log.length; at += 777) reader.feed(log.toString('latin1', at, at + 777))
  reader.end()
  return sink.found
}

forEachMysql((server) => {
  test('the log files of two connections', () =>
    withMysqlDatabase(server, schema, async (database) => {
      const directory = await logDirectory(database.client)
      const [general, slow] = [`${directory}${unique('g')}.log`, `${directory}${unique('s')}.log`]
      const variables = {
        log_output: 'FILE',
        general_log_file: general,
        slow_query_log_file: slow,
        long_query_time: 0,
        log_slow_extra: 'ON',
        general_log: 'ON',
        slow_query_log: 'ON',
      }
      const before = Date.now()
      const sent = new Map<string, Sent[]>()
      await withGlobals(database, { variables }, async () => {
        for (const connection of [await database.connect(), await database.connect()]) {
          sent.set(String(connection.threadId), await sendAll(connection))
        }
      })
      const fromGeneral = await readLog(mysqlGeneral, await fileOf(server, database.client, general))
      const fromSlow = await readLog(mysqlSlow, await fileOf(server, database.client, slow))
      for (const [session, list] of sent) {
        expect(textsOf(fromGeneral.statements, session)).toEqual(list.map(([text]) => text))
        expectSlow(fromSlow, session, list, server.kind)
      }
      const ours = [...fromGeneral.statements, ...fromSlow.statements].filter(({ session }) => sent.has(session))
      expect(new Set(ours.map((one) => one.database))).toEqual(new Set([database.name]))
      for (const { at } of ours) expect(Math.abs(at - before)).toBeLessThan(60_000)
      expect([...fromGeneral.unread, ...fromSlow.unread]).toEqual([])
    }))
})

/** MySQL's log_slow_extra tells what failed; MariaDB's has it among the others, with no row affected. */
function expectSlow({ statements, failures }: Found, session: string, sent: readonly Sent[], kind: string): void {
  const own = statements.filter((one) => one.session === session)
  const failed = failures.filter((one) => one.session === session)
  const told = kind === 'mysql' ? sent.filter(([, , errno]) => errno === 0) : sent
  expect(textsOf(own, session)).toEqual(told.map(([text]) => text))
  own.forEach(({ rows, duration }, at) => {
    const [text, returned, errno] = told[at] ?? ['', 0, 0]
    if (text.startsWith('SELECT')) expect([text, rows]).toEqual([text, returned])
    else expect([text, rows]).toEqual([text, kind === 'mysql' ? Number.NaN : errno === 0 ? 1 : 0])
    expect(duration).toBeGreaterThan(0)
  })
  expect(failed.map((one) => one.kind)).toEqual(
    kind === 'mysql' ? sent.filter(([, , no]) => no).map(() => 'unique-violation') : [],
  )
}
