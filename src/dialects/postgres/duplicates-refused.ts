import type { Table } from '../../model/catalog.js'
import type { NotCounted } from '../../model/duplicates.js'
import { UserError } from '../../model/errors.js'
import type { CountOptions } from '../dialect.js'
import type { DatabaseError } from './driver.js'
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
  const label = tableLabel(table)
  if (table.kind === 'foreign-table') {
    return refusal(
      'not-judgeable',
      `${label} is a foreign table: its rows are counted by a scan of the server that holds them.`,
    )
  }
  const over = overBudget(table, budget)
  return over === null ? null : refusal('over-budget', `${label} ${over}.`)
}

function refusal(reason: string, detail: string): NotCounted {
  return { counted: false, reason, detail, incomplete: false }
}

/** A key that can't be compared for equality is no failure of the scan: nothing would change it. */
export function noEquality(table: Table, what: string): NotCounted {
  return refusal('no-equality', `${what} of ${tableLabel(table)} has a type without equality, so rows can't share it.`)
}

/** Refused by the server, in contrast to failures of the connection or of ours. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error) || error instanceof UserError) return false
  return 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
}

/** What a statement's failure means for the key set that it was for. */
export function failed(error: DatabaseError, table: Table): NotCounted {
  const label = tableLabel(table)
  const incomplete = (reason: string, detail: string): NotCounted => ({
    counted: false,
    reason,
    detail,
    incomplete: true,
  })
  switch (error.code) {
    case '42501':
      return table.rowSecurity === 'filters'
        ? incomplete('row-security', `Row security hides rows of ${label} from this role, so a count would be too low.`)
        : incomplete('no-privilege', `This role may not read ${label}: ${error.message}.`)
    case '57014':
      return incomplete('timeout', `Counting ${label} took longer than the statement timeout.`)
    case '55P03':
      return incomplete('timeout', `${label} was locked by another session for too long.`)
    case '42P01':
    case '42703':
    case '3F000':
      return incomplete('vanished', `${label} changed while it was being read: ${error.message}.`)
    case '42883':
      return noEquality(table, 'The key')
    default:
      return incomplete('server-error', `The server stopped counting ${label}: ${error.message}.`)
  }
}
