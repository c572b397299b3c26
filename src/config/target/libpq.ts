import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../model/errors.js'
import { type Environment, home } from '../environment.js'
import { nearest } from '../problems.js'
import { readService } from './service-file.js'
import type { Surroundings, Target } from './types.js'
import type { Uri } from './uri.js'
import { osUser, pathOf, shownUrl, urlOf } from './url.js'

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
    if (value) settings[name] = paths.includes(name) && value !== 'system' ? pathOf(value, directory, env) : value
  }
  if (settings.sslmode) settings.sslmode = tlsWords[settings.sslmode] ?? settings.sslmode
  // The address would be that of another host than the URI's.
  if (given.host && !given.hostaddr) delete settings.hostaddr
  settings.user ??= osUser() ?? 'postgres'
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

function defaultPassfile(env: Environment): string {
  const path =
    process.platform === 'win32'
      ? join(env.APPDATA ?? home(env), 'postgresql', 'pgpass.conf')
      : join(home(env), '.pgpass')
  return existsSync(path) ? path : ''
}

function toUrl({ host = '', port = '', user = '', dbname = '', ...others }: Readonly<Record<string, string>>) {
  const { password, ...params } = others
  const address = { scheme: 'postgresql', user, host, port, database: dbname }
  const socket = `postgresql://${user}@/${dbname}?host=${host}${port === '' ? '' : `&port=${port}`}`
  return {
    url: urlOf({ ...address, ...(password !== undefined && { password }) }, params),
    shown: host.startsWith('/') ? socket : shownUrl(address),
  }
}
