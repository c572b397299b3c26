import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { type Outcome, runCli } from './cli.js'
import { type Database, openDatabase } from './database.js'
import { exec, freePort, until } from './process.js'
import { anyPostgres } from './servers.js'

export const exampleShop = fileURLToPath(new URL('../../examples/django-session', import.meta.url))

/** The example, or a copy of it, on a database of its own. */
export interface DjangoShop {
  readonly directory: string
  readonly database: Database
  /** What Django, goc-audit and psql need to find the database. */
  readonly environment: Readonly<Record<string, string>>
  /** What it prints; fails if the program does. */
  manage(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>
  audit(args: readonly string[]): Promise<Outcome>
  /** Serves the shop while visitors come to it. */
  load(visitors: number): Promise<Load>
}

export interface Load {
  /** What load.py printed. */
  readonly summary: string
  /** What the server printed on stderr. */
  readonly log: string
}

export async function openShop(directory: string): Promise<DjangoShop> {
  const database = await openDatabase(anyPostgres(), '', { owned: true })
  const environment = { ...connectionVariables(database.url), PYTHONDONTWRITEBYTECODE: '1' }
  const options = { cwd: directory, env: { ...process.env, ...environment } }
  const python = async (args: readonly string[], env: NodeJS.ProcessEnv = options.env) =>
    (await exec(pythonProgram(), ['-W', 'ignore', ...args], { ...options, env })).stdout
  return {
    directory,
    database,
    environment,
    manage: (args, more) => python(['manage.py', ...args], { ...options.env, ...more }),
    audit: (args) => runCli(args, { cwd: directory, env: environment }),
    load: async (visitors) => {
      const port = await freePort()
      const args = ['manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`]
      const server = spawn(pythonProgram(), args, options)
      let log = ''
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text
      })
      try {
        await until(() => answers(port))
        const summary = await python(['load.py', `http://127.0.0.1:${port}/cart`, `--visitors=${visitors}`])
        return { summary, log }
      } finally {
        await end(server)
      }
    },
  }
}

function pythonProgram(): string {
  const python = inject('tools').django
  if (!python) throw new Error('no Python with Django and psycopg2 on this machine; test/provision installs them')
  return python
}

/** The standard variables, which Django, goc-audit and psql all read. */
function connectionVariables(text: string): Record<string, string> {
  const url = new URL(text)
  return {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1),
  }
}

async function answers(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.kill()) await once(server, 'exit')
}

export interface Counts {
  readonly groups: number
  readonly surplusRows: number
  readonly largestGroup: number
}

export async function countCarts(database: Database): Promise<Counts> {
  const [row] = await database.query<Counts & Record<string, unknown>>(`
    SELECT count(*)::int AS groups, coalesce(sum(n - 1), 0)::int AS "surplusRows", max(n)::int AS "largestGroup"
    FROM (SELECT count(*) AS n FROM shop_cart GROUP BY session HAVING count(*) > 1) AS per_session`)
  if (!row) throw new Error('an aggregate without GROUP BY returns a row')
  return row
}
