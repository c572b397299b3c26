import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { type Environment, home } from '../environment.js'

/** The parts of a URL that every family has; '' where there is none. Hosts and ports may be several, by commas. */
export interface Address {
  readonly scheme: string
  readonly user: string
  readonly host: string
  readonly port: string
  readonly database: string
}

/** The plain form of URL for one host; several hosts and sockets go into parameters, where every URL parser can read them. */
export function urlOf(
  { scheme, user, host, port, database, password }: Address & { readonly password?: string },
  others: Readonly<Record<string, string>>,
): string {
  const plain = host !== '' && !/[,/]/.test(host)
  const params = new URLSearchParams({
    ...(!plain && host !== '' && { host }),
    ...(!plain && port !== '' && { port }),
    ...others,
  })
  const encode = encodeURIComponent
  const authority = plain ? `${host.includes(':') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}` : ''
  const secret = password === undefined ? '' : `:${encode(password)}`
  const query = params.size === 0 ? '' : `?${params}`
  const login = plain ? `${encode(user)}${secret}@` : ''
  const rest = plain ? {} : { user, ...(password !== undefined && { password }) }
  const extra = plain ? '' : `${query === '' ? '?' : '&'}${new URLSearchParams(rest)}`
  return `${scheme}://${login}${authority}/${encode(database)}${query}${extra}`
}

/** For messages: without a password and without parameters. */
export function shownUrl({ scheme, user, host, port, database }: Address): string {
  const ports = port.split(',')
  const hosts = host.split(',').map((each, index) => {
    const own = ports[index] ?? ports.at(-1) ?? ''
    return `${each.includes(':') ? `[${each}]` : each}${own === '' ? '' : `:${own}`}`
  })
  return `${scheme}://${user}@${hosts.join(',')}/${database}`
}

export function pathOf(path: string, directory: string, env: Environment): string {
  return resolve(directory, path.replace(/^~(?=[/\\])/, home(env)))
}

export function osUser(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
