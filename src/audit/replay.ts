import type { AuditedKeySet, Examination, NotAnalysed } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { KeySet } from '../model/keyset.js'
import { keySetId } from '../model/keyset-id.js'
import { plural } from '../model/words.js'
import { selects } from '../rules/index.js'
import { paragraph } from './scan.js'
import { onlyMatchesNothing } from './tables.js'

/**
 * What was seen of a database earlier, for the configuration of now: key sets that it doesn't have are left out, and
 * those that were not looked at (or otherwise than they are declared now) are told. Without any, all that was seen.
 * Throws UserError where `only` means none of them.
 */
export function replay(
  examination: Examination,
  keySets: readonly KeySet[],
  only: readonly string[],
  from: string,
): Examination {
  const wanted = (id: string) => only.length === 0 || only.some((pattern) => selects(pattern, id))
  const answers = keySets.map((keySet) => ({ keySet, seen: find(keySet, examination.keySets) }))
  const open = answers.filter(({ keySet, seen }) => seen.length === 0 && wanted(idOf(keySet)))
  const placed = keySets.length === 0 ? examination.keySets : answers.flatMap(placeAnew)
  const kept = placed.filter(({ resolved }) => wanted(resolved.id))
  const changed = answers.flatMap(({ keySet, seen }) =>
    seen.filter(({ resolved }) => wanted(resolved.id) && differs(keySet, resolved.keySet)).map(() => keySet),
  )
  if (kept.length === 0 && open.length === 0)
    throw onlyMatchesNothing(
      only,
      placed.map(({ resolved }) => resolved.id),
    )
  const left = examination.keySets.length - placed.length
  return {
    ...examination,
    complete: examination.complete && open.length === 0 && changed.length === 0,
    keySets: kept,
    notes: [
      ...examination.notes,
      ...(left > 0
        ? [`${plural(left, 'key set')} of ${from} ${left === 1 ? 'is' : 'are'} not declared any more.`]
        : []),
    ],
    failures: [
      ...examination.failures,
      ...open.map(({ keySet }) => paragraph(notInSnapshot(keySet, from))),
      ...changed.map((keySet) => paragraph(declaredAnew(keySet, from))),
    ],
    notAnalysed: [
      ...examination.notAnalysed,
      ...reason(
        'not-in-snapshot',
        open.map(({ keySet }) => keySet),
      ),
      ...reason('declared-anew', changed),
    ],
  }
}

/** Where it stands in the file of now. */
function placeAnew({ keySet, seen }: { keySet: KeySet; seen: readonly AuditedKeySet[] }): AuditedKeySet[] {
  return seen.map((one): AuditedKeySet => {
    const { location: _, ...stored } = one.resolved.keySet
    const { evidence, location, resolution } = keySet
    const anew = { ...stored, evidence, resolution, ...(location && { location }) }
    return { ...one, resolved: { ...one.resolved, keySet: anew } }
  })
}

/** One; or several, where it was declared for several schemas. */
function find(declared: KeySet, seen: readonly AuditedKeySet[]): readonly AuditedKeySet[] {
  const { schema, name } = declared.table
  const wanted = bareId(declared, name)
  const same = seen.filter(({ resolved: { keySet, relation } }) =>
    [keySet.table.name, relation.name].some((called) => bareId(keySet, called) === wanted),
  )
  if (schema !== undefined) return same.filter(({ resolved }) => resolved.relation.schema === schema)
  const open = same.filter(({ resolved }) => resolved.keySet.spread || resolved.keySet.table.schema === undefined)
  if (open.length > 0) return open
  // Written with its schema then, and without one now: clear where there is only one of that name.
  return same.length === 1 ? same : []
}

function idOf(keySet: KeySet): string {
  return keySetId({ ...keySet, schema: keySet.table.schema, table: keySet.table.name })
}

function bareId(keySet: KeySet, table: string): string {
  return keySetId({ ...keySet, schema: undefined, table })
}

/** Declared otherwise in what a verdict depends on. */
function differs(now: KeySet, then: KeySet): boolean {
  const what = ({ nulls, isolation, idiom, boundAs }: KeySet) =>
    JSON.stringify([nulls ?? null, isolation ?? null, idiom, Object.entries(boundAs).sort()])
  return what(now) !== what(then)
}

function notInSnapshot(keySet: KeySet, from: string): UserError {
  return new UserError(`${idOf(keySet)} is not in ${from}.`, {
    code: 'not-in-snapshot',
    location: keySet.location,
    suggestions: ['Take the snapshot anew.'],
  })
}

function declaredAnew(keySet: KeySet, from: string): UserError {
  return new UserError(`${idOf(keySet)} is declared otherwise than when ${from} was taken.`, {
    code: 'declared-anew',
    location: keySet.location,
    suggestions: ['Take the snapshot anew.'],
  })
}

function reason(word: string, keySets: readonly KeySet[]): NotAnalysed[] {
  const [first] = keySets
  return first === undefined ? [] : [{ reason: word, count: keySets.length, example: idOf(first) }]
}
