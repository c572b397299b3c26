import { existsSync } from 'node:fs'
import { UserError } from '../../../model/errors.js'
import type { ConnectionTarget } from '../../dialect.js'

export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
const tlsModes: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

/** One place to try. `host` is a name, an address, or the directory of a socket; `socketPath` is set in the last case. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Address to use instead of looking the host's name up. */
  readonly address?: string
  readonly socketPath?: string
}

/** A target's URL taken apart, with libpq's words and meanings. Durations in milliseconds. */
export interface ConnectionParams {
  readonly endpoints: readonly Endpoint[]
  readonly user: string
  readonly database: string
  readonly password?: string
  readonly passfile?: string
  readonly tlsMode: TlsMode
  readonly rootCertificate?: string
  readonly certificate?: string
  readonly key?: string
  readonly keyPassword?: string
  readonly directTls: boolean
  readonly channelBinding: boolean
  readonly applicationName: string
  readonly options?: string
  readonly connectTimeout: number
  readonly keepAlive: boolean
  readonly sessionKind: string
}

const defaultConnectTimeout = 15_000

/** Reads the URL that src/config made, or any plain `postgresql://user:password@host:port/database?…`. */
export function readParams(target: ConnectionTarget): ConnectionParams {
  const url = parse(target)
  const word = (name: string) => url.searchParams.get(name) || undefined
  const user = word('user') ?? (decodeURIComponent(url.username) || 'postgres')
  const password = word('password') ?? (decodeURIComponent(url.password) || undefined)
  const seconds = Number(word('connect_timeout') ?? Number.NaN)
  return {
    endpoints: readEndpoints(url, target),
    user,
    database: word('dbname') ?? (decodeURIComponent(url.pathname.replace(/^\//, '')) || user),
    tlsMode: readTlsMode(word('sslmode'), word('sslrootcert'), target),
    directTls: word('sslnegotiation') === 'direct',
    channelBinding: word('channel_binding') === 'require',
    applicationName: word('application_name') ?? 'goc-audit',
    connectTimeout: seconds > 0 ? Math.max(2, seconds) * 1000 : seconds <= 0 ? 0 : defaultConnectTimeout,
    keepAlive: word('keepalives') !== '0',
    sessionKind: word('target_session_attrs') ?? 'any',
    ...defined({
      password,
      passfile: word('passfile'),
      rootCertificate: word('sslrootcert'),
      certificate: word('sslcert'),
      key: word('sslkey'),
      keyPassword: word('sslpassword'),
      options: word('options'),
    }),
  }
}

function parse(target: ConnectionTarget): URL {
  try {
    return new URL(target.url)
  } catch {
    throw new UserError(`The connection URL ${target.shown} can't be read.`, {
      code: 'connection-url-invalid',
      suggestions: ['Write it as postgresql://user:password@host:port/database.'],
    })
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends Record<string, string | undefined>>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}

function readEndpoints(url: URL, target: ConnectionTarget): Endpoint[] {
  const hosts = (url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')).split(
    ',',
  )
  const ports = (url.searchParams.get('port') ?? url.port).split(',')
  const addresses = (url.searchParams.get('hostaddr') ?? '').split(',')
  return hosts.flatMap((host, index) => {
    const port = Number(ports[index] || ports[ports.length - 1] || 5432)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new UserError(`The port in ${target.shown} is not a number from 1 to 65535.`, {
        code: 'connection-url-invalid',
      })
    }
    const address = addresses[index]
    if (address) return [{ host: host || address, port, address }]
    return host === '' ? [localDefault(port)] : [endpoint(host, port)]
  })
}

function endpoint(host: string, port: number): Endpoint {
  return host.startsWith('/') ? { host, port, socketPath: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/** Without a host: the server's socket where one of the usual directories has it, else TCP. */
function localDefault(port: number): Endpoint {
  const sockets = ['/var/run/postgresql', '/tmp'].map((directory) => endpoint(directory, port))
  return sockets.find(({ socketPath }) => socketPath && existsSync(socketPath)) ?? { host: 'localhost', port }
}

function readTlsMode(mode: string | undefined, root: string | undefined, target: ConnectionTarget): TlsMode {
  if (mode === undefined) return root === 'system' ? 'verify-full' : 'prefer'
  if (tlsModes.includes(mode)) return mode as TlsMode
  throw new UserError(`The TLS mode "${mode}" of ${target.shown} is not known.`, {
    code: 'tls-mode-unknown',
    suggestions: [`Use one of ${tlsModes.join(', ')}.`],
  })
}
