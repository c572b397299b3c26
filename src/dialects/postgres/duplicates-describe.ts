import type { DuplicateCounts } from '../../model/duplicates.js'
import type { CountOptions } from '../dialect.js'
import type { ReadTransaction } from './driver.js'
import {
  countBornTogether,
  countGroups,
  type Rows,
  sampleGroups,
  type Totals,
  withinSecond,
} from './duplicates-exact.js'
import { describeCrowd, describeGroups, describeHashedGroups, type Groups, type Hashes } from './duplicates-groups.js'
import { type CountedKeySet, type Key, textual } from './duplicates-key.js'
import { amongThem, hasPlaces, locate, withHash } from './duplicates-locate.js'
import { countReferences, type ReferenceCount } from './duplicates-references.js'
import { isDatabaseError } from './duplicates-refused.js'
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
  const none = { born: withinSecond(counted) ? 0 : null, references: { rows: 0, notes: [] }, samples: [], notes: [] }
  if (found.kind === 'none') return { groups: noGroups, ...none }
  const { groups, largest, unsure } = await groupsOf(transaction, counted, found, options.samples)
  if (groups.groups === 0) return { groups, ...none }
  // Where nearly every row is in a group, another sort of the whole table would tell nothing of a race.
  const skipsBorn = found.how === 'crowded' && groups.unsure > MOST_UNSURE
  return {
    groups,
    born: none.born === null || skipsBorn ? null : await bornTogether(transaction, counted, unsure, groups),
    references: found.all
      ? await countReferences(transaction, counted, found.rows, options.budget)
      : { rows: null, notes: ['Counting stopped at the first group.'] },
    samples: options.samples > 0 ? await sampleGroups(transaction, counted, largest, options.samples) : [],
    notes: skipsBorn ? ['Nearly every row is in a group; how close in time they were created was not counted.'] : [],
  }
}

/** The groups, and where the rows of some of them are. */
interface Described {
  readonly groups: Groups
  readonly largest: Rows
  readonly unsure: Rows
}

type FoundRows = Extract<Found, { kind: 'rows' }>

async function groupsOf(
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

async function describeBy(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  { rows, how }: FoundRows,
  samples: number,
): Promise<Described> {
  const { lookup: key } = counted
  if (how === 'direct' || !isHashed(key)) {
    return { groups: await describeGroups(transaction, counted, rows), largest: rows, unsure: rows }
  }
  if (how === 'placed') {
    const groups = await describeHashedGroups(transaction, counted, rows, samples)
    return { groups, largest: amongThem(rows, key, groups.hashes.largest), unsure: rows }
  }
  if (how === 'listed') {
    const groups = await describeHashedGroups(transaction, counted, rows, samples)
    return { groups, ...(await placesOf(transaction, counted, key, rows, groups)) }
  }
  const crowd = await describeCrowd(transaction, counted, key, rows, samples)
  const places = await placesOf(transaction, counted, key, rows, crowd)
  if (crowd.identical === 0) return { groups: crowd, ...places }
  const alike = crowd.alike === null ? rows : withHash(key, crowd.alike)
  const { identical } = await describeGroups(transaction, counted, alike)
  return { groups: { ...crowd, identical }, ...places }
}

/** One scan for all the rows that samples and a closer look need, where they are few. */
async function placesOf(
  { query }: ReadTransaction,
  { table }: CountedKeySet,
  key: HashedKey,
  rows: Rows,
  { unsure, hashes }: { readonly unsure: number; readonly hashes: Hashes },
): Promise<Omit<Described, 'groups'>> {
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
): Promise<number> {
  return unsure === 0 ? born : born + (await countBornTogether(transaction, counted, rows))
}

async function totalsOf(transaction: ReadTransaction, key: Key, found: Found): Promise<Totals> {
  return found.kind === 'none' ? { groups: 0, surplus: 0 } : countGroups(transaction, key, found.rows)
}
