import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PostgresProcess, startPostgres } from '../support/postgres.js'
import { forEachPostgres, type Server } from '../support/servers.js'
import { type Collected, readText } from '../unit/logs/collect.js'

/** Each of them tells at least the process; `plain` ones nothing more. */
const prefixes: Readonly<Record<string, string>> = {
  default: '%m [%p] ',
  debian: '%m [%p] %q%u@%d ',
  pgbadger: '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
  rds: '%t:%r:%u@%d:[%p]:',
  odd: '%q<%-12u|%15d|%-20a> %n %c %v %e %l %x %s ',
  widths: '%10p %-30t %q%-16d %i;',
  words: 'time=%m pid=%p sess=%c vx=%v db=%d app=%a user=%u host=%r line=%l ',
}

const notes = ['plain', "it's\n\tquoted; $1 = 'no' -- \\", 'Ümlaut 日本 🐘', '', 'a "b" `c`, d\r\n\ne']

async function drive(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'shop, the' })
  const other = new pg.Client({ connectionString: url, application_name: 'other' })
  await Promise.all([client.connect(), other.connect()])
  const ignore = () => {}
  await client.query('CREATE TABLE cart (session_id text, kind int, note text, UNIQUE (session_id, kind))')
  for (const [at, note] of notes.entries()) {
    await client.query('SELECT *\n\tFROM cart\nWHERE session_id = $1 AND kind = $2 LIMIT 1', [note, at])
    await other.query(`SELECT 1 FROM cart WHERE note = '${note.replaceAll("'", "''")}'`)
    await client.query('BEGIN')
    await client.query('INSERT INTO cart VALUES ($1, $2, $3)', [note, at, at === 1 ? null : note])
    await client.query('COMMIT')
    await other.query('INSERT INTO cart VALUES ($1, $2)', [note, at]).catch(ignore)
  }
  await client.query({ name: 'by kind', text: 'SELECT note FROM cart WHERE kind = $1', values: [1] })
  await client.query({ name: 'by kind', text: 'SELECT note FROM cart WHERE kind = $1', values: [2] })
  await client.query('PREPARE p (text, int) AS SELECT * FROM cart WHERE session_id = $1 AND kind = $2')
  await client.query("EXECUTE p('it''s', 2); SELECT 'last'")
  await client.query("EXECUTE p('it''s', NULL)")
  await client.query('SELECT 1/0').catch(ignore)
  await client.query('SELECT FROM WHERE').catch(ignore)
  await client.query('BEGIN; CREATE UNIQUE INDEX lowered ON cart (lower(session_id), (kind + 1)); COMMIT')
  await other.query("INSERT INTO cart VALUES ('PLAIN', 0)").catch(ignore)
  await Promise.all([client.end(), other.end()])
}

class Logged {
  private constructor(
    private readonly server: PostgresProcess,
    private readonly admin: pg.Client,
    private readonly version: number,
  ) {}

  static async start(server: Server): Promise<Logged> {
    const json = server.version >= 15 ? ',jsonlog' : ''
    const process = await startPostgres(server.bin as string, {
      logging_collector: 'on',
      log_destination: `stderr,csvlog${json}`,
      log_statement: 'all',
      log_duration: 'on',
      log_filename: 'start.log',
      log_timezone: 'Asia/Kolkata',
    })
    const admin = new pg.Client({ connectionString: process.url })
    await admin.connect()
    return new Logged(process, admin, server.version)
  }

  async run(name: string, settings: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    await this.admin.query(`DROP DATABASE IF EXISTS shop`)
    await this.admin.query(`CREATE DATABASE shop`)
    for (const [key, value] of Object.entries({ ...settings, log_filename: `${name}.log` }))
      await this.admin.query(`ALTER SYSTEM SET ${key} = '${value}'`)
    await this.admin.query('SELECT pg_reload_conf()')
    const forms = this.version >= 15 ? ['log', 'csv', 'json'] : ['log', 'csv']
    const read = (form: string) => readFile(join(this.server.data, 'log', `${name}.${form}`), 'latin1').catch(() => '')
    for (let tries = 0; tries < 100 && (await Promise.all(forms.map(read))).includes(''); tries++) {
      await this.admin.query("SELECT 'wait'")
      await sleep(50)
    }
    const url = new URL(this.server.url)
    url.pathname = '/shop'
    await drive(url.href)
    await this.admin.query("SELECT 'the end'")
    const texts: Record<string, string> = {}
    for (const form of forms)
      for (let tries = 0; tries < 100 && !(texts[form] ?? '').includes('the end'); tries++) {
        texts[form] = await read(form)
        await sleep(50)
      }
    return texts
  }

  async stop(): Promise<void> {
    await this.admin.end()
    await this.server.stop()
  }
}

/** Only what all forms can know, of the two clients alone. */
function comparable({ statements, failures }: Collected, names: boolean): unknown {
  const numbers = new Map<string, number>()
  const number = (session: string) => numbers.get(session) ?? numbers.set(session, numbers.size).get(session)
  const ours = (text: string) =>
    !text.includes("'wait'") && !text.includes('the end') && !text.includes('pg_reload_conf')
  return {
    statements: statements
      .filter(({ text }) => ours(text))
      .map(({ session, text, parameters, database }) => [number(session), text, parameters, names ? database : '']),
    failures: failures.map((one) => [number(one.session), one.kind, one.constraint, one.columns, one.text]),
  }
}

forEachPostgres(
  (server) => {
    describe.skipIf(server.bin === undefined)('a server of our own', () => {
      let logged: Logged
      beforeAll(async () => {
        logged = await Logged.start(server)
      })
      afterAll(() => logged?.stop())

      test.each(Object.entries(prefixes))('all forms of its log tell the same: %s', async (name, prefix) => {
        const texts = await logged.run(name, { log_line_prefix: prefix })
        const names = /%d/.test(prefix)
        const csv = readText('postgres-csv', texts.csv ?? '')
        expect(csv.unread).toEqual([])
        expect(
          csv.statements.filter(({ text }) => text.includes('LIMIT 1')).map(({ parameters }) => parameters),
        ).toEqual(notes.map((note, at) => latin1(`$1 = '${note.replaceAll("'", "''")}', $2 = '${at}'`)))
        for (const [form, text] of Object.entries(texts)) {
          const found = readText(
            form === 'log' ? 'postgres-stderr' : form === 'csv' ? 'postgres-csv' : 'postgres-json',
            text,
          )
          expect(found.unread).toEqual([])
          expect(comparable(found, names), form).toEqual(comparable(csv, names))
          expect(found.statements.every(({ at }) => Math.abs(at - Date.now()) < 600_000)).toBe(true)
        }
        const live = readText('postgres-stderr', texts.log ?? '', { linePrefix: prefix })
        expect(comparable(live, names)).toEqual(comparable(csv, names))
      })
    })
  },
  { pglite: false },
)

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
