import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.js'
import type { DemoResult } from '../src/demo/run.js'

export default class Demo extends BaseCommand {
  static override summary = 'Watch a race leave duplicate rows, audit them and merge them. Needs no server.'

  static override description =
    `Starts a PostgreSQL of its own inside this process (PGlite), lets 16 workers get or create 50 carts by session_id without a unique index, shows what get() does afterwards, and runs \`scan\` and \`fix\` on it. Then it runs the migration that fix wrote, scans again, repeats the race, and goes all the way back.

Exit codes: 0 the demo ran (its findings are meant to be there), 2 it could not.`

  static override examples = [
    { description: 'Ten seconds, nothing left behind', command: '<%= config.bin %> demo' },
    { description: 'Keep the database to try other commands on it', command: '<%= config.bin %> demo --keep shop' },
  ]

  static override flags = {
    keep: Flags.string({
      helpValue: 'DIR',
      summary: 'Leave the database, its .goc-audit.yml and the migration in this new or empty directory.',
    }),
  }

  async run(): Promise<DemoResult> {
    const { flags } = await this.parse(Demo)
    const { demo } = await import('../src/cli/run-demo.js')
    return demo({
      keep: flags.keep,
      tool: this.tool,
      layout: this.layout(),
      print: (text) => this.print(text),
    })
  }
}
