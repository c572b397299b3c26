import type { Check } from '../../model/check.js'
import type { TableName } from '../../model/keyset.js'
import { type Grants, tableChecks } from '../examine-tables.js'
import type { PostgresDriver, Query } from './driver.js'
import { readCatalog } from './find.js'
import { quoteIdentifier } from './sql-text.js'

interface Settings extends Record<string, unknown> {
  readonly role: string
  readonly superuser: boolean
  readonly writes: boolean
  readonly standby: boolean
  readonly reads_statistics: boolean
  readonly statement: string
  readonly duration: string
  readonly sample: string
  readonly prefix: string
  readonly parameters: string
  readonly collector: string
  readonly destination: string
  readonly extension: string | null
}

/** Of the server and this role; settings that only superusers may see come out as NULL. */
const SETTINGS = `
  SELECT current_user::text AS role, r.rolsuper AS superuser, pg_is_in_recovery() AS standby,
    EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
              AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE')) AS writes,
    pg_has_role('pg_read_all_stats', 'USAGE') AS reads_statistics,
    current_setting('log_statement') AS statement, current_setting('log_min_duration_statement') AS duration,
    current_setting('log_transaction_sample_rate') AS sample, current_setting('log_line_prefix') AS prefix,
    current_setting('log_parameter_max_length') AS parameters, current_setting('logging_collector') AS collector,
    current_setting('log_destination') AS destination,
    (SELECT quote_ident(n.nspname) FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
     WHERE e.extname = 'pg_stat_statements') AS extension
  FROM pg_roles AS r WHERE r.rolname = current_user`

/** What a role, a server and its settings lack for each command, with what would mend it. */
export async function examine(
  driver: PostgresDriver,
  names: readonly TableName[],
  schemas: readonly string[],
): Promise<Check[]> {
  const pids = [await backend(driver), await backend(driver), await backend(driver)]
  return driver.readOnly(async (transaction) => {
    const [row] = await transaction.query<Settings>(SETTINGS)
    if (row === undefined) throw new Error('the server did not tell its settings')
    const answers = await readCatalog(transaction, names, schemas)
    return [
      roleCheck(row),
      ...tableChecks(names, answers, grantsOf(row.role)),
      poolCheck(pids),
      ...(row.standby ? [standbyCheck] : []),
      loggingCheck(row),
      ...(logged(row) ? [prefixCheck(row), parametersCheck(row)] : []),
      await statisticsCheck(transaction.query, row),
    ]
  })
}

async function backend(driver: PostgresDriver): Promise<number> {
  const [row] = await driver.readOnly(({ query }) => query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))
  return Number(row?.pid)
}

function roleCheck({ role, superuser, writes }: Settings): Check {
  const base = { id: 'least-privilege', for: 'scan' } as const
  if (!superuser && !writes)
    return { ...base, state: 'ok', what: `The role "${role}" may read and not write.`, todo: [] }
  return {
    ...base,
    state: 'advice',
    what: `The role "${role}" ${superuser ? 'is a superuser' : 'may write to tables'}. Every transaction of goc-audit is READ ONLY, and a role that can only read is one worry less.`,
    todo: ["  CREATE ROLE audit LOGIN PASSWORD '…';", '  GRANT pg_read_all_data TO audit;'],
  }
}

function grantsOf(role: string): Grants {
  const who = quoteIdentifier(role)
  return {
    who: `The role "${role}"`,
    read: ({ schema, name }) => [
      ...(schema === undefined ? [] : [`GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${who};`]),
      `GRANT SELECT ON ${[...(schema === undefined ? [] : [schema]), name].map(quoteIdentifier).join('.')} TO ${who};`,
    ],
  }
}

function poolCheck(pids: readonly number[]): Check {
  const base = { id: 'pooling', for: 'discover', todo: [] as string[] } as const
  if (new Set(pids).size === 1)
    return { ...base, state: 'ok', what: 'Three transactions in a row were served by one backend process.' }
  return {
    ...base,
    state: 'advice',
    what: 'Transactions of one connection are served by different backend processes: a pooler in transaction mode is in between. `scan` and `fix` work through it; in a log, a lookup and its INSERT may stand in different sessions, and then count as grade C.',
    todo: [
      'Let the application send a comment with each statement that names the request (sqlcommenter), or log at a time of little traffic.',
    ],
  }
}

const standbyCheck: Check = {
  id: 'standby',
  for: 'scan',
  state: 'advice',
  what: 'This is a hot standby: long statements may be cancelled by what it has to replay.',
  todo: [
    'If counting is cancelled, on the standby:',
    '  hot_standby_feedback = on',
    '  max_standby_streaming_delay = 10min',
  ],
}

const logged = ({ statement, duration }: Settings): boolean =>
  statement === 'all' || statement === 'mod' || Number.parseInt(duration, 10) === 0

function loggingCheck({ statement, duration, sample, collector, destination }: Settings): Check {
  const base = { id: 'statement-log', for: 'discover' } as const
  const where = collector === 'on' ? `to files (${destination})` : `to ${destination}, which the service manager keeps`
  if (statement === 'all' || Number.parseInt(duration, 10) === 0)
    return { ...base, state: 'ok', what: `Every statement is logged, ${where}.`, todo: [] }
  const sampled = Number(sample) > 0
  return {
    ...base,
    state: 'advice',
    what: sampled
      ? `Only some transactions are logged (log_transaction_sample_rate = ${sample}): what happens in one transaction can be seen, and no lookup in a transaction of its own.`
      : `Lookups are not logged (log_statement = ${statement}, log_min_duration_statement = ${duration}).`,
    todo: [
      'For an hour or a day of real traffic, as a superuser:',
      "  ALTER DATABASE … SET log_min_duration_statement = '0';",
      'and afterwards RESET it. It writes every statement with its values to the log: mind the disk, and who may read it.',
    ],
  }
}

function prefixCheck({ prefix, destination }: Settings): Check {
  const base = { id: 'log-line-prefix', for: 'discover' } as const
  if (/csvlog|jsonlog/.test(destination))
    return { ...base, state: 'ok', what: 'The log says by itself which session each line is of.', todo: [] }
  const session = /%-?\d*c/.test(prefix)
  const time = /%-?\d*[tmn]/.test(prefix)
  if ((session || /%-?\d*p/.test(prefix)) && time)
    return { ...base, state: 'ok', what: `log_line_prefix tells time and session: ${prefix}`, todo: [] }
  return {
    ...base,
    state: 'advice',
    what: `log_line_prefix (${prefix}) does not tell ${time ? 'the session' : 'the time'}, so that lookups and INSERTs of different sessions can't be told apart.`,
    todo: ["  ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d ';", '  SELECT pg_reload_conf();'],
  }
}

function parametersCheck({ parameters }: Settings): Check {
  const base = { id: 'log-parameters', for: 'discover' } as const
  if (parameters !== '0')
    return { ...base, state: 'ok', what: 'Bound parameters are logged with their statements.', todo: [] }
  return {
    ...base,
    state: 'advice',
    what: 'Bound parameters are not logged (log_parameter_max_length = 0): lookups and INSERTs can only be compared by their shape.',
    todo: ["  ALTER SYSTEM SET log_parameter_max_length = '-1';", '  SELECT pg_reload_conf();'],
  }
}

async function statisticsCheck(
  query: Query,
  { extension, reads_statistics, superuser, role }: Settings,
): Promise<Check> {
  const base = { id: 'statement-statistics', for: 'discover' } as const
  if (extension === null)
    return {
      ...base,
      state: 'advice',
      what: 'pg_stat_statements is not installed in this database: without a log there is nothing to discover from.',
      todo: [
        "  shared_preload_libraries = 'pg_stat_statements'   -- postgresql.conf, needs a restart",
        '  CREATE EXTENSION pg_stat_statements;',
      ],
    }
  if (!reads_statistics && !superuser)
    return {
      ...base,
      state: 'advice',
      what: `The role "${role}" sees only its own statements in pg_stat_statements.`,
      todo: [`  GRANT pg_read_all_stats TO ${quoteIdentifier(role)};`],
    }
  const [row] = await query<{ loaded: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max') AS loaded`,
  )
  if (row?.loaded) return { ...base, state: 'ok', what: 'pg_stat_statements is there and can be read.', todo: [] }
  return {
    ...base,
    state: 'advice',
    what: 'pg_stat_statements is installed and not loaded, so that it counts nothing.',
    todo: ["  shared_preload_libraries = 'pg_stat_statements'   -- postgresql.conf, needs a restart"],
  }
}
