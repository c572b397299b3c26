import { BaseCommand } from '../src/cli/base-command.js'
import { connectionFlags, only, planFlags, showValues } from '../src/cli/flags.js'
import type { FixJson } from '../src/report/fix-json.js'

export default class Fix extends BaseCommand {
  static override summary = 'Plan how to merge duplicate rows and make each key unique; write it as a migration.'

  static override description =
    `Works out which rows survive, how values are merged, which references are repointed and which unique index is added, and shows it with counts. Nothing is changed: the connection is read-only, and --emit-migration only writes files, which you review and run. What they remove is kept in an archive, from which the down file restores it.

Exit codes: 0 nothing to do, planned or written; 1 a key set was left undecided; 2 a key set was refused, or it could not run. The other key sets are planned and written all the same.`

  static override examples = [
    { description: 'Look at the plan', command: '<%= config.bin %> fix' },
    {
      description: 'Write up, down and cleanup files to migrations/goc-audit',
      command: '<%= config.bin %> fix --emit-migration',
    },
    {
      description: 'One key set, as a migration of the Django project here',
      command: "<%= config.bin %> fix --only 'public.shop_cart(session)' --emit-migration --format django",
    },
    {
      description: 'Allow for a fifth of the rows to go, and for writers to wait a minute',
      command: '<%= config.bin %> fix --max-surplus 20% --max-stall 1min',
    },
  ]

  static override flags = {
    only,
    'show-values': showValues,
    ...planFlags,
    ...connectionFlags,
    database: {
      ...connectionFlags.database,
      summary: 'One of `databases:` in the configuration; needed where there are several.',
    },
  }

  async run(): Promise<FixJson> {
    const { flags } = await this.parse(Fix)
    const [{ runFix }, { buildFixReport }, { fixJson }, { fixExitCode }] = await Promise.all([
      import('../src/cli/run-fix.js'),
      import('../src/report/fix-build.js'),
      import('../src/report/fix-json.js'),
      import('../src/cli/exit-code.js'),
    ])
    const { fix, ...run } = await runFix(flags)
    const report = buildFixReport(fix, { ...run, tool: this.tool, showValues: flags['show-values'] })
    if (!this.jsonEnabled()) {
      const { fixText } = await import('../src/report/fix-text.js')
      this.print(fixText(report, this.layout()))
    }
    process.exitCode = fixExitCode(report)
    return fixJson(report)
  }
}
