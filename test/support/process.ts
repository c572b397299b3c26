import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const exec = promisify(execFile)

/** The user that servers run as where we are root, which PostgreSQL and PgBouncer refuse. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Undefined: as ourselves. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  const entry = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody')
  return { uid: Number(entry?.[2] ?? 65534), gid: Number(entry?.[3] ?? 65534) }
}

/** Whether any user of the machine may walk into the directory. */
export async function openToAll(path: string): Promise<boolean> {
  if (process.platform === 'win32') return true
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined)
    if (found && !(found.mode & 0o001)) return false
    if (at === dirname(at)) return true
  }
}

/** A new directory for one server, owned by its account. */
export async function runDirectory(name: string, account: Account | undefined): Promise<string> {
  const parent = account && !(await openToAll(tmpdir())) ? '/tmp' : tmpdir()
  const directory = await mkdtemp(join(parent, `goc-audit-${name}-`))
  await chmod(directory, 0o755)
  if (account) await chown(directory, account.uid, account.gid)
  return directory
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('no TCP port')
  return address.port
}

export type Command = readonly [string, ...string[]]

/** Runs a command as the server's account; its output is not kept, as a daemon would hold a pipe open for ever. */
export async function run([command, ...args]: Command, cwd: string, account: Account | undefined): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: 'ignore', windowsHide: true, ...account })
  const [code] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ])
  if (code !== 0) throw new Error(`${command} ended with ${code}`)
}

/** Stops a server and removes its directories: when asked, or when this process goes away in whatever way. */
export function keep(
  stop: readonly Command[],
  remove: readonly string[],
  account: Account | undefined,
): () => Promise<void> {
  const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url))
  // Its own process group, so that Ctrl-C in a terminal doesn't reach it before us.
  const child = spawn(process.execPath, [keeper, JSON.stringify({ stop, remove, ...account })], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  child.stdin.on('error', () => {})
  const ended = once(child, 'exit')
  return async () => {
    child.stdin.end()
    await ended
  }
}

/** Tries until it works; throws the last error when the time is over. */
export async function until<T>(attempt: () => Promise<T>, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** One line; for a failed command the first thing that it said. */
export function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string }
  return (stderr?.trim() || message || String(error)).split('\n')[0] ?? ''
}
