import fc from 'fast-check'
import type { LogFormat } from '../../../src/logs/format.js'
import type { MysqlLogOptions } from '../../../src/logs/mysql-general.js'
import type { LoggedFailure, LoggedStatement, StatementTotals } from '../../../src/model/statement.js'

export interface Read {
  readonly statements: readonly LoggedStatement[]
  readonly failures: readonly LoggedFailure[]
  readonly totals: readonly StatementTotals[]
  readonly unread: readonly (readonly [string, string])[]
}

/** What a format makes of a log that comes in these pieces. */
export function read(format: LogFormat, pieces: string | readonly string[], options: MysqlLogOptions = {}): Read {
  const found = {
    statements: [] as LoggedStatement[],
    failures: [] as LoggedFailure[],
    totals: [] as StatementTotals[],
    unread: [] as (readonly [string, string])[],
  }
  const reader = format.reader(
    {
      statement: (one) => void found.statements.push(one),
      failure: (one) => void found.failures.push(one),
      totals: (one) => void found.totals.push(one),
      unread: (reason, example) => void found.unread.push([reason, example]),
    },
    options,
  )
  for (const piece of typeof pieces === 'string' ? [pieces] : pieces) reader.feed(piece)
  reader.end()
  return found
}

/** The texts, in order. */
export const texts = ({ statements }: Read): string[] => statements.map(({ text }) => text)

/** `session database text` of each. */
export const told = ({ statements }: Read): string[] =>
  statements.map(({ session, database, text }) => `${session} ${database || '-'} ${text}`)

/** A text cut at some places. */
export function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set([0, ...places.map((place) => place % (text.length + 1)), text.length])].sort((a, b) => a - b)
  return at.slice(1).map((end, index) => text.slice(at[index], end))
}

export const anyPlaces = fc.array(fc.nat(100_000), { maxLength: 12 })

/** A text with bytes changed, removed and doubled. */
export const mutated = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat(text.length), fc.constantFrom('change', 'remove', 'double'), fc.nat(255)), { maxLength: 12 })
    .map((changes) =>
      changes.reduce((now, [at, kind, byte]) => {
        const rest = now.slice(at + 1)
        if (kind === 'remove') return now.slice(0, at) + rest
        if (kind === 'double') return now.slice(0, at + 20) + now.slice(at)
        return now.slice(0, at) + String.fromCharCode(byte) + rest
      }, text),
    )
