import type { DuplicateCounts } from '../../model/duplicates.js'
import type { CountOptions } from '../dialect.js'
import type { ReadTransaction } from './driver.js'
import {
  countBornTogether,
  countGroups,
  describeGroups,
  type Groups,
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
    firstSeen: groups.first,
    lastSeen: groups.last,
    bornWithinSecond: born,
    samples,
    notes: [...counted.notes, ...references.notes],
  }
}

const isWhole = (found: Found): boolean => found.kind === 'none' || found.all

interface Seen extends Pick<DuplicateCounts, 'samples'> {
  readonly groups: Groups
  readonly born: number | null
  readonly references: ReferenceCount
}

const noGroups: Groups = {
  groups: 0,
  surplus: 0,
  largest: 0,
  identical: 0,
  first: null,
  last: null,
  born: 0,
  unsure: 0,
}

async function describeLookup(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  found: Found,
  { samples, budget }: CountOptions,
): Promise<Seen> {
  const groups = found.kind === 'none' ? noGroups : await describeGroups(transaction, counted, found.rows)
  const none = { groups, born: withinSecond(counted) ? 0 : null, references: { rows: 0, notes: [] }, samples: [] }
  if (found.kind === 'none' || groups.groups === 0) return none
  const { rows } = found
  const closer = groups.unsure === 0 ? 0 : await countBornTogether(transaction, counted, rows)
  return {
    groups,
    born: withinSecond(counted) ? groups.born + closer : null,
    samples: samples === 0 ? [] : await sampleGroups(transaction, counted, rows, samples),
    references: found.all
      ? await countReferences(transaction, counted, rows, budget)
      : { rows: null, notes: ['Counting stopped at the first group.'] },
  }
}

async function totalsOf(transaction: ReadTransaction, key: Key, found: Found): Promise<Totals> {
  return found.kind === 'none' ? { groups: 0, surplus: 0 } : countGroups(transaction, key, found.rows)
}
