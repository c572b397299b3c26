import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Examination } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import { type JsonSource, readJson } from '../model/json-source.js'
import { type StoredSnapshot, snapshotSchema } from './schema.js'
import { fromStored, toStored } from './store.js'

const SCHEMA_VERSION = 1

/** What a scan saw, without any value of a row. */
export interface Snapshot {
  readonly tool: { readonly name: string; readonly version: string }
  /** ISO 8601. */
  readonly takenAt: string
  /** All of `databases:` were scanned. */
  readonly several: boolean
  readonly databases: readonly {
    /** As under `databases:`; null where there is only one. */
    readonly name: string | null
    readonly examination: Examination
  }[]
}

export function snapshotText({ tool, takenAt, several, databases }: Snapshot): string {
  const stored = databases.map(({ name, examination }) => toStored(name, examination))
  // Only what the schema knows gets through: no samples, no times of rows.
  const snapshot = snapshotSchema.parse({ schemaVersion: SCHEMA_VERSION, tool, takenAt, several, databases: stored })
  return `${JSON.stringify(snapshot, null, 1)}\n`
}

/** Replaces the file at once. Throws UserError. */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  const own = `${path}.${process.pid}.${randomUUID().slice(0, 8)}`
  const text = snapshotText(snapshot)
  try {
    await writeFile(own, text, { flag: 'wx' })
    await rename(own, path)
  } catch (cause) {
    await rm(own, { force: true })
    throw new UserError(`The snapshot ${path} can't be written: ${(cause as Error).message}.`, {
      code: 'snapshot-unwritable',
      suggestions: ['Check that its directory exists and that you may write there.'],
      cause,
    })
  }
}

/** Throws UserError where there is none, or one that this version can't read. */
export async function readSnapshot(path: string): Promise<Snapshot> {
  try {
    return parseSnapshot(await readFile(path, 'utf8'), path)
  } catch (cause) {
    if (cause instanceof UserError || (cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw new UserError(`The snapshot ${path} can't be read: ${(cause as Error).message}.`, {
      code: 'snapshot-unreadable',
      suggestions: ['`goc-audit scan --snapshot FILE` writes one where the database can be reached.'],
      cause,
    })
  }
}

export function parseSnapshot(text: string, file: string): Snapshot {
  const source = readJson(text, file, 'snapshot-invalid')
  const version = (source.data as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UserError(`This snapshot has version ${version}, and this goc-audit reads version ${SCHEMA_VERSION}.`, {
      code: 'snapshot-too-new',
      suggestions: ['Use the goc-audit that wrote it, or a newer one.'],
      location: source.locate(['schemaVersion']),
    })
  }
  const checked = snapshotSchema.safeParse(source.data)
  if (!checked.success) throw invalid(checked.error.issues[0]?.path ?? [], checked.error.issues[0]?.message, source)
  const { tool, takenAt, several, databases } = checked.data
  refuseLooseEnds(databases, source)
  return {
    tool,
    takenAt,
    several,
    databases: databases.map((one) => ({ name: one.name, examination: fromStored(one) })),
  }
}

function invalid(path: readonly PropertyKey[], message = '', source: JsonSource): UserError {
  const name = path.filter((part) => typeof part === 'string').at(-1)
  const what = name === undefined ? 'This is no snapshot' : `\`${name}\` is not as a snapshot has it`
  return new UserError(`${what}: ${message.replace(/^Invalid input: /, '')}.`, {
    code: 'snapshot-invalid',
    suggestions: ['Take it anew with `goc-audit scan --snapshot FILE`.'],
    location: source.locate(path),
  })
}

/** Places that are not in the list of tables. */
function refuseLooseEnds(databases: StoredSnapshot['databases'], source: JsonSource): void {
  for (const [at, { tables, keySets }] of databases.entries()) {
    for (const [place, { base }] of tables.entries()) {
      if (base !== null && !(base.table >= 0 && base.table < place))
        throw invalid(['databases', at, 'tables', place, 'base', 'table'], 'no such table', source)
    }
    for (const [place, { relation, table }] of keySets.entries()) {
      if (tables[relation] === undefined || tables[table] === undefined)
        throw invalid(['databases', at, 'keySets', place, 'table'], 'no such table', source)
    }
  }
}
