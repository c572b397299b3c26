import { BaseCommand } from '../src/cli/base-command.js'
import { discoverFlags } from '../src/cli/discover-flags.js'
import { INCOMPLETE } from '../src/cli/exit-code.js'
import type { DiscoverJson } from '../src/report/discover-report.js'

export default class Discover extends BaseCommand {
  static override summary = 'Find out what the application looks up before it inserts, from what its database records.'

  static override description =
    `Reads query logs or statement statistics, pairs each INSERT with the lookup of the same values before it, and says how sure it is: grade A (the lookup was seen to find nothing), B (same session, same values), C (from sums, or across sessions) or D (from the shape of statements alone). With a connection it also says which of the key sets the database protects, and counts the duplicate rows that exist.

Without --log and --from-profile, the logs that the configuration names are read, or else what the database itself has recorded. No value of the log is shown unless --show-values is given.

Exit codes: 0 done, 2 could not run or incomplete.`

  static override examples = [
    {
      description: 'What does the application behind this log get or create?',
      command: '<%= config.bin %> discover --log /var/log/postgresql/postgresql.csv',
    },
    {
      description: 'Add it to .goc-audit.yml, and see what the database protects',
      command: '<%= config.bin %> discover --log general.log --url mysql://audit@localhost/shop --write',
    },
    {
      description: 'From statement statistics: no log needed, less certain',
      command: '<%= config.bin %> discover --recorded --url postgresql://audit@localhost/shop',
    },
    {
      description: 'A week of logs, a day at a time, merged at the end',
      command:
        "<%= config.bin %> discover --log 'mon.log.gz' --profile mon.json && <%= config.bin %> discover --from-profile mon.json --from-profile tue.json",
    },
    {
      description: 'From a pipe',
      command: 'kubectl logs postgres-0 | <%= config.bin %> discover --log -',
    },
  ]

  static override flags = discoverFlags

  async run(): Promise<DiscoverJson> {
    const { flags } = await this.parse(Discover)
    const [{ runDiscover }, { discoverJson }] = await Promise.all([
      import('../src/cli/run-discover.js'),
      import('../src/report/discover-report.js'),
    ])
    const { report, complete } = await runDiscover(flags, this.tool)
    if (!this.jsonEnabled()) {
      const { discoverText } = await import('../src/report/discover-text.js')
      this.print(discoverText(report, this.layout()))
    }
    process.exitCode = complete ? 0 : INCOMPLETE
    return discoverJson(report)
  }
}
