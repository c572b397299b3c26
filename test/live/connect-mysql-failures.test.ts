import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/dialects/index.js'
import { urlFor } from '../support/database.js'
import { failure } from '../support/driver.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { openMysql, readMysql } from '../support/mysql-driver.js'
import { freePort } from '../support/process.js'
import { forEachMysql } from '../support/servers.js'

const me = "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS me"
const cipher = "SHOW SESSION STATUS LIKE 'Ssl_cipher'"

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

async function encrypted(url: string): Promise<boolean> {
  const [row] = await readMysql(url, ({ query }) => query<{ Value: string }>(cipher))
  return row?.Value !== ''
}

/** The authority that signed the server's own certificate, as a file; null for a server without TLS. */
async function authorityOf(url: string, directory: string): Promise<string | null> {
  try {
    const connection = await createConnection({ uri: url, ssl: { rejectUnauthorized: false } })
    const { stream } = (connection as unknown as { connection: { stream: import('node:tls').TLSSocket } }).connection
    const certificate = stream.getPeerCertificate(true)
    connection.destroy()
    const { raw } = certificate.issuerCertificate ?? certificate
    const path = join(directory, 'authority.pem')
    const text = raw.toString('base64').replace(/.{64}/g, '$&\n')
    await writeFile(path, `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`)
    return path
  } catch (error) {
    if ((error as { code?: string }).code === 'HANDSHAKE_NO_SSL_SUPPORT') return null
    throw error
  }
}

forEachMysql((server) => {
  const { hostname, port, password } = new URL(server.url)
  const at = (user: string, database: string) => `mysql://${user}@${hostname}:${port}/${database}`

  describe('who may log in', () => {
    test('a wrong password, which is not shown', async () => {
      const lines = await failure(openMysql(urlFor(server.url, { password: 'topsecret' })))
      expect(lines.slice(0, 3)).toEqual([
        'password-wrong',
        `The server at ${at('root', '')} did not accept the password of "root". It says the same for a user that does not exist or may not come from this machine.`,
        "Check the user's name and the password, which came from the URL, an option file or MYSQL_PWD.",
      ])
      expect(lines.join()).not.toContain('topsecret')
    })

    test('no password at all', async () => {
      const [code, message] = await failure(openMysql(at('root', '')))
      expect([code, message]).toEqual([
        'password-missing',
        `The server at ${at('root', '')} does not let "root" in without a password, and none was given.`,
      ])
    })

    test('an unknown database, with the nearest one', () =>
      withMysqlDatabase(server, '', async ({ url, name }) => {
        const wrong = `${name.slice(0, -1)}_`
        expect(await failure(openMysql(urlFor(url, { database: wrong })))).toEqual([
          'database-not-found',
          `There is no database "${wrong}" at ${at('root', wrong)}.`,
          `Did you mean "${name}"?`,
        ])
        expect((await failure(openMysql(urlFor(url, { database: 'nothing like it' }))))[2]).toBe(
          'SHOW DATABASES lists those of a server.',
        )
      }))

    test('a user without rights on the database', () =>
      withMysqlDatabase(server, '', async (database) => {
        const role = await database.user([])
        const [code, message, advice] = await failure(openMysql(urlFor(role.url, { database: database.name })))
        expect(code).toBe('permission-denied')
        expect(message).toContain(`The user "${role.name}" may not use the database "${database.name}"`)
        expect(advice).toBe(
          `As an administrator: GRANT SELECT ON \`${database.name}\`.* TO the account of "${role.name}"`,
        )
      }))

    test('too many connections of one user', () =>
      withMysqlDatabase(server, '', async (database) => {
        const role = await database.reader()
        await database.query(`ALTER USER ${role.name}@'%' WITH MAX_USER_CONNECTIONS 1`)
        await database.connect(role.url)
        const [code, message] = await failure(openMysql(role.url))
        expect(code).toBe('too-many-connections')
        expect(message).toContain(`The server at ${at(role.name, database.name)} takes no more connections: `)
      }))

    test('a locked account', () =>
      withMysqlDatabase(server, '', async (database) => {
        const role = await database.reader()
        await database.query(`ALTER USER ${role.name}@'%' ACCOUNT LOCK`)
        expect((await failure(openMysql(role.url)))[0]).toBe('login-refused')
      }))

    test('a user who must come with TLS', () =>
      withMysqlDatabase(server, '', async (database) => {
        const role = await database.reader()
        await database.query(`ALTER USER ${role.name}@'%' REQUIRE SSL`)
        const [code, , , advice] = await failure(openMysql(`${role.url}?ssl-mode=DISABLED`))
        expect(code).toBe('password-wrong')
        expect(advice).toContain('some accounts are let in with TLS only')
      }))
  })

  test('passwords from the environment, an option file and a command', async () => {
    const home = await mkdtemp(join(tmpdir(), 'goc-audit-home-'))
    const bare = at('root', '')
    const look = (options: Parameters<typeof readMysql>[2]) => readMysql(bare, ({ query }) => query(me), options)
    try {
      expect(await look({ env: { MYSQL_PWD: password } })).toEqual([{ me: 'root' }])
      await writeFile(join(home, '.my.cnf'), `[client]\npassword="${password}"\n`)
      expect(await look({ env: { HOME: home } })).toEqual([{ me: 'root' }])
      const command = () => look({ passwordCommand: `echo ${password}` })
      if (await encrypted(server.url)) expect(await command()).toEqual([{ me: 'root' }])
      // A token would be read by whoever listens.
      else expect((await failure(command()))[0]).toBe('tls-not-offered')
      expect(await failure(look({ passwordCommand: 'echo topsecret; exit 3' }))).toEqual([
        'password-command-failed',
        'The password_command failed with exit code 3.',
        'Run it in a shell by itself: it must print the password, and nothing else, on standard output.',
      ])
    } finally {
      await rm(home, { recursive: true })
    }
  })

  test('TLS where there is any, in every mode', () =>
    withMysqlDatabase(server, '', async ({ url }) => {
      const directory = await mkdtemp(join(tmpdir(), 'goc-audit-tls-'))
      try {
        const authority = await authorityOf(url, directory)
        expect(await encrypted(`${url}?ssl-mode=DISABLED`)).toBe(false)
        expect(await encrypted(url)).toBe(authority !== null)
        expect(await encrypted(`${url}?ssl-mode=PREFERRED`)).toBe(authority !== null)
        if (authority === null) {
          for (const mode of ['REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY']) {
            const [code, message] = await failure(openMysql(`${url}?ssl-mode=${mode}`))
            expect([code, message]).toEqual([
              'tls-not-offered',
              expect.stringContaining(`${hostname}:${port} offers no TLS, and mysql://`),
            ])
          }
          return
        }
        expect(await encrypted(`${url}?ssl-mode=REQUIRED`)).toBe(true)
        // MariaDB makes a certificate that signs nothing, not even itself as an authority.
        if (server.kind === 'mysql') {
          expect(await encrypted(`${url}?ssl-ca=${authority}`)).toBe(true)
          expect(await encrypted(`${url}?ssl-mode=VERIFY_CA&ssl-ca=${authority}`)).toBe(true)
        }
        for (const query of ['ssl-mode=VERIFY_CA', `ssl-mode=VERIFY_IDENTITY&ssl-ca=${authority}`]) {
          const [code, message] = await failure(openMysql(`${url}?${query}`))
          expect(code).toBe('tls-failed')
          expect(message).toMatch(/^TLS with mysql:.* failed: .*(certificate|does not match)/)
        }
        expect((await failure(openMysql(`${url}?ssl-ca=/nonexistent/ca.pem`)))[0]).toBe('tls-file-unreadable')
      } finally {
        await rm(directory, { recursive: true })
      }
    }))

  test('an abort goes through TLS and without', () =>
    withMysqlDatabase(server, '', async ({ url }) => {
      for (const mode of ['DISABLED', 'PREFERRED']) {
        const abort = new AbortController()
        setTimeout(() => abort.abort(), 200)
        const work = readMysql(`${url}?ssl-mode=${mode}`, ({ query }) => query('SELECT SLEEP(20) AS n'), {
          signal: abort.signal,
        })
        const started = Date.now()
        expect((await failure(work))[0]).toBe('cancelled')
        expect(Date.now() - started).toBeLessThan(2_000)
      }
    }))

  test('the first login of an account goes without TLS too', () =>
    withMysqlDatabase(server, '', async ({ reader, query: admin }) => {
      // caching_sha2_password then asks for more than a hash: encrypted by the server's public key.
      const role = await reader()
      expect(await readMysql(`${role.url}?ssl-mode=DISABLED`, ({ query }) => query(me))).toEqual([{ me: role.name }])
      const other = await reader()
      expect(await readMysql(other.url, ({ query }) => query(me))).toEqual([{ me: other.name }])
      if (server.kind !== 'mysql') return
      await admin(`ALTER USER ${other.name}@'%' IDENTIFIED WITH sha256_password BY '${other.password}'`)
      for (const mode of ['DISABLED', 'REQUIRED']) {
        expect(await readMysql(`${other.url}?ssl-mode=${mode}`, ({ query }) => query(me))).toEqual([{ me: other.name }])
      }
    }))

  test('a connection that an administrator ends', () =>
    withMysqlDatabase(server, '', async ({ url, query: admin }) => {
      const lines = await failure(
        readMysql(url, async ({ query }) => {
          const [row] = await query<{ id: number }>('SELECT CONNECTION_ID() AS id')
          await admin(`KILL ${row?.id}`)
          return query(me)
        }),
      )
      expect(lines[0]).toBe('connection-lost')
      expect(lines[1]).toMatch(/^The connection to mysql:.* was lost: .*an administrator ended it/)
      const driver = await openMysql(url)
      const running = failure(
        driver.readOnly(({ attempt }) => attempt("SELECT SLEEP(20) AS n, 'goc_audit_kill' AS mark")),
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      const [row] = await admin<{ id: number }>(
        "SELECT id AS id FROM information_schema.processlist WHERE info LIKE '%goc_audit_kill%' AND info NOT LIKE '%processlist%'",
      )
      await admin(`KILL ${row?.id}`)
      expect((await running)[0]).toBe('connection-lost')
      await driver.close()
    }))

  test('the session says what the server is', () =>
    withMysqlDatabase(server, '', async ({ url, name }) => {
      const open = async (address: string, schemas: readonly string[] = []) => {
        const session = await connect({ url: address, shown: address, schemas }, { statementTimeout: 0 })
        await session.close()
        return session
      }
      const session = await open(url)
      expect(session.info).toMatchObject({ name, dialect: 'mysql', flavour: server.kind })
      expect(session.info.version).toMatch(/^\d+\.\d+\.\d+$/)
      expect(session.notes).toEqual([expect.stringMatching(/^Transactions run at REPEATABLE READ here/)])
      expect((await open(server.url, ['a', 'b'])).info.name).toBe('a, b')
    }))
})

describe('who listens', () => {
  test('nobody', async () => {
    const free = await freePort()
    expect((await failure(openMysql(`mysql://u:p@127.0.0.1:${free}/d`))).slice(0, 2)).toEqual([
      'connection-refused',
      `Nothing listens at 127.0.0.1:${free}, so mysql://u@127.0.0.1:${free}/d can't be reached.`,
    ])
    expect((await failure(openMysql(`mysql://u:p@localhost:${free}/d`)))[0]).toBe('connection-refused')
  })

  test('a name without an address, after another host', async () => {
    const free = await freePort()
    const lines = await failure(openMysql(`mysql://u:p@127.0.0.1:${free},no-such-host.invalid/d`))
    expect(lines[0]).toBe('host-unknown')
    expect(lines.at(-1)).toBe(`127.0.0.1:${free} was tried too: connect ECONNREFUSED 127.0.0.1:${free}.`)
  })

  test('no socket', async () => {
    expect((await failure(openMysql('mysql://u@/d?socket=/nonexistent/s')))[0]).toBe('socket-missing')
  })

  test('somebody who never answers', () =>
    withListener(
      () => {},
      async (silent) => {
        expect((await failure(openMysql(`mysql://u:p@127.0.0.1:${silent}/d?connect_timeout=2`))).slice(0, 2)).toEqual([
          'host-unreachable',
          `127.0.0.1:${silent} gave no answer within 2 s, so mysql://u@127.0.0.1:${silent}/d can't be reached.`,
        ])
      },
    ))

  test('a PostgreSQL server, which waits for us to speak', () =>
    withListener(
      (socket) => socket.once('data', () => socket.write('N')),
      async (postgres) => {
        expect(await failure(openMysql(`mysql://u:p@127.0.0.1:${postgres}/d?connect_timeout=2`))).toEqual([
          'not-mysql',
          `What listens at 127.0.0.1:${postgres} is a PostgreSQL server.`,
          `Begin the URL with postgresql://, or check the port of mysql://u@127.0.0.1:${postgres}/d.`,
        ])
      },
    ))

  test('a server of another kind that speaks first', () =>
    withListener(
      (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
      async (ssh) => {
        expect((await failure(openMysql(`mysql://u:p@127.0.0.1:${ssh}/d`))).slice(0, 2)).toEqual([
          'not-mysql',
          `What listens at 127.0.0.1:${ssh} does not speak MySQL's protocol.`,
        ])
      },
    ))

  test('somebody who hangs up', () =>
    withListener(
      (socket) => socket.end(),
      async (gone) => {
        expect((await failure(openMysql(`mysql://u:p@127.0.0.1:${gone}/d`)))[0]).toBe('connection-closed')
      },
    ))

  test.each([
    [1040, 'Too many connections', 'too-many-connections'],
    [1129, "Host 'x' is blocked because of many connection errors", 'login-refused'],
    [1130, "Host 'x' is not allowed to connect", 'login-refused'],
  ])('a server that turns us away with %d', (number, text, code) =>
    withListener(
      (socket) => {
        const body = Buffer.concat([Buffer.from([255, number & 255, number >> 8]), Buffer.from(text)])
        socket.write(Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]))
      },
      async (full) => {
        const lines = await failure(openMysql(`mysql://u:p@127.0.0.1:${full}/d`))
        expect(lines[0]).toBe(code)
        expect(lines[1]).toContain(text)
      },
    ),
  )

  test('a kind of login that we can not do', () =>
    withListener(
      (socket) => {
        socket.write(greeting)
        socket.once('data', () => {
          const body = Buffer.concat([Buffer.from([254]), Buffer.from('client_ed25519\0'), Buffer.alloc(32, 1)])
          socket.write(Buffer.concat([Buffer.from([body.length, 0, 0, 2]), body]))
        })
      },
      async (odd) => {
        const lines = await failure(openMysql(`mysql://u:p@127.0.0.1:${odd}/d?ssl-mode=DISABLED`))
        expect(lines[0]).toBe('login-method-unknown')
        expect(lines[1]).toMatch(/can't do: client_ed25519\.$/)
      },
    ))

  test('an abort while it waits', () =>
    withListener(
      () => {},
      async (silent) => {
        const abort = new AbortController()
        setTimeout(() => abort.abort(), 100)
        const work = openMysql(`mysql://u:p@127.0.0.1:${silent}/d`, { signal: abort.signal })
        expect((await failure(work))[0]).toBe('cancelled')
      },
    ))

  test('an unknown TLS mode', async () => {
    expect(await failure(openMysql('mysql://u@h/d?ssl-mode=full'))).toEqual([
      'tls-mode-unknown',
      'The TLS mode "full" of mysql://u@h/d is not known.',
      'Use one of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY.',
    ])
  })
})

/** What a MariaDB server says first: version 10, its name, a number, a salt, and what it can do. */
const greeting = (() => {
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('10.11.18-MariaDB\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('saltsalt\0'),
    Buffer.from([0xff, 0xf7, 45, 2, 0, 0xff, 0x81, 21]),
    Buffer.alloc(10),
    Buffer.from('saltsaltsalt\0'),
    Buffer.from('mysql_native_password\0'),
  ])
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body])
})()
