import type { ConnectionTarget } from '../../dialect.js'
import { runPasswordCommand } from '../../password-command.js'
import type { ConnectionParams } from './params.js'

/** What `password_command` prints, else the URL's; '' for none. Runs before the server's own patience begins to count. */
export async function passwordFor(params: ConnectionParams, { passwordCommand }: ConnectionTarget): Promise<string> {
  return passwordCommand === undefined ? (params.password ?? '') : runPasswordCommand(passwordCommand)
}

/** For messages: where the password came from. */
export function passwordSource({ passwordCommand }: ConnectionTarget): string {
  return passwordCommand === undefined ? 'the URL, an option file or MYSQL_PWD' : 'password_command'
}
