import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../../model/errors.js'
import { type Environment, home } from '../environment.js'
import { nearest } from '../problems.js'
import { readService } from './service-file.js'
import type { Surroundings, Target } from './types.js'
import type { Uri } from './uri.js'

/** libpq's connection parameters and the variables that give their defaults. */
const variables: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: '',
  sslnegotiation: 'PGSSLNEGOTIATION',
  channel_binding: 'PGCHANNELBINDING',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  keepalives: '',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
}
const paths = ['passfile', 'sslrootcert', 'sslcert', 'sslkey']
/** Names by which frameworks say in a URL which schema they use. */
const schemaWords = ['schema', 'currentSchema', 'search_path']

/** Variables that alone say that there is a database to go to. */
export const tellingVariables = ['PGHOST', 'PGHOSTADDR', 'PGSERVICE', 'PGDATABASE', 'PGUSER', 'PGPORT']

/** Fills in what the URI leaves open, as libpq does: from the service file, then from PG* variables, then by its defaults. */
export function completeLibpq(uri: Uri | null, { env, directory }: Surroundings): Target {
  const given = uri === null ? {} : fromUri(uri)
  const serviceName = uri?.params.get('service') || env.PGSERVICE
  const service = serviceName ? readService(serviceName, env) : {}
  const settings: Record<string, string> = {}
  for (const [name, variable] of Object.entries(variables)) {
    const value = given[name] || service[name] || env[variable]
    if (value) settings[name] = paths.includes(name) ? pathOf(value, directory, env) : value
  }
  if (settings.sslmode) settings.sslmode = tlsWords[settings.sslmode] ?? settings.sslmode
  // The address would be that of another host than the URI's.
  if (given.host && !given.hostaddr) delete settings.hostaddr
  settings.user ??= osUser()
  settings.dbname ??= settings.user
  settings.passfile ??= defaultPassfile(env)
  if (settings.passfile === '') delete settings.passfile
  const schemas = schemaWords.flatMap((word) => uri?.params.get(word)?.split(',') ?? [])
  return { ...toUrl(settings), schemas: schemas.map((each) => each.trim()).filter((each) => each !== '') }
}

function fromUri(uri: Uri): Record<string, string> {
  const settings: Record<string, string> = {}
  const unknown: string[] = []
  for (const [name, value] of uri.params) {
    if (name in variables) settings[name] = value
    else unknown.push(name)
  }
  refuseMisspelt(unknown)
  settings.sslmode ??= uri.params.get('ssl') ?? ''
  if (uri.hosts.some((host) => host !== '')) settings.host ??= uri.hosts.join(',')
  if (uri.ports.some((port) => port !== '')) settings.port ??= uri.ports.map((port) => port || '5432').join(',')
  settings.user ??= uri.user ?? ''
  settings.password ??= uri.password ?? ''
  settings.dbname ??= uri.database ?? ''
  return settings
}

/** Drivers have their own parameters, which we pass over; but `sslmod=verify-full` must not silently mean nothing. */
function refuseMisspelt(names: readonly string[]): void {
  for (const name of names) {
    const near = nearest(name, Object.keys(variables))
    if (near === null || ['ssl', 'sslcrl', 'pool', 'timeout', ...schemaWords].includes(name)) continue
    throw new UserError(`The connection URL has an unknown parameter \`${name}\`.`, {
      code: 'connection-url-invalid',
      suggestions: [`Did you mean \`${near}\`?`],
    })
  }
}

/** Words of other drivers: `ssl=true`, and node-postgres' `sslmode=no-verify`. */
const tlsWords: Readonly<Record<string, string>> = {
  true: 'require',
  '1': 'require',
  'no-verify': 'require',
  false: 'disable',
  '0': 'disable',
}

function pathOf(path: string, directory: string, env: Environment): string {
  if (path === 'system') return path
  return resolve(directory, path.replace(/^~(?=[/\\])/, home(env)))
}

function defaultPassfile(env: Environment): string {
  const path =
    process.platform === 'win32'
      ? join(env.APPDATA ?? home(env), 'postgresql', 'pgpass.conf')
      : join(home(env), '.pgpass')
  return existsSync(path) ? path : ''
}

function osUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'postgres'
  }
}

/** The plain form of URL for one host; several hosts and sockets go into parameters, where every URL parser can read them. */
function toUrl(settings: Readonly<Record<string, string>>): { url: string; shown: string } {
  const { user = '', password, host = '', port = '', dbname = '', ...others } = settings
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
  return {
    url: `postgresql://${login}${authority}/${encode(dbname)}${query}${extra}`,
    shown: shownUrl(user, host, port, dbname),
  }
}

function shownUrl(user: string, host: string, port: string, dbname: string): string {
  if (host.startsWith('/')) return `postgresql://${user}@/${dbname}?host=${host}${port === '' ? '' : `&port=${port}`}`
  const ports = port.split(',')
  const hosts = host.split(',').map((each, index) => {
    const own = ports[index] ?? ports.at(-1) ?? ''
    return `${each.includes(':') ? `[${each}]` : each}${own === '' ? '' : `:${own}`}`
  })
  return `postgresql://${user}@${hosts.join(',')}/${dbname}`
}
