import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import zlib from 'node:zlib'

type Chunks = AsyncIterable<Uint8Array>

/** By the bytes that a file begins with; its name may say anything. */
const compressions: readonly { readonly magic: readonly number[]; readonly open: (chunks: Chunks) => Chunks }[] = [
  { magic: [0x1f, 0x8b], open: (chunks) => through(chunks, zlib.createGunzip()) },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], open: zstandard },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], open: xz },
]

/** What was compressed, or the chunks themselves; in bounded memory. Throws where a file is damaged or cut off. */
export async function* decompressed(chunks: Chunks): Chunks {
  const source = chunks[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < 6) {
    const { done, value } = await source.next()
    if (done) break
    first.push(value)
    length += value.length
  }
  const start = Buffer.concat(first)
  const all = concatenated(start, source)
  const compression = compressions.find(({ magic }) => magic.every((byte, at) => start[at] === byte))
  yield* compression ? compression.open(all) : all
}

async function* concatenated(start: Uint8Array, rest: AsyncIterator<Uint8Array>): Chunks {
  try {
    if (start.length > 0) yield start
    for (let { done, value } = await rest.next(); !done; { done, value } = await rest.next()) yield value
  } finally {
    await rest.return?.()
  }
}

async function* through(chunks: Chunks, transform: zlib.Gunzip): Chunks {
  const source = Readable.from(chunks)
  source.on('error', (error) => transform.destroy(error))
  source.pipe(transform)
  try {
    yield* transform as Chunks
  } finally {
    source.destroy()
    if (!source.closed) await once(source, 'close').catch(() => {})
  }
}

/** Of Node itself where it has it (22.15), which is several times as fast. */
async function* zstandard(chunks: Chunks): Chunks {
  const native = (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress
  if (native) {
    yield* through(chunks, native())
    return
  }
  const { Decompress } = await import('fzstd')
  let out: Uint8Array[] = []
  const decompress = new Decompress((chunk) => out.push(chunk))
  for await (const chunk of chunks) {
    // A file ends with its last frame, and only an empty last chunk would say so.
    decompress.push(chunk)
    yield* out
    out = []
  }
  decompress.push(new Uint8Array(0), true)
  yield* out
}

async function* xz(chunks: Chunks): Chunks {
  const { default: module } = await import('xz-decompress')
  const source = chunks[Symbol.asyncIterator]()
  const web = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await source.return?.()
    },
  })
  yield* new module.XzReadableStream(web as never) as unknown as Chunks
}

/** What decompression throws: codes of zlib, numbers of fzstd, or a plain error of xz-decompress. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return /^(Z_|ZSTD_|ERR_ZSTD|ERR_BUFFER)/.test(code)
  return typeof code === 'number' || error.message.includes('get_next_output')
}
