import { relative, resolve } from 'node:path'
import { databaseState } from '../audit/states.js'
import * as baseline from '../baseline/index.js'
import type { Audit, Finding } from '../model/audit.js'
import type { BaselineEntry, BaselineOutcome, DatabaseState, Standing } from '../model/baseline.js'
import { UserError } from '../model/errors.js'
import { plural } from '../model/words.js'
import { selects } from '../rules/index.js'
import type { RecordFlags } from './record-flags.js'
import type { ScanRun } from './run-scan.js'

export interface Compared {
  readonly outcome: BaselineOutcome
  /** Undefined for findings that are about no key set. */
  standing(audit: Audit, finding: Finding): Standing | undefined
}

/** Compares with the baseline and writes it, as asked; null where there is none to compare with. Throws UserError. */
export async function compareWithBaseline(run: ScanRun, flags: RecordFlags): Promise<Compared | null> {
  const place = placeOf(run, flags)
  if (place === null) return null
  const { path, shown } = place
  const read = await baseline.readBaseline(path, shown)
  const mode = flags['update-baseline'] ? 'update' : flags['prune-baseline'] ? 'prune' : 'check'
  if (read === null && (mode === 'prune' || (mode === 'check' && flags.baseline !== undefined))) throw missing(shown)
  const databases = run.audits.map(databaseState)
  const seen = baseline.see(read ?? [], databases)
  const scope: baseline.Scope = {
    allDatabases: run.allDatabases,
    allKeySets: run.only.length === 0,
    selects: (id) => run.only.length === 0 || run.only.some((pattern) => selects(pattern, id)),
  }
  const foreign = scope.allKeySets && scope.allDatabases && baseline.isForeign(seen, databases)
  const settled = foreign ? [] : seen.flatMap((one) => baseline.settledBy(one, scope) ?? [])
  const next =
    mode === 'update'
      ? baseline.updated(seen, databases, scope)
      : mode === 'prune' && !foreign
        ? baseline.pruned(seen, scope)
        : (read ?? [])
  const changed = mode !== 'check' && (await baseline.writeBaseline(path, shown, next))
  return {
    outcome: {
      file: shown,
      mode,
      existed: read !== null,
      changed,
      entries: next.length,
      settled,
      notes: notes(read, foreign, mode, run),
    },
    standing: standings(databases, next, flags.tolerance ?? baseline.NO_TOLERANCE),
  }
}

/** The next scan is compared with what is in the file then, and so is this one. */
function standings(
  databases: readonly DatabaseState[],
  entries: readonly BaselineEntry[],
  tolerance: baseline.Tolerance,
): Compared['standing'] {
  const found = baseline.entriesOf(entries)
  const byName = new Map(databases.map((one) => [one.name, one]))
  const states = new Map(databases.map((one) => [one.name, new Map(one.keySets.map((state) => [state.id, state]))]))
  return ({ alias = null }, { keySet, rule }) => {
    const [database, state] = [byName.get(alias), states.get(alias)?.get(keySet)]
    return database && state && baseline.standing(rule, database, state, found, tolerance)
  }
}

function placeOf({ config }: ScanRun, flags: RecordFlags): { path: string; shown: string } | null {
  if (flags['no-baseline']) {
    if (flags.baseline === undefined && !flags['update-baseline'] && !flags['prune-baseline']) return null
    throw new UserError('--no-baseline stands beside another flag for a baseline.', {
      code: 'usage',
      suggestions: ['Leave one of the two away.'],
    })
  }
  if (flags.baseline !== undefined) return { path: resolve(flags.baseline), shown: flags.baseline }
  if (config.baseline !== null) {
    const short = relative(process.cwd(), config.baseline)
    return { path: config.baseline, shown: short === '' || short.startsWith('..') ? config.baseline : short }
  }
  if (!flags['update-baseline'] && !flags['prune-baseline']) return null
  throw new UserError('No baseline is named.', {
    code: 'usage',
    suggestions: ['Pass --baseline FILE, or write `baseline: .goc-audit-baseline.json` into .goc-audit.yml.'],
  })
}

function missing(shown: string): UserError {
  return new UserError(`There is no baseline ${shown}.`, {
    code: 'baseline-not-found',
    suggestions: ['`goc-audit scan --update-baseline` with the same --baseline writes it.'],
  })
}

function notes(
  read: readonly BaselineEntry[] | null,
  foreign: boolean,
  mode: BaselineOutcome['mode'],
  { audits }: ScanRun,
): string[] {
  const found = []
  if (read === null && mode === 'check')
    found.push('It does not exist yet, so every finding is new. `goc-audit scan --update-baseline` writes it.')
  if (foreign && read !== null)
    found.push(
      `It has ${plural(read.length, 'key set')}, and none of them is among those scanned: it may belong to another database or configuration.${mode === 'prune' ? ' Nothing was dropped.' : ''}`,
    )
  if (read !== null && mode !== 'check' && audits.some(({ complete }) => !complete))
    found.push('What could not be looked at this time is kept as it was.')
  return found
}
