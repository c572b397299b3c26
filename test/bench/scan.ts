/**
 * How long counting takes, beside a bare sequential scan and the statement that a person would write.
 *
 *   npm run bench:scan -- [--rows 5000000] [--rounds 5] [--version 15]
 *   npm run bench:scan -- --rows 2000000 --version none --mysql mysql://root@127.0.0.1:3306,mysql://root@127.0.0.1:3307
 *
 * Everything runs in turn, round after round, so that whatever else the machine does hits all alike; medians are printed.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { Session } from '../../src/dialects/dialect.js'
import { postgres } from '../../src/dialects/postgres/index.js'
import type { Table } from '../../src/model/catalog.js'
import type { ResolvedKeySet } from '../../src/model/verdict.js'
import { fetchPostgres, npmVersions } from '../support/binaries.js'
import { startPostgres } from '../support/postgres.js'
import { type Case, cases, keySet, load, median, together } from './data.js'
import { benchMysql, reportMysql } from './mysql.js'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '5' },
    version: { type: 'string', default: '15' },
    mysql: { type: 'string', default: '' },
  },
})
const rows = Number(flags.rows)

let client: pg.Client
if (flags.version !== 'none') await benchPostgres(flags.version)
const measured = []
for (const url of flags.mysql.split(',').filter((each) => each !== ''))
  measured.push(await benchMysql(url, rows, Number(flags.rounds)))
for (const each of measured) reportMysql(each)

async function benchPostgres(wanted: string): Promise<void> {
  const version = npmVersions.find((each) => each.startsWith(`${wanted}.`))
  if (version === undefined) throw new Error(`no PostgreSQL ${wanted} among ${npmVersions.join(', ')}`)
  // What an untouched postgresql.conf says, which the tests' own settings do not.
  const server = await startPostgres(await fetchPostgres(version), { shared_buffers: '128MB', max_wal_size: '4GB' })
  client = new pg.Client({ connectionString: server.url })
  try {
    await client.connect()
    console.log(`PostgreSQL ${version.split('-')[0]}, ${rows.toLocaleString('en')} rows; loading …`)
    await load(client, rows)
    await compare(server.url)
  } finally {
    await client.end()
    await server.stop()
  }
}

async function compare(url: string): Promise<void> {
  const session = await postgres.connect({ url, shown: url, schemas: ['public'] }, { statementTimeout: 0 })
  const times = new Map<string, number[]>()
  const measure = async (name: string, work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    times.set(name, [...(times.get(name) ?? []), (performance.now() - start) / 1000])
  }
  const prepared = await prepare(session)
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const each of cases) {
      const expected = each.groups(rows)
      await measure(`${each.title}: scan`, () => client.query(`SELECT count(*) FROM ${each.table}`))
      await measure(`${each.title}: by hand`, async () => check(each, expected, await byHand(each)))
      await measure(`${each.title}: ours`, async () =>
        check(each, expected, (await ours(session, prepared.get(each.title)))[0]),
      )
    }
    for (const columns of together) await measure('one at a time', () => ours(session, prepared.get(String(columns))))
    await measure('together', () => ours(session, prepared.get('together')))
  }
  await session.close()
  report((name) => median(times.get(name) ?? []), times)
}

function check({ title }: Case, expected: number, found: number | undefined): void {
  if (found !== expected) throw new Error(`${title}: ${found} groups instead of ${expected}`)
}

async function byHand({ table, columns }: Case): Promise<number> {
  const { rows: found } = await client.query<{ groups: string }>(
    `SELECT count(*) AS groups, sum(n - 1) FROM (
       SELECT ${columns.join(', ')}, count(*) AS n FROM ${table} GROUP BY ${columns.join(', ')} HAVING count(*) > 1) AS g`,
  )
  return Number(found[0]?.groups)
}

interface Prepared {
  readonly table: Table
  readonly resolved: readonly ResolvedKeySet[]
}

/** What a scan knows before it begins to count. */
async function prepare(session: Session): Promise<ReadonlyMap<string, Prepared>> {
  const prepared = new Map<string, Prepared>()
  const add = async (title: string, name: string, keys: readonly (readonly string[])[]) => {
    const [answer] = await session.readCatalog([{ name }])
    if (answer === undefined || !('table' in answer)) throw new Error(`no table ${name}`)
    const resolved: ResolvedKeySet[] = []
    for (const columns of keys) resolved.push(await session.resolve(keySet(name, columns), answer.table))
    prepared.set(title, { table: answer.table, resolved })
  }
  for (const { title, table, columns } of cases) await add(title, table, [columns])
  for (const columns of together) await add(String(columns), 'cart', [columns])
  await add('together', 'cart', together)
  return prepared
}

async function ours(session: Session, prepared: Prepared | undefined): Promise<number[]> {
  if (prepared === undefined) throw new Error('nothing prepared')
  const { table, resolved } = prepared
  const counts = await session.countDuplicates(table, resolved, { exists: false, samples: 3, budget: null })
  return counts.map((each) => {
    if (!each.counted) throw new Error(each.detail)
    return each.groups
  })
}

function report(of: (name: string) => number, times: ReadonlyMap<string, readonly number[]>): void {
  const seconds = (value: number) => `${value.toFixed(2)} s`.padStart(9)
  console.log(
    `${''.padEnd(30)}${['bare scan', 'by hand', 'goc-audit'].map((head) => head.padStart(10)).join('')}  faster by`,
  )
  for (const { title } of cases) {
    const [scan, hand, mine] = ['scan', 'by hand', 'ours'].map((way) => of(`${title}: ${way}`)) as [
      number,
      number,
      number,
    ]
    console.log(
      `${title.padEnd(30)}${[scan, hand, mine].map((value) => ` ${seconds(value)}`).join('')}  ${(hand / mine).toFixed(2)} ×`,
    )
  }
  const alone = of('one at a time')
  const all = of('together')
  const count = together.length
  console.log(
    `\n${count} key sets of one table together: ${seconds(all).trim()}, ${(all / alone).toFixed(2)} × one (median ${seconds(alone).trim()})`,
  )
  console.log(`rounds: ${flags.rounds}; spread of one key set alone: ${spread(times.get('one at a time') ?? [])}`)
}

function spread(numbers: readonly number[]): string {
  return `${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)} s`
}
