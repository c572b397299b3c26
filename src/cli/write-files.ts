import { lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../model/errors.js'
import type { EmittedFile } from '../model/script.js'

/** All or none, and never over what is there. Throws UserError; paths in its message are those of `shown`. */
export async function writeFiles(
  directory: string,
  files: readonly EmittedFile[],
  shown: (path: string) => string,
): Promise<void> {
  const targets = files.map(({ path, text }) => ({ path: join(directory, path), text }))
  for (const { path } of targets) if (await isTaken(path)) throw taken(shown(path))
  const written: string[] = []
  try {
    for (const { path, text } of targets) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text, { flag: 'wx' })
      written.push(path)
    }
  } catch (cause) {
    await Promise.all(written.map((path) => rm(path, { force: true })))
    const path = targets[written.length]?.path ?? directory
    // A file in the place of a directory is EEXIST too.
    throw (await isTaken(path)) ? taken(shown(path)) : unwritten(shown(path), cause as Error)
  }
}

/** By anything, a link to nowhere included. */
async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function taken(path: string): UserError {
  return new UserError(`${path} exists already, so nothing was written.`, {
    code: 'file-exists',
    suggestions: ['Move it away, or choose another directory with --out or another name with --name.'],
  })
}

function unwritten(path: string, cause: Error): UserError {
  return new UserError(`${path} can't be written: ${cause.message}.`, {
    code: 'file-not-written',
    suggestions: ['Nothing was left behind. Choose another directory with --out.'],
    cause,
  })
}
