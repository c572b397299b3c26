import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Added to a bare environment: no PG*, no DATABASE_URL, no colours. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string
  /** Run on a pseudo-terminal (not on Windows); everything then comes on stdout. */
  readonly tty?: boolean
  /** Called with the child as soon as it runs, e.g. to send it SIGINT. */
  readonly onStart?: (child: { kill(signal: NodeJS.Signals): void }) => void
}

export const program = fileURLToPath(new URL('../../dist/src/bin.js', import.meta.url))

/** Runs the built program (`npm run build` first; `npm test` does). */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [command, ...rest] = options.tty ? onTerminal(args) : [process.execPath, program, ...args]
  const child = spawn(command as string, rest, {
    cwd: options.cwd,
    env: { ...bareEnvironment(), ...(options.tty ? {} : { NO_COLOR: '1' }), ...options.env },
    windowsHide: true,
  })
  options.onStart?.({ kill: (signal) => void child.kill(signal) })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(options.stdin ?? '')
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}

/** `script` of util-linux and of BSD gives the program a terminal. */
function onTerminal(args: readonly string[]): string[] {
  const words = [process.execPath, program, ...args]
  if (process.platform === 'darwin') return ['script', '-q', '/dev/null', ...words]
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  return ['script', '-qec', quoted, '/dev/null']
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_URL$|GOC_AUDIT_|NODE_ENV$|VITEST|TEST$|FORCE_COLOR$|CI$)/.test(name),
  )
  return Object.fromEntries(kept)
}
