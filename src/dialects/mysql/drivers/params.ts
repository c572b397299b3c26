import type { ConnectionTarget } from '../../dialect.js'

export interface ConnectionParams {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly socketPath?: string
}

/** The URL as src/config completed it. */
export function readParams({ url }: ConnectionTarget): ConnectionParams {
  const parsed = new URL(url)
  const socketPath = parsed.searchParams.get('socket')
  return {
    host: parsed.hostname === '' ? 'localhost' : decodeURIComponent(parsed.hostname),
    port: parsed.port === '' ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ...(socketPath === null ? {} : { socketPath }),
  }
}
