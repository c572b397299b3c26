import type { CountOptions, Session } from '../dialects/dialect.js'
import type { AuditedKeySet } from '../model/audit.js'
import type { Table } from '../model/catalog.js'
import type { Evidence, KeySet } from '../model/keyset.js'
import { keySetId, schemaInIds } from '../model/keyset-id.js'
import type { DiscoveredKeySet, NotAKeySet } from '../model/profile.js'
import { scan } from './scan.js'

/** A key set that was found, in the database's own names. */
export interface FoundKeySet {
  readonly found: DiscoveredKeySet
  /** Null without a connection. */
  readonly audited: AuditedKeySet | null
}

export interface FoundRequest {
  readonly session: Session
  readonly found: readonly DiscoveredKeySet[]
  readonly count: CountOptions
  readonly onProgress?: Parameters<typeof scan>[0]['onProgress']
}

/** Key sets that were found, in the names of the database; those whose table or columns aren't there are dropped. */
export async function locateFound(
  session: Pick<Session, 'readCatalog'>,
  found: readonly DiscoveredKeySet[],
): Promise<{ readonly found: readonly DiscoveredKeySet[]; readonly dropped: readonly NotAKeySet[] }> {
  if (found.length === 0) return { found, dropped: [] }
  const answers = await session.readCatalog(
    found.map(({ schema, table }) => ({ ...(schema !== null && { schema }), name: table })),
  )
  const dropped: { reason: string; example: string }[] = []
  const named = found.flatMap((one, at): DiscoveredKeySet[] => {
    const answer = answers[at]
    if (answer === undefined || !('table' in answer)) {
      dropped.push({ reason: answer?.missing === 'ambiguous' ? 'ambiguous-table' : 'no-such-table', example: one.id })
      return []
    }
    const renamed = inNamesOf(answer.table, one)
    if (renamed === null) dropped.push({ reason: 'no-such-column', example: one.id })
    return renamed === null ? [] : [renamed]
  })
  return { found: mergeTwins(named), dropped: tally(dropped) }
}

/**
 * What the database says of key sets that were found: verdicts and duplicate rows. Those whose table or columns aren't
 * there, and those that the rows show to be no keys, are dropped with the reason.
 */
export async function judgeFound(request: FoundRequest): Promise<{
  readonly keySets: readonly FoundKeySet[]
  readonly dropped: readonly NotAKeySet[]
  readonly failures: readonly string[]
}> {
  const { session, count, onProgress } = request
  const located = await locateFound(session, request.found)
  const merged = located.found
  if (merged.length === 0) return { keySets: [], dropped: located.dropped, failures: [] }
  const audit = await scan({
    session,
    keySets: merged.map(toKeySet),
    ignores: [],
    only: [],
    count,
    today: '',
    ...(onProgress !== undefined && { onProgress }),
  })
  const loads: { reason: string; example: string }[] = []
  const byId = new Map(audit.keySets.map((one) => [one.resolved.id, one]))
  const keySets = merged.flatMap((one): FoundKeySet[] => {
    const audited = byId.get(one.id) ?? null
    if (audited !== null && isCollectionLoad(one, audited)) {
      loads.push({ reason: 'collection-load-by-its-rows', example: one.id })
      return []
    }
    return [{ found: one, audited }]
  })
  return { keySets, dropped: [...located.dropped, ...tally(loads)], failures: audit.failures }
}

/** As the configuration would declare it. */
export function toKeySet(found: DiscoveredKeySet): KeySet {
  const { schema, table, columns, predicate, match, boundAs, nulls, isolation, idiom } = found
  return {
    table: { ...(schema !== null && { schema }), name: table },
    parts: columns.map((name) => ({ kind: 'column', name })),
    ...(predicate !== null && { where: predicate }),
    match,
    boundAs,
    ...(nulls !== null && { nulls }),
    ...(isolation !== null && { isolation }),
    idiom,
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
    evidence: [evidenceOf(found)],
  }
}

/**
 * Declared key sets, and those of the found ones that aren't declared; what is both has both kinds of evidence. Schemas
 * are compared where both name one, since statements and configurations often leave them out.
 */
export function withFound(declared: readonly KeySet[], found: readonly DiscoveredKeySet[]): KeySet[] {
  const twins = new Map<string, DiscoveredKeySet[]>()
  for (const one of found) {
    const shape = shapeOf(toKeySet(one))
    twins.set(shape, [...(twins.get(shape) ?? []), one])
  }
  const taken = new Set<DiscoveredKeySet>()
  const first = declared.map((keySet): KeySet => {
    const twin = twins
      .get(shapeOf(keySet))
      ?.find(({ schema }) => schema === null || keySet.table.schema === undefined || schema === keySet.table.schema)
    if (twin === undefined) return keySet
    taken.add(twin)
    return { ...keySet, evidence: [...keySet.evidence, evidenceOf(twin)] }
  })
  return [...first, ...found.filter((one) => !taken.has(one)).map(toKeySet)]
}

function evidenceOf({ evidence: { kind, grade, windowMs } }: DiscoveredKeySet): Evidence {
  return { kind, grade, ...(windowMs !== null && { window: windowMs.buckets }) }
}

/** Without the schema. */
export function shapeOf({ table, parts, match, where }: Pick<KeySet, 'table' | 'parts' | 'match' | 'where'>): string {
  return keySetId({ schema: undefined, table: table.name, parts, match, where })
}

/** Statements may spell a column otherwise where the server doesn't mind. Null where there is no such column. */
function inNamesOf(table: Table, found: DiscoveredKeySet): DiscoveredKeySet | null {
  const names = new Map<string, string>()
  for (const column of found.columns) {
    const folded = table.columns.filter(({ name }) => name.toLowerCase() === column.toLowerCase())
    const own = table.columns.find(({ name }) => name === column) ?? (folded.length === 1 ? folded[0] : undefined)
    if (own === undefined) return null
    names.set(column, own.name)
  }
  const rename = <T>(map: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(map).map(([column, value]) => [names.get(column) ?? column, value]))
  const renamed = {
    ...found,
    schema: schemaInIds(table) ?? null,
    table: table.name,
    columns: found.columns.map((column) => names.get(column) ?? column),
    match: rename(found.match),
    boundAs: rename(found.boundAs),
  }
  const { schema, columns, match, predicate } = renamed
  const parts = columns.map((name) => ({ kind: 'column', name }) as const)
  return {
    ...renamed,
    id: keySetId({ schema: schema ?? undefined, table: table.name, parts, match, where: predicate ?? undefined }),
  }
}

/** `cart` and `public.cart` are one table: their counts are added, and the better evidence stands. */
function mergeTwins(all: readonly DiscoveredKeySet[]): DiscoveredKeySet[] {
  const byId = new Map<string, DiscoveredKeySet>()
  for (const one of all) {
    const twin = byId.get(one.id)
    byId.set(one.id, twin === undefined ? one : together(twin, one))
  }
  return [...byId.values()]
}

function together(a: DiscoveredKeySet, b: DiscoveredKeySet): DiscoveredKeySet {
  const [better, other] = a.evidence.grade <= b.evidence.grade ? [a, b] : [b, a]
  const both = (pick: (one: DiscoveredKeySet['evidence']) => number) => pick(a.evidence) + pick(b.evidence)
  const union = (pick: (one: DiscoveredKeySet['evidence']) => readonly string[]) =>
    [...new Set([...pick(a.evidence), ...pick(b.evidence)])].sort()
  return {
    ...better,
    nulls: a.nulls === 'looked-up' || b.nulls === 'looked-up' ? 'looked-up' : (better.nulls ?? other.nulls),
    isolation: better.isolation ?? other.isolation,
    evidence: {
      ...better.evidence,
      lookups: both(({ lookups }) => lookups),
      inserts: both(({ inserts }) => inserts),
      pairs: both(({ pairs }) => pairs),
      races: both(({ races }) => races),
      violations: both(({ violations }) => violations),
      shapes: both(({ shapes }) => shapes),
      endpoints: union(({ endpoints }) => endpoints),
      constraints: union(({ constraints }) => constraints),
    },
  }
}

/** From how many rows per value on a column is no key but the parent of a collection. */
const CROWD = 3

/**
 * A lookup by one column, not seen to miss, whose values have many different rows each: the children of something, and
 * not what an application means to have once.
 */
function isCollectionLoad({ columns, evidence }: DiscoveredKeySet, { duplicates, verdict }: AuditedKeySet): boolean {
  if (columns.length !== 1 || evidence.grade === 'A' || evidence.races > 0 || evidence.violations > 0) return false
  if (verdict.protection === 'full' || !duplicates.counted || !duplicates.exact || duplicates.groups === 0) return false
  const { groups, surplusRows, divergentGroups } = duplicates
  return (surplusRows + groups) / groups >= CROWD && divergentGroups / groups > 0.9 && evidence.grade >= 'C'
}

function tally(all: readonly { reason: string; example: string }[]): NotAKeySet[] {
  const reasons = [...new Set(all.map(({ reason }) => reason))].sort()
  return reasons.map((reason) => {
    const same = all.filter((one) => one.reason === reason)
    return { reason, count: same.length, example: same[0]?.example ?? '' }
  })
}
