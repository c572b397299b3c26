import { existsSync } from 'node:fs'
import { UserError } from '../../../model/errors.js'
import type { ConnectionTarget } from '../../dialect.js'

export type TlsMode = 'disabled' | 'preferred' | 'required' | 'verify_ca' | 'verify_identity'
const tlsModes: readonly string[] = ['disabled', 'preferred', 'required', 'verify_ca', 'verify_identity']

/** One place to try. `host` is a name or an address; `socketPath` is used in its stead. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly socketPath?: string
}

/** A target's URL taken apart, with the words and meanings of the MySQL clients. Durations in milliseconds. */
export interface ConnectionParams {
  readonly endpoints: readonly Endpoint[]
  readonly user: string
  /** '' for none. */
  readonly database: string
  readonly password?: string
  readonly tlsMode: TlsMode
  readonly authorities?: string
  readonly certificate?: string
  readonly key?: string
  /** The password may be sent as it is, through TLS. */
  readonly cleartext: boolean
  readonly connectTimeout: number
}

const defaultConnectTimeout = 15_000

/** Reads the URL that src/config made, or any plain `mysql://user:password@host:port/database?…`. */
export function readParams(target: ConnectionTarget): ConnectionParams {
  const url = parse(target)
  const word = (name: string) => url.searchParams.get(name) || undefined
  const password = word('password') ?? (decodeURIComponent(url.password) || undefined)
  const authorities = word('ssl-ca')
  const seconds = Number(word('connect-timeout') ?? Number.NaN)
  return {
    endpoints: readEndpoints(url, target),
    user: word('user') ?? decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    tlsMode: readTlsMode(word('ssl-mode'), authorities, target),
    // A token is worth nothing hashed; the service that checks it needs it as it is.
    cleartext: target.passwordCommand !== undefined || word('enable-cleartext-plugin') === '1',
    connectTimeout: seconds > 0 ? Math.max(2, seconds) * 1000 : seconds <= 0 ? 0 : defaultConnectTimeout,
    ...(password !== undefined && { password }),
    ...(authorities !== undefined && { authorities }),
    ...optional('certificate', word('ssl-cert')),
    ...optional('key', word('ssl-key')),
  }
}

function optional<Name extends string>(name: Name, value: string | undefined): { [K in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: string })
}

function parse(target: ConnectionTarget): URL {
  try {
    return new URL(target.url)
  } catch {
    throw new UserError(`The connection URL ${target.shown} can't be read.`, {
      code: 'connection-url-invalid',
      suggestions: ['Write it as mysql://user:password@host:port/database.'],
    })
  }
}

function readEndpoints(url: URL, target: ConnectionTarget): Endpoint[] {
  const socketPath = url.searchParams.get('socket')
  const named = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const ports = (url.searchParams.get('port') ?? url.port).split(',')
  return named.split(',').map((host, index) => {
    const port = Number(ports[index] || ports[ports.length - 1] || 3306)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new UserError(`The port in ${target.shown} is not a number from 1 to 65535.`, {
        code: 'connection-url-invalid',
      })
    }
    if (socketPath) return { host: 'localhost', port, socketPath }
    return host === '' ? localDefault(port) : { host, port }
  })
}

/** Without a host: the server's socket where it is in one of the usual places, else TCP. */
function localDefault(port: number): Endpoint {
  const sockets = ['/run/mysqld/mysqld.sock', '/var/lib/mysql/mysql.sock', '/tmp/mysql.sock']
  const socketPath = sockets.find((path) => existsSync(path))
  return socketPath === undefined ? { host: 'localhost', port } : { host: 'localhost', port, socketPath }
}

/** Whoever names authorities wants the server checked against them. */
function readTlsMode(mode: string | undefined, authorities: string | undefined, target: ConnectionTarget): TlsMode {
  if (mode === undefined && authorities !== undefined) return 'verify_ca'
  const word = (mode ?? 'preferred').toLowerCase()
  if (!tlsModes.includes(word)) {
    throw new UserError(`The TLS mode "${mode}" of ${target.shown} is not known.`, {
      code: 'tls-mode-unknown',
      suggestions: [`Use one of ${tlsModes.map((each) => each.toUpperCase()).join(', ')}.`],
    })
  }
  // Short-lived as it is, a token opens the database to whoever reads it on the way.
  return word === 'preferred' && target.passwordCommand !== undefined ? 'required' : (word as TlsMode)
}
