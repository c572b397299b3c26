import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { ConnectionTarget } from '../../dialect.js'
import { connectionLost, endsConnection, isServerError } from '../errors.js'
import type { Stop, Wire } from './wire.js'

/** How long an orderly end may take, in milliseconds. */
const farewell = 1_000

/** Numbers of connections mean something on one server only, and a name may lead to several. */
const IDENTITY = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id, @@datadir) AS server"

/** A client, and the socket below it: mysql2's own way to cut leaves a running statement without an end. */
export interface Connected {
  readonly connection: Connection
  readonly socket: Socket
}

/** What mysql2's promises are made over, and its types don't name. */
interface ConnectionInternals {
  readonly connection: { query(sql: string): EventEmitter }
}

const internals = (connection: Connection) => connection as unknown as ConnectionInternals

/** A connected mysql2 client. */
export class Mysql2Wire implements Wire {
  /** Why the connection is gone. */
  #lost: unknown
  #server: string | undefined

  constructor(
    private readonly connected: Connected,
    /** Opens another to the same address. */
    private readonly another: () => Promise<Connected>,
    private readonly target: ConnectionTarget,
  ) {
    const { connection } = connected
    connection.on('error', (error: unknown) => {
      this.#lost ??= error
    })
    connection.on('end', () => {
      this.#lost ??= Object.assign(new Error('closed'), { code: 'PROTOCOL_CONNECTION_LOST' })
    })
  }

  async run(sql: string): Promise<Record<string, unknown>[]> {
    return this.#guarded(async () => {
      const [rows] = await this.connected.connection.query<RowDataPacket[]>(sql)
      return Array.isArray(rows) ? rows : []
    })
  }

  async stream(sql: string, onRow: (row: Record<string, unknown>) => void): Promise<void> {
    const failed: unknown[] = []
    await this.#guarded(() =>
      this.#rows(sql, (row) => {
        // Thrown from here it would end the process.
        if (failed.length > 0) return
        try {
          onRow(row)
        } catch (error) {
          failed.push(error)
        }
      }),
    )
    if (failed.length > 0) throw failed[0]
  }

  async #rows(sql: string, onRow: (row: Record<string, unknown>) => void): Promise<void> {
    const { connection } = this.connected
    let onLoss: (error: unknown) => void = () => {}
    try {
      await new Promise<void>((resolve, reject) => {
        // A query without a callback isn't told when the connection is lost.
        onLoss = reject
        connection.on('error', onLoss)
        const query = internals(connection).connection.query(sql)
        query.on('error', reject)
        query.on('end', () => resolve())
        query.on('result', onRow)
      })
    } finally {
      connection.removeListener('error', onLoss)
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#lost !== undefined) throw connectionLost(this.#lost, this.target)
    try {
      return await work()
    } catch (error) {
      if (isServerError(error) && !endsConnection(error)) throw error
      this.#lost ??= error
      throw connectionLost(this.#lost, this.target)
    }
  }

  /** Which server this is, for `stop`. */
  async identify(): Promise<void> {
    this.#server = await serverOf(this.connected.connection)
  }

  async stop(what: Stop): Promise<void> {
    try {
      const other = await this.another()
      try {
        if ((await serverOf(other.connection)) === this.#server) {
          await other.connection.query(`KILL ${what.toUpperCase()} ${this.connected.connection.threadId}`)
        }
      } finally {
        other.socket.destroy()
      }
    } catch {
      // There is another try, and in the end the connection is cut.
    }
  }

  destroy(): void {
    this.#lost ??= new Error('cut by goc-audit')
    this.connected.socket.destroy()
  }

  async close(): Promise<void> {
    // A peer that no longer answers doesn't close its side either.
    const cut = setTimeout(() => this.connected.socket.destroy(), farewell)
    await this.connected.connection.end().catch(() => {})
    clearTimeout(cut)
  }
}

async function serverOf(connection: Connection): Promise<string> {
  const [rows] = await connection.query<(RowDataPacket & { readonly server: string })[]>(IDENTITY)
  return rows[0]?.server ?? ''
}
