import { UserError } from '../model/errors.js'
import type { LogReader, StatementSink } from '../model/statement.js'
import { isDamage } from './compressed.js'
import { detectFormat, formatNamed, unrecognised } from './detect.js'
import { betterForm, findLogFiles, type LogFile } from './files.js'
import type { LogFormat, LogOptions } from './format.js'
import { type OpenLog, openLog } from './open.js'

export { fromLog, toLog } from './encoding.js'
export type { LogFormat, LogOptions } from './format.js'
export { logFormats } from './formats.js'

export interface ReadOptions extends LogOptions {
  /** `auto`, or the name of a format. */
  readonly format: string
  /** Milliseconds since 1970: only statements from then on, and before then. Those without a time always count. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Bytes read so far, and of all files; NaN where that isn't known. Called every quarter of a megabyte or so. */
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** What `-` stands for; default: the program's own. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

export interface LogsRead {
  readonly files: readonly { readonly path: string; readonly format: string }[]
  /** Files of directories and patterns that are no logs, or the same log in another form. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[]
  /** As on the disk. */
  readonly bytes: number
}

/**
 * Reads all files as one log, in their order: a record may go on in the next file. Throws UserError where a file is
 * missing, unreadable, empty or of no known format.
 */
export async function readLogs(
  inputs: readonly string[],
  options: ReadOptions,
  sink: StatementSink,
): Promise<LogsRead> {
  const format = options.format === 'auto' ? undefined : formatNamed(options.format)
  const reading = new Reading(await findLogFiles(inputs), format, options, betweenTimes(sink, options))
  return reading.run()
}

/** Of a line, as much as tells whether it begins a record. */
const OPEN = 4096

class Reading {
  readonly #read: { path: string; format: string }[] = []
  readonly #skipped: { path: string; why: string }[] = []
  readonly #total: number
  readonly #paths: ReadonlySet<string>
  #bytes = 0
  #format: LogFormat | undefined
  #reader: LogReader | undefined
  #endsLine = true
  /** The beginning of the line that the last piece left open. */
  #open = ''

  constructor(
    private readonly files: readonly LogFile[],
    private readonly asked: LogFormat | undefined,
    private readonly options: ReadOptions,
    private readonly sink: StatementSink,
  ) {
    this.#total = files.reduce((sum, { size }) => sum + size, 0)
    this.#paths = new Set(files.filter(({ explicit }) => !explicit).map(({ path }) => path))
  }

  async run(): Promise<LogsRead> {
    for (const file of this.files) await this.#file(file)
    this.#reader?.end()
    if (this.#read.length === 0) this.#nothing()
    return { files: this.#read, skipped: this.#skipped, bytes: this.#bytes }
  }

  async #file(file: LogFile): Promise<void> {
    const better = file.explicit ? undefined : betterForm(file.path, this.#paths)
    if (better !== undefined) {
      this.#skip(file, `the same log as ${better}`)
      return
    }
    const log = await openLog(file, this.options.stdin ?? process.stdin, (bytes) => this.#count(bytes))
    try {
      const format = this.#formatOf(file, log.head)
      if (format === undefined) return
      this.#prepare(format, log.head)
      await this.#feed(file, log)
      this.#read.push({ path: file.path, format: format.name })
    } finally {
      await log.close()
    }
  }

  /** Undefined: it is left out. A file that begins within a record of the last one may look like nothing. */
  #formatOf(file: LogFile, head: string): LogFormat | undefined {
    if (head !== '' && this.asked) return this.asked
    const found = head === '' ? undefined : detectFormat(head)
    if (found) return found
    if (head !== '' && this.#format && (file.explicit || !this.#endsLine)) return this.#format
    if (file.explicit && !(head === '' && this.files.length > 1)) throw unrecognised(file.path, head)
    this.#skip(file, head === '' ? 'empty' : 'no log of a known format')
    return undefined
  }

  #prepare(format: LogFormat, head: string): void {
    if (format !== this.#format || !this.#reader) {
      this.#reader?.end()
      this.#reader = format.reader(this.sink, this.options)
      this.#format = format
    } else if (!this.#endsLine && this.#wasCutOff(format, head)) {
      this.#reader.feed('\n')
    }
    this.#endsLine = true
    this.#open = ''
  }

  /** Whether the last file ended within a record, and this one begins with another; else the line goes on. */
  #wasCutOff(format: LogFormat, head: string): boolean {
    if (!format.startsRecord(head)) return false
    return format.startsRecord(this.#open) || !format.startsRecord(this.#open + head)
  }

  async #feed(file: LogFile, log: OpenLog): Promise<void> {
    const { signal } = this.options
    let first = true
    try {
      for await (const piece of log.pieces()) {
        signal?.throwIfAborted()
        this.#reader?.feed(first && piece.startsWith('\xef\xbb\xbf') ? piece.slice(3) : piece)
        first = false
        this.#see(piece)
      }
    } catch (error) {
      if (signal?.aborted) throw error
      if (!isDamage(error)) throw error
      this.sink.unread('damaged-compressed-file', file.path)
    }
  }

  #see(piece: string): void {
    if (piece === '') return
    this.#endsLine = piece.charCodeAt(piece.length - 1) === 10
    const line = piece.lastIndexOf('\n') + 1
    this.#open = (line === 0 ? this.#open : '') + piece.slice(line, line + OPEN)
    if (this.#open.length > OPEN) this.#open = this.#open.slice(0, OPEN)
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.options.progress?.(this.#bytes, this.#total)
  }

  #skip({ path }: LogFile, why: string): void {
    this.#skipped.push({ path, why })
  }

  #nothing(): never {
    const [first] = this.#skipped
    throw new UserError(
      first
        ? `None of the ${this.#skipped.length} files is a log that can be read; the first, ${first.path}: ${first.why}.`
        : 'No log was named.',
      { code: 'log-format-unrecognised', suggestions: ['Say what they are with --log-format, or name the files.'] },
    )
  }
}

/** Lets statements and failures of the asked time through, and all that has no time. */
function betweenTimes(sink: StatementSink, { since, until }: ReadOptions): StatementSink {
  if (since === undefined && until === undefined) return sink
  const from = since ?? Number.NEGATIVE_INFINITY
  const before = until ?? Number.POSITIVE_INFINITY
  const out = (at: number): boolean => at < from || at >= before
  return {
    statement: (one) => {
      if (!out(one.at)) sink.statement(one)
    },
    failure: (one) => {
      if (!out(one.at)) sink.failure(one)
    },
    totals: (one) => sink.totals(one),
    unread: (reason, example) => sink.unread(reason, example),
  }
}
