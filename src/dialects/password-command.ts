import { exec } from 'node:child_process'
import { promisify } from 'node:util'
import { UserError } from '../model/errors.js'

const commandTimeout = 60_000

/** What a `password_command` prints. Throws UserError, with neither the command nor its output in it. */
export async function runPasswordCommand(command: string): Promise<string> {
  const { stdout } = await promisify(exec)(command, { timeout: commandTimeout, windowsHide: true }).catch((cause) => {
    const { code, killed } = cause as { code?: number; killed?: boolean }
    const how = killed ? `did not finish within ${commandTimeout / 1000} s` : `failed with exit code ${code ?? '?'}`
    throw failed(how)
  })
  const password = stdout.replace(/\r?\n$/, '')
  if (password === '') throw failed('printed nothing')
  return password
}

function failed(how: string): UserError {
  return new UserError(`The password_command ${how}.`, {
    code: 'password-command-failed',
    suggestions: ['Run it in a shell by itself: it must print the password, and nothing else, on standard output.'],
  })
}
