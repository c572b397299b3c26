import { readFileSync } from 'node:fs'
import type { SslOptions } from 'mysql2/promise'
import { UserError } from '../../../model/errors.js'
import type { ConnectionParams, Endpoint } from './params.js'

/** What to try on one endpoint, in order: false is an unencrypted connection. */
export function tlsAttempts(params: ConnectionParams, endpoint: Endpoint): (SslOptions | false)[] {
  if (endpoint.socketPath !== undefined || params.tlsMode === 'disabled') return [false]
  const options = tlsOptions(params)
  return params.tlsMode === 'preferred' ? [options, false] : [options]
}

/** Other than the MySQL clients, `VERIFY_*` without `ssl-ca` uses the authorities that Node knows. */
function tlsOptions({ tlsMode, authorities, certificate, key }: ConnectionParams): SslOptions {
  const verifies = tlsMode === 'verify_ca' || tlsMode === 'verify_identity'
  return {
    rejectUnauthorized: verifies,
    verifyIdentity: tlsMode === 'verify_identity',
    ...(verifies && authorities !== undefined && { ca: read(authorities, 'file of authorities') }),
    ...(certificate !== undefined && { cert: read(certificate, 'client certificate') }),
    ...(key !== undefined && { key: read(key, 'client key') }),
  }
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`The ${what} ${path} can't be read: ${(cause as Error).message}.`, {
      code: 'tls-file-unreadable',
      suggestions: ['Check the path (ssl-ca, ssl-cert, ssl-key) and its permissions.'],
      cause,
    })
  }
}
