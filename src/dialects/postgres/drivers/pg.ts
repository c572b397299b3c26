import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import { connectionFailure, type Failure, isUnknownDatabase } from '../connect-errors.js'
import type { PostgresDriver } from '../driver.js'
import { cancelled, isServerError } from '../errors.js'
import { nearestDatabase } from './databases.js'
import { type ConnectionParams, type Endpoint, readParams } from './params.js'
import { passwordFor, passwordSource } from './password.js'
import { destroy, PgWire } from './pg-wire.js'
import { readOnlyDriver } from './read-only.js'
import { mismatch } from './session-kind.js'
import { tlsAttempts } from './tls.js'
import { valueParser } from './types.js'

/** Connects with node-postgres. Throws UserError when no host lets us in. */
export async function openPg(target: ConnectionTarget, options: SessionOptions): Promise<PostgresDriver> {
  const params = readParams(target)
  const password = await passwordFor(params, target)
  const failures: Failure[] = []
  for (const endpoint of params.endpoints) {
    const opened = await openEndpoint({ params, endpoint, target, options, password }, failures)
    if (opened !== null) return opened
    if (options.signal?.aborted) throw cancelled()
    if (isFinal(failures.at(-1)?.error)) break
  }
  const unknown = failures.some(({ error }) => isUnknownDatabase(error))
  throw connectionFailure(failures, {
    target,
    user: params.user,
    database: params.database,
    connectTimeout: params.connectTimeout,
    passwordFrom: passwordSource(params, target),
    nearestDatabase: unknown ? await nearestDatabase(target, params, options) : null,
  })
}

interface Attempt {
  readonly params: ConnectionParams
  readonly endpoint: Endpoint
  readonly target: ConnectionTarget
  readonly options: SessionOptions
  readonly password: (endpoint: Endpoint) => string
}

async function openEndpoint(attempt: Attempt, failures: Failure[]): Promise<PostgresDriver | null> {
  const { params, endpoint, target, options } = attempt
  const place = endpoint.socketPath ?? `${endpoint.host}:${endpoint.port}`
  for (const ssl of tlsAttempts(params, endpoint)) {
    try {
      const client = await connect(clientConfig(attempt, ssl), options.signal)
      const driver = readOnlyDriver(new PgWire(client, endpoint, ssl, target), options)
      const wrong = await mismatch(driver, params.sessionKind, place)
      if (wrong === null) return driver
      await driver.close()
      failures.push({ place, error: wrong })
      return null
    } catch (error) {
      failures.push({ place, error })
      if (options.signal?.aborted || !mayWorkOtherwise(error)) return null
    }
  }
  return null
}

/** Whether the same host may let us in with TLS switched the other way: the network and the password stay as they are. */
function mayWorkOtherwise(error: unknown): boolean {
  if (isServerError(error)) return error.code === '28000'
  const { message = '' } = error as { message?: string }
  // Neither yes nor no to the question for TLS: whatever that is, it is no PostgreSQL.
  if (/error establishing an SSL connection/.test(message)) return false
  return /SSL|TLS|certificate|terminated|ECONNRESET/i.test(`${message} ${(error as { code?: string }).code ?? ''}`)
}

/** A server that answers and refuses ends the search, as in libpq; one that isn't ready doesn't. */
function isFinal(error: unknown): boolean {
  return isServerError(error) && error.code !== '57P03'
}

function clientConfig(attempt: Attempt, ssl: ConnectionOptions | false): pg.ClientConfig {
  const { params, endpoint, password } = attempt
  return {
    host: endpoint.address ?? endpoint.host,
    port: endpoint.port,
    user: params.user,
    database: params.database,
    // A function is asked only when the server wants a password.
    password: () => password(endpoint),
    ssl,
    application_name: params.applicationName,
    keepAlive: params.keepAlive,
    keepAliveInitialDelayMillis: 30_000,
    connectionTimeoutMillis: params.connectTimeout,
    enableChannelBinding: params.channelBinding && ssl !== false,
    types: { getTypeParser: valueParser as never },
    ...(params.options ? { options: params.options } : {}),
    ...(params.directTls && ssl ? { sslnegotiation: 'direct' as const } : {}),
  }
}

async function connect(config: pg.ClientConfig, signal: AbortSignal | undefined): Promise<pg.Client> {
  if (signal?.aborted) throw cancelled()
  const client = new pg.Client(config)
  const onAbort = () => destroy(client)
  signal?.addEventListener('abort', onAbort)
  // Without a listener an error between two statements would end the process; the next statement reports it.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    destroy(client)
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
