import type { Plan } from '../../../model/plan.js'
import type { Phase, Script } from '../../../model/script.js'
import type { ServerInfo } from '../driver.js'
import { beforeOf, changedTables, checks, commit, countRows, mergeRows } from './apply.js'
import { createArchive, emptyArchive } from './archive.js'
import { begin, end, type Flavour, run, runAll } from './blocks.js'
import { buildIndexes, mayBuild, record } from './constrain.js'
import { cleanup, down, tidy } from './down.js'
import { lock } from './locks.js'
import { preflight, preflightTables } from './preflight.js'
import { mapRows } from './rounds.js'
import { verify } from './verify.js'
import { workNames, workTables } from './work.js'

/** The migration of a plan. The same plan gives the same text. */
export function scriptOf(plan: Plan, header: readonly string[], { flavour }: Pick<ServerInfo, 'flavour'>): Script {
  return {
    name: plan.name,
    header,
    up: [up(plan, flavour)],
    down: [down(plan, flavour)],
    cleanup: [cleanup(plan, flavour)],
    modelChanges: plan.uniqueness.map(({ model }) => model),
    target: { vendor: 'mysql', clientArguments: '' },
  }
}

function up(plan: Plan, flavour: Flavour): Phase {
  const ws = plan.archive
  const temporary = [...preflightTables(plan), ...temporaryNames(plan, ws)]
  return {
    title: 'Merge duplicate rows and build the unique index',
    comment: [
      'Rows are merged in one transaction: either all of it happens or nothing. The index is built under the same lock.',
      'Whatever interrupts this file, it can be run again, and goes on from there.',
    ],
    transaction: 'outside',
    statements: [
      ...begin(plan, flavour),
      ...preflight(plan, flavour),
      ...runAll(
        'The archive: whatever is removed or changed is kept here, personal data included.',
        createArchive(plan),
      ),
      ...runAll('Where the plan is worked out; gone with the session.', [
        `DROP TEMPORARY TABLE IF EXISTS ${temporaryNames(plan, ws).join(', ')}`,
        ...workTables(plan, ws),
        ...changedTables(plan, ws),
      ]),
      ...lock(plan, flavour),
      ...runAll(
        'May this user build the index? Asked before a row is touched; it changes nothing.',
        mayBuild(plan),
        '@goc_build',
      ),
      ...run(null, countRows(plan, beforeOf)),
      ...mapRows(plan, ws),
      ...checks(plan, ws),
      ...runAll('What an undone run left.', emptyArchive(plan)),
      ...mergeRows(plan, ws),
      ...verify(plan, ws),
      ...record(plan, flavour),
      ...commit(),
      ...buildIndexes(plan),
      ...tidy(plan),
      ...end(plan, flavour, temporary),
    ],
  }
}

/** Those in which the plan is worked out, and applied. */
function temporaryNames(plan: Plan, ws: string): string[] {
  const made = changedTables(plan, ws).map((sql) => /^CREATE TEMPORARY TABLE (\S+)/.exec(sql)?.[1] ?? '')
  return [...workNames(plan, ws), ...made]
}
