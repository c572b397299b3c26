import type { SqlGrammar, StatementSink } from '../../model/statement.js'
import type { RecordedOptions } from '../dialect.js'
import type { StreamingTransaction } from './driver.js'
import { isServerError } from './errors.js'

/** What the readers of all sources need. */
export interface Recording {
  readonly transaction: StreamingTransaction
  readonly sink: StatementSink
  readonly grammar: SqlGrammar
  readonly options: RecordedOptions
  /** `'app'@'%'`, as a GRANT names it. */
  readonly account: string
  readonly performanceSchema: boolean
}

/** Reports every so many rows. */
export function progress({ options }: Recording, source: string): (rows: number) => void {
  return (rows) => {
    if (rows % 10_000 === 0) options.onProgress?.(source, rows)
  }
}

/** May not read the table, or there is none: what to do about it. Any other error is thrown on. */
export async function refused(
  { account }: Pick<Recording, 'account'>,
  table: string,
  work: () => Promise<void>,
): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!isServerError(error)) throw error
    if ([1044, 1142, 1143, 1370].includes(error.errno)) {
      return `${table} was not read, since this user may not: GRANT SELECT ON ${table} TO ${account};`
    }
    if ([1049, 1109, 1146].includes(error.errno)) return `${table} does not exist on this server.`
    // Some services put another engine under it, or none.
    throw error
  }
}

/** One character per byte, as LoggedStatement wants it; '' for NULL. */
export function bytes(value: Buffer | null): string {
  return value?.toString('latin1') ?? ''
}

/** A condition on a column of times. MariaDB finds no time to be after the beginning of 1970. */
export function since(column: string, options: RecordedOptions): { readonly sql: string; readonly values: number[] } {
  if (options.since === undefined) return { sql: 'TRUE', values: [] }
  return { sql: `${column} >= FROM_UNIXTIME(?)`, values: [options.since / 1000] }
}
