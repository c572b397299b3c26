import type { Column } from '../../model/catalog.js'
import type { Facts, ResolvedKeySet } from '../../model/verdict.js'

/** Looked-up values that change when they are stored, so that the next lookup misses them. */
export function writeMismatches({ keySet, relation, table, parts }: ResolvedKeySet): Facts['writeMismatches'] {
  return parts.flatMap((part) => {
    const column = table.columns.find((candidate) => candidate.name === part.column)
    if (column === undefined || part.origin === 'fixed') return []
    const declaredName =
      Object.entries(relation.base?.columns ?? {}).find(([, base]) => base === column.name)?.[0] ?? column.name
    const detail = rounding(column, keySet.boundAs[declaredName]) ?? rewriting(column, table.insertTriggers)
    return detail === null ? [] : [{ column: column.name, detail }]
  })
}

function rounding(column: Column, bound: string | undefined): string | null {
  if (column.baseType === 'real' || column.baseType === 'double precision') {
    return `${column.type} stores the nearest binary fraction, so a looked-up decimal need not equal what was stored for it`
  }
  if (bound === undefined) return null
  const stored = fraction(column.type)
  const given = fraction(bound)
  if (stored === null || given === null || given.family !== stored.family || given.digits <= stored.digits) return null
  return `${column.type} rounds on write, and values bound as ${bound} carry more digits than it keeps`
}

/** Digits after the point that a type keeps; Infinity where it keeps what it is given. */
function fraction(type: string): { readonly family: 'number' | 'time'; readonly digits: number } | null {
  const numeric = /^(?:numeric|decimal)(?:\(\d+(?:,\s*(?<scale>-?\d+))?\))?$/.exec(type)
  if (numeric !== null)
    return {
      family: 'number',
      digits: type.includes('(') ? Number(numeric.groups?.scale ?? 0) : Number.POSITIVE_INFINITY,
    }
  if (/^(?:real|double precision|float[48]?)$/.test(type)) return { family: 'number', digits: Number.POSITIVE_INFINITY }
  if (/^(?:smallint|integer|bigint|int[248]?)$/.test(type)) return { family: 'number', digits: 0 }
  const time = /^time(?:stamp)?(?:tz)?(?:\((?<precision>\d)\))?(?: with(?:out)? time zone)?$/.exec(type)
  if (time !== null) return { family: 'time', digits: Number(time.groups?.precision ?? 6) }
  return type === 'date' ? { family: 'time', digits: -1 } : null
}

function rewriting(column: Column, triggers: ResolvedKeySet['table']['insertTriggers']): string | null {
  const trigger = triggers.find((candidate) => candidate.assigns.includes(column.name))
  return trigger === undefined
    ? null
    : `the BEFORE INSERT trigger ${trigger.name} assigns ${column.name}, so what is stored need not be what was looked up`
}
