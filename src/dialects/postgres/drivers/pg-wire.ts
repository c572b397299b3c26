import type { ConnectionOptions } from 'node:tls'
import type pg from 'pg'
import type { ConnectionTarget } from '../../dialect.js'
import { connectionLost, endsConnection, isServerError } from '../errors.js'
import { sendCancel } from './cancel.js'
import type { Endpoint } from './params.js'
import type { Wire, WireResult } from './wire.js'

/** How long an orderly end may take, in milliseconds. */
const farewell = 1_000

/** Fields that node-postgres has and its types don't name. */
interface ClientInternals {
  readonly processID: number | null
  readonly secretKey: number | null
  readonly connection: { readonly stream: { destroy(): void } }
}

const internals = (client: pg.Client) => client as unknown as ClientInternals

/** Cuts the connection at once. */
export function destroy(client: pg.Client): void {
  internals(client).connection.stream.destroy()
}

/** A connected node-postgres client. */
export class PgWire implements Wire {
  /** Why the connection is gone. */
  #lost: unknown

  constructor(
    private readonly client: pg.Client,
    private readonly endpoint: Endpoint,
    private readonly ssl: ConnectionOptions | false,
    private readonly target: ConnectionTarget,
  ) {
    client.on('error', (error) => {
      this.#lost ??= error
    })
    client.on('end', () => {
      this.#lost ??= new Error('Connection terminated')
    })
  }

  async run(sql: string, values: readonly unknown[]): Promise<WireResult> {
    if (this.#lost !== undefined) throw connectionLost(this.#lost, this.target)
    try {
      const query: ExtendedQuery = { text: sql, values: [...values], queryMode: 'extended' }
      const result = await this.client.query<Record<string, unknown>>(query)
      const status = this.client.getTransactionStatus()
      return { rows: result.rows, status: status === 'I' ? 'idle' : status === null ? 'unknown' : 'transaction' }
    } catch (error) {
      if (isServerError(error) && !endsConnection(error)) throw error
      this.#lost ??= error
      throw connectionLost(error, this.target)
    }
  }

  async cancel(): Promise<void> {
    const { processID, secretKey } = internals(this.client)
    if (processID !== null && secretKey !== null) await sendCancel(this.endpoint, this.ssl, { processID, secretKey })
  }

  destroy(): void {
    destroy(this.client)
  }

  async close(): Promise<void> {
    // A peer that no longer answers doesn't close its side either.
    const cut = setTimeout(() => this.destroy(), farewell)
    await this.client.end().catch(() => {})
    clearTimeout(cut)
  }
}

/** Parse and bind even without values, so that a string never holds several statements. */
type ExtendedQuery = pg.QueryConfig & { readonly queryMode: 'extended' }
