import net from 'node:net'
import tls from 'node:tls'
import type { Endpoint } from './params.js'

/** Identifies the server process that runs our statement. */
export interface BackendKey {
  readonly processID: number
  readonly secretKey: number
}

const sslRequest = packet(80877103)

/** How long the other side may take to close the connection, which says that it is done; in milliseconds. */
const patience = 5_000

/**
 * Sends a CancelRequest on a connection of its own, encrypted if the main one is. A pooler passes it on.
 * Resolves when the server has closed that connection or something failed. We never close it first: PgBouncer 1.18 ends
 * itself when a client hangs up while its cancel request is on the way.
 */
export function sendCancel(endpoint: Endpoint, ssl: tls.ConnectionOptions | false, key: BackendKey): Promise<void> {
  return new Promise((resolve) => {
    const socket = endpoint.socketPath
      ? net.connect(endpoint.socketPath)
      : net.connect({ host: endpoint.address ?? endpoint.host, port: endpoint.port })
    const finish = () => {
      socket.destroy()
      resolve()
    }
    socket.setTimeout(patience, finish)
    socket.on('error', finish)
    socket.on('close', finish)
    if (!ssl) socket.resume()
    const request = packet(80877102, key.processID, key.secretKey)
    socket.once('connect', () => {
      if (!ssl) return void socket.write(request)
      socket.write(sslRequest)
      socket.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return finish()
        const secured = tls.connect({ ...ssl, ...nameOf(endpoint), socket }, () => secured.write(request))
        secured.on('error', finish)
        // Nothing is to come; but unless it is read, the end of the stream isn't seen.
        secured.resume()
      })
    })
  })
}

/** What the server's certificate is checked against; an address is never sent as a server name. */
function nameOf({ host }: Endpoint): tls.ConnectionOptions {
  return net.isIP(host) === 0 ? { host, servername: host } : { host }
}

function packet(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length)
  bytes.writeInt32BE(bytes.length, 0)
  words.forEach((word, index) => {
    bytes.writeInt32BE(word | 0, 4 + 4 * index)
  })
  return bytes
}
