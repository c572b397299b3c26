import type { Table } from '../../model/catalog.js'
import type { NotCounted } from '../../model/duplicates.js'
import type { CountOptions } from '../dialect.js'
import { isServerError, type ServerError, said } from './errors.js'
import { prettyIdentifier } from './sql-text.js'

export function tableLabel({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`
}

interface Size {
  readonly estimatedRows: number | null
  readonly bytes: number | null
}

/** A clause such as `has about 60 million rows`, or null where the size is within the budget or not known. */
export function overBudget({ estimatedRows, bytes }: Size, budget: CountOptions['budget']): string | null {
  if (budget === null) return null
  if (estimatedRows !== null && estimatedRows > budget.rows)
    return `has about ${estimatedRows.toLocaleString('en')} rows, more than the budget of ${budget.rows.toLocaleString('en')}`
  if (bytes !== null && bytes > budget.bytes)
    return `takes ${gigabytes(bytes)}, more than the budget of ${gigabytes(budget.bytes)}`
  return null
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: 1 })} GB`
}

/** Why a table isn't counted at all, before anything is asked of it. */
export function whyNotCounted(table: Table, { budget }: CountOptions): NotCounted | null {
  const over = overBudget(table, budget)
  return over === null ? null : refusal('over-budget', `${tableLabel(table)} ${over}.`)
}

function refusal(reason: string, detail: string): NotCounted {
  return { counted: false, reason, detail, incomplete: false }
}

/** A key that can't be compared for equality is no failure of the scan: nothing would change it. */
export function noEquality(table: Table, what: string): NotCounted {
  return refusal('no-equality', `${what} of ${tableLabel(table)} has a type without equality, so rows can't share it.`)
}

export { isServerError as isDatabaseError }

const PRIVILEGE = [1044, 1142, 1143, 1227, 1370, 1356, 1449]
/** The server's own limit on MySQL and on MariaDB; KILL QUERY. */
const STOPPED = [3024, 1969, 1317]
const VANISHED = [1049, 1051, 1054, 1146, 1412]

/** What a statement's failure means for the key set that it was for. */
export function failed(error: ServerError, table: Table): NotCounted {
  const label = tableLabel(table)
  const incomplete = (reason: string, detail: string): NotCounted => ({
    counted: false,
    reason,
    detail,
    incomplete: true,
  })
  if (PRIVILEGE.includes(error.errno))
    return incomplete('no-privilege', `This user may not read ${label}: ${said(error)}.`)
  if (STOPPED.includes(error.errno))
    return incomplete('timeout', `Counting ${label} took longer than the statement timeout.`)
  if (error.errno === 1205) return incomplete('timeout', `${label} was locked by another session for too long.`)
  if (VANISHED.includes(error.errno))
    return incomplete('vanished', `${label} changed while it was being read: ${said(error)}.`)
  return incomplete('server-error', `The server stopped counting ${label}: ${said(error)}.`)
}
