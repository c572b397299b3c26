import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import type { PostgresDriver } from '../driver.js'
import { connectionFailure, connectionLost } from '../errors.js'
import { sendCancel } from './cancel.js'
import { type ConnectionParams, type Endpoint, readParams } from './params.js'
import { passwordFor } from './password.js'
import { readOnlyDriver } from './read-only.js'
import { tlsAttempts } from './tls.js'
import { valueParser } from './types.js'
import type { Wire, WireResult } from './wire.js'

/** Connects with node-postgres. Throws UserError when no host lets us in. */
export async function openPg(target: ConnectionTarget, options: SessionOptions): Promise<PostgresDriver> {
  const params = readParams(target)
  const password = await passwordFor(params, target)
  const failures: unknown[] = []
  for (const endpoint of params.endpoints) {
    for (const ssl of tlsAttempts(params, endpoint)) {
      try {
        const client = await connect(clientConfig(params, endpoint, ssl, password), options.signal)
        return readOnlyDriver(wireOver(client, endpoint, ssl, target), options)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  throw connectionFailure(failures, target)
}

function clientConfig(
  params: ConnectionParams,
  endpoint: Endpoint,
  ssl: ConnectionOptions | false,
  password: (endpoint: Endpoint) => string,
): pg.ClientConfig {
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
    enableChannelBinding: params.channelBinding,
    types: { getTypeParser: valueParser as never },
    ...(params.options ? { options: params.options } : {}),
    ...(params.directTls && ssl ? { sslnegotiation: 'direct' as const } : {}),
  }
}

async function connect(config: pg.ClientConfig, signal: AbortSignal | undefined): Promise<pg.Client> {
  signal?.throwIfAborted()
  const client = new pg.Client(config)
  const onAbort = () => destroy(client)
  signal?.addEventListener('abort', onAbort)
  // Without a listener an error between two statements would end the process; the next statement reports it.
  client.on('error', () => {})
  try {
    return await client.connect()
  } catch (error) {
    destroy(client)
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Fields that node-postgres has and its types don't name. */
interface ClientInternals {
  readonly processID: number | null
  readonly secretKey: number | null
  readonly connection: { readonly stream: { destroy(): void } }
}

const internals = (client: pg.Client) => client as unknown as ClientInternals

function destroy(client: pg.Client): void {
  internals(client).connection.stream.destroy()
}

function wireOver(
  client: pg.Client,
  endpoint: Endpoint,
  ssl: ConnectionOptions | false,
  target: ConnectionTarget,
): Wire {
  let lost: unknown
  client.on('error', (error) => {
    lost ??= error
  })
  client.on('end', () => {
    lost ??= new Error('Connection terminated')
  })
  return {
    async run(sql, values): Promise<WireResult> {
      if (lost) throw connectionLost(lost, target)
      try {
        const result = await client.query({ text: sql, values: [...values], queryMode: 'extended' } as pg.QueryConfig)
        const status = client.getTransactionStatus()
        return { rows: result.rows, status: status === 'I' ? 'idle' : status === null ? 'unknown' : 'transaction' }
      } catch (error) {
        throw isServerError(error) && !lost ? error : connectionLost(error, target)
      }
    },
    async cancel() {
      const { processID, secretKey } = internals(client)
      if (processID !== null && secretKey !== null) await sendCancel(endpoint, ssl, { processID, secretKey })
    },
    destroy: () => destroy(client),
    async close() {
      await client.end().catch(() => {})
    },
  }
}

/** The server's own answer, after which the connection goes on. FATAL and PANIC come with the classes 08 and 57P0. */
function isServerError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P0)/.test(error.code ?? '')
}
