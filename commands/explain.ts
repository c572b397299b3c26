import * as Args from '@oclif/core/args'
import { BaseCommand } from '../src/cli/base-command.js'
import { INCOMPLETE } from '../src/cli/exit-code.js'
import { connectionFlags, countFlags } from '../src/cli/flags.js'
import { fromSnapshot, parallel } from '../src/cli/record-flags.js'

export default class Explain extends BaseCommand {
  static override summary = 'Explain a rule, or the verdict on a key set.'

  static override description =
    `With the name of a rule: what it reports, why it matters, what to do, and an example. With a key set: scans it and shows every index with why it covers the key set or not, and what was counted how.

Exit codes: 0 explained, 2 could not run or incomplete.`

  static override examples = [
    { description: 'What does this rule mean?', command: '<%= config.bin %> explain missing-unique' },
    { description: 'Why this verdict?', command: "<%= config.bin %> explain 'shop.cart(session_id)'" },
    { description: 'All key sets of a table', command: '<%= config.bin %> explain cart' },
  ]

  static override args = {
    subject: Args.string({
      required: true,
      name: 'RULE|KEYSET',
      description: 'A rule, or a key set as the report prints it.',
    }),
  }

  static override flags = { 'from-snapshot': fromSnapshot, ...countFlags, ...connectionFlags, parallel }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Explain)
    const { explainRule, explainKeySets } = await import('../src/cli/run-explain.js')
    const context = { tool: this.tool, layout: this.layout() }
    const explained = (await explainRule(args.subject, context)) ?? (await explainKeySets(args.subject, flags, context))
    this.print(explained.text)
    process.exitCode = explained.complete ? 0 : INCOMPLETE
    return explained.json
  }
}
