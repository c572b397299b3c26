import { UserError } from '../../model/errors.js'
import { nearest } from '../problems.js'
import { tlsModeOf, tlsParameters } from './mysql-tls.js'
import { readOptionFiles } from './option-file.js'
import type { Surroundings, Target } from './types.js'
import type { Uri } from './uri.js'
import { osUser, pathOf, shownUrl, urlOf } from './url.js'

/** Parameters, by the clients' names, and how drivers and frameworks spell them. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  host: [],
  port: [],
  user: ['username'],
  password: [],
  database: ['dbname', 'db'],
  socket: ['unix_socket', 'unixSocket', 'socketPath', 'localSocket'],
  'ssl-ca': ['ssl_ca', 'sslca', 'sslrootcert', 'serverSslCert'],
  'ssl-cert': ['ssl_cert', 'sslcert'],
  'ssl-key': ['ssl_key', 'sslkey'],
  'connect-timeout': ['connect_timeout'],
  'enable-cleartext-plugin': ['enable_cleartext_plugin', 'allowCleartextPasswords'],
  'defaults-file': ['read_default_file'],
  'defaults-extra-file': [],
  'defaults-group-suffix': [],
}

const paths = ['socket', 'ssl-ca', 'ssl-cert', 'ssl-key']
const ofFiles = ['defaults-file', 'defaults-extra-file', 'defaults-group-suffix']

/** The clients' variables; what an option file says goes before them. */
const variables: Readonly<Record<string, string>> = {
  host: 'MYSQL_HOST',
  port: 'MYSQL_TCP_PORT',
  socket: 'MYSQL_UNIX_PORT',
  password: 'MYSQL_PWD',
  'enable-cleartext-plugin': 'LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN',
}

/** Variables that alone say that there is a server to go to. */
export const tellingMysqlVariables = ['MYSQL_HOST', 'MYSQL_TCP_PORT', 'MYSQL_UNIX_PORT']

/** Words of libpq that people carry over, and which would silently mean nothing. */
const ofPostgres = [
  'application_name',
  'channel_binding',
  'currentSchema',
  'hostaddr',
  'options',
  'passfile',
  'search_path',
  'service',
  'sslnegotiation',
  'sslpassword',
  'target_session_attrs',
]

/** Of option files, by the scheme of the URL. */
const groupsOf: Readonly<Record<string, readonly string[]>> = {
  mysql: ['client'],
  mariadb: ['client', 'client-server', 'client-mariadb'],
}

type Settings = Record<string, string>

/** Fills in what the URI leaves open, as the clients do: from option files, then from MYSQL_* variables, then by defaults. */
export function completeMysql(uri: Uri | null, { env, directory }: Surroundings): Target {
  const scheme = uri?.scheme.startsWith('maria') ? 'mariadb' : 'mysql'
  const given = uri === null ? {} : fromUri(uri, directory, env)
  const file = fromFiles(given, scheme, { env, directory })
  // Where the URI says whom to talk to, another's socket means nothing.
  if (given.host) delete file.socket
  const settings: Settings = { ...fromVariables(env, given.host !== undefined), ...file, ...given }
  if (settings.socket) for (const name of ['host', 'port']) delete settings[name]
  for (const name of ofFiles) delete settings[name]
  return toTarget(scheme, { ...settings, user: settings.user ?? osUser() ?? 'root' })
}

function fromUri(uri: Uri, directory: string, env: Surroundings['env']): Settings {
  const given: Settings = {}
  const own = uri.hosts.filter((host) => host !== '')
  if (own.length > 0) given.host = own.join(',')
  if (uri.ports.some((port) => port !== '')) given.port = uri.ports.map((port) => port || '3306').join(',')
  if (uri.user !== undefined) given.user = uri.user
  if (uri.password !== undefined) given.password = uri.password
  if (uri.database !== undefined) given.database = uri.database
  for (const [name, value] of Object.entries(named(uri.params))) {
    given[name] = paths.includes(name) ? pathOf(value, directory, env) : value
  }
  const [host = ''] = own
  // The directory of a socket is libpq's way, a socket as host that of Go and of SQLAlchemy's users.
  if (host.startsWith('/')) {
    delete given.host
    given.socket ??= host
  }
  return given
}

/** The URI's parameters by the clients' names. Throws UserError for one that would silently mean nothing. */
function named(params: ReadonlyMap<string, string>): Settings {
  const known = Object.entries(spellings).flatMap(([name, others]) =>
    [name, ...others].map((each) => [fold(each), name] as const),
  )
  const byName = new Map(known)
  const settings: Settings = {}
  const mode = tlsModeOf(new Map([...params].map(([name, value]) => [fold(name), value])))
  for (const [name, value] of params) {
    const own = byName.get(fold(name))
    if (own !== undefined) settings[own] = value
    else refuseMeaningless(name)
  }
  const milliseconds = Number(params.get('connectTimeout') ?? Number.NaN)
  if (milliseconds >= 0) settings['connect-timeout'] = String(Math.ceil(milliseconds / 1000))
  // Prisma's `sslcert` is the authority's; ours goes with a key.
  if (settings['ssl-cert'] && !settings['ssl-key'] && params.has('sslcert')) {
    settings['ssl-ca'] ??= settings['ssl-cert']
    delete settings['ssl-cert']
  }
  if (/^(1|true|yes|on)$/i.test(settings['enable-cleartext-plugin'] ?? '')) settings['enable-cleartext-plugin'] = '1'
  return { ...settings, ...(mode !== undefined && { 'ssl-mode': mode }) }
}

const fold = (name: string): string => name.toLowerCase().replaceAll('_', '-')

/** Drivers have parameters of their own, which we pass over; these look like misspelt ones of the clients. */
const passedOver = [...tlsParameters, 'sslidentity', 'connecttimeout', 'timeout', 'pool']

function refuseMeaningless(name: string): void {
  if (ofPostgres.includes(name)) {
    throw new UserError(`The connection URL has the parameter \`${name}\`, which is PostgreSQL's.`, {
      code: 'connection-url-invalid',
      suggestions: ['Leave it away: it means nothing to a MySQL server.'],
    })
  }
  if (passedOver.includes(fold(name))) return
  const near = nearest(fold(name), [...Object.keys(spellings), 'ssl-mode'])
  if (near === null || near === fold(name)) return
  throw new UserError(`The connection URL has an unknown parameter \`${name}\`.`, {
    code: 'connection-url-invalid',
    suggestions: [`Did you mean \`${near}\`?`],
  })
}

function fromFiles(given: Settings, scheme: string, { env, directory }: Surroundings): Settings {
  const groups = groupsOf[scheme] ?? []
  const suffix = given['defaults-group-suffix'] ?? env.MYSQL_GROUP_SUFFIX ?? ''
  const at = (name: string) => (given[name] === undefined ? undefined : pathOf(given[name], directory, env))
  const options = readOptionFiles(
    {
      only: at('defaults-file'),
      extra: at('defaults-extra-file'),
      groups: [...groups, ...(suffix === '' ? [] : groups.map((group) => `${group}${suffix}`))],
    },
    env,
  )
  const mode = tlsModeOf(new Map(Object.entries(options)))
  const wanted = Object.keys(options).filter((name) => name in spellings && !ofFiles.includes(name))
  const settings = Object.fromEntries(wanted.map((name) => [name, options[name] ?? '']))
  return { ...settings, ...(mode !== undefined && { 'ssl-mode': mode }) }
}

function fromVariables(env: Surroundings['env'], hostGiven: boolean): Settings {
  const settings: Settings = {}
  for (const [name, variable] of Object.entries(variables)) {
    const value = env[variable]
    if (value && !(hostGiven && name === 'socket')) settings[name] = value
  }
  // The clients take the variable for a network's address where it is set, and the socket's where not.
  if (settings.host) delete settings.socket
  return settings
}

function toTarget(scheme: string, settings: Settings): Target {
  const { user = '', host = '', port = '', database = '', password, ...params } = settings
  const address = { scheme, user, host, port, database }
  const socket = params.socket === undefined ? '' : `?socket=${params.socket}`
  return {
    url: urlOf({ ...address, ...(password !== undefined && { password }) }, params),
    shown: `${shownUrl(address)}${socket}`,
    schemas: [],
  }
}
