import type { Match } from '../model/keyset.js'
import { keySetId, quoted } from '../model/keyset-id.js'
import type { ProfileLookup, ProfileMember } from '../model/profile.js'
import { byText } from './bounded.js'

export interface Key {
  readonly id: string
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly match: Readonly<Record<string, Match>>
  readonly nullsLookedUp: boolean
}

/** What of a lookup is key and what is predicate, in the light of the table's other lookups; null if nothing is key. */
export function keyOf(lookup: ProfileLookup, ofTable: readonly ProfileLookup[]): Key | null {
  const siblings = ofTable.filter((other) => sameColumns(lookup, other))
  const lookedUp = (column: string, kinds: readonly string[]): boolean =>
    siblings.some(({ members }) => members.some((one) => one.column === column && kinds.includes(one.kind)))
  const key: ProfileMember[] = []
  const fixed = lookup.conditions.filter((condition) => / IS NOT NULL$/i.test(condition))
  let nullsLookedUp = false
  for (const member of lookup.members) {
    const { column, kind } = member
    const opposite = kind === 'true' ? ['false', 'value'] : ['true', 'value']
    if (kind === 'null' && !lookedUp(column, ['value'])) fixed.push(`${quoted(column)} IS NULL`)
    else if ((kind === 'true' || kind === 'false') && !lookedUp(column, opposite))
      fixed.push(`${quoted(column)} = ${kind.toUpperCase()}`)
    else if (isConstant(member) && !lookedUp(column, ['null']))
      fixed.push(`${quoted(column)} = '${member.constant?.replaceAll("'", "''")}'`)
    else key.push(member)
    if (kind === 'null' || member.nulls > 0 || (kind === 'value' && lookedUp(column, ['null'])))
      nullsLookedUp ||= key.includes(member)
  }
  if (key.length === 0) return null
  const columns = key.map(({ column }) => column).sort(byText)
  const match = Object.fromEntries(key.filter((one) => one.match !== 'exact').map((one) => [one.column, one.match]))
  const predicate = fixed.length > 0 ? fixed.sort(byText).join(' AND ') : null
  const parts = columns.map((name) => ({ kind: 'column' as const, name }))
  const id = keySetId({
    schema: lookup.schema ?? undefined,
    table: lookup.table,
    parts,
    match,
    where: predicate ?? undefined,
  })
  return { id, columns, predicate, match, nullsLookedUp }
}

/** A word that the code holds. Never an id: a log of one tenant doesn't make it a constant. */
const isConstant = ({ constant, digests, column }: ProfileMember): boolean =>
  constant !== null && digests.length === 1 && !/_id$/i.test(column)

const sameColumns = (a: ProfileLookup, b: ProfileLookup): boolean =>
  a.members.length === b.members.length && a.members.every(({ column }, at) => column === b.members[at]?.column)
