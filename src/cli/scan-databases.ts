import { connect } from '../audit/connect.js'
import { locateFound, withFound } from '../audit/found.js'
import { examine } from '../audit/scan.js'
import type { NamedTarget } from '../config/index.js'
import type { Examination } from '../model/audit.js'
import { UserError } from '../model/errors.js'
import type { KeySet } from '../model/keyset.js'
import type { DiscoveredKeySet, NotAKeySet } from '../model/profile.js'
import { number } from '../model/words.js'
import { describeFailure, failureLines, withoutSecrets } from './failure.js'
import type { Progress } from './progress.js'
import type { Budget } from './quantities.js'

/** A database to scan, or why it can't even be tried. */
export type Candidate = NamedTarget | { readonly name: string; readonly error: UserError }

export interface Examined {
  /** As under `databases:`. */
  readonly name: string | null
  readonly examination: Examination
}

export interface Request {
  readonly session: { readonly statementTimeout: number; readonly signal: AbortSignal }
  readonly count: { readonly exists: boolean; readonly samples: number; readonly budget: Budget | null }
  readonly only: readonly string[]
  readonly keySets: readonly KeySet[]
  /** Of logs and profiles: judged beside those, where their tables are. */
  readonly found: readonly DiscoveredKeySet[]
  readonly progress: Progress
}

const STAGES = {
  catalog: 'Reading the catalog',
  coverage: 'Comparing with indexes',
  duplicates: 'Counting duplicate rows',
}

/** Throws UserError where nothing could be analysed. */
export async function examineOne(candidate: Candidate, request: Request): Promise<Examined> {
  const { name } = candidate
  const examination = await examineTarget(candidate, request, (text) =>
    request.progress.show(name === null ? text : `${name}: ${text}`),
  )
  return { name, examination }
}

/** So many at a time; one that fails doesn't stop the others, and has its failure in the place of key sets. */
export async function examineAll(
  candidates: readonly Candidate[],
  parallel: number,
  request: Request,
): Promise<Examined[]> {
  const failures: unknown[] = []
  let done = 0
  const examined = await inParallel(candidates, parallel, async (candidate): Promise<Examined> => {
    const tell = (text: string) => {
      const place = `${number(done)} of ${number(candidates.length)} databases done`
      request.progress.show(`${place}; ${candidate.name}: ${text}`)
    }
    try {
      return { name: candidate.name, examination: await examineTarget(candidate, request, tell) }
    } catch (error) {
      failures.push(error)
      return { name: candidate.name, examination: failed(candidate, error) }
    } finally {
      done++
      tell('done')
    }
  })
  // What is wrong with the command line is wrong everywhere.
  const [first] = failures
  if (failures.length === candidates.length && failures.every(isAboutOnly)) throw first
  return examined
}

/** `--only` may mean key sets of some databases only: the others are then simply not asked for. */
export function isAboutOnly(error: unknown): boolean {
  return error instanceof UserError && error.code === 'only-matches-nothing'
}

export function notAskedFor(name: string): Examination {
  const database = { name, dialect: '', flavour: '', version: '' }
  return { database, complete: true, keySets: [], notAnalysed: [], notes: [], failures: [] }
}

async function examineTarget(
  candidate: Candidate,
  { session: options, count, only, keySets, found }: Request,
  tell: (text: string) => void,
): Promise<Examination> {
  if ('error' in candidate) throw candidate.error
  const { target, name } = candidate
  tell(`Connecting to ${target.shown}`)
  const session = await connect(target, options)
  try {
    const located = await locateFound(session, found)
    const examination = await examine({
      session,
      keySets: withFound(keySets, located.found),
      schemas: target.schemas,
      only,
      count,
      onProgress: ({ stage, done, total, label }) => {
        const place = total > 1 ? ` ${Math.min(done + 1, total)}/${total}` : ''
        tell(`${STAGES[stage]}${place}${stage === 'catalog' ? '' : `: ${label}`}`)
      },
    })
    const notes = [...examination.notes, ...located.dropped.map(leftOut)]
    const database = name === null ? examination.database : { ...examination.database, name }
    return { ...examination, notes, database }
  } finally {
    await session.close()
  }
}

function leftOut({ reason, count, example }: NotAKeySet): string {
  const more = count === 1 ? '' : ` and ${number(count - 1)} more`
  return `Found in logs and not judged here (${reason.replaceAll('-', ' ')}): ${example}${more}.`
}

/** A defect of ours in one database is no reason to lose the others either. */
function failed(candidate: Candidate, error: unknown): Examination {
  const name = candidate.name ?? ('target' in candidate ? candidate.target.shown : '')
  if (isAboutOnly(error)) return notAskedFor(name)
  if (!(error instanceof UserError) && process.env.DEBUG && error instanceof Error)
    process.stderr.write(`${withoutSecrets(error.stack ?? '')}\n`)
  return {
    ...notAskedFor(name),
    complete: false,
    failures: [
      failureLines(describeFailure(error, 'scan'))
        .map((line) => line.trim())
        .join(' '),
    ],
  }
}

/** Results in the order of the items, whatever the order in which they come. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at] as Item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
