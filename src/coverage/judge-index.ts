import type { Index, Table } from '../model/catalog.js'
import type { Gap, IndexFacts, LookupPart, PartFact, Protection } from '../model/verdict.js'

/** Weaker first. `unknown` stands above `conditional`: what can't be decided is never told as a certain gap. */
export const ORDER: readonly Protection[] = ['none', 'conditional', 'unknown', 'degraded', 'full']

export function weaker(a: Protection, b: Protection): Protection {
  return ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b
}

export function stronger(a: Protection, b: Protection): Protection {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b
}

export interface GapFound {
  readonly gap: Gap
  readonly detail: string
  /** The most that the index can give because of it. */
  readonly limit: Protection
}

export interface IndexJudgement {
  readonly facts: IndexFacts
  /** Per case of the lookup. */
  readonly protection: readonly Protection[]
  /** What stands between this index and full protection, the decisive one first. */
  readonly gaps: readonly GapFound[]
  /** Why an INSERT can fail for a key that the lookup doesn't find. */
  readonly lockouts: readonly GapFound[]
  /** How many lookup parts it deals with. */
  readonly matched: number
}

/** Judges one index on its own. Pure. */
export function judgeIndex(
  facts: IndexFacts,
  parts: readonly LookupPart[],
  table: Table,
  cases: readonly { readonly nullParts: readonly number[] }[],
): IndexJudgement {
  const structural = structure(facts, parts, table)
  const enforcement = enforced(facts.index, table)
  const limit = [...structural, ...enforcement].map((found) => found.limit).reduce(weaker, 'full')
  const perCase = cases.map(({ nullParts }, at) => caseGaps(facts, parts, nullParts, at))
  const protection = perCase.map((gaps) => gaps.map((found) => found.limit).reduce(weaker, limit))
  const gaps = [...structural, ...enforcement, ...perCase.flat(), ...nullNote(facts, parts)]
  return {
    facts,
    protection,
    gaps: unique(gaps).sort((a, b) => ORDER.indexOf(a.limit) - ORDER.indexOf(b.limit)),
    lockouts: lockouts(facts, parts),
    matched: new Set(facts.parts.flatMap((part) => part.lookupParts)).size,
  }
}

function unique(gaps: readonly GapFound[]): GapFound[] {
  return [...new Map(gaps.map((found) => [`${found.gap} ${found.detail}`, found])).values()]
}

function enforces(index: Index): boolean {
  return (index.unique || index.exclusion) && index.ready
}

/** Which rows it compares, and by what: columns, expressions, collations, operators. */
function structure({ index, parts: facts }: IndexFacts, parts: readonly LookupPart[], table: Table): GapFound[] {
  if (!index.unique && !index.exclusion)
    return [{ gap: 'not-unique', detail: 'it is an ordinary index: it finds rows, it forbids nothing', limit: 'none' }]
  const gaps: GapFound[] = []
  const open = facts.filter((fact) => fact.lookupParts.length === 0)
  if (open.length > 0) {
    const names = open.map((fact) => partName(index, fact))
    const partition = table.partitioning?.columns ?? []
    const gap = open.every((fact) => partition.includes(index.parts[fact.indexPart]?.column ?? ''))
      ? 'partition-columns'
      : 'extra-columns'
    const why =
      gap === 'partition-columns'
        ? `${names.join(', ')} is what the table is partitioned by, so each partition may hold its own row`
        : `it also contains ${names.join(', ')}, so rows that differ there may share the looked-up values`
    gaps.push({ gap, detail: why, limit: 'none' })
  }
  for (const fact of facts.filter((candidate) => candidate.lookupParts.length > 0)) {
    const found = equalityGap(fact, partName(index, fact), parts)
    if (found !== null) gaps.push(found)
  }
  return gaps
}

function partName(index: Index, fact: PartFact): string {
  const part = index.parts[fact.indexPart]
  return part?.column ?? part?.expression ?? '?'
}

const GAP_OF_CAUSE: Readonly<Record<string, Gap>> = {
  collation: 'collation',
  'bound-type': 'bound-type',
  'operator-class': 'operator-class',
  overlap: 'overlaps',
}

function equalityGap(fact: PartFact, name: string, parts: readonly LookupPart[]): GapFound | null {
  if (fact.relation === 'same' || fact.relation === 'coarser') {
    const escapes = fact.relation === 'coarser' && fact.null === 'possible'
    return escapes
      ? {
          gap: 'undecided',
          detail: `${name} may be NULL for values that are not, and such rows would escape it`,
          limit: 'unknown',
        }
      : null
  }
  if (fact.relation === 'unknown')
    return {
      gap: 'undecided',
      detail: fact.detail ?? `how ${name} compares with ${parts[fact.lookupParts[0] ?? 0]?.label} was not decided`,
      limit: 'unknown',
    }
  const gap = GAP_OF_CAUSE[fact.cause ?? 'expression'] ?? 'expression'
  return { gap, detail: fact.detail ?? `${name} is compared differently`, limit: 'none' }
}

/** Whether, where and when it is checked. */
function enforced(index: Index, table: Table): GapFound[] {
  const gaps: GapFound[] = []
  if (index.partitionLocal)
    gaps.push({ gap: 'partition-local', detail: `it lies on partition ${index.table} alone`, limit: 'conditional' })
  else if (index.attached !== null && !index.valid) {
    const { partitions, of } = index.attached
    gaps.push({
      gap: 'unattached',
      detail: `only ${partitions} of ${of} partitions have their piece attached; the others aren't checked`,
      limit: partitions === 0 ? 'none' : 'conditional',
    })
    return gaps
  }
  if (table.inheritanceChildren > 0)
    gaps.push({
      gap: 'inheritance',
      detail: `${table.inheritanceChildren} table(s) inherit from ${table.name}; their rows are found by the lookup and not checked by the index`,
      limit: 'none',
    })
  if (!index.unique && !index.exclusion) return gaps
  if (!index.ready)
    gaps.push({
      gap: 'not-enforced',
      detail: 'its build failed early (indisvalid = false, indisready = false): it forbids nothing',
      limit: 'none',
    })
  else if (!index.valid)
    gaps.push({
      gap: 'invalid',
      detail:
        'its build was interrupted (indisvalid = false, indisready = true): new rows are checked, older twins may remain, and ON CONFLICT cannot use it',
      limit: 'degraded',
    })
  if (index.exclusion)
    gaps.push({
      gap: 'exclusion',
      detail: index.period
        ? 'it is a temporal key: it raises 23P01, and ON CONFLICT (columns) cannot use it'
        : 'it is an exclusion constraint: it raises 23P01 instead of 23505, and ON CONFLICT (columns) cannot use it',
      limit: 'degraded',
    })
  else if (index.deferrable)
    gaps.push({
      gap: 'deferrable',
      detail: 'it is deferrable: a violation can surface only at COMMIT, and ON CONFLICT cannot use it',
      limit: 'degraded',
    })
  return gaps
}

/** What is missing in one case of the lookup: NULLs and the predicate. */
function caseGaps(
  { index, parts: facts, implied, overlaps }: IndexFacts,
  parts: readonly LookupPart[],
  nullParts: readonly number[],
  at: number,
): GapFound[] {
  if (!index.unique && !index.exclusion) return []
  const gaps: GapFound[] = []
  const escaping = facts.filter(
    (fact) => fact.null !== 'never' && fact.lookupParts.some((number) => nullParts.includes(number)),
  )
  if (escaping.length > 0 && !index.nullsNotDistinct) {
    // Told once for the index, not once per case.
    const asked = facts.flatMap((fact) => (fact.null === 'never' ? [] : fact.lookupParts))
    const names = [...new Set(asked)].flatMap((number) =>
      parts[number]?.nullLookedUp === 'never' ? [] : (parts[number]?.label ?? []),
    )
    gaps.push({
      gap: 'nullable',
      detail: `NULLs are distinct for it: rows where ${names.join(' or ')} IS NULL may repeat`,
      limit: 'none',
    })
  }
  const answer = implied[at] ?? 'unknown'
  if (answer === 'yes') return gaps
  const predicate = index.predicate ?? ''
  if (overlaps[at] === 'no')
    gaps.push({
      gap: 'partial-other-rows',
      detail: `it covers only rows where ${predicate}, which the lookup never means`,
      limit: 'none',
    })
  else if (answer === 'no')
    gaps.push({ gap: 'partial', detail: `it covers only rows where ${predicate}`, limit: 'conditional' })
  else
    gaps.push({
      gap: 'undecided',
      detail: `whether the lookup implies its predicate (${predicate}) could not be proven either way`,
      limit: 'unknown',
    })
  return gaps
}

/** Nothing says that NULL is looked up, but if it were, this index would not see it. */
function nullNote({ index, parts: facts }: IndexFacts, parts: readonly LookupPart[]): GapFound[] {
  if ((!index.unique && !index.exclusion) || index.nullsNotDistinct) return []
  const names = facts
    .flatMap((fact) => (fact.null === 'never' ? [] : fact.lookupParts.flatMap((number) => parts[number] ?? [])))
    .filter((part) => part.nullable && part.nullLookedUp === 'never')
  if (names.length === 0) return []
  return [
    {
      gap: 'nullable',
      detail: `${names.map((part) => part.label).join(', ')} can be NULL, and NULLs are distinct for it: fine as long as NULL is never looked up`,
      limit: 'full',
    },
  ]
}

function lockouts(facts: IndexFacts, parts: readonly LookupPart[]): GapFound[] {
  const { index } = facts
  if (!enforces(index) || facts.parts.some((fact) => fact.lookupParts.length === 0)) return []
  if (facts.overlaps.length > 0 && facts.overlaps.every((answer) => answer === 'no')) return []
  // A key that always holds NULL conflicts with nothing where NULLs are distinct.
  const isNull = (fact: PartFact) =>
    fact.null !== 'never' && fact.lookupParts.some((number) => parts[number]?.nullLookedUp === 'always')
  if (!index.nullsNotDistinct && facts.parts.some(isNull)) return []
  const found: GapFound[] = []
  const used = new Set([...facts.parts.flatMap((fact) => fact.lookupParts), ...facts.pinnedParts])
  const guardedElsewhere = new Set(facts.unguarded.map((item) => item.lookupPart))
  const left = parts.flatMap((part, at) =>
    used.has(at) || part.nullLookedUp === 'always' || (part.origin === 'fixed' && !guardedElsewhere.has(at))
      ? []
      : [part.label],
  )
  if (left.length > 0)
    found.push({ gap: 'narrower', detail: `it allows one row whatever ${left.join(', ')} is`, limit: 'full' })
  const exact = new Set([
    ...facts.pinnedParts,
    ...facts.parts.flatMap((fact) =>
      fact.relation === 'same' && index.parts[fact.indexPart]?.column != null ? fact.lookupParts : [],
    ),
  ])
  for (const fact of facts.parts) {
    // Beside the column itself, an expression over it merges nothing.
    if (fact.lookupParts.every((number) => exact.has(number))) continue
    if (fact.relation === 'coarser' || fact.relation === 'incomparable')
      found.push({
        gap: 'coarser',
        detail: fact.detail ?? `${partName(index, fact)} calls equal what the lookup tells apart`,
        limit: 'full',
      })
  }
  for (const { condition, lookupPart, certain } of facts.unguarded) {
    if (certain && (lookupPart === null || parts[lookupPart]?.nullLookedUp === 'always')) {
      found.push({
        gap: 'predicate-lockout',
        detail: `it also holds rows that don't meet ${condition}; such a row blocks the INSERT and the lookup never finds it`,
        limit: 'full',
      })
    }
  }
  return found
}
