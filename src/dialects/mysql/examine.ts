import type { Check } from '../../model/check.js'
import type { TableName } from '../../model/keyset.js'
import { type Grants, tableChecks } from '../examine-tables.js'
import type { MysqlDriver } from './driver.js'
import { readCatalog } from './find.js'
import { quoteIdentifier } from './sql-text.js'

interface Settings extends Record<string, unknown> {
  readonly account: string
  readonly general: number
  readonly slow: number
  readonly slowest: string
  readonly output: string
  readonly schema_on: number
  readonly digest: number
  readonly text: number
}

const SETTINGS = `
  SELECT CURRENT_USER() AS account, @@global.general_log AS general, @@global.slow_query_log AS slow,
    CAST(@@global.long_query_time AS CHAR) AS slowest, @@global.log_output AS output,
    @@global.performance_schema AS schema_on, @@global.max_digest_length AS digest,
    @@global.performance_schema_max_sql_text_length AS text`

/** Shorter texts lose the end of what an ORM sends. */
const LONG_ENOUGH = 4096

/** What an account, a server and its settings lack for each command, with what would mend it. */
export async function examine(
  driver: MysqlDriver,
  names: readonly TableName[],
  schemas: readonly string[],
): Promise<Check[]> {
  const ids = [await connection(driver), await connection(driver), await connection(driver)]
  return driver.readOnly(async (transaction) => {
    const settings = await transaction.attempt<Settings>(SETTINGS)
    const grants = await transaction.attempt<Record<string, string>>('SHOW GRANTS')
    const answers = await readCatalog(transaction, names, schemas)
    const row = 'rows' in settings ? settings.rows[0] : undefined
    const granted = 'rows' in grants ? grants.rows.flatMap((each) => Object.values(each)) : []
    const account = accountOf(row?.account ?? '')
    return [
      accountCheck(account, granted),
      ...tableChecks(names, answers, grantsOf(account, schemas)),
      poolCheck(ids),
      ...(row === undefined ? [] : [logCheck(row), performanceSchemaCheck(row)]),
    ]
  })
}

async function connection(driver: MysqlDriver): Promise<string> {
  const [row] = await driver.readOnly(({ query }) => query<{ id: unknown }>('SELECT CONNECTION_ID() AS id'))
  return String(row?.id)
}

/** `audit@%` → `'audit'@'%'` */
function accountOf(text: string): string {
  const at = text.lastIndexOf('@')
  const quoted = (part: string) => `'${part.replaceAll("'", "''")}'`
  return at < 0 ? quoted(text) : `${quoted(text.slice(0, at))}@${quoted(text.slice(at + 1))}`
}

const WRITES = /\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE(?! TEMPORARY)|DROP|ALTER|SUPER)\b/

function accountCheck(account: string, grants: readonly string[]): Check {
  const base = { id: 'least-privilege', for: 'scan' } as const
  // What stands before ON: names of tables may be anything.
  const writes = grants.some((grant) => WRITES.test(grant.split(' ON ')[0] ?? ''))
  if (!writes) return { ...base, state: 'ok', what: `The account ${account} may read and not write.`, todo: [] }
  return {
    ...base,
    state: 'advice',
    what: `The account ${account} may write. Every transaction of goc-audit is READ ONLY, and an account that can only read is one worry less.`,
    todo: ["  CREATE USER 'audit'@'%' IDENTIFIED BY '…';", "  GRANT SELECT, SHOW VIEW ON `shop`.* TO 'audit'@'%';"],
  }
}

function grantsOf(account: string, schemas: readonly string[]): Grants {
  const only = schemas.length === 1 ? schemas[0] : undefined
  return {
    who: `The account ${account}`,
    read: ({ schema = only, name }) => [
      `GRANT SELECT ON ${[...(schema === undefined ? [] : [schema]), name].map(quoteIdentifier).join('.')} TO ${account};`,
    ],
  }
}

function poolCheck(ids: readonly string[]): Check {
  const base = { id: 'pooling', for: 'discover', todo: [] as string[] } as const
  if (new Set(ids).size === 1)
    return { ...base, state: 'ok', what: 'Three transactions in a row were served by one connection of the server.' }
  return {
    ...base,
    state: 'advice',
    what: 'Transactions of one connection are served by different connections of the server: a proxy that pools is in between. In a log, a lookup and its INSERT may stand in different sessions, and then count as grade C.',
    todo: ['Let the application send a comment with each statement that names the request (sqlcommenter).'],
  }
}

function logCheck({ general, slow, slowest, output }: Settings): Check {
  const base = { id: 'statement-log', for: 'discover' } as const
  const all = Number(slow) === 1 && Number(slowest) === 0
  if (output === 'NONE' || (Number(general) !== 1 && !all))
    return {
      ...base,
      state: 'advice',
      what: `No log has every statement (general_log = ${Number(general)}, slow_query_log = ${Number(slow)}, long_query_time = ${Number(slowest)}, log_output = ${output}).`,
      todo: [
        'For an hour or a day of real traffic; the slow log also tells how many rows each lookup found, which makes it grade A:',
        '  SET GLOBAL slow_query_log = ON, GLOBAL long_query_time = 0;',
        'Connections that are open already keep their long_query_time. It writes every statement with its values to the log: mind the disk, and who may read it.',
      ],
    }
  const logs = [...(Number(general) === 1 ? ['general'] : []), ...(all ? ['slow'] : [])].join(' and ')
  return { ...base, state: 'ok', what: `Every statement is in the ${logs} log (log_output = ${output}).`, todo: [] }
}

function performanceSchemaCheck({ schema_on, digest, text }: Settings): Check {
  const base = { id: 'statement-statistics', for: 'discover' } as const
  if (Number(schema_on) !== 1)
    return {
      ...base,
      state: 'advice',
      what: 'performance_schema is off: without a log there is nothing to discover from.',
      todo: ['  performance_schema = ON   # my.cnf, needs a restart'],
    }
  if (Number(digest) >= LONG_ENOUGH && Number(text) >= LONG_ENOUGH)
    return { ...base, state: 'ok', what: 'performance_schema keeps whole statements.', todo: [] }
  return {
    ...base,
    state: 'advice',
    what: `performance_schema keeps ${Number(digest)} bytes of each digest and ${Number(text)} of each statement: ORMs write long lists of columns first, so that the WHERE is often cut off.`,
    todo: [
      `  max_digest_length = ${LONG_ENOUGH}   # my.cnf, needs a restart`,
      `  performance_schema_max_digest_length = ${LONG_ENOUGH}`,
      `  performance_schema_max_sql_text_length = ${LONG_ENOUGH}`,
    ],
  }
}
