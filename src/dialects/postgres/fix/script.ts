import type { Plan } from '../../../model/plan.js'
import type { Phase, Script } from '../../../model/script.js'
import { checks, lock, makeArchive, mergeRows, tidy, verify, workspace } from './apply.js'
import { settings } from './blocks.js'
import { attach, buildIndexes } from './constrain.js'
import { cleanup, down } from './down.js'
import { helpForeignKeys } from './leavings.js'
import { mappingBlock } from './mapping.js'
import { preflight } from './preflight.js'

/** The migration of a plan. The same plan gives the same text. */
export function scriptOf(plan: Plan, header: readonly string[]): Script {
  return {
    name: plan.name,
    header,
    up: up(plan),
    down: down(plan),
    cleanup: cleanup(plan),
    modelChanges: plan.uniqueness.map(({ model }) => model),
    target: { vendor: 'postgresql', clientArguments: '-v ON_ERROR_STOP=1' },
  }
}

function up(plan: Plan): Phase[] {
  return [
    {
      title: 'Merge duplicate rows and build the unique index',
      comment: ['One transaction: either all of it happens or nothing.'],
      transaction: 'own',
      statements: [
        ...settings(plan),
        preflight(plan),
        makeArchive(plan),
        lock(plan),
        workspace(plan),
        {
          comment: 'Which row goes, and which one stays for it: parents first, until nothing changes any more.',
          sql: mappingBlock(plan),
        },
        checks(plan),
        ...helpForeignKeys(plan),
        ...mergeRows(plan),
        verify(plan),
        tidy(plan),
        ...buildIndexes(plan),
      ],
    },
    {
      title: 'Make the index a constraint',
      comment: ['A short transaction of its own, because readers wait for it too.'],
      transaction: 'own',
      statements: [...settings(plan), attach(plan)],
    },
  ]
}
