import { type FileHandle, open } from 'node:fs/promises'
import { UserError } from '../model/errors.js'
import type { HistoryRun } from '../model/history.js'
import { historySchema } from './schema.js'

const CHUNK = 256 * 1024
/** However many lines that is: a history is never read as a whole. */
const MOST_BYTES = 64 * 1024 * 1024
const NEWLINE = 0x0a

export interface ReadHistory {
  /** Oldest first: the very first one, and the last ones. */
  readonly runs: readonly HistoryRun[]
  /** Lines that hold no run: torn by a crash, or written by a newer version. */
  readonly passedOver: number
}

/** At most so many of the last runs, and the first. No file, no runs. Throws UserError. */
export async function readHistory(path: string, shown: string, runs: number): Promise<ReadHistory> {
  return withFile(path, shown, 'r', async (file) => {
    const { size } = await file.stat()
    const { lines, from } = await lastLines(file, size, runs)
    const first = from > 0 ? await firstLine(file, from) : null
    const parsed = [...(first === null ? [] : [first]), ...lines].map(parseRun)
    const found = parsed.filter((run) => run !== null)
    return { runs: found.sort((a, b) => compare(a.time, b.time)), passedOver: parsed.length - found.length }
  }).catch((error: unknown) => {
    if (error instanceof UserError && (error.cause as NodeJS.ErrnoException)?.code === 'ENOENT')
      return { runs: [], passedOver: 0 }
    throw error
  })
}

/**
 * Adds one line. Several processes may do so at once: each writes its line in one piece, at the end that the system
 * finds. A line that a crash has torn is closed first. Throws UserError.
 */
export async function appendRun(path: string, shown: string, run: HistoryRun): Promise<void> {
  const line = `${JSON.stringify({ schemaVersion: 1, ...run })}\n`
  await withFile(path, shown, 'a+', async (file) => {
    const bytes = Buffer.from((await endsInLine(file)) ? line : `\n${line}`)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw new Error('the disk took only a part of the line')
  })
}

async function withFile<T>(path: string, shown: string, flags: string, work: (file: FileHandle) => Promise<T>) {
  let file: FileHandle | null = null
  try {
    file = await open(path, flags)
    return await work(file)
  } catch (cause) {
    const verb = flags === 'r' ? 'read' : 'written'
    throw new UserError(`The history ${shown} can't be ${verb}: ${(cause as Error).message}.`, {
      code: `history-un${verb === 'read' ? 'readable' : 'writable'}`,
      suggestions: ['Check that its directory exists, that it is a file, and that you may read and write it.'],
      cause,
    })
  } finally {
    await file?.close()
  }
}

async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === NEWLINE
}

/** Whole lines from the end, oldest first, and where they begin. */
async function lastLines(file: FileHandle, size: number, wanted: number): Promise<{ lines: string[]; from: number }> {
  const chunks: Buffer[] = []
  let [from, breaks] = [size, 0]
  while (from > 0 && breaks <= wanted && size - from < MOST_BYTES) {
    const length = Math.min(CHUNK, from)
    from -= length
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
    const chunk = buffer.subarray(0, bytesRead)
    breaks += chunk.filter((byte) => byte === NEWLINE).length
    chunks.unshift(chunk)
  }
  const bytes = Buffer.concat(chunks)
  // What stands before the first line break is the end of a line, unless it is the file's beginning.
  const start = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
  const lines = linesOf(bytes.subarray(start))
  const kept = lines.slice(-wanted)
  return { lines: kept, from: kept.length < lines.length ? Math.max(from + start, 1) : from }
}

/** Null where it ends after `before`. */
async function firstLine(file: FileHandle, before: number): Promise<string | null> {
  const chunks: Buffer[] = []
  for (let at = 0; at < Math.min(before, MOST_BYTES); at += CHUNK) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at)
    const chunk = buffer.subarray(0, bytesRead)
    const end = chunk.indexOf(NEWLINE)
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end))
    if (end >= 0) return Buffer.concat(chunks).toString('utf8')
  }
  return null
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function parseRun(line: string): HistoryRun | null {
  try {
    const { success, data } = historySchema.safeParse(JSON.parse(line))
    return success ? { time: data.time, tool: data.tool, databases: data.databases } : null
  } catch {
    return null
  }
}

// By code unit: the same on every machine, whatever its locale.
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
