import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { urlFor, withDatabase } from '../support/database.js'
import { failure, open, read } from '../support/driver.js'
import { startPgbouncer } from '../support/pgbouncer.js'
import { startPostgres } from '../support/postgres.js'
import { freePort } from '../support/process.js'
import { anyPostgres, describeWith } from '../support/servers.js'

const server = anyPostgres()
const { hostname, port } = new URL(server.url)
const at = (user: string, database: string) => `postgresql://${user}@${hostname}:${port}/${database}`
const me = 'SELECT current_user::text AS me'

/** Runs `work` against a TCP server that does as `answer` says with each connection. */
async function withListener<T>(answer: (socket: Socket) => void, work: (port: number) => Promise<T>): Promise<T> {
  const sockets: Socket[] = []
  const listener = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    answer(socket)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  try {
    return await work((listener.address() as AddressInfo).port)
  } finally {
    for (const socket of sockets) socket.destroy()
    listener.close()
  }
}

describe('who may log in', () => {
  test('a wrong password, which is not shown', async () => {
    const lines = await failure(open(urlFor(server.url, { password: 'topsecret' })))
    expect(lines).toEqual([
      'password-wrong',
      `The server at ${at('postgres', 'postgres')} did not accept the password of "postgres". It says the same for a role that does not exist.`,
      "Check the role's name and the password, which came from the URL, PGPASSWORD or the service file.",
    ])
    expect(lines.join()).not.toContain('topsecret')
  })

  test('no password at all', async () => {
    expect(await failure(open(at('postgres', 'postgres')))).toEqual([
      'password-missing',
      `The server at ${at('postgres', 'postgres')} asks for the password of "postgres", and none was given.`,
      'Set PGPASSWORD, add a line to ~/.pgpass, put it into the URL (postgresql://user:password@…), or name a `password_command` in the configuration.',
    ])
  })

  test('a role that may not log in', () =>
    withDatabase(server, '', async (database) => {
      const role = await database.role()
      await database.query(`ALTER ROLE ${role.name} NOLOGIN`)
      expect(await failure(open(role.url))).toEqual([
        'login-refused',
        `The server at ${at(role.name, database.name)} does not let this role in: role "${role.name}" is not permitted to log in.`,
        'Check the name of the role, and the lines of pg_hba.conf for this host, database and role.',
      ])
    }))

  test('a role without CONNECT', () =>
    withDatabase(server, '', async (database) => {
      const role = await database.role()
      await database.query(`REVOKE ALL ON DATABASE ${database.name} FROM PUBLIC`)
      expect(await failure(open(role.url))).toEqual([
        'permission-denied',
        `The role "${role.name}" may not connect to the database "${database.name}": permission denied for database "${database.name}".`,
        `As its owner: GRANT CONNECT ON DATABASE "${database.name}" TO "${role.name}"`,
      ])
    }))

  test('too many connections', () =>
    withDatabase(server, '', async (database) => {
      const role = await database.role('CONNECTION LIMIT 0')
      expect(await failure(open(role.url))).toEqual([
        'too-many-connections',
        `The server at ${at(role.name, database.name)} takes no more connections: too many connections for role "${role.name}".`,
        'Try again later, or connect through its pooler. A scan needs one connection.',
      ])
    }))

  test('an unknown database, with the nearest one', () =>
    withDatabase(server, '', async ({ name }) => {
      const wrong = `${name.slice(0, -1)}_`
      expect(await failure(open(urlFor(server.url, { database: wrong })))).toEqual([
        'database-not-found',
        `There is no database "${wrong}" at ${at('postgres', wrong)}.`,
        `Did you mean "${name}"?`,
      ])
      expect((await failure(open(urlFor(server.url, { database: 'nothing like it' }))))[2]).toBe(
        '`psql -l` lists the databases of a server.',
      )
    }))
})

describe('passwords from elsewhere', () => {
  const { password } = new URL(server.url)
  const bare = at('postgres', 'postgres')

  test('PGPASSWORD', async () => {
    expect(await read(bare, ({ query }) => query(me), { env: { PGPASSWORD: password } })).toEqual([{ me: 'postgres' }])
  })

  test('password_command', async () => {
    expect(await read(bare, ({ query }) => query(me), { passwordCommand: `echo ${password}` })).toEqual([
      { me: 'postgres' },
    ])
  })

  test('a password_command that fails shows neither itself nor its output', async () => {
    const lines = await failure(open(bare, { passwordCommand: 'echo topsecret; echo topsecret >&2; exit 3' }))
    expect(lines).toEqual([
      'password-command-failed',
      'The password_command failed with exit code 3.',
      'Run it in a shell by itself: it must print the password, and nothing else, on standard output.',
    ])
  })

  test('a password_command that prints nothing', async () => {
    expect((await failure(open(bare, { passwordCommand: 'exit 0' })))[1]).toBe('The password_command printed nothing.')
  })

  test.runIf(process.platform !== 'win32')('the password file', async () => {
    const home = await mkdtemp(join(tmpdir(), 'goc-audit-home-'))
    const file = join(home, '.pgpass')
    const options = { env: { HOME: home } }
    const look = () => read(bare, ({ query }) => query(me), options)
    try {
      await writeFile(file, `# ours\nother:*:*:*:x\n${hostname}:${port}:*:post\\gres:${password}\n`)
      await chmod(file, 0o600)
      expect(await look()).toEqual([{ me: 'postgres' }])

      await chmod(file, 0o644)
      expect((await failure(look()))[2]).toBe(`${file} was not used, since others may read it: chmod 600 it.`)

      await chmod(file, 0o600)
      await writeFile(file, 'other:*:*:*:x\n')
      expect((await failure(look()))[2]).toBe(`${file} has no line for this host, port, database and user.`)

      await writeFile(file, '*:*:*:*:topsecret\n')
      expect((await failure(look()))[2]).toBe(
        `Check the role's name and the password, which came from the password file ${file}.`,
      )
    } finally {
      await rm(home, { recursive: true })
    }
  })
})

describe('who listens', () => {
  test('nobody', async () => {
    const free = await freePort()
    expect(await failure(open(`postgresql://u:p@127.0.0.1:${free}/d`))).toEqual([
      'connection-refused',
      `Nothing listens at 127.0.0.1:${free}, so postgresql://u@127.0.0.1:${free}/d can't be reached.`,
      'Check host and port, that the server runs, and that it listens on this address (listen_addresses; a container must publish its port).',
    ])
  })

  test('nobody, at any address of the name', async () => {
    expect((await failure(open(`postgresql://u:p@localhost:${await freePort()}/d`)))[0]).toBe('connection-refused')
  })

  test('a name without an address', async () => {
    expect(await failure(open('postgresql://u:p@no-such-host.invalid/d'))).toEqual([
      'host-unknown',
      'The name of the host in postgresql://u@no-such-host.invalid/d has no address (no-such-host.invalid:5432).',
      'Check its spelling, and that this machine is on the network (VPN, container network) where it is known.',
    ])
  })

  test('no socket', async () => {
    expect(await failure(open('postgresql://u@/d?host=/nonexistent'))).toEqual([
      'socket-missing',
      'There is no server socket /nonexistent/.s.PGSQL.5432.',
      'Check that the server runs and where its unix_socket_directories are; with a host name TCP is used.',
    ])
  })

  test('somebody who never answers', () =>
    withListener(
      () => {},
      async (silent) => {
        expect(await failure(open(`postgresql://u:p@127.0.0.1:${silent}/d?connect_timeout=2`))).toEqual([
          'host-unreachable',
          `127.0.0.1:${silent} gave no answer within 2 s, so postgresql://u@127.0.0.1:${silent}/d can't be reached.`,
          'Check the address, and firewalls, security groups and VPN on the way; ?connect_timeout=SECONDS waits longer.',
        ])
      },
    ))

  test('a web server', () =>
    withListener(
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      async (web) => {
        expect(await failure(open(`postgresql://u:p@127.0.0.1:${web}/d`))).toEqual([
          'not-postgresql',
          `What listens at 127.0.0.1:${web} does not speak PostgreSQL's protocol.`,
          `Check the port of postgresql://u@127.0.0.1:${web}/d.`,
        ])
        const unencrypted = await failure(open(`postgresql://u:p@127.0.0.1:${web}/d?sslmode=disable`))
        expect(unencrypted[2]).toMatch(/^It may be no PostgreSQL server/)
      },
    ))

  test('a MySQL server', () =>
    withListener(
      (socket) =>
        socket.write(Buffer.concat([Buffer.from([74, 0, 0, 0, 10]), Buffer.from('8.0.36\0some salt and so on')])),
      async (mysql) => {
        for (const query of ['', '?sslmode=disable']) {
          const lines = await failure(open(`postgresql://u:p@127.0.0.1:${mysql}/d${query}`))
          expect(lines[0]).toBe('not-postgresql')
        }
      },
    ))

  test('somebody who hangs up', () =>
    withListener(
      (socket) => socket.destroy(),
      async (gone) => {
        expect(await failure(open(`postgresql://u:p@127.0.0.1:${gone}/d`))).toEqual([
          'connection-closed',
          `127.0.0.1:${gone} closed the connection before anybody logged in.`,
          'It may be no PostgreSQL server, one that is stopping, or a proxy that wants TLS (?sslmode=require).',
        ])
      },
    ))

  test('an abort while it waits', () =>
    withListener(
      () => {},
      async (silent) => {
        const abort = new AbortController()
        setTimeout(() => abort.abort(), 100)
        const work = open(`postgresql://u:p@127.0.0.1:${silent}/d`, { signal: abort.signal })
        expect((await failure(work))[0]).toBe('cancelled')
      },
    ))

  test('the second of two hosts, and neither of two', async () => {
    const free = await freePort()
    const { password } = new URL(server.url)
    const two = `postgresql://postgres:${password}@127.0.0.1:${free},127.0.0.1:${port}/postgres`
    expect(await read(two, ({ query }) => query(me))).toEqual([{ me: 'postgres' }])
    const lines = await failure(
      open(`postgresql://u:p@127.0.0.1:${free},/d?host=127.0.0.1,no-such-host.invalid&port=${free}`),
    )
    expect(lines[0]).toBe('host-unknown')
    expect(lines.at(-1)).toBe(`127.0.0.1:${free} was tried too: connect ECONNREFUSED 127.0.0.1:${free}.`)
  })

  test('an unknown TLS mode', async () => {
    expect(await failure(open('postgresql://u@h/d?sslmode=full'))).toEqual([
      'tls-mode-unknown',
      'The TLS mode "full" of postgresql://u@h/d is not known.',
      'Use one of disable, allow, prefer, require, verify-ca, verify-full.',
    ])
  })
})

describe('a connection that breaks', () => {
  test('ended by an administrator', async () => {
    const lines = await failure(
      read(server.url, async ({ query }) => {
        const [row] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
        await read(server.url, (other) => other.query('SELECT pg_terminate_backend($1)', [row?.pid]))
        return query(me)
      }),
    )
    expect(lines).toEqual([
      'connection-lost',
      `The connection to ${at('postgres', 'postgres')} was lost: an administrator ended it, or the server was restarted.`,
      'Run it again; nothing was left behind on the server.',
    ])
  })

  test.runIf(server.bin)('by a restart of the server, in the middle of a statement', async () => {
    const own = await startPostgres(server.bin ?? '')
    try {
      const driver = await open(own.url)
      const running = failure(driver.readOnly(({ query }) => query('SELECT pg_sleep(30)')))
      await new Promise((resolve) => setTimeout(resolve, 300))
      await own.restart('fast')
      expect((await running)[0]).toBe('connection-lost')
      expect((await failure(driver.readOnly(({ query }) => query(me))))[0]).toBe('connection-lost')
      await driver.close()

      const crashed = await open(own.url)
      const lost = failure(crashed.readOnly(({ attempt }) => attempt('SELECT pg_sleep(30)')))
      await new Promise((resolve) => setTimeout(resolve, 300))
      await own.restart('immediate')
      expect((await lost)[0]).toBe('connection-lost')
      await crashed.close()
      expect(await read(own.url, ({ query }) => query(me))).toEqual([{ me: 'postgres' }])
    } finally {
      await own.stop()
    }
  })

  test.runIf(server.bin)('through a socket, with the default directory or another', async () => {
    const own = await startPostgres(server.bin ?? '')
    try {
      const { password } = new URL(own.url)
      const url = `postgresql://postgres:${password}@/postgres?host=${own.socket}&port=${own.port}`
      expect(await read(url, ({ query }) => query(me))).toEqual([{ me: 'postgres' }])
      const wrong = await failure(open(url.replace(password, 'topsecret')))
      expect(wrong[1]).toContain(`postgresql://postgres@/postgres?host=${own.socket}&port=${own.port} did not accept`)
    } finally {
      await own.stop()
    }
  })
})

describeWith(inject('tools').pgbouncer)('PgBouncer', () => {
  test('unknown database, wrong password, startup options', async () => {
    const bouncer = await startPgbouncer(inject('tools').pgbouncer ?? '', server.url)
    try {
      const through = urlFor(server.url, { port: bouncer.port })
      expect((await failure(open(urlFor(through, { database: 'nothing_like_it' }))))[0]).toBe('database-not-found')
      expect((await failure(open(urlFor(through, { password: 'topsecret' }))))[0]).toBe('password-wrong')
      const options = await failure(open(through, { env: { PGOPTIONS: '-c work_mem=8MB' } }))
      expect(options[0]).toBe('connection-refused-by-server')
      expect(options[2]).toBe(
        'Poolers take no `options`: leave them (PGOPTIONS, ?options=) away, or list them in ignore_startup_parameters.',
      )
    } finally {
      await bouncer.stop()
    }
  })
})
