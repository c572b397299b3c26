import { UserError } from '../../model/errors.js'

/** A connection URI taken apart. Hosts and ports go in pairs; missing pieces are absent. */
export interface Uri {
  readonly scheme: string
  readonly user?: string
  readonly password?: string
  readonly hosts: readonly string[]
  readonly ports: readonly string[]
  readonly database?: string
  readonly params: ReadonlyMap<string, string>
}

/**
 * The grammar of the databases' clients, which the URL class doesn't know: several hosts, no host, a socket's directory as
 * host. Raw `@`, `#` and `:` inside a password are forgiven. Throws UserError, without any of the text, when it can't be
 * read; `example` is the plain form's beginning, for the advice.
 */
export function parseUri(text: string, example: string): Uri {
  const unreadable = (problem: string) => unreadableUri(problem, example)
  const match = /^(?<scheme>[a-z][a-z0-9+.:-]*?):\/\/(?<rest>.*)$/is.exec(text.trim())
  if (!match?.groups) throw unreadable(`It does not begin with ${example}://.`)
  const { scheme = '', rest = '' } = match.groups
  const [address = '', query = ''] = splitOnce(rest, '?')
  const [authority = '', path = ''] = splitOnce(address, '/')
  if (path.includes('@')) throw unreadable('It has a `/` before the `@`.')
  const at = authority.lastIndexOf('@')
  const [user, password] = at < 0 ? [] : splitOnce(authority.slice(0, at), ':')
  const endpoints = splitHosts(authority.slice(at + 1))
  if (endpoints === null) throw unreadable('Its host and port are not of the form host:port.')
  try {
    return {
      scheme: scheme.toLowerCase(),
      hosts: endpoints.map(([host]) => decodeURIComponent(host)),
      ports: endpoints.map(([, port]) => port),
      params: readQuery(query),
      ...(user && { user: decode(user) }),
      ...(password && { password: decode(password) }),
      ...(path && { database: decodeURIComponent(path) }),
    }
  } catch {
    throw unreadable('It has a `%` that no two hexadecimal digits follow.')
  }
}

function unreadableUri(problem: string, example: string): UserError {
  return new UserError(`The connection URL can't be read. ${problem}`, {
    code: 'connection-url-invalid',
    suggestions: [
      `Write it as ${example}://user:password@host:port/database, with / ? # % and @ in user and password written as %2F %3F %23 %25 and %40.`,
    ],
  })
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function splitHosts(text: string): [host: string, port: string][] | null {
  if (text === '') return []
  const endpoints = text.split(',').map((each) => /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(each))
  if (endpoints.includes(null)) return null
  return endpoints.map((each) => [(each?.[1] ?? '').replace(/^\[(.*)\]$/, '$1'), each?.[2] ?? ''])
}

/** A password with a lone `%` was surely not meant as an escape. */
function decode(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text)
}

function readQuery(query: string): Map<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  // Not URLSearchParams: in libpq a plus sign is a plus sign.
  return new Map(
    pairs.map((pair) => splitOnce(pair, '=').map((part) => decodeURIComponent(part ?? '')) as [string, string]),
  )
}
