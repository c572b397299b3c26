import net from 'node:net'
import tls from 'node:tls'
import type { Endpoint } from './params.js'

/** Identifies the server process that runs our statement. */
export interface BackendKey {
  readonly processID: number
  readonly secretKey: number
}

const sslRequest = packet(80877103)

/**
 * Sends a CancelRequest on a connection of its own, encrypted if the main one is. A pooler passes it on.
 * Resolves when it has been sent or has failed, within two seconds.
 */
export function sendCancel(endpoint: Endpoint, ssl: tls.ConnectionOptions | false, key: BackendKey): Promise<void> {
  return new Promise((resolve) => {
    const socket = endpoint.socketPath
      ? net.connect(endpoint.socketPath)
      : net.connect({ host: endpoint.host, port: endpoint.port })
    const finish = () => {
      socket.destroy()
      resolve()
    }
    socket.setTimeout(2_000, finish)
    socket.on('error', finish)
    socket.on('close', finish)
    const request = packet(80877102, key.processID, key.secretKey)
    socket.once('connect', () => {
      if (!ssl) return void socket.end(request)
      socket.write(sslRequest)
      socket.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return finish()
        const secured = tls.connect({ ...ssl, socket }, () => secured.end(request))
        secured.on('error', finish)
      })
    })
  })
}

function packet(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length)
  bytes.writeInt32BE(bytes.length, 0)
  words.forEach((word, index) => {
    bytes.writeInt32BE(word | 0, 4 + 4 * index)
  })
  return bytes
}
