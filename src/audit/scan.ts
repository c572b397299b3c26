import { judge } from '../coverage/judge.js'
import type { CountOptions, Session } from '../dialects/dialect.js'
import type { Audit, AuditedKeySet, Examination, NotAnalysed } from '../model/audit.js'
import type { Table } from '../model/catalog.js'
import type { Duplicates, NotCounted } from '../model/duplicates.js'
import { UserError } from '../model/errors.js'
import type { KeySet } from '../model/keyset.js'
import { keySetId, schemaInIds } from '../model/keyset-id.js'
import type { Facts, ResolvedKeySet, Verdict } from '../model/verdict.js'
import { applyIgnores, findingsFor, type IgnoreEntry } from '../rules/index.js'
import { findTables } from './tables.js'

export interface ExamineRequest {
  readonly session: Session
  readonly keySets: readonly KeySet[]
  /** As configured, with patterns among them: `tenant_*`. Default: none, as the session has it. */
  readonly schemas?: readonly string[]
  /** Patterns of `--only`; empty: every key set. */
  readonly only: readonly string[]
  /** Null: judge only, count nothing. */
  readonly count: CountOptions | null
  readonly onProgress?: (step: {
    readonly stage: 'catalog' | 'coverage' | 'duplicates'
    readonly done: number
    readonly total: number
    readonly label: string
  }) => void
}

export interface ConcludeOptions {
  readonly ignores: readonly IgnoreEntry[]
  readonly only: readonly string[]
  /** `YYYY-MM-DD`, for ignore entries that expire. */
  readonly today: string
}

export type ScanRequest = ExamineRequest & ConcludeOptions

interface Judged {
  readonly resolved: ResolvedKeySet
  readonly facts: Facts
  readonly verdict: Verdict
}

/** What went wrong for a part of the request while the rest went on. */
interface Failure {
  readonly error: UserError
  readonly subject: string
}

/**
 * The pipeline: catalog → resolve → facts → coverage → duplicates → findings.
 * A stage that fails for one key set doesn't stop the others; what is missing then is in `failures` and `notAnalysed`.
 * Throws UserError where nothing at all could be analysed.
 */
export async function scan(request: ScanRequest): Promise<Audit> {
  return conclude(await examine(request), request)
}

/** As far as the database is asked. Throws UserError where nothing at all could be analysed. */
export async function examine(request: ExamineRequest): Promise<Examination> {
  const { session } = request
  request.onProgress?.({ stage: 'catalog', done: 0, total: 1, label: 'reading the catalog' })
  const chosen = await findTables({ ...request, schemas: request.schemas ?? [] })
  const failures: Failure[] = [...chosen.failures]
  const judged = await judgeAll(request, chosen.found, failures)
  if (judged.length === 0) throw nothingLeft(failures)
  refuseTwins(judged)
  const duplicates = await countAll(request, judged, failures)
  const keySets = judged.map(
    ({ resolved, facts, verdict }): AuditedKeySet => ({
      resolved,
      facts,
      verdict,
      duplicates: duplicates.get(resolved) ?? notCounted('not-asked', 'counting was switched off', false),
      remedy: session.suggest(resolved, facts),
    }),
  )
  return {
    database: session.info,
    complete: failures.length === 0 && keySets.every(({ duplicates: counts }) => counts.counted || !counts.incomplete),
    keySets,
    notAnalysed: notAnalysed(keySets, failures),
    notes: session.notes,
    failures: failures.map(({ error }) => paragraph(error)),
  }
}

/** The findings of what was examined, here or elsewhere. */
export function conclude(examination: Examination, { ignores, only, today }: ConcludeOptions): Audit {
  const complete = examination.complete && only.length === 0
  return { ...examination, ...applyIgnores(findingsFor(examination.keySets), ignores, { today, complete }) }
}

async function judgeAll(
  request: ExamineRequest,
  chosen: readonly { keySet: KeySet; relation: Table }[],
  failures: Failure[],
): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const [at, { keySet, relation }] of chosen.entries()) {
    const subject = keySetId({
      schema: schemaInIds(relation),
      table: relation.name,
      parts: keySet.parts,
      match: keySet.match,
      where: keySet.where,
    })
    request.onProgress?.({ stage: 'coverage', done: at, total: chosen.length, label: subject })
    try {
      const resolved = await request.session.resolve(keySet, relation)
      const facts = await request.session.askFacts(resolved)
      judged.push({ resolved, facts, verdict: judge(resolved, facts) })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failures.push({ error, subject })
      if (endsSession(error)) break
    }
  }
  return judged
}

function refuseTwins(judged: readonly Judged[]): void {
  const seen = new Map<string, KeySet>()
  for (const { resolved } of judged) {
    const twin = seen.get(resolved.id)
    if (twin !== undefined) {
      const first =
        twin.location === undefined
          ? ''
          : ` (first at ${twin.location.file}:${twin.location.line}:${twin.location.column})`
      throw new UserError(`${resolved.id} is declared twice${first}.`, {
        code: 'keyset-duplicate',
        location: resolved.keySet.location,
        suggestions: ['Keep one of the two.'],
      })
    }
    seen.set(resolved.id, resolved.keySet)
  }
}

/** Table by table, so that key sets of one table share the work and the snapshot. */
async function countAll(
  request: ExamineRequest,
  judged: readonly Judged[],
  failures: Failure[],
): Promise<ReadonlyMap<ResolvedKeySet, Duplicates>> {
  const counts = new Map<ResolvedKeySet, Duplicates>()
  const { count } = request
  if (count === null) return counts
  const countable = judged.filter(({ facts, resolved }) => {
    if (facts.unjudgeable === null) return true
    counts.set(resolved, notCounted('not-judgeable', facts.unjudgeable, false))
    return false
  })
  const tables = new Map(countable.map(({ resolved }) => [resolved.table.id, resolved.table]))
  let done = 0
  let ended: UserError | null = failures.map(({ error }) => error).find(endsSession) ?? null
  for (const table of tables.values()) {
    const group = countable.flatMap(({ resolved }) => (resolved.table.id === table.id ? [resolved] : []))
    const label = `${table.schema}.${table.name}`
    const tell = (within: number) =>
      request.onProgress?.({ stage: 'duplicates', done: done + within, total: countable.length, label })
    tell(0)
    try {
      if (ended !== null) throw ended
      const answers = await request.session.countDuplicates(table, group, { ...count, onProgress: tell })
      for (const [at, resolved] of group.entries())
        counts.set(resolved, answers[at] ?? notCounted('defect', 'no answer', true))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      for (const resolved of group) counts.set(resolved, notCounted(error.code, error.message, true))
      if (ended === null) failures.push({ error, subject: label })
      if (endsSession(error)) ended = error
    }
    done += group.length
  }
  return counts
}

function notCounted(reason: string, detail: string, incomplete: boolean): NotCounted {
  return { counted: false, reason, detail, incomplete }
}

/** After these no further statement can succeed. */
function endsSession(error: UserError): boolean {
  return error.code === 'connection-lost' || error.code === 'cancelled'
}

function nothingLeft(failures: readonly Failure[]): UserError {
  const [first, ...rest] = failures
  if (first === undefined) throw new Error('no key set was left to judge, and no failure says why')
  if (rest.length === 0) return first.error
  return new UserError(
    `None of the ${failures.length} key sets could be analysed.\n${failures.map(({ error }) => paragraph(error)).join('\n')}`,
    { code: first.error.code },
  )
}

/** One sentence or two with the place, for a person who has to mend it. */
export function paragraph(error: UserError): string {
  const place =
    error.location === undefined ? '' : `${error.location.file}:${error.location.line}:${error.location.column}: `
  return `${place}${[error.message, ...error.suggestions].join(' ')}`
}

/** What was left out, by reason, with one example each; sorted. */
function notAnalysed(keySets: readonly AuditedKeySet[], failures: readonly Failure[]): NotAnalysed[] {
  const seen = [
    ...failures
      .filter(({ error }) => !endsSession(error))
      .map(({ error, subject }) => ({ reason: error.code, example: subject })),
    ...keySets.flatMap(({ resolved, duplicates, verdict }) => {
      if (!duplicates.counted && duplicates.reason !== 'not-asked')
        return [{ reason: duplicates.reason, example: resolved.id }]
      return verdict.protection === 'unknown' ? [{ reason: 'undecided', example: resolved.id }] : []
    }),
  ]
  const reasons = [...new Set(seen.map(({ reason }) => reason))].sort()
  return reasons.map((reason) => {
    const same = seen.filter((one) => one.reason === reason)
    return { reason, count: same.length, example: same[0]?.example ?? '' }
  })
}
