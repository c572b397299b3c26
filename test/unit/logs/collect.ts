import { type LogOptions, logFormats } from '../../../src/logs/index.js'
import type { LoggedFailure, LoggedStatement, StatementSink } from '../../../src/model/statement.js'

export interface Collected {
  readonly statements: LoggedStatement[]
  readonly failures: LoggedFailure[]
  /** `reason: example`. */
  readonly unread: string[]
}

export function collector(): Collected & { sink: StatementSink } {
  const statements: LoggedStatement[] = []
  const failures: LoggedFailure[] = []
  const unread: string[] = []
  const sink: StatementSink = {
    statement: (one) => statements.push(one),
    failure: (one) => failures.push(one),
    totals: () => {},
    unread: (reason, example) => unread.push(`${reason}: ${example}`),
  }
  return { statements, failures, unread, sink }
}

/** What the reader of a format makes of a text, given one character per byte, in pieces of this size. */
export function readText(format: string, text: string, options: LogOptions = {}, size = 1 << 16): Collected {
  const { sink, ...found } = collector()
  const reader = logFormats.find(({ name }) => name === format)?.reader(sink, options)
  if (!reader) throw new Error(`no format ${format}`)
  for (let at = 0; at < text.length; at += size) reader.feed(text.slice(at, at + size))
  reader.end()
  return found
}
