import { UserError } from '../../model/errors.js'
import type { ConnectionTarget } from '../dialect.js'
import { isServerError, type ServerError, said } from './errors.js'

/** A server asked for a password and there is none. */
export class NoPassword extends Error {
  override readonly name = 'NoPassword'
  constructor(
    /** Why the password file gave none, where there is one. */
    readonly hint: string | undefined,
  ) {
    super('no password given')
  }
}

/** One attempt that failed. */
export interface Failure {
  readonly error: unknown
  /** `db1:5432`, or the path of a socket. */
  readonly place: string
}

/** What was tried, for the sentences. */
export interface Attempted {
  readonly target: ConnectionTarget
  readonly user: string
  readonly database: string
  /** In milliseconds; 0 = none. */
  readonly connectTimeout: number
  /** Where the password came from. */
  readonly passwordFrom: string
  /** Databases of the server, where it let us ask; for the nearest name. */
  readonly nearestDatabase: string | null
}

/** Makes one UserError of all failures, never empty: the last one decides, other hosts are listed. */
export function connectionFailure(failures: readonly Failure[], attempted: Attempted): UserError {
  const last = failures.at(-1)
  if (last === undefined) throw new Error('no attempt was made')
  if (last.error instanceof UserError) return last.error
  const words = explain(last, attempted)
  const others = failures.filter(({ place }) => place !== last.place)
  const tried = others.map(({ error, place }) => `${place} was tried too: ${said(rootCause(error))}.`)
  return new UserError(words.message, {
    code: words.code,
    suggestions: [...words.suggestions, ...new Set(tried)],
    cause: last.error,
  })
}

interface Words {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
}

function explain(failure: Failure, attempted: Attempted): Words {
  const error = rootCause(failure.error)
  if (error instanceof NoPassword) return noPassword(error, attempted)
  if (isServerError(error)) return (bySqlState[error.code] ?? refused)(error, attempted)
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  const byCode = byNetworkCode[code]
  if (byCode !== undefined) return byCode(failure.place, attempted)
  if (isCertificateProblem(code, message)) return certificate(said(error), attempted)
  const byText = byMessage.find(([pattern]) => pattern.test(message))
  if (byText !== undefined) return byText[1](failure.place, attempted)
  return {
    code: 'connection-failed',
    message: `Could not connect to ${attempted.target.shown}: ${said(error)}.`,
    suggestions: [],
  }
}

/** Node tries every address of a name and wraps their errors. */
function rootCause(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors.at(-1) ?? error) : error
}

function noPassword({ hint }: NoPassword, { target, user }: Attempted): Words {
  return {
    code: 'password-missing',
    message: `The server at ${target.shown} asks for the password of "${user}", and none was given.`,
    suggestions: [
      ...(hint === undefined ? [] : [hint]),
      'Set PGPASSWORD, add a line to ~/.pgpass, put it into the URL (postgresql://user:password@…), or name a `password_command` in the configuration.',
    ],
  }
}

type Explain = (error: ServerError, attempted: Attempted) => Words

const wrongPassword: Explain = (_, { target, user, passwordFrom }) => ({
  code: 'password-wrong',
  message: `The server at ${target.shown} did not accept the password of "${user}". It says the same for a role that does not exist.`,
  suggestions: [`Check the role's name and the password, which came from ${passwordFrom}.`],
})

const notAuthorised: Explain = (error, { target }) => ({
  code: 'login-refused',
  message: `The server at ${target.shown} does not let this role in: ${said(error)}.`,
  suggestions: [
    'Check the name of the role, and the lines of pg_hba.conf for this host, database and role.',
    ...(/no encryption|SSL off/.test(error.message) ? ['It may want TLS: add ?sslmode=require to the URL.'] : []),
  ],
})

const unknownDatabase: Explain = (_, { target, database, nearestDatabase }) => ({
  code: 'database-not-found',
  message: `There is no database "${database}" at ${target.shown}.`,
  suggestions: [
    nearestDatabase === null ? '`psql -l` lists the databases of a server.' : `Did you mean "${nearestDatabase}"?`,
  ],
})

const noConnect: Explain = (error, { user, database }) => ({
  code: 'permission-denied',
  message: `The role "${user}" may not connect to the database "${database}": ${said(error)}.`,
  suggestions: [`As its owner: GRANT CONNECT ON DATABASE ${quote(database)} TO ${quote(user)}`],
})

const tooMany: Explain = (error, { target }) => ({
  code: 'too-many-connections',
  message: `The server at ${target.shown} takes no more connections: ${said(error)}.`,
  suggestions: ['Try again later, or connect through its pooler. A scan needs one connection.'],
})

const notReady: Explain = (error, { target }) => ({
  code: 'server-not-ready',
  message: `The server at ${target.shown} takes no connections at the moment: ${said(error)}.`,
  suggestions: ['It is starting, stopping, or a standby without hot_standby; try again in a moment.'],
})

/** PgBouncer gives its own refusals and those of the server behind it this one code; its words are English. */
const pooler: Explain = (error, attempted) => {
  const known = poolerMessages.find(([pattern]) => pattern.test(error.message))
  if (known !== undefined) return known[1](error, attempted)
  return {
    code: 'connection-refused-by-server',
    message: `The server or pooler at ${attempted.target.shown} refused the connection: ${said(error)}.`,
    suggestions: /startup parameter|options/.test(error.message)
      ? [
          'Poolers take no `options`: leave them (PGOPTIONS, ?options=) away, or list them in ignore_startup_parameters.',
        ]
      : [],
  }
}

const noDatabase = /no such database|^database .* does not exist/

const poolerMessages: readonly (readonly [RegExp, Explain])[] = [
  [noDatabase, unknownDatabase],
  [/authentication failed|auth failed|no such user/, wrongPassword],
  [/too many (clients|connections)|no more connections/, tooMany],
]

export function isUnknownDatabase(error: unknown): boolean {
  if (!isServerError(error)) return false
  return error.code === '3D000' || (error.code === '08P01' && noDatabase.test(error.message))
}

const refused: Explain = (error, { target }) => ({
  code: 'connection-refused-by-server',
  message: `The server at ${target.shown} refused the connection: ${said(error)} (SQLSTATE ${error.code}).`,
  suggestions: error.hint ? [error.hint] : [],
})

const bySqlState: Readonly<Record<string, Explain>> = {
  '28P01': wrongPassword,
  '28000': notAuthorised,
  '3D000': unknownDatabase,
  '42501': noConnect,
  '53300': tooMany,
  '57P01': notReady,
  '57P03': notReady,
  '08P01': pooler,
}

type ExplainNetwork = (place: string, attempted: Attempted) => Words

const unknownHost: ExplainNetwork = (place, { target }) => ({
  code: 'host-unknown',
  message: `The name of the host in ${target.shown} has no address (${place}).`,
  suggestions: [
    'Check its spelling, and that this machine is on the network (VPN, container network) where it is known.',
  ],
})

const nobodyListens: ExplainNetwork = (place, { target }) => ({
  code: 'connection-refused',
  message: `Nothing listens at ${place}, so ${target.shown} can't be reached.`,
  suggestions: [
    'Check host and port, that the server runs, and that it listens on this address (listen_addresses; a container must publish its port).',
  ],
})

const noSocket: ExplainNetwork = (place) => ({
  code: 'socket-missing',
  message: `There is no server socket ${place}.`,
  suggestions: ['Check that the server runs and where its unix_socket_directories are; with a host name TCP is used.'],
})

const noAnswer: ExplainNetwork = (place, { target, connectTimeout }) => ({
  code: 'host-unreachable',
  message: `${place} gave no answer${connectTimeout > 0 ? ` within ${connectTimeout / 1000} s` : ''}, so ${target.shown} can't be reached.`,
  suggestions: [
    'Check the address, and firewalls, security groups and VPN on the way; ?connect_timeout=SECONDS waits longer.',
  ],
})

const hungUp: ExplainNetwork = (place) => ({
  code: 'connection-closed',
  message: `${place} closed the connection before anybody logged in.`,
  suggestions: ['It may be no PostgreSQL server, one that is stopping, or a proxy that wants TLS (?sslmode=require).'],
})

const byNetworkCode: Readonly<Record<string, ExplainNetwork>> = {
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ECONNREFUSED: nobodyListens,
  ENOENT: noSocket,
  EACCES: (place) => ({
    code: 'socket-forbidden',
    message: `This account may not use the server socket ${place}.`,
    suggestions: ['Connect by TCP (host localhost), or as an account that may.'],
  }),
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
  ECONNRESET: hungUp,
  EPIPE: hungUp,
}

const notPostgres: ExplainNetwork = (place, { target }) => ({
  code: 'not-postgresql',
  message: `What listens at ${place} does not speak PostgreSQL's protocol.`,
  suggestions: [`Check the port of ${target.shown}.`],
})

const byMessage: readonly (readonly [RegExp, ExplainNetwork])[] = [
  [/timeout expired/, noAnswer],
  [/does not support SSL/, tlsMissing],
  [/error establishing an SSL connection|invalid response|Received unexpected/, notPostgres],
  [/terminated/, hungUp],
  [/Unknown authenticationOk|SCRAM-SHA-256 is|mechanism/, unknownLogin],
]

function tlsMissing(place: string, { target }: Attempted): Words {
  return {
    code: 'tls-not-offered',
    message: `${place} offers no TLS, and ${target.shown} demands it by its sslmode.`,
    suggestions: ['Switch TLS on at the server (ssl = on), or allow an unencrypted connection with ?sslmode=prefer.'],
  }
}

function unknownLogin(place: string): Words {
  return {
    code: 'login-method-unknown',
    message: `${place} asks for a kind of login that goc-audit can't do, such as GSSAPI.`,
    suggestions: ['Use a role with a password (scram-sha-256) or a client certificate.'],
  }
}

function isCertificateProblem(code: string, message: string): boolean {
  return /CERT|_SSL_|OSSL|^ERR_TLS|SELF_SIGNED|VERIFY|ISSUER/.test(code) || /certificate|SSL alert|tlsv1/i.test(message)
}

function certificate(reason: string, { target }: Attempted): Words {
  return {
    code: 'tls-failed',
    message: `TLS with ${target.shown} failed: ${reason}.`,
    suggestions: [
      "For the server's certificate, name the authority that signed it: ?sslrootcert=FILE; the host must be one that the certificate names.",
      'For a certificate that the server wants from us: ?sslcert=FILE&sslkey=FILE.',
    ],
  }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
