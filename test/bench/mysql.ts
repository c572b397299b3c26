import { createConnection } from 'mysql2/promise'
import type { Session } from '../../src/dialects/dialect.js'
import { mysql } from '../../src/dialects/mysql/index.js'
import type { ResolvedKeySet } from '../../src/model/verdict.js'
import { cases, keySet, median, prime, together } from './data.js'

interface Measured {
  readonly server: string
  readonly times: ReadonlyMap<string, readonly number[]>
}

const few = 'IF(n % 5000 = 0, n - 1, n)'
const many = 'IF(n % 200 = 0, n - 1, n)'

/** SHA2, since MySQL 9.7 has no MD5. */
const session = 'LEFT(SHA2(i, 256), 32) AS session_id'

/** Times the ways of counting on a MySQL or MariaDB that is there already, in a database of its own. */
export async function benchMysql(url: string, rows: number, rounds: number): Promise<Measured> {
  const client = await createConnection({ uri: url, multipleStatements: true })
  const database = 'goc_audit_bench'
  try {
    const [version] = await client.query('SELECT VERSION() AS version')
    const server = (version as { version: string }[])[0]?.version ?? ''
    console.log(`${server}, ${rows.toLocaleString('en')} rows; loading …`)
    await client.query(
      `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database} CHARACTER SET utf8mb4; USE ${database}`,
    )
    await load((sql) => client.query(sql), rows)
    const own = new URL(url)
    own.pathname = `/${database}`
    const opened = await mysql.connect({ url: own.href, shown: database, schemas: [] }, { statementTimeout: 0 })
    try {
      return { server, times: await compare((sql) => client.query(sql), opened, rows, rounds) }
    } finally {
      await opened.close()
    }
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${database}`)
    await client.end()
  }
}

type Run = (sql: string) => Promise<unknown>

async function load(run: Run, rows: number): Promise<void> {
  const i = `(i * 7919 % ${prime(rows)})`
  const key = `${session}, ${i} AS user_id`
  const note = `CONCAT('note ', n % 7) AS note`
  const wide = `${i} % 3000 AS a, ${i} DIV 3000 AS b, CONCAT('user', i, '@example.com') AS email, i * 1000003 AS big, CONCAT('note ', i % 7) AS note`
  const columns = 'id bigint PRIMARY KEY, session_id varchar(64), user_id int'
  const last = 'note varchar(20), created_at datetime'
  await run(
    'CREATE TABLE digits (d int PRIMARY KEY); INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)',
  )
  const fill = async (name: string, definition: string, twin: string, values: string) => {
    const digits = [...String(rows)].map((_, at) => `d${at}`)
    const n = digits.map((digit, at) => `${digit}.d * ${10 ** at}`).join(' + ')
    await run(`CREATE TABLE ${name} (${definition});
      INSERT INTO ${name} SELECT n, ${values}, '2026-01-01' - INTERVAL n SECOND
      FROM (SELECT n, ${twin} AS i FROM (SELECT ${n} AS n FROM ${digits.map((digit) => `digits AS ${digit}`).join(', ')}) AS s
            WHERE n BETWEEN 1 AND ${rows} ORDER BY n) AS r;
      ANALYZE TABLE ${name}`)
  }
  await fill('cart', `${columns}, a int, b int, email varchar(100), big bigint, ${last}`, few, `${key}, ${wide}`)
  await fill('visit', `${columns}, ${last}`, many, `${key}, ${note}`)
  await fill('indexed', `${columns}, ${last}, KEY (session_id)`, few, `${key}, ${note}`)
  await fill('crowd', `id bigint PRIMARY KEY, user_id int, ${last}`, 'n', `n % ${Math.floor(rows / 10)}, ${note}`)
}

async function compare(run: Run, opened: Session, rows: number, rounds: number): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>()
  const measure = async (name: string, work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    times.set(name, [...(times.get(name) ?? []), (performance.now() - start) / 1000])
  }
  // What a scan knows before it begins to count.
  const prepare = async (name: string, keys: readonly (readonly string[])[], groups: number | null) => {
    const [answer] = await opened.readCatalog([{ name }])
    if (answer === undefined || !('table' in answer)) throw new Error(`no table ${name}`)
    const { table } = answer
    const resolved: ResolvedKeySet[] = []
    for (const columns of keys) resolved.push(await opened.resolve(keySet(name, columns), table))
    return async () => {
      for (const each of await opened.countDuplicates(table, resolved, { exists: false, samples: 3, budget: null })) {
        if (!each.counted) throw new Error(each.detail)
        if (groups !== null && each.groups !== groups)
          throw new Error(`${name}: ${each.groups} groups instead of ${groups}`)
      }
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { title, table, columns, groups } of cases) {
      const hand = (hint: string) =>
        `SELECT ${hint} ${columns.join(', ')}, COUNT(*) FROM ${table} GROUP BY ${columns.join(', ')} HAVING COUNT(*) > 1`
      await measure(`${title}: scan`, () => run(`SELECT COUNT(*) FROM ${table} WHERE note IS NOT NULL`))
      await measure(`${title}: by hand`, () => run(hand('')))
      await measure(`${title}: sorting`, () => run(hand('SQL_BIG_RESULT')))
      await measure(`${title}: ours`, await prepare(table, [columns], groups(rows)))
    }
    for (const columns of together) await measure('one at a time', await prepare('cart', [columns], null))
    await measure('together', await prepare('cart', together, null))
  }
  return times
}

export function reportMysql({ server, times }: Measured): void {
  const of = (name: string) => median(times.get(name) ?? [])
  const cell = (value: number) => `${value.toFixed(2)} s`.padStart(12)
  const ways = ['scan', 'by hand', 'sorting', 'ours']
  console.log(`\n${server.padEnd(40)}${ways.map((way) => way.padStart(12)).join('')}  faster by`)
  for (const { title } of cases) {
    const values = ways.map((way) => of(`${title}: ${way}`))
    const ratio = (of(`${title}: by hand`) / of(`${title}: ours`)).toFixed(2)
    console.log(`${title.padEnd(40)}${values.map(cell).join('')}  ${ratio} ×`)
  }
  const [all, alone] = [of('together'), of('one at a time')]
  console.log(
    `${together.length} key sets together: ${all.toFixed(2)} s, ${(all / alone).toFixed(2)} × one (median ${alone.toFixed(2)} s)`,
  )
}
