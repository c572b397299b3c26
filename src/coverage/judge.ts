import type { Facts, Hazard, IndexFacts, Protection, Reason, ResolvedKeySet, Verdict } from '../model/verdict.js'
import { type IndexJudgement, judgeIndex, ORDER, stronger, weaker } from './judge-index.js'

/**
 * Does the database guarantee at most one row per looked-up key, and what goes wrong even so?
 *
 * | index compared with the lookup      | protection  | hazard  |
 * |-------------------------------------|-------------|---------|
 * | the same equality, every row        | full        | –       |
 * | calls more values equal (coarser)   | full        | lockout |
 * | calls fewer values equal (finer)    | none        | –       |
 * | neither (incomparable)              | none        | lockout |
 * | only some of the rows               | conditional | –       |
 * | enforced, but not usable            | degraded    | –       |
 *
 * Pure: order of indexes, columns and cases makes no difference.
 */
export function judge(resolved: ResolvedKeySet, facts: Facts): Verdict {
  const { table, parts } = resolved
  if (facts.unjudgeable !== null) {
    return {
      protection: 'unknown',
      hazards: [],
      coveredBy: [],
      reasons: [],
      condition: null,
      unknownBecause: facts.unjudgeable,
    }
  }
  const judged = facts.indexes.map((index) => judgeIndex(index, parts, table, facts.cases)).sort(byNearness)
  const perCase = facts.cases.map((_, at) => certain(judged.map((one) => one.protection[at] ?? 'none')))
  const protection = overall(facts.cases.map((_, at) => judged.map((one) => one.protection[at] ?? 'none')))
  const coveredBy = protection === 'none' || protection === 'unknown' ? [] : covering(judged, perCase)
  const reasons = judged.flatMap((one) => reasonsOf(one, overall(one.protection.map((each) => [each]))))
  return {
    protection,
    hazards: hazards(resolved, facts, { judged, coveredBy }),
    coveredBy: coveredBy.map((one) => one.facts.index.name),
    reasons,
    condition: protection === 'conditional' ? condition(facts, judged, perCase) : null,
    unknownBecause:
      protection === 'unknown' ? (reasons.find((reason) => reason.gap === 'undecided')?.detail ?? null) : null,
  }
}

/** What is sure of a case: the best of its indexes that could be decided. */
function certain(indexes: readonly Protection[]): Protection {
  return indexes.filter((one) => one !== 'unknown').reduce(stronger, 'none')
}

/**
 * From what each index gives in each case. Unknown where the undecided indexes make the difference between a guarantee
 * and none; a case that certainly has no guarantee settles it, whatever the others may be.
 */
function overall(cases: readonly (readonly Protection[])[]): Protection {
  const sure = together(cases.map(certain))
  const atBest = together(cases.map((indexes) => (indexes.includes('unknown') ? 'full' : certain(indexes))))
  const guarantees = (protection: Protection) => protection === 'full' || protection === 'degraded'
  return guarantees(atBest) && !guarantees(sure) ? 'unknown' : sure
}

/** The weakest case decides; protected in some cases and not at all in others is conditional. */
function together(cases: readonly Protection[]): Protection {
  const weakest = cases.length === 0 ? 'none' : cases.reduce(weaker, 'full')
  return weakest === 'none' && cases.some((one) => one !== 'none') ? 'conditional' : weakest
}

/** Strongest first; then what fits the lookup best; names last, so that the order is total. */
function byNearness(a: IndexJudgement, b: IndexJudgement): number {
  const key = ({ facts, protection, gaps, lockouts, matched }: IndexJudgement): (number | string)[] => [
    -Math.max(...protection.map((one) => ORDER.indexOf(one)), 0),
    -protection.reduce((sum, one) => sum + ORDER.indexOf(one), 0),
    lockouts.length,
    Math.max(...gaps.filter((found) => found.limit !== 'full').map((found) => DISTANCE.indexOf(found.gap)), -1),
    -matched,
    facts.index.parts.length,
    facts.index.primary ? 0 : facts.index.constraint === null ? 2 : 1,
    facts.index.name,
    facts.index.schema,
    facts.index.table,
  ]
  const [left, right] = [key(a), key(b)]
  for (const [at, value] of left.entries()) {
    const other = right[at] ?? 0
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}

/** How far from protecting an index with this gap is, nearest first. */
const DISTANCE: readonly string[] = [
  'not-enforced',
  'unattached',
  'inheritance',
  'partition-local',
  'nullable',
  'collation',
  'bound-type',
  'expression',
  'operator-class',
  'partial-other-rows',
  'partition-columns',
  'overlaps',
  'extra-columns',
  'not-unique',
]

/** The fewest indexes that give each case its best protection. */
function covering(judged: readonly IndexJudgement[], perCase: readonly Protection[]): IndexJudgement[] {
  const open = new Set(perCase.flatMap((best, at) => (ORDER.indexOf(best) > 0 ? [at] : [])))
  const serves = (one: IndexJudgement) => [...open].filter((at) => one.protection[at] === perCase[at])
  const chosen: IndexJudgement[] = []
  while (open.size > 0) {
    const best = judged.reduce<IndexJudgement | undefined>(
      (known, one) => (known === undefined || serves(one).length > serves(known).length ? one : known),
      undefined,
    )
    if (best === undefined || serves(best).length === 0) break
    chosen.push(best)
    for (const at of serves(best)) open.delete(at)
  }
  return chosen
}

function reasonsOf({ facts, gaps, lockouts }: IndexJudgement, protection: Protection): Reason[] {
  const index = facts.index.name
  return [...gaps, ...lockouts].map(({ gap, detail }) => ({ index, gap, detail, protection }))
}

function hazards(
  { keySet }: ResolvedKeySet,
  facts: Facts,
  { judged, coveredBy }: { readonly judged: readonly IndexJudgement[]; readonly coveredBy: readonly IndexJudgement[] },
): Hazard[] {
  const found: Hazard[] = []
  if (judged.some((one) => one.lockouts.length > 0)) found.push('lockout')
  if (facts.writeMismatches.length > 0) found.push('write-mismatch')
  if (facts.isolation === 'repeatable-read' && (keySet.idiom === 'select-insert' || keySet.idiom === 'insert-first'))
    found.push('stale-retry')
  if (coveredBy.some((one) => one.facts.deadlockProne === true)) found.push('deadlock-prone')
  return found
}

/** Which rows are protected, in words. */
function condition(facts: Facts, judged: readonly IndexJudgement[], perCase: readonly Protection[]): string {
  const safe = facts.cases.flatMap(({ label }, at) =>
    ORDER.indexOf(perCase[at] ?? 'none') >= ORDER.indexOf('degraded') && label !== null ? [label] : [],
  )
  if (safe.length > 0) return `only rows where ${safe.join(', or ')}`
  const partial = judged.filter((one) => one.protection.includes('conditional'))
  return [...new Set(partial.map((one) => scope(one.facts)))].join('; and separately ')
}

function scope({ index }: IndexFacts): string {
  if (index.partitionLocal) return `only rows in partition ${index.table}`
  if (index.attached !== null && !index.valid)
    return `only rows in the ${index.attached.partitions} of ${index.attached.of} partitions that have their index attached`
  return `only rows where ${index.predicate ?? 'the index applies'}`
}
