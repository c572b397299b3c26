import type { LogFormat } from './format.js'
import { mysqlGeneral } from './mysql-general.js'
import { mysqlHistory } from './mysql-history.js'
import { mysqlSlow } from './mysql-slow.js'
import { neutral } from './neutral.js'
import { postgresCsv } from './postgres-csv.js'
import { postgresJson } from './postgres-json.js'
import { postgresStderr } from './postgres-stderr.js'
import { postgresWrapped } from './postgres-wrapped.js'
import { mysqlDigest, pgStatStatements } from './statistics.js'

/** Every kind of log that can be read; the order breaks ties in detection. */
export const logFormats: readonly LogFormat[] = [
  postgresCsv,
  postgresJson,
  postgresStderr,
  postgresWrapped,
  mysqlGeneral,
  mysqlSlow,
  neutral,
  pgStatStatements,
  mysqlDigest,
  mysqlHistory,
]
