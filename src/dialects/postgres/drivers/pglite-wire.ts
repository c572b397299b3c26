import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { UserError } from '../../../model/errors.js'
import type { ConnectionTarget } from '../../dialect.js'
import type { DatabaseError } from '../driver.js'
import { valueParser } from './types.js'
import type { Wire, WireResult } from './wire.js'

interface PlainError {
  readonly message: string
  readonly code?: string
}

type Reply =
  | { readonly ready: true }
  | { readonly failed: PlainError }
  | { readonly id: number; readonly error: PlainError }
  | {
      readonly id: number
      readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
      readonly rows: readonly (readonly (string | null)[])[]
    }

interface Pending {
  readonly id: number
  resolve(result: WireResult): void
  reject(error: Error): void
}

/** PGlite in a thread of its own. It can't be interrupted, so stopping a statement means ending the thread. */
export class PgliteWire implements Wire {
  #worker: Worker | null = null
  #pending: Pending | null = null
  #lastId = 0
  /** Why the thread is gone. */
  #dead: Error = new Error('not started')
  readonly #removeCopy = () => {
    if (this.dataDir !== null) rmSync(this.dataDir, { recursive: true, force: true })
  }

  constructor(
    private readonly dataDir: string | null,
    private readonly statementTimeout: number,
    private readonly target: ConnectionTarget,
  ) {}

  get ended(): boolean {
    return this.#worker === null
  }

  async revive(): Promise<void> {
    if (this.#worker !== null) return
    process.once('exit', this.#removeCopy)
    const worker = new Worker(new URL('./pglite-worker.js', import.meta.url), { workerData: { dataDir: this.dataDir } })
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: unknown) => {
        void worker.terminate()
        reject(cannotOpen(this.target, cause))
      }
      worker.once('error', fail)
      worker.once('message', (reply: Reply) => ('ready' in reply ? resolve() : fail('failed' in reply && reply.failed)))
    })
    worker.on('message', (reply: Reply) => this.#settle(reply))
    worker.on('error', (error) => this.#end(error as Error))
    worker.unref()
    this.#worker = worker
  }

  run(sql: string, values: readonly unknown[]): Promise<WireResult> {
    const worker = this.#worker
    if (worker === null) return Promise.reject(this.#dead)
    this.#lastId += 1
    const id = this.#lastId
    const timeout = this.statementTimeout
    // An unreferenced worker would let the process end in the middle of a statement.
    worker.ref()
    const timer =
      timeout > 0
        ? setTimeout(() => this.#end(stopped('canceling statement due to statement timeout')), timeout)
        : undefined
    return new Promise<WireResult>((resolve, reject) => {
      this.#pending = { id, resolve, reject }
      worker.postMessage({ id, sql, values })
    }).finally(() => {
      clearTimeout(timer)
      worker.unref()
    })
  }

  async cancel(): Promise<void> {
    if (this.#pending !== null) this.#end(stopped('canceling statement due to user request'))
  }

  destroy(): void {
    this.#end(this.#dead)
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#end(new Error('the connection is closed'))
    process.off('exit', this.#removeCopy)
    this.#removeCopy()
  }

  #settle(reply: Reply): void {
    const pending = this.#pending
    if (pending === null || !('id' in reply) || reply.id !== pending.id) return
    this.#pending = null
    if ('error' in reply) pending.reject(Object.assign(new Error(reply.error.message), reply.error))
    else pending.resolve({ rows: reply.rows.map((row) => toRow(reply.fields, row)), status: 'unknown' })
  }

  #end(reason: Error): void {
    this.#dead = reason
    void this.#worker?.terminate()
    this.#worker = null
    this.#pending?.reject(reason)
    this.#pending = null
  }
}

type Reading = Extract<Reply, { readonly rows: unknown }>

function toRow(fields: Reading['fields'], values: Reading['rows'][number]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, dataTypeID }, index) => {
      const text = values[index] ?? null
      return [name, text === null ? null : valueParser(dataTypeID)(text)]
    }),
  )
}

/** What a server would have said. */
function stopped(message: string): DatabaseError {
  return Object.assign(new Error(message), { code: '57014', severity: 'ERROR' })
}

/** The emscripten runtime gives reasons such as `Aborted()`, which say nothing to a person; the cause keeps them. */
function cannotOpen(target: ConnectionTarget, cause: unknown): UserError {
  return new UserError(`PGlite can't open ${target.shown}.`, {
    code: 'pglite-open-failed',
    suggestions: [
      'Its files may be damaged, half written by a program that has it open, or of another version of PGlite; stop that program, or open it there.',
    ],
    cause,
  })
}
