import net from 'node:net'
import type { Endpoint } from './params.js'

/** What listens speaks, and not as MySQL servers do; or says nothing at all, where a MySQL server would speak first. */
export class NotMysql extends Error {
  override readonly name = 'NotMysql'
}

const keepAliveDelay = 30_000
/** How long another kind of server may take to show itself, in milliseconds. */
const patience = 1_000

/** Opens the connection below mysql2's, and fails it where the first bytes are no greeting. */
export function openSocket(endpoint: Endpoint): net.Socket {
  const { host, port, socketPath } = endpoint
  const socket =
    socketPath === undefined
      ? net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay })
      : net.connect({ path: socketPath })
  socket.once('data', (chunk) => {
    // Three bytes of length, a number, then the version of the protocol, or the mark of an error.
    if (chunk.length > 4 && chunk[4] !== 10 && chunk[4] !== 255) socket.destroy(new NotMysql('no greeting'))
  })
  return socket
}

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Whether it answers a PostgreSQL client's first question. */
export function isPostgres({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port }, () => socket.write(sslRequest))
    const finish = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(patience, () => finish(false))
    socket.on('error', () => finish(false))
    socket.on('close', () => resolve(false))
    socket.once('data', (answer) => finish(/^[SN]$/.test(answer.toString('latin1'))))
  })
}
