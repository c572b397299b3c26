import { readdir } from 'node:fs/promises'

const NAME_BYTES = 80

/** A script's name as every file system takes it. */
export function safeName(name: string): string {
  let safe = name.normalize('NFC').replaceAll(/[^\p{L}\p{N}_]/gu, '_')
  while (Buffer.byteLength(safe) > NAME_BYTES) safe = [...safe].slice(0, -1).join('')
  return safe
}

/** `0007`, where six is the highest of `numbers`. */
export function nextNumber(numbers: readonly number[]): string {
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0')
}

/** What is in a directory, in a fixed order; nothing where there is none, or where it may not be read. */
export async function entriesOf(
  directory: string,
): Promise<{ readonly name: string; readonly isDirectory: boolean }[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries
      .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && unreadable.has(String(error.code))) return []
    throw error
  }
}

const unreadable = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'])
