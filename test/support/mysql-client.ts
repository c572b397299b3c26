import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Server } from './servers.js'

export interface ClientOutcome {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the plain client of the server's own product as root: `mysqlClient(server, [database.name, '-t'], 'SELECT 1')`. */
export async function mysqlClient(
  server: Server,
  args: readonly string[],
  stdin: string | Uint8Array = '',
  /** Milliseconds after which it is killed. */
  killAfter?: number,
): Promise<ClientOutcome> {
  const { username, password, hostname, port } = new URL(server.url)
  const client = server.kind === 'mysql' ? 'mysql' : 'mariadb'
  const [command = '', ...before] = commandFor(client, server)
  const login = [
    ...(client === 'mariadb' ? ['--skip-ssl'] : []),
    '--protocol=tcp',
    `--host=${hostname === 'localhost' ? '127.0.0.1' : hostname}`,
    `--port=${port || 3306}`,
    `--user=${decodeURIComponent(username)}`,
  ]
  const child = spawn(command, [...before, '--no-defaults', ...login, ...args], {
    cwd: '/',
    env: { PATH: process.env.PATH, MYSQL_PWD: decodeURIComponent(password), LANG: 'C.UTF-8' },
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // It may end without having read all.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  clearTimeout(timer)
  return { code, stdout, stderr }
}

/** Whether this machine has that client; for `describeWith`. */
export const hasClient = ({ mysql = {} }: Server): boolean => Object.keys(mysql).length > 0

function commandFor(client: string, { label, mysql: { root, image } = {} }: Server): string[] {
  if (root !== undefined) return ['chroot', root, client]
  if (image === undefined) throw new Error(`No client for ${label} here: it needs a Docker engine or test/provision.`)
  return ['docker', 'run', '--rm', '-i', '--network', 'host', '--env', 'MYSQL_PWD', '--entrypoint', client, image]
}
