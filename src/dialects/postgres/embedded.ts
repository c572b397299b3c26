import { Worker } from 'node:worker_threads'
import { UserError } from '../../model/errors.js'
import { cancelled } from './errors.js'

/** A PostgreSQL of our own that may be written to: PGlite, its files in a directory. One connection. */
export interface EmbeddedDatabase {
  /** One statement, a transaction of its own. Timestamps are `Date`s. Throws `StatementError`. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** A file of statements, which may begin and commit by itself. Throws `StatementError`, with nothing left open. */
  script(sql: string): Promise<void>
  /** Afterwards other programs may open the directory. */
  close(): Promise<void>
}

/** What the server said. */
export class StatementError extends Error {
  constructor(
    message: string,
    /** SQLSTATE; undefined where PGlite itself failed. */
    readonly code: string | undefined,
  ) {
    super(message)
  }
}

interface Reply {
  readonly id: number
  readonly rows?: unknown[]
  readonly error?: { readonly message: string; readonly code?: string }
}

interface Pending {
  resolve(rows: unknown[]): void
  reject(error: Error): void
}

/**
 * Opens it in a thread of its own, so that this one stays responsive; creates it if the directory is missing or empty,
 * which takes some seconds. Throws UserError when that fails, and `cancelled` from everything once the signal fires.
 */
export async function openEmbedded(directory: string, signal?: AbortSignal): Promise<EmbeddedDatabase> {
  const pending = new Map<number, Pending>()
  const worker = new Worker(new URL('./embedded-worker.js', import.meta.url), { workerData: { directory } })
  let lastId = 0
  const failAll = (error: Error) => {
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  const stop = () => {
    void worker.terminate()
    failAll(cancelled())
  }
  const answer = (id: number) => new Promise<unknown[]>((resolve, reject) => pending.set(id, { resolve, reject }))
  const ask = (run: 'query' | 'script' | 'close', sql = '', values: readonly unknown[] = []) => {
    if (signal?.aborted) return Promise.reject(cancelled())
    lastId += 1
    worker.postMessage({ id: lastId, run, sql, values })
    return answer(lastId)
  }
  worker.on('message', ({ id, rows, error }: Reply) => {
    if (error === undefined) pending.get(id)?.resolve(rows ?? [])
    else pending.get(id)?.reject(new StatementError(error.message, error.code))
    pending.delete(id)
  })
  worker.on('error', (cause) => failAll(cannotOpen(directory, cause)))
  signal?.addEventListener('abort', stop, { once: true })
  await answer(0)
  return {
    query: async <Row>(sql: string, values?: readonly unknown[]) => (await ask('query', sql, values)) as Row[],
    script: async (sql) => {
      await ask('script', sql)
    },
    close: async () => {
      signal?.removeEventListener('abort', stop)
      if (!signal?.aborted) await ask('close')
      await worker.terminate()
    },
  }
}

function cannotOpen(directory: string, cause: unknown): UserError {
  return new UserError(`PGlite could not make a database in ${directory}: ${String(cause)}.`, {
    code: 'pglite-open-failed',
    suggestions: ['Check that there is room for 50 MB and that you may write there.'],
    cause,
  })
}
