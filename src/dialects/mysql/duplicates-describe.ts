import type { DuplicateCounts } from '../../model/duplicates.js'
import type { CountOptions } from '../dialect.js'
import type { ReadTransaction } from './driver.js'
import {
  countBornTogether,
  countGroups,
  describeGroups,
  type Groups,
  mergeGroups,
  type Rows,
  type Totals,
  withinSecond,
} from './duplicates-exact.js'
import type { CountedKeySet, Key } from './duplicates-key.js'
import { countReferences, type ReferenceCount } from './duplicates-references.js'
import { sampleGroups } from './duplicates-samples.js'
import type { Found } from './duplicates-search.js'

/** Everything that is told of one key set, from where its duplicate groups are by each of the two semantics. */
export async function describe(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  found: { readonly lookup: Found; readonly constraint: Found | null },
  options: CountOptions,
): Promise<DuplicateCounts> {
  const { groups, born, references, samples } = await describeLookup(transaction, counted, found.lookup, options)
  const totals =
    counted.constraint === null || found.constraint === null
      ? groups
      : await totalsOf(transaction, counted.constraint, found.constraint)
  return {
    counted: true,
    exact: isWhole(found.lookup) && (found.constraint === null || isWhole(found.constraint)),
    nulls: counted.lookup.values.some(({ groupsNulls }) => groupsNulls) ? 'grouped' : 'excluded',
    groups: groups.groups,
    surplusRows: groups.surplus,
    largestGroup: groups.largest,
    identicalGroups: groups.identical,
    divergentGroups: groups.groups - groups.identical,
    constraintGroups: totals.groups,
    constraintSurplusRows: totals.surplus,
    referencesToSurplus: references.rows,
    ...(references.by && { references: references.by }),
    firstSeen: groups.first,
    lastSeen: groups.last,
    bornWithinSecond: born,
    samples,
    notes: [...counted.notes, ...references.notes, ...(groups.unsure > MOST_UNSURE ? [TOO_MANY_BIRTHS] : [])],
  }
}

/** Groups of three rows or more whose stamps would have to be sorted: longer work than all the rest. */
const MOST_UNSURE = 50_000

const TOO_MANY_BIRTHS =
  'How many groups were born within a second was not worked out: there are too many groups of three rows and more.'

const isWhole = (found: Found): boolean => found.kind === 'none' || found.all

interface Seen extends Pick<DuplicateCounts, 'samples'> {
  readonly groups: Groups
  readonly born: number | null
  readonly references: ReferenceCount
}

async function describeLookup(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  found: Found,
  { samples, budget }: CountOptions,
): Promise<Seen> {
  const parts = found.kind === 'none' ? [] : found.rows
  const groups = mergeGroups(await inTurn(parts, (rows) => describeGroups(transaction, counted, rows)))
  const none = { groups, born: withinSecond(counted) ? 0 : null, references: { rows: 0, notes: [] }, samples: [] }
  if (found.kind === 'none' || groups.groups === 0) return none
  return {
    groups,
    born: await bornTogether(transaction, counted, groups, parts),
    samples:
      samples === 0
        ? []
        : largestOf(await inTurn(parts, (rows) => sampleGroups(transaction, counted, rows, samples)), samples),
    references: found.all
      ? addReferences(await inTurn(parts, (rows) => countReferences(transaction, counted, rows, budget)))
      : { rows: null, notes: ['Counting stopped at the first group.'] },
  }
}

/** Null without creation stamps, and where there is too much to look at. */
async function bornTogether(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  { born, unsure }: Groups,
  parts: readonly Rows[],
): Promise<number | null> {
  if (!withinSecond(counted) || unsure > MOST_UNSURE) return null
  if (unsure === 0) return born
  const closer = await inTurn(parts, (rows) => countBornTogether(transaction, counted, rows))
  return closer.reduce((sum, one) => sum + one, born)
}

async function totalsOf(transaction: ReadTransaction, key: Key, found: Found): Promise<Totals> {
  const parts = found.kind === 'none' ? [] : found.rows
  const totals = await inTurn(parts, (rows) => countGroups(transaction, key, rows))
  return totals.reduce((a, b) => ({ groups: a.groups + b.groups, surplus: a.surplus + b.surplus }), {
    groups: 0,
    surplus: 0,
  })
}

async function inTurn<In, Out>(all: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = []
  for (const one of all) done.push(await work(one))
  return done
}

function largestOf(parts: readonly DuplicateCounts['samples'][], limit: number): DuplicateCounts['samples'] {
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return only
  return parts
    .flat()
    .sort((a, b) => b.rows - a.rows)
    .slice(0, limit)
}

/** Parts share no group, and may share what wasn't counted. */
function addReferences(parts: readonly ReferenceCount[]): ReferenceCount {
  const notes = [...new Set(parts.flatMap((part) => part.notes))]
  const rows = notes.length > 0 ? null : parts.reduce((sum, part) => sum + (part.rows ?? 0), 0)
  const by = new Map<string, number>()
  for (const one of parts.flatMap((part) => part.by ?? [])) by.set(one.from, (by.get(one.from) ?? 0) + one.rows)
  const sorted = [...by].map(([from, count]) => ({ from, rows: count })).sort((a, b) => b.rows - a.rows)
  return { rows, notes, ...(parts.every((part) => part.by) && { by: sorted }) }
}
