import type { Idiom, Isolation, KeyPart, Match } from '../model/keyset.js'
import { visible } from '../model/visible.js'

/** A key set as it stands in the file. Names are real names, unquoted. */
export interface KeySetEntry {
  /** Left out where the file's schemas make it clear. */
  readonly schema?: string | undefined
  readonly table: string
  readonly parts: readonly KeyPart[]
  readonly where?: string | undefined
  readonly match: Readonly<Record<string, Match>>
  readonly boundAs?: Readonly<Record<string, string>>
  readonly nulls?: 'looked-up' | 'never' | undefined
  readonly isolation?: Isolation | undefined
  readonly idiom?: Idiom | undefined
}

/** The lines of a list item, unindented; the default of a field is left out. */
export function entryLines(entry: KeySetEntry): string[] {
  const name = entry.schema === undefined ? [entry.table] : [entry.schema, entry.table]
  const columns = entry.parts.map((part) => (part.kind === 'column' ? identifier(part.name) : `(${part.sql})`))
  const field = (key: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`  ${key}: ${value}`]
  const idiom = entry.idiom === 'select-insert' || entry.idiom === 'unknown' ? undefined : entry.idiom
  return [
    `- table: ${scalar(name.map(identifier).join('.'))}`,
    `  columns: ${list(columns)}`,
    ...field('match', mapping(entry.match)),
    ...field('bound_as', mapping(entry.boundAs ?? {})),
    ...field('where', entry.where === undefined ? undefined : scalar(entry.where)),
    ...field('nulls', entry.nulls),
    ...field('isolation', entry.isolation),
    ...field('idiom', idiom),
  ]
}

/** As in SQL: quoted unless it is a plain lower-case name. */
function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** On one line, whatever it holds: the entry may be a comment. */
export function scalar(text: string): string {
  if (/^[a-z_][\w$./:@-]*[\w$]$|^[a-z_]$/i.test(text) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(text))
    return text
  // JSON's form is YAML too, and holds everything.
  if (visible(text) !== text) return JSON.stringify(text)
  return text.includes("'") && !/["\\]/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "''")}'`
}

export const list = (items: readonly string[]): string => `[${items.map(scalar).join(', ')}]`

function mapping(entries: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(entries).map(([column, value]) => `${scalar(identifier(column))}: ${scalar(value)}`)
  return pairs.length === 0 ? undefined : `{ ${pairs.join(', ')} }`
}
