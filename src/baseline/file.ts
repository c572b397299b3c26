import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { BaselineEntry } from '../model/baseline.js'
import { UserError } from '../model/errors.js'
import { type JsonSource, readJson } from '../model/json-source.js'
import { baselineSchema } from './schema.js'

const SCHEMA_VERSION = 1

/** The entries of a baseline; null where there is no such file. `shown` is its name in messages. Throws UserError. */
export async function readBaseline(path: string, shown: string): Promise<readonly BaselineEntry[] | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new UserError(`The baseline ${shown} can't be read: ${message}.`, {
      code: 'baseline-unreadable',
      suggestions: ['Check that it is a file and that you may read it.'],
      cause,
    })
  }
  return parseBaseline(text, shown)
}

/** Throws UserError with the place of the first mistake. */
export function parseBaseline(text: string, shown: string): readonly BaselineEntry[] {
  const source = readJson(text, shown, 'baseline-invalid')
  const version = (source.data as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UserError(`This baseline has version ${version}, and this goc-audit reads version ${SCHEMA_VERSION}.`, {
      code: 'baseline-too-new',
      suggestions: ['Use the goc-audit that wrote it, or a newer one.'],
      location: source.locate(['schemaVersion']),
    })
  }
  const checked = baselineSchema.safeParse(source.data)
  if (!checked.success) throw invalid(checked.error.issues[0]?.path ?? [], checked.error.issues[0]?.message, source)
  const entries = checked.data.keySets.map(({ database, schemas, ...entry }): BaselineEntry => {
    return { ...(database !== undefined && { database }), ...entry, ...(schemas && { schemas }) }
  })
  refuseTwins(entries, source)
  return entries
}

function invalid(path: readonly PropertyKey[], message = '', source: JsonSource): UserError {
  const name = path.filter((part) => typeof part === 'string').at(-1)
  const what = name === undefined ? 'This is no baseline' : `\`${name}\` is not as a baseline has it`
  return new UserError(`${what}: ${message.replace(/^Invalid input: /, '')}.`, {
    code: 'baseline-invalid',
    suggestions: [
      'Take the last version that was committed, or write it anew with `goc-audit scan --update-baseline`.',
    ],
    location: source.locate(path),
  })
}

/** As two branches leave them when both added the same key set. */
function refuseTwins(entries: readonly BaselineEntry[], source: JsonSource): void {
  const seen = new Set<string>()
  for (const [at, { database, id }] of entries.entries()) {
    const key = JSON.stringify([database, id])
    if (seen.has(key)) {
      throw new UserError(`${id} is in the baseline twice${database === undefined ? '' : ` for ${database}`}.`, {
        code: 'baseline-invalid',
        suggestions: ['Keep one of the two lines: the one with fewer surplus rows.'],
        location: source.locate(['keySets', at]),
      })
    }
    seen.add(key)
  }
}

/** One line per key set, sorted, so that versions of the file can be compared and merged. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = [...entries].sort(byPlace).map((entry) => `    ${JSON.stringify(ordered(entry))}`)
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "schemaVersion": ${SCHEMA_VERSION},\n  "keySets": ${list}\n}\n`
}

function ordered(entry: BaselineEntry): BaselineEntry {
  const { database, id, rules, protection, hazards, groups, surplusRows, divergentGroups, schemas } = entry
  return {
    ...(database !== undefined && { database }),
    id,
    rules: [...rules].sort(),
    protection,
    hazards: [...hazards].sort(),
    groups,
    surplusRows,
    divergentGroups,
    ...(schemas && { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => compare(a, b))) }),
  }
}

function byPlace(a: BaselineEntry, b: BaselineEntry): number {
  return compare(a.database ?? '', b.database ?? '') || compare(a.id, b.id)
}

// By code unit: the same on every machine, whatever its locale.
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** Replaces the file at once, so that nobody reads half of it. Whether it changed. Throws UserError. */
export async function writeBaseline(path: string, shown: string, entries: readonly BaselineEntry[]): Promise<boolean> {
  const text = baselineText(entries)
  const own = `${path}.${process.pid}.${randomUUID().slice(0, 8)}`
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) === text) return false
    await writeFile(own, text, { flag: 'wx' })
    await rename(own, path)
    return true
  } catch (cause) {
    await rm(own, { force: true })
    throw new UserError(`The baseline ${shown} can't be written: ${(cause as Error).message}.`, {
      code: 'baseline-unwritable',
      suggestions: ['Check that its directory exists and that you may write there.'],
      cause,
    })
  }
}
