import { readFileSync, statSync } from 'node:fs'
import type { ConnectionTarget } from '../../dialect.js'
import { runPasswordCommand } from '../../password-command.js'
import { NoPassword } from '../connect-errors.js'
import type { ConnectionParams, Endpoint } from './params.js'

/**
 * How to answer when the server asks: with what `password_command` prints, else the URL's, else the password file's.
 * The command runs now, before the server's own patience begins to count.
 */
export async function passwordFor(
  params: ConnectionParams,
  target: ConnectionTarget,
): Promise<(endpoint: Endpoint) => string> {
  if (target.passwordCommand !== undefined) {
    const password = await runPasswordCommand(target.passwordCommand)
    return () => password
  }
  return (endpoint) => {
    const file = params.password === undefined ? readPassfile(params, endpoint) : { password: params.password }
    if (file.password === undefined) throw new NoPassword(file.hint)
    return file.password
  }
}

/** For messages: where the password came from. */
export function passwordSource(params: ConnectionParams, target: ConnectionTarget): string {
  if (target.passwordCommand !== undefined) return 'password_command'
  return params.password === undefined
    ? `the password file ${params.passfile}`
    : 'the URL, PGPASSWORD or the service file'
}

interface PassfileAnswer {
  readonly password?: string
  readonly hint?: string
}

/** The first line `host:port:database:user:password` that fits; `*` fits anything. */
function readPassfile(params: ConnectionParams, endpoint: Endpoint): PassfileAnswer {
  const path = params.passfile
  if (path === undefined) return {}
  let text: string
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      return { hint: `${path} was not used, since others may read it: chmod 600 it.` }
    }
    text = readFileSync(path, 'utf8')
  } catch {
    return {}
  }
  const host = endpoint.socketPath === undefined ? endpoint.host : undefined
  const wanted = [host, String(endpoint.port), params.database, params.user]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = splitLine(line)
    if (fields.length === 5 && wanted.every((value, index) => fits(fields[index], value, endpoint))) {
      return { password: fields[4] as string }
    }
  }
  return { hint: `${path} has no line for this host, port, database and user.` }
}

/** A socket's directory stands in the file as itself, or as `localhost` where it is the default one. */
function fits(field: string | undefined, value: string | undefined, endpoint: Endpoint): boolean {
  if (field === '*') return true
  return value === undefined ? field === endpoint.host || field === 'localhost' : field === value
}

function splitLine(line: string): string[] {
  const fields = ['']
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at)
    if (char === '\\' && at + 1 < line.length) {
      at += 1
      fields[fields.length - 1] += line.charAt(at)
    } else if (char === ':' && fields.length < 5) fields.push('')
    else fields[fields.length - 1] += char
  }
  return fields
}
