import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.js'
import { logFlags } from '../src/cli/discover-flags.js'
import { connectionFlags, countFlags, only, output } from '../src/cli/flags.js'
import { fromSnapshot, parallel, recordFlags } from '../src/cli/record-flags.js'
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
    {
      description: 'In CI: a report for people, and one for the code scanning of the forge',
      command: '<%= config.bin %> scan --output html=report.html --output sarif=goc-audit.sarif',
    },
    {
      description: 'Accept what is there today; later scans with the same baseline fail only on what is new or worse',
      command: '<%= config.bin %> scan --baseline .goc-audit-baseline.json --update-baseline',
    },
    {
      description: 'Judge what a log shows too, beside what is declared',
      command: '<%= config.bin %> scan --log /var/log/postgresql/postgresql.csv',
    },
    { description: 'Quick look at very large tables', command: '<%= config.bin %> scan --exists --full --timeout 30s' },
  ]

  static override flags = {
    only,
    output,
    'fail-on': Flags.option({
      options: ['error', 'warning', 'note', 'never'] as const,
      summary:
        'Exit with 1 for findings of this severity and above. Default: fail_on in the configuration, else error.',
    })(),
    ...recordFlags,
    'from-snapshot': fromSnapshot,
    ...logFlags,
    ...countFlags,
    ...connectionFlags,
    parallel,
  }

  async run(): Promise<ScanJson | ScanManyJson> {
    const { flags } = await this.parse(Scan)
    const [{ runScan }, { scanReport }, { scanJson }, { scanExitCode }, outputs, { rules }] = await Promise.all([
      import('../src/cli/run-scan.js'),
      import('../src/cli/scan-report.js'),
      import('../src/report/json.js'),
      import('../src/cli/exit-code.js'),
      import('../src/cli/outputs.js'),
      import('../src/rules/index.js'),
    ])
    const wanted = flags.output ?? []
    const writing = { rules, env: process.env, layout: this.layout(), json: this.jsonEnabled() }
    await outputs.prepareOutputs(wanted, writing.json)
    const { report, config } = await runScan(flags, flags.only ?? [])
      .then(async (run) => ({ report: await scanReport(run, flags, this.tool), config: run.config }))
      .catch((error: unknown) =>
        outputs.writeFailed(wanted, error, this.tool, { ...writing, failOn: flags['fail-on'] ?? 'error' }),
      )
    const failOn = flags['fail-on'] ?? config.failOn
    process.exitCode = scanExitCode(report, failOn)
    await outputs.writeOutputs(wanted, report, { ...writing, failOn })
    return scanJson(report)
  }
}
