import { constants } from 'node:fs'
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../../../model/errors.js'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import type { PostgresDriver } from '../driver.js'
import { PgliteWire } from './pglite-wire.js'
import { readOnlyDriver } from './read-only.js'

/**
 * Opens `pglite://DIR` or `pglite://memory` (an empty database). A directory is copied first: PGlite writes into it even
 * when it only reads, and two programs in one directory destroy it.
 * Throws UserError when DIR is no PGlite database.
 */
export async function openPglite(target: ConnectionTarget, options: SessionOptions): Promise<PostgresDriver> {
  const directory = dataDirectory(target)
  const copy = directory === null ? null : await copyOf(directory)
  const wire = new PgliteWire(copy, options.statementTimeout, target)
  try {
    await wire.revive()
  } catch (error) {
    await wire.close()
    throw error
  }
  return readOnlyDriver(wire, options)
}

function dataDirectory(target: ConnectionTarget): string | null {
  const path = target.url.replace(/^pglite:\/\//, '')
  return path === 'memory' ? null : resolve(path)
}

async function copyOf(directory: string): Promise<string> {
  await mustBeDatabase(directory)
  const copy = await mkdtemp(join(tmpdir(), 'goc-audit-copy-'))
  try {
    await cp(directory, copy, { recursive: true, mode: constants.COPYFILE_FICLONE })
  } catch (cause) {
    await rm(copy, { recursive: true, force: true })
    throw new UserError(`${directory} could not be copied: ${(cause as Error).message}.`, {
      code: 'pglite-copy-failed',
      suggestions: [`A PGlite database is read from a copy in ${tmpdir()}; set TMPDIR to a folder with more room.`],
      cause,
    })
  }
  // Says that PGlite has it open, which is not true of the copy.
  await rm(join(copy, 'postmaster.pid'), { force: true })
  return copy
}

async function mustBeDatabase(directory: string): Promise<void> {
  const exists = async (path: string) => (await stat(path).catch(() => null)) !== null
  if (!(await exists(directory))) {
    throw new UserError(`There is no directory ${directory}.`, {
      code: 'pglite-not-found',
      suggestions: ['Check the path after pglite://; a relative one starts from the working directory.'],
    })
  }
  if ((await exists(join(directory, 'PG_VERSION'))) && (await exists(join(directory, 'global', 'pg_control')))) {
    return refuseServersOwn(directory)
  }
  throw new UserError(`${directory} is not a PGlite database: PG_VERSION or global/pg_control is missing.`, {
    code: 'pglite-not-a-database',
    suggestions: ['Name the directory that was given to PGlite as its dataDir.'],
  })
}

/** A server writes its process id into the directory; PGlite writes a negative number. */
async function refuseServersOwn(directory: string): Promise<void> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')
  if (!(Number.parseInt(text, 10) > 0)) return
  throw new UserError(`${directory} is the data directory of a PostgreSQL server.`, {
    code: 'pglite-not-a-database',
    suggestions: ['Connect to that server: postgresql://user@host:port/database.'],
  })
}
