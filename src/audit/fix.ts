import type { Session } from '../dialects/dialect.js'
import type { AuditedKeySet } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { Fix, RefusedKeySet, UndecidedKeySet } from '../model/fix.js'
import type { KeySet } from '../model/keyset.js'
import type { PlanLimits } from '../model/plan.js'
import type { PlanFacts, Refusal } from '../model/plan-facts.js'
import type { Rehearsal } from '../model/rehearsal.js'
import { buildSteps } from '../plan/build.js'
import { headerOf } from '../plan/header.js'
import { overLimits } from '../plan/limits.js'
import { namePlan } from '../plan/name.js'
import { checkPolicies } from '../plan/policies.js'
import { predictStall } from '../plan/stall.js'
import { volumesOf } from '../plan/volume.js'
import { scan } from './scan.js'

export interface FixRequest {
  readonly session: Session
  readonly keySets: readonly KeySet[]
  /** Patterns of `--only`; empty: every key set. */
  readonly only: readonly string[]
  readonly name: string | null
  readonly archive: string
  readonly limits: PlanLimits
  /** Seconds that writers may have to wait. */
  readonly maxStall: number
  readonly onProgress?: (text: string) => void
}

/**
 * Key sets → facts → steps → rehearsal → script. A key set with undecided groups is left out as a whole, and the rest
 * planned anew, since what it would have merged is not merged then.
 */
export async function planFix(request: FixRequest): Promise<Fix> {
  const { session } = request
  request.onProgress?.('Comparing with indexes')
  const judge = (only: readonly string[]) =>
    scan({ session, keySets: request.keySets, only, ignores: [], count: null, today: '' })
  const audit = await judge(request.only)
  if (audit.failures.length > 0) throw new UserError(audit.failures.join('\n'), { code: 'incomplete' })
  const wanted = new Set(audit.keySets.map(({ resolved }) => resolved.id))
  // Key sets that are not asked for still say how rows of their tables are merged.
  const known = request.only.length === 0 ? audit : await judge([])
  const judgeable = known.keySets.filter(({ facts }) => facts.unjudgeable === null)
  request.onProgress?.('Finding what refers to the rows')
  const facts = await session.readPlanFacts(
    judgeable.map(({ resolved, remedy }) => ({ resolved, refusal: refusalOf(remedy) })),
  )
  checkPolicies(facts)
  const open = judgeable.flatMap(({ verdict, resolved }, at) =>
    verdict.protection !== 'full' && wanted.has(resolved.id) ? [at] : [],
  )
  const refused = [...audit.keySets.flatMap(unjudgeable), ...open.flatMap((at) => refusedBy(facts, at))]
  const isRefused = (at: number) => refused.some(({ keySet }) => keySet === idOf(facts, at))
  const fixable = open.filter((at) => !isRefused(at))
  const settled = await settle(request, facts, fixable)
  return {
    database: audit.database,
    ...settled,
    fixed: settled.plan === null ? [] : settled.fixed.map((at) => idOf(facts, at)),
    protected: audit.keySets.flatMap(({ verdict, resolved }) => (verdict.protection === 'full' ? [resolved.id] : [])),
    refused: [...refused, ...settled.refused],
    suspected: facts.suspected,
    warnings: [
      ...facts.warnings,
      ...(settled.plan === null || settled.rehearsal === null ? [] : volumesOf(settled.plan, facts, settled.rehearsal)),
    ],
    way: facts.way,
  }
}

const idOf = (facts: PlanFacts, at: number): string => facts.keySets[at]?.resolved.id ?? ''

function refusalOf({ kind, note, sql }: AuditedKeySet['remedy']): Refusal | null {
  if (kind !== 'none' && kind !== 'side-table') return null
  return {
    refused: note ?? 'nothing can make it unique here',
    advice: sql.length > 0 ? sql.join('\n') : 'Settle it in the application.',
  }
}

function unjudgeable({ facts, resolved }: AuditedKeySet): RefusedKeySet[] {
  if (facts.unjudgeable === null) return []
  return [{ keySet: resolved.id, reason: facts.unjudgeable, advice: 'Fix it where its rows are kept.' }]
}

/** By its own uniqueness, or by a table that its rows are referenced from. */
function refusedBy(facts: PlanFacts, at: number): RefusedKeySet[] {
  const { resolved, uniqueness } = facts.keySets[at] as PlanFacts['keySets'][number]
  if ('refused' in uniqueness) return [{ keySet: resolved.id, reason: uniqueness.refused, advice: uniqueness.advice }]
  const touched = buildSteps(facts, [at]).tables
  const wall = facts.tables.find(
    ({ table, refusal }) =>
      refusal !== null && touched.some((each) => each.schema === table.schema && each.name === table.name),
  )
  return wall?.refusal == null
    ? []
    : [{ keySet: resolved.id, reason: wall.refusal.refused, advice: wall.refusal.advice }]
}

type Settled = Pick<Fix, 'plan' | 'rehearsal' | 'script' | 'stall' | 'undecided' | 'refused'> & {
  readonly fixed: readonly number[]
}

async function settle(request: FixRequest, facts: PlanFacts, fixable: readonly number[]): Promise<Settled> {
  const undecided: UndecidedKeySet[] = []
  const refused: RefusedKeySet[] = []
  let fixed = fixable
  while (fixed.length > 0) {
    request.onProgress?.('Working out which rows to merge')
    const plan = namePlan(buildSteps(facts, fixed), facts, fixed, request)
    const rehearsal = await request.session.rehearse(plan)
    const waiting = waitingFor(facts, fixed, rehearsal)
    undecided.push(...waiting)
    const over = waiting.length > 0 ? [] : overLimits(facts, plan, rehearsal, fixed)
    const stall = predictStall(plan, rehearsal, facts.way.stall)
    if (waiting.length === 0 && over.length === 0 && stall > request.maxStall)
      over.push(...tooLong(facts, fixed, stall, request.maxStall))
    for (const one of over) if (!refused.some(({ keySet }) => keySet === one.keySet)) refused.push(one)
    const out = new Set([...waiting, ...over].map(({ keySet }) => keySet))
    if (out.size === 0) {
      const script = request.session.script(plan, headerOf(plan, facts))
      return { plan, rehearsal, script, stall, undecided, refused, fixed }
    }
    fixed = fixed.filter((at) => !out.has(idOf(facts, at)))
  }
  return { plan: null, rehearsal: null, script: null, stall: 0, undecided, refused, fixed: [] }
}

/** Key sets that have to be left out; what no key set can be blamed for is blamed on all. */
function waitingFor(facts: PlanFacts, fixed: readonly number[], rehearsal: Rehearsal): UndecidedKeySet[] {
  return fixed.flatMap((at): UndecidedKeySet[] => {
    const keySet = idOf(facts, at)
    const blamed = (one: { readonly keySet: string | null }) => one.keySet === null || one.keySet === keySet
    const groups = rehearsal.undecided.filter(blamed)
    const problems = rehearsal.problems.filter(blamed).map(({ text }) => text)
    return groups.length + problems.length === 0 ? [] : [{ keySet, groups, problems }]
  })
}

function tooLong(facts: PlanFacts, fixed: readonly number[], stall: number, limit: number): RefusedKeySet[] {
  return fixed.map((at) => ({
    keySet: idOf(facts, at),
    reason: `${facts.way.stall.readersWait ? 'readers and writers' : 'writers'} would wait for about ${Math.ceil(stall)} seconds, and the limit is ${limit}`,
    advice: 'Fix fewer key sets at a time with --only, or accept the wait with --max-stall.',
  }))
}
