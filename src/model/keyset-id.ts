import type { KeyPart, KeySet, Match } from './keyset.js'

const simple = /^[a-z_][a-z0-9_$]*$/

/** A name as ids show it: quoted where SQL would need it. */
export function quoted(name: string): string {
  return simple.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function member(part: KeyPart, match: Readonly<Record<string, Match>>): string {
  if (part.kind === 'expression') return `(${collapseSpace(part.sql)})`
  const name = quoted(part.name)
  const how = match[part.name] ?? 'exact'
  return how === 'exact' ? name : how === 'lower' || how === 'upper' ? `${how}(${name})` : `${name} ${how}`
}

/** White space outside quotes becomes one blank. */
export function collapseSpace(sql: string): string {
  return sql
    .trim()
    .replaceAll(
      /('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`)|\s+/g,
      (_, quotedText: string | undefined) => quotedText ?? ' ',
    )
}

/** The schema that stands before the table in ids, if any. */
export function schemaInIds(table: { readonly schema: string; readonly schemaImplied?: boolean }): string | undefined {
  return table.schemaImplied ? undefined : table.schema
}

/** `schema.table(a,lower(b))[predicate]`: the same for any order of columns and any layout of the predicate. */
export function keySetId(keySet: {
  /** Undefined where it goes without saying, or no such table was found. */
  readonly schema: string | undefined
  readonly table: string
  readonly parts: readonly KeyPart[]
  readonly match: Readonly<Record<string, Match>>
  readonly where?: string | undefined
}): string {
  const members = keySet.parts.map((part) => member(part, keySet.match)).sort()
  const predicate = keySet.where === undefined ? '' : `[${collapseSpace(keySet.where)}]`
  const schema = keySet.schema === undefined ? '' : `${quoted(keySet.schema)}.`
  return `${schema}${quoted(keySet.table)}(${members.join(',')})${predicate}`
}

/** `*.table(a)`: what means all key sets that were declared as one for several schemas; null for any other key set. */
export function patternOf(keySet: KeySet): string | null {
  if (!keySet.spread) return null
  return `*.${keySetId({ ...keySet, schema: undefined, table: keySet.table.name })}`
}
