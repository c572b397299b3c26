import { BaseCommand } from '../src/cli/base-command.js'
import { INCOMPLETE } from '../src/cli/exit-code.js'
import { connectionFlags } from '../src/cli/flags.js'
import type { DoctorReport } from '../src/report/doctor.js'

export default class Doctor extends BaseCommand {
  static override summary = 'Check connection, privileges, logs and statistics, and say what to set.'

  static override description =
    `Connects as \`scan\` does and looks at what each command needs: that the tables of the key sets can be read, that the role can do no more than that, whether a pooler is in between, whether statements are logged with their sessions and parameters, and whether statement statistics can be read. What is missing comes with the SQL or the parameter that would mend it. Nothing is changed.

Exit codes: 0 ready to scan, 2 something that \`scan\` needs is missing.`

  static override examples = [
    { description: 'With the nearest .goc-audit.yml', command: '<%= config.bin %> doctor' },
    { description: 'Before there is one', command: '<%= config.bin %> doctor --url mysql://audit@replica/shop' },
    { description: 'In a container that does not start to scan', command: '<%= config.bin %> doctor --json' },
  ]

  static override flags = connectionFlags

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor)
    const { runDoctor } = await import('../src/cli/run-doctor.js')
    const report = await runDoctor(flags, this.tool)
    if (!this.jsonEnabled()) {
      const { doctorText } = await import('../src/report/doctor.js')
      this.print(doctorText(report, this.layout()))
    }
    process.exitCode = report.healthy ? 0 : INCOMPLETE
    return report
  }
}
