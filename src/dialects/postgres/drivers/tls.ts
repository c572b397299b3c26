import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { UserError } from '../../../model/errors.js'
import type { ConnectionParams, Endpoint } from './params.js'

/** What to try on one endpoint, in order: false is an unencrypted connection. */
export function tlsAttempts(params: ConnectionParams, endpoint: Endpoint): (ConnectionOptions | false)[] {
  if (endpoint.socketPath !== undefined || params.tlsMode === 'disable') return [false]
  const options = tlsOptions(params, endpoint)
  if (params.tlsMode === 'prefer') return [options, false]
  if (params.tlsMode === 'allow') return [false, options]
  return [options]
}

/**
 * As libpq does it: `require` and below check nothing, unless a root certificate is there, which makes `require` mean
 * `verify-ca`. Other than libpq, `verify-*` without a root certificate uses the authorities that Node knows.
 */
function tlsOptions(params: ConnectionParams, endpoint: Endpoint): ConnectionOptions {
  const root = params.rootCertificate ?? existing('root.crt')
  const system = root === undefined || root === 'system'
  const verifies =
    params.tlsMode === 'verify-ca' || params.tlsMode === 'verify-full' || (params.tlsMode === 'require' && !system)
  const certificate = params.certificate ?? existing('postgresql.crt')
  const key = params.key ?? (certificate === undefined ? undefined : existing('postgresql.key'))
  return {
    rejectUnauthorized: verifies,
    ...(verifies && !system ? { ca: read(root, 'root certificate') } : {}),
    ...(params.tlsMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(certificate ? { cert: read(certificate, 'client certificate') } : {}),
    ...(key ? { key: read(key, 'client key') } : {}),
    ...(params.keyPassword ? { passphrase: params.keyPassword } : {}),
    ...(endpoint.address && endpoint.host !== endpoint.address ? { servername: endpoint.host } : {}),
  }
}

function existing(name: string): string | undefined {
  const path = join(homedir(), '.postgresql', name)
  return existsSync(path) ? path : undefined
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UserError(`The ${what} ${path} can't be read: ${(cause as Error).message}.`, {
      code: 'tls-file-unreadable',
      suggestions: ['Check the path (sslrootcert, sslcert, sslkey) and its permissions.'],
      cause,
    })
  }
}
