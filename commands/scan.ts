import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.js'
import { connectionFlags, countFlags, only } from '../src/cli/flags.js'
import type { ScanJson, ScanManyJson } from '../src/report/json.js'

export default class Scan extends BaseCommand {
  static override summary = 'Judge every key set, and count the duplicate rows that exist.'

  static override description =
    `Reads the key sets from .goc-audit.yml, compares each with the unique indexes of its table, and counts rows that already share a key. The connection is read-only.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not run or incomplete.`

  static override examples = [
    { description: 'Scan what the nearest .goc-audit.yml declares', command: '<%= config.bin %> scan' },
    {
      description: 'Scan a replica, and only the key sets of two tables',
      command: "<%= config.bin %> scan --url postgresql://audit@replica/shop --only 'shop.cart*' --only shop.order",
    },
    {
      description: 'In CI: fail on warnings too, and keep the result',
      command: '<%= config.bin %> scan --fail-on warning --json > scan.json',
    },
    { description: 'Quick look at very large tables', command: '<%= config.bin %> scan --exists --full --timeout 30s' },
  ]

  static override flags = {
    only,
    'fail-on': Flags.option({
      options: ['error', 'warning', 'note', 'never'] as const,
      summary:
        'Exit with 1 for findings of this severity and above. Default: fail_on in the configuration, else error.',
    })(),
    ...countFlags,
    ...connectionFlags,
  }

  async run(): Promise<ScanJson | ScanManyJson> {
    const { flags } = await this.parse(Scan)
    const [{ runScan }, { buildReport }, { scanJson }, { scanExitCode }] = await Promise.all([
      import('../src/cli/run-scan.js'),
      import('../src/report/build.js'),
      import('../src/report/json.js'),
      import('../src/cli/exit-code.js'),
    ])
    const { audits, config, several } = await runScan(flags, flags.only ?? [])
    const report = buildReport(audits, { tool: this.tool, several, showValues: flags['show-values'] })
    if (!this.jsonEnabled()) {
      const { scanText } = await import('../src/report/text.js')
      this.print(scanText(report, this.layout()))
    }
    process.exitCode = scanExitCode(report, flags['fail-on'] ?? config.failOn)
    return scanJson(report)
  }
}
