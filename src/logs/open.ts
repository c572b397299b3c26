import { createReadStream } from 'node:fs'
import { UserError } from '../model/errors.js'
import { decompressed, isDamage } from './compressed.js'
import { HEAD } from './detect.js'
import { type LogFile, unreadable } from './files.js'

/** Bytes that are read at a time. */
const PIECE = 1 << 18

/** A file whose beginning has been read: that, and the rest of it, one character per byte. */
export interface OpenLog {
  readonly head: string
  /** The whole file, the head included; to be run through once. */
  pieces(): AsyncGenerator<string>
  close(): Promise<void>
}

/** `read` is told the bytes of the file that were read, as it is on the disk. Throws UserError where it can't be read. */
export async function openLog(
  file: LogFile,
  stdin: AsyncIterable<Uint8Array>,
  read: (bytes: number) => void,
): Promise<OpenLog> {
  const source = decompressed(counted(file.path === '-' ? stdin : bytesOf(file.path), read))[Symbol.asyncIterator]()
  const first: string[] = []
  let length = 0
  let damage: unknown
  while (length < HEAD && damage === undefined) {
    const next = await source.next().catch((error: unknown) => {
      damage = error
      return undefined
    })
    if (next === undefined || next.done) break
    first.push(latin1(next.value))
    length += next.value.length
  }
  if (damage !== undefined && (length === 0 || !isDamage(damage))) throw whyNot(file.path, damage)
  return {
    head: first.join('').slice(0, HEAD),
    async *pieces() {
      yield* first
      if (damage !== undefined) throw damage
      for (let next = await source.next(); !next.done; next = await source.next()) yield latin1(next.value)
    },
    close: async () => {
      await source.return?.(undefined)
    },
  }
}

function whyNot(path: string, error: unknown): unknown {
  if (isDamage(error))
    return new UserError(`The compressed log ${path} is damaged from its beginning.`, {
      code: 'log-damaged',
      suggestions: ['Copy it again, and try its own program on it: gzip -t, zstd -t or xz -t.'],
      cause: error,
    })
  return error instanceof Error && 'syscall' in error ? unreadable(path, error as NodeJS.ErrnoException) : error
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: PIECE })
}

async function* counted(chunks: AsyncIterable<Uint8Array>, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    read(chunk.length)
    yield chunk
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
