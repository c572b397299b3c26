import { UserError } from '../../model/errors.js'
import type { ConnectionTarget } from '../dialect.js'
import { isServerError, type ServerError, said } from './errors.js'

/** One attempt that failed. */
export interface Failure {
  readonly error: unknown
  /** `db1:3306`, or the path of a socket. */
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

export function isUnknownDatabase(error: unknown): boolean {
  return isServerError(error) && error.errno === 1049
}

/** The server has no TLS, so that it may let us in without. */
export function isWithoutTls(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'HANDSHAKE_NO_SSL_SUPPORT'
}

interface Words {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
}

function explain(failure: Failure, attempted: Attempted): Words {
  const error = rootCause(failure.error)
  if (isServerError(error)) return (byNumber[error.errno] ?? refused)(error, attempted)
  const { code = '', name = '' } = (error ?? {}) as { code?: string; name?: string }
  if (name === 'NotMysql') return notMysql(failure.place, attempted, said(error))
  const byCode = byNetworkCode[code]
  if (byCode !== undefined) return byCode(failure.place, attempted, said(error))
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

type Explain = (error: ServerError, attempted: Attempted) => Words

const accessDenied: Explain = (error, { target, user, passwordFrom }) => {
  if (/\(using password: NO\)/i.test(error.message)) {
    return {
      code: 'password-missing',
      message: `The server at ${target.shown} does not let "${user}" in without a password, and none was given.`,
      suggestions: [
        'Set MYSQL_PWD, add `password=…` to [client] in ~/.my.cnf, put it into the URL (mysql://user:password@…), or name a `password_command` in the configuration.',
      ],
    }
  }
  return {
    code: 'password-wrong',
    message: `The server at ${target.shown} did not accept the password of "${user}". It says the same for a user that does not exist or may not come from this machine.`,
    suggestions: [
      `Check the user's name and the password, which came from ${passwordFrom}.`,
      "Check the account's host: 'app'@'localhost' is another account than 'app'@'%', and some accounts are let in with TLS only (?ssl-mode=REQUIRED).",
    ],
  }
}

const unknownDatabase: Explain = (_, { target, database, nearestDatabase }) => ({
  code: 'database-not-found',
  message: `There is no database "${database}" at ${target.shown}.`,
  suggestions: [
    nearestDatabase === null ? 'SHOW DATABASES lists those of a server.' : `Did you mean "${nearestDatabase}"?`,
  ],
})

const noDatabaseAccess: Explain = (error, { user, database }) => ({
  code: 'permission-denied',
  message: `The user "${user}" may not use the database "${database}", or there is none of that name: ${said(error)}.`,
  suggestions: [`As an administrator: GRANT SELECT ON ${quote(database)}.* TO the account of "${user}"`],
})

const tooMany: Explain = (error, { target }) => ({
  code: 'too-many-connections',
  message: `The server at ${target.shown} takes no more connections: ${said(error)}.`,
  suggestions: ['Try again later, or connect through its pooler. A scan needs one connection, and one more to cancel.'],
})

const blocked: Explain = (error, { target }) => ({
  code: 'login-refused',
  message: `The server at ${target.shown} lets this machine in no more after too many failed attempts: ${said(error)}.`,
  suggestions: [
    'As an administrator: TRUNCATE performance_schema.host_cache (MySQL) or FLUSH HOSTS (MariaDB); then look for what keeps hanging up, such as the checks of a load balancer (max_connect_errors).',
  ],
})

const hostNotAllowed: Explain = (error, { target, user }) => ({
  code: 'login-refused',
  message: `The server at ${target.shown} lets nobody in from this machine: ${said(error)}.`,
  suggestions: [`An account for "${user}" must name this host or a pattern that fits it, as in 'app'@'10.%'.`],
})

const accountState: Explain = (error, { target, user }) => ({
  code: 'login-refused',
  message: `The server at ${target.shown} does not let "${user}" in: ${said(error)}.`,
  suggestions: ['The account is locked or its password has expired: ALTER USER … ACCOUNT UNLOCK, or a new password.'],
})

const tlsDemanded: Explain = (error, { target }) => ({
  code: 'login-refused',
  message: `The server at ${target.shown} takes encrypted connections only: ${said(error)}.`,
  suggestions: ['Leave ?ssl-mode away, or say ?ssl-mode=REQUIRED.'],
})

const serverPlugin: Explain = (error, attempted) => unknownLogin('', attempted, said(error))

const refused: Explain = (error, { target }) => ({
  code: 'connection-refused-by-server',
  message: `The server at ${target.shown} refused the connection: ${said(error)} (error ${error.errno}).`,
  suggestions: [],
})

const notReady: Explain = (error, { target }) => ({
  code: 'server-not-ready',
  message: `The server at ${target.shown} takes no connections at the moment: ${said(error)}.`,
  suggestions: ['It is starting or stopping; try again in a moment.'],
})

const byNumber: Readonly<Record<number, Explain>> = {
  1045: accessDenied,
  1698: accessDenied,
  1049: unknownDatabase,
  1044: noDatabaseAccess,
  1040: tooMany,
  1203: tooMany,
  1226: tooMany,
  1129: blocked,
  1130: hostNotAllowed,
  1820: accountState,
  1862: accountState,
  3118: accountState,
  4151: accountState,
  3159: tlsDemanded,
  1251: serverPlugin,
  1275: serverPlugin,
  1524: serverPlugin,
  1053: notReady,
}

type ExplainNetwork = (place: string, attempted: Attempted, reason: string) => Words

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
    'Check host and port, that the server runs, and that it listens on this address (bind_address, skip_networking; a container must publish its port).',
  ],
})

const noSocket: ExplainNetwork = (place) => ({
  code: 'socket-missing',
  message: `There is no server socket ${place}.`,
  suggestions: ['Check that the server runs and where its socket is (SELECT @@socket); with a host name TCP is used.'],
})

const noAnswer: ExplainNetwork = (place, { target, connectTimeout }) => ({
  code: 'host-unreachable',
  message: `${place} gave no answer${connectTimeout > 0 ? ` within ${connectTimeout / 1000} s` : ''}, so ${target.shown} can't be reached.`,
  suggestions: [
    'Check the address, and firewalls, security groups and VPN on the way; ?connect_timeout=SECONDS waits longer.',
    'If something listens there, it may be no MySQL server: these speak first.',
  ],
})

const hungUp: ExplainNetwork = (place) => ({
  code: 'connection-closed',
  message: `${place} closed the connection before anybody logged in.`,
  suggestions: ['It may be no MySQL server, one that is stopping, or a proxy without a server behind it.'],
})

const notMysql: ExplainNetwork = (place, { target }, reason) => ({
  code: 'not-mysql',
  message:
    reason === 'PostgreSQL'
      ? `What listens at ${place} is a PostgreSQL server.`
      : `What listens at ${place} does not speak MySQL's protocol.`,
  suggestions: [
    reason === 'PostgreSQL'
      ? `Begin the URL with postgresql://, or check the port of ${target.shown}.`
      : `Check the port of ${target.shown}.`,
  ],
})

const tlsMissing: ExplainNetwork = (place, { target }) => ({
  code: 'tls-not-offered',
  message: `${place} offers no TLS, and ${target.shown} demands it by its ssl-mode or its password_command.`,
  suggestions: [
    'Switch TLS on at the server (ssl_cert, ssl_key), or allow an unencrypted connection with ?ssl-mode=PREFERRED; a token of a password_command is never sent without.',
  ],
})

const tlsFailed: ExplainNetwork = (_, { target }, reason) => ({
  code: 'tls-failed',
  message: `TLS with ${target.shown} failed: ${reason}.`,
  suggestions: [
    "For the server's certificate, name the authority that signed it: ?ssl-ca=FILE; with VERIFY_IDENTITY the host must be one that the certificate names.",
    'For a certificate that the server wants from us: ?ssl-cert=FILE&ssl-key=FILE.',
  ],
})

const unknownLogin: ExplainNetwork = (_, { target, user }, reason) => {
  const plugin = /plugin '?([\w.]+?)'?( |\.|$)/.exec(reason)?.[1]
  return {
    code: 'login-method-unknown',
    message: `The server at ${target.shown} asks "${user}" for a kind of login that goc-audit can't do${plugin === undefined ? `: ${reason}` : `: ${plugin}`}.`,
    suggestions: ['Use an account of caching_sha2_password (MySQL) or mysql_native_password (MariaDB).'],
  }
}

const cleartext: ExplainNetwork = (_, { target }) => ({
  code: 'login-method-unknown',
  message: `The server at ${target.shown} asks for the password as it is (mysql_clear_password), which is not sent without being asked for.`,
  suggestions: [
    'Where that is meant, as with LDAP, PAM or tokens: name a `password_command`, or add ?enable-cleartext-plugin=1; and use TLS, without which it is never sent.',
  ],
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
  PROTOCOL_CONNECTION_LOST: hungUp,
  HANDSHAKE_NO_SSL_SUPPORT: tlsMissing,
  HANDSHAKE_SSL_ERROR: tlsFailed,
  AUTH_SWITCH_PLUGIN_ERROR: unknownLogin,
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: cleartext,
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``
