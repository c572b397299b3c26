import type { AuditedKeySet } from '../model/audit.js'
import type { Index } from '../model/catalog.js'
import { plural } from '../model/words.js'
import { defineRule } from './rule.js'
import { describeIndex, findIndex, key, list, table } from './words.js'

interface Facts {
  readonly others: readonly Index[]
  readonly rowSecurity: boolean
}

export const otherUnique = defineRule<Facts>({
  id: 'other-unique',
  severity: 'note',
  title: 'The INSERT can also fail for another reason',
  docs: {
    what: 'The key set is safe, but the table has a second unique constraint on other columns, or row security that can hide the existing row.',
    why: 'A unique violation does not prove that the row looked up exists: the other constraint may have raised it, or the row is there and hidden. The second lookup then finds nothing. ON CONFLICT DO NOTHING without a target and INSERT IGNORE swallow the INSERT in silence; ON DUPLICATE KEY UPDATE changes the other row.',
    todo: 'Read the name of the constraint from the error before looking up again, and name the columns in ON CONFLICT. ON DUPLICATE KEY UPDATE can name none: insert first there, and look up where that fails.',
    bad: {
      sql: 'CREATE TABLE login (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE, nickname text NOT NULL UNIQUE);',
      keySet: 'table: login\ncolumns: [email]',
    },
    good: {
      sql: 'CREATE TABLE login (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE, nickname text NOT NULL);',
      keySet: 'table: login\ncolumns: [email]',
    },
  },
  select(audited) {
    if (audited.verdict.protection !== 'full') return null
    const others = audited.resolved.table.indexes.filter((index) => canRaise(audited, index))
    const rowSecurity = audited.resolved.table.rowSecurity !== 'off'
    return others.length > 0 || rowSecurity ? { others, rowSecurity } : null
  },
  words({ others, rowSecurity }, audited) {
    const what = []
    if (others.length > 0)
      what.push(
        `An INSERT into ${table(audited)} can also fail on ${others.length === 1 ? 'another unique key' : 'other unique keys'}: ${list(some(others))}.`,
      )
    if (rowSecurity)
      what.push(`${table(audited)} has row security: the row with this key may be there and hidden from the lookup.`)
    return {
      what: what.join(' '),
      why: `A unique violation then does not mean that the row with this ${key(audited)} can be found: the second lookup comes back empty.`,
      todo: 'Read the name of the constraint from the error before looking up again; an upsert that names no columns acts on whichever row is in the way.',
    }
  },
})

function some(others: readonly Index[]): string[] {
  const shown = others.slice(0, 3).map(describeIndex)
  return others.length > 3 ? [...shown, plural(others.length - 3, 'other')] : shown
}

/** An enforced unique key that can refuse a row although no row has the key looked up. */
function canRaise(audited: AuditedKeySet, index: Index): boolean {
  const { verdict, resolved } = audited
  if (!(index.unique || index.exclusion) || !index.ready || index.partitionLocal) return false
  if (verdict.coveredBy.includes(index.name)) return false
  if (isGenerated(audited, index)) return false
  const names = index.parts.map((part) => part.column)
  const coveredElsewhere = verdict.coveredBy.some((name) => {
    const covering = findIndex(audited, name)
    return covering?.predicate === null && covering.parts.every((part) => part.column && names.includes(part.column))
  })
  const lookedUp = new Set(resolved.parts.flatMap((part) => part.columns))
  return !coveredElsewhere && names.some((name) => name === null || !lookedUp.has(name))
}

function isGenerated(audited: AuditedKeySet, index: Index): boolean {
  return index.parts.some(
    (part) => audited.resolved.table.columns.find((column) => column.name === part.column)?.generatesKey,
  )
}
