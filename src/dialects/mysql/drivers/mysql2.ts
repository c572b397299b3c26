import net from 'node:net'
import { createConnection, type SslOptions } from 'mysql2/promise'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import { connectionFailure, type Failure, isUnknownDatabase, isWithoutTls } from '../connect-errors.js'
import type { MysqlDriver, Query } from '../driver.js'
import { cancelled, isServerError } from '../errors.js'
import { nearestDatabase } from './databases.js'
import { type Connected, Mysql2Wire } from './mysql2-wire.js'
import { type ConnectionParams, type Endpoint, readParams } from './params.js'
import { passwordFor, passwordSource } from './password.js'
import { readOnlyDriver } from './read-only.js'
import { isPostgres, NotMysql, openSocket } from './socket.js'
import { tlsAttempts } from './tls.js'
import { judgeVersion, readServer } from './version.js'

/** Connects with mysql2. Throws UserError when no host lets us in, or lets us into something else. */
export async function openMysql2(target: ConnectionTarget, options: SessionOptions): Promise<MysqlDriver> {
  const params = readParams(target)
  const password = await passwordFor(params, target)
  const failures: Failure[] = []
  for (const endpoint of params.endpoints) {
    const attempt = { params, endpoint, password, signal: options.signal }
    const opened = await openEndpoint(attempt, failures)
    if (options.signal?.aborted) throw cancelled()
    if (opened !== null) return driverOver(opened, attempt, target, options)
    if (isServerError(failures.at(-1)?.error)) break
  }
  throw connectionFailure(failures, {
    target,
    user: params.user,
    database: params.database,
    connectTimeout: params.connectTimeout,
    passwordFrom: passwordSource(target),
    nearestDatabase: await nearest(params, password, failures),
  })
}

interface Attempt {
  readonly params: ConnectionParams
  readonly endpoint: Endpoint
  readonly password: string
  readonly signal: AbortSignal | undefined
}

interface Opened extends Connected {
  readonly ssl: SslOptions | false
}

async function openEndpoint(attempt: Attempt, failures: Failure[]): Promise<Opened | null> {
  const { params, endpoint, signal } = attempt
  const place = placeOf(endpoint)
  for (const ssl of tlsAttempts(params, endpoint)) {
    try {
      return { ...(await connect(attempt, ssl)), ssl }
    } catch (error) {
      if (signal?.aborted) return null
      failures.push({ place, error: await recognised(error, endpoint) })
      // Only a server that has no TLS at all may let us in without; the rest stays as it is.
      if (!isWithoutTls(error)) return null
    }
  }
  return null
}

/** Servers of other kinds wait for us to speak first. */
async function recognised(error: unknown, endpoint: Endpoint): Promise<unknown> {
  const silent = (error as { code?: string }).code === 'ETIMEDOUT' && endpoint.socketPath === undefined
  return silent && (await isPostgres(endpoint)) ? new NotMysql('PostgreSQL') : error
}

async function connect(attempt: Attempt, ssl: SslOptions | false, address = attempt.endpoint): Promise<Connected> {
  const { params, endpoint, password, signal } = attempt
  if (signal?.aborted) throw cancelled()
  const socket = openSocket(address)
  // mysql2 names no server to check where the host is an address, and Node then takes the socket's own name.
  if (net.isIP(endpoint.host) !== 0) Object.assign(socket, { _host: endpoint.host })
  const onAbort = () => socket.destroy()
  signal?.addEventListener('abort', onAbort)
  try {
    const connection = await createConnection({
      host: endpoint.host,
      stream: () => socket,
      user: params.user,
      password,
      ...(params.database !== '' && { database: params.database }),
      ...(ssl && { ssl: { ...ssl } }),
      connectTimeout: params.connectTimeout,
      enableCleartextPlugin: params.cleartext && (ssl !== false || endpoint.socketPath !== undefined),
      // No server may ask for our files.
      flags: ['-LOCAL_FILES'],
      charset: 'utf8mb4_general_ci',
      dateStrings: true,
      supportBigNumbers: true,
      multipleStatements: false,
      connectAttributes: { program_name: 'goc-audit' },
    })
    // Without a listener an error between two statements would end the process; the next statement reports it.
    connection.on('error', () => {})
    return { connection, socket }
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

async function driverOver(
  { ssl, ...connected }: Opened,
  attempt: Attempt,
  target: ConnectionTarget,
  options: SessionOptions,
): Promise<MysqlDriver> {
  const { endpoint } = attempt
  const { remoteAddress } = connected.socket
  // The very machine that we are on, where the name has several.
  const address = remoteAddress === undefined ? endpoint : { ...endpoint, host: remoteAddress }
  const wire = new Mysql2Wire(connected, () => connect({ ...attempt, signal: undefined }, ssl, address), target)
  try {
    const query: Query = async (sql) => (await wire.run(sql)) as never
    const server = await readServer(query)
    const refusal = judgeVersion(server, target.shown)
    if (refusal !== null) throw refusal
    await wire.identify()
    return await readOnlyDriver(wire, server, options)
  } catch (error) {
    await wire.close()
    throw error
  }
}

async function nearest(params: ConnectionParams, password: string, failures: readonly Failure[]) {
  const last = failures.at(-1)
  const endpoint = params.endpoints.find((each) => placeOf(each) === last?.place)
  if (endpoint === undefined || !isUnknownDatabase(last?.error)) return null
  const attempt = { params: { ...params, database: '' }, endpoint, password, signal: undefined }
  return nearestDatabase(params.database, () => openEndpoint(attempt, []))
}

const placeOf = ({ host, port, socketPath }: Endpoint): string => socketPath ?? `${host}:${port}`
