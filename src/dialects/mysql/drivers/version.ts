import { UserError } from '../../../model/errors.js'
import type { Query, ServerInfo } from '../driver.js'

/** As in `ServerInfo.number`. */
const oldest = { mysql: 80_000, mariadb: 100_600 }
const newest = { mysql: 90_700, mariadb: 110_800 }
const family = { mysql: 'MySQL', mariadb: 'MariaDB' }

interface Row extends Record<string, unknown> {
  readonly version: string
  readonly comment: string
  readonly db: string | null
  readonly mode: string
  readonly lower: number
  readonly readOnly: number
}

const SERVER = `
  SELECT VERSION() AS version, @@version_comment AS comment, DATABASE() AS db, @@global.sql_mode AS mode,
         @@lower_case_table_names AS lower, @@global.read_only AS readOnly`

/** MariaDB knew the first by the second's name before 11.1; the others only some products have. */
const VARIABLES = `
  SHOW GLOBAL VARIABLES WHERE Variable_name IN
    ('transaction_isolation', 'tx_isolation', 'innodb_read_only', 'aurora_version', 'memsql_version', 'wsrep_on',
     'innodb_snapshot_isolation')`

export async function readServer(query: Query): Promise<ServerInfo> {
  const [row] = await query<Row>(SERVER)
  if (row === undefined) throw new Error('the server did not tell its version')
  const rows = await query<{ Variable_name: string; Value: string }>(VARIABLES)
  const variables = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]))
  const server = identify(row.version, row.comment, variables)
  return {
    ...server,
    database: row.db ?? '',
    sqlMode: row.mode,
    lowerCaseTableNames: Number(row.lower),
    isolation: variables.get('transaction_isolation') ?? variables.get('tx_isolation') ?? '',
    lockingReadSeesNewRows: variables.get('innodb_snapshot_isolation') !== 'ON',
    readOnly: Number(row.readOnly) !== 0 || variables.get('innodb_read_only') === 'ON',
  }
}

type Identity = Pick<ServerInfo, 'flavour' | 'number' | 'version' | 'product'>

/** `text` as of VERSION(), `comment` as of @@version_comment. */
export function identify(text: string, comment: string, variables: ReadonlyMap<string, string>): Identity {
  // Old clients took 10 for 1, so MariaDB once put a version of MySQL before its own.
  const version = /\d+\.\d+\.\d+/.exec(text.replace(/^5\.5\.5-/, ''))?.[0] ?? text
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return {
    flavour: /mariadb/i.test(`${text} ${comment}`) ? 'mariadb' : 'mysql',
    number: major * 10_000 + minor * 100 + patch,
    version,
    product: productOf(`${text} ${comment}`, variables),
  }
}

/** Who made it, where it is neither MySQL's nor MariaDB's own server. */
function productOf(words: string, variables: ReadonlyMap<string, string>): string | null {
  if (variables.has('aurora_version')) return 'aurora'
  if (variables.has('memsql_version') || /singlestore|memsql/i.test(words)) return 'singlestore'
  const known = ['tidb', 'vitess', 'planetscale', 'oceanbase', 'starrocks', 'doris', 'percona']
  return known.find((name) => words.toLowerCase().includes(name)) ?? null
}

/** Speak the protocol, and keep and lock rows in other ways than InnoDB. */
const otherDatabases = ['singlestore', 'starrocks', 'doris']

/** Why we can't work with this server, or null where we can. */
export function judgeVersion({ flavour, number, version, product }: Identity, shown: string): UserError | null {
  if (product !== null && otherDatabases.includes(product)) {
    return new UserError(`${shown} speaks MySQL's protocol and is another database: ${product} ${version}.`, {
      code: 'not-mysql',
      suggestions: ['goc-audit reads the catalog of MySQL 8.0, MariaDB 10.6 and newer.'],
    })
  }
  if (number >= oldest[flavour]) return null
  const needed = flavour === 'mysql' ? '8.0' : '10.6'
  return new UserError(`${shown} is ${family[flavour]} ${version}, and goc-audit needs ${needed} or newer.`, {
    code: 'server-too-old',
    suggestions: ['Restore a dump of it into a newer server and scan that: rows and indexes are the same there.'],
  })
}

/** For `Session.notes`: a server newer than those that the tests ran on, or of another make. */
export function versionNotes({ flavour, number, version, product }: Identity): string[] {
  const tested = flavour === 'mysql' ? '9.7' : '11.8'
  const major = Math.floor(number / 100) * 100
  return [
    ...(product === null
      ? []
      : [`This is ${product}; goc-audit was tested with ${family[flavour]}'s own server only.`]),
    ...(major <= newest[flavour]
      ? []
      : [`${family[flavour]} ${version} is newer than this goc-audit, which was tested up to ${tested}.`]),
  ]
}
