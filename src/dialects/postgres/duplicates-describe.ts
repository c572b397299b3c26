import type { DuplicateCounts } from '../../model/duplicates.js'
import type { CountOptions } from '../dialect.js'
import type { ReadTransaction } from './driver.js'
import { describeCrowd } from './duplicates-crowd.js'
import { countBornTogether, countGroups, type Rows, type Totals, withinSecond } from './duplicates-exact.js'
import {
  describeAtOnce,
  describeGroups,
  describeHashedGroups,
  type Groups,
  type HashedGroups,
} from './duplicates-groups.js'
import { type CountedKeySet, type Key, textual } from './duplicates-key.js'
import { hasPlaces, locate, withHash } from './duplicates-locate.js'
import { countReferences, type ReferenceCount } from './duplicates-references.js'
import { isDatabaseError } from './duplicates-refused.js'
import { COLUMNS_AT_ONCE, sampleGroups } from './duplicates-samples.js'
import { type HashedKey, isHashed } from './duplicates-screen.js'
import type { Found } from './duplicates-search.js'
import { forPlaces, forScans, type Settings } from './duplicates-settings.js'

/** Everything that is told of one key set, from where its duplicate groups are by each of the two semantics. */
export async function describe(
  transaction: ReadTransaction,
  settings: Settings,
  counted: CountedKeySet,
  found: { readonly lookup: Found; readonly constraint: Found | null },
  options: CountOptions,
): Promise<DuplicateCounts> {
  await setFor(transaction, settings, found.lookup)
  const seen = await describeLookup(transaction, counted, found.lookup, options)
  const { groups } = seen
  if (found.constraint !== null) await setFor(transaction, settings, found.constraint)
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
    referencesToSurplus: seen.references.rows,
    ...(seen.references.by && { references: seen.references.by }),
    firstSeen: groups.first,
    lastSeen: groups.last,
    bornWithinSecond: seen.born,
    samples: seen.samples,
    notes: [...counted.notes, ...seen.references.notes, ...seen.notes],
  }
}

function setFor({ query }: ReadTransaction, settings: Settings, found: Found): Promise<unknown> {
  if (found.kind === 'none') return Promise.resolve()
  return found.how === 'placed' ? forPlaces(query, settings) : forScans(query, settings)
}

/** More groups than this aren't looked at row by row, where that means the whole table. */
const MOST_UNSURE = 10_000

const isWhole = (found: Found): boolean => found.kind === 'none' || found.all

interface Seen extends Pick<DuplicateCounts, 'samples' | 'notes'> {
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
  options: CountOptions,
): Promise<Seen> {
  const nothing = { references: { rows: 0, notes: [] }, samples: [], notes: [] }
  if (found.kind === 'none') return { groups: noGroups, born: withinSecond(counted) ? 0 : null, ...nothing }
  const { rows, ...seen } = await describeRows(transaction, counted, found, options.samples)
  if (seen.groups.groups === 0) return { ...seen, ...nothing }
  const references = found.all
    ? await countReferences(transaction, counted, rows, options.budget)
    : { rows: null, notes: ['Counting stopped at the first group.'] }
  return { ...seen, references }
}

type FoundRows = Extract<Found, { kind: 'rows' }>
/** With the rows of all groups, for later statements. */
type Described = Omit<Seen, 'references'> & { readonly rows: Rows }

async function describeRows(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  found: FoundRows,
  samples: number,
): Promise<Described> {
  try {
    return await describeBy(transaction, counted, found, samples)
  } catch (error) {
    // A composite type may lack equality inside, which shows only when it is compared; its text has it.
    if (!isDatabaseError(error) || error.code !== '42883') throw error
    return describeBy(transaction, { ...counted, compared: counted.compared.map(textual) }, found, samples)
  }
}

function describeBy(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  { rows, how }: FoundRows,
  samples: number,
): Promise<Described> {
  const { lookup: key, compared } = counted
  if (how === 'direct' || !isHashed(key)) return describeStepwise(transaction, counted, rows, samples)
  if ((how === 'few' || how === 'placed') && compared.length <= COLUMNS_AT_ONCE)
    return describeModerate(transaction, counted, rows, { samples, places: how === 'few' })
  return describeMany(transaction, counted, key, { rows, crowded: how === 'crowded', samples })
}

async function describeStepwise(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  samples: number,
): Promise<Described> {
  const groups = await describeGroups(transaction, counted, rows)
  return {
    groups,
    born: await bornTogether(transaction, counted, rows, groups),
    samples: await samplesOf(transaction, counted, rows, groups.groups === 0 ? 0 : samples),
    notes: [],
    rows,
  }
}

async function describeModerate(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  { samples, places }: { readonly samples: number; readonly places: boolean },
): Promise<Described> {
  const { table, resolved } = counted
  const referenced = table.references.length + resolved.keySet.resolution.references.length > 0
  const wanted = { samples, places: places && referenced && hasPlaces(table) }
  const seen = await describeAtOnce(transaction, counted, rows, wanted)
  return { ...seen, born: withinSecond(counted) ? seen.born : null, notes: [] }
}

async function describeMany(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  key: HashedKey,
  { rows, crowded, samples }: { readonly rows: Rows; readonly crowded: boolean; readonly samples: number },
): Promise<Described> {
  const described = crowded
    ? await describeCrowd(transaction, counted, key, rows, samples)
    : await describeHashedGroups(transaction, counted, rows, samples)
  const groups = crowded ? await withIdentical(transaction, counted, key, rows, described) : described
  const { largest, unsure } = await placesOf(transaction, counted, key, rows, groups)
  // Where nearly every row is in a group, another sort of the whole table would tell nothing of a race.
  const skipped = crowded && groups.unsure > MOST_UNSURE
  return {
    groups,
    born: skipped ? null : await bornTogether(transaction, counted, unsure, groups),
    samples: await samplesOf(transaction, counted, largest, samples),
    notes: skipped ? ['Nearly every row is in a group; how close in time they were created was not counted.'] : [],
    rows,
  }
}

/** Compares the rows of those groups that a hash could not tell apart. */
async function withIdentical(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  key: HashedKey,
  rows: Rows,
  groups: HashedGroups,
): Promise<HashedGroups> {
  if (groups.identical === 0) return groups
  const alike = groups.alike === null ? rows : withHash(key, groups.alike)
  const { identical } = await describeGroups(transaction, counted, alike)
  return { ...groups, identical }
}

/** One scan for all the rows that samples and a closer look need, where they are few. */
async function placesOf(
  { query }: ReadTransaction,
  { table }: CountedKeySet,
  key: HashedKey,
  rows: Rows,
  { unsure, hashes }: HashedGroups,
): Promise<{ readonly largest: Rows; readonly unsure: Rows }> {
  const lists = [hashes.largest, hashes.unsure ?? '{}'].map((list) => list.slice(1, -1)).filter((list) => list !== '')
  if (lists.length > 0 && unsure <= MOST_UNSURE && hasPlaces(table)) {
    const [places = rows] = await locate(query, [{ key, list: `{${lists.join(',')}}` }])
    return { largest: places, unsure: places }
  }
  return {
    largest: withHash(key, hashes.largest),
    unsure: hashes.unsure === null ? rows : withHash(key, hashes.unsure),
  }
}

async function bornTogether(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  { born, unsure }: Groups,
): Promise<number | null> {
  if (!withinSecond(counted)) return null
  return unsure === 0 ? born : born + (await countBornTogether(transaction, counted, rows))
}

async function samplesOf(transaction: ReadTransaction, counted: CountedKeySet, rows: Rows, samples: number) {
  return samples === 0 ? [] : sampleGroups(transaction, counted, rows, samples)
}

async function totalsOf(transaction: ReadTransaction, key: Key, found: Found): Promise<Totals> {
  return found.kind === 'none' ? { groups: 0, surplus: 0 } : countGroups(transaction, key, found.rows)
}
