import { UserError } from '../model/errors.js'
import type { ConnectionTarget, Dialect, Session, SessionOptions } from './dialect.js'

/** Loaded on demand, so that only the driver that is used costs start-up time. */
const dialects: readonly { readonly schemes: readonly string[]; load(): Promise<Dialect> }[] = [
  { schemes: ['postgres', 'postgresql', 'pglite'], load: async () => (await import('./postgres/index.js')).postgres },
  { schemes: ['mysql', 'mariadb'], load: async () => (await import('./mysql/index.js')).mysql },
]

/** Opens a read-only session with the dialect that the URL names. */
export async function connect(target: ConnectionTarget, options: SessionOptions): Promise<Session> {
  const scheme = /^(?<scheme>[a-z0-9+]+):/i.exec(target.url)?.groups?.scheme?.toLowerCase() ?? ''
  const known = dialects.find((dialect) => dialect.schemes.includes(scheme))
  if (known === undefined) {
    throw new UserError(`This version cannot connect to ${target.shown}.`, {
      code: 'unknown-dialect',
      suggestions: [
        `It speaks ${dialects.flatMap((dialect) => dialect.schemes.map((name) => `${name}://`)).join(', ')}.`,
      ],
    })
  }
  return (await known.load()).connect(target, options)
}
