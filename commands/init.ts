import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.js'
import { connectionFlags } from '../src/cli/flags.js'

export default class Init extends BaseCommand {
  static override summary = 'Write a commented .goc-audit.yml from what the database shows.'

  static override description =
    `Reads the catalog and the planner's statistics, no rows, and proposes key sets: those that unique indexes show, and columns that look like keys though nothing keeps them unique. The connection is read-only, and no password is written.

Exit codes: 0 written, 2 could not.`

  static override examples = [
    { description: 'With the connection from DATABASE_URL or PG* variables', command: '<%= config.bin %> init' },
    { description: 'From another database', command: '<%= config.bin %> init --url postgresql://audit@replica/shop' },
    { description: 'Only look at what it would write', command: '<%= config.bin %> init --stdout' },
  ]

  static override flags = {
    force: Flags.boolean({ summary: 'Overwrite the file if it exists.' }),
    stdout: Flags.boolean({ summary: 'Print the file instead of writing it.', exclusive: ['force'] }),
    ...connectionFlags,
    config: Flags.string({
      char: 'c',
      helpValue: 'FILE',
      helpGroup: 'CONNECTION',
      summary: 'File to write instead of .goc-audit.yml here. If it exists, its connection is used.',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Init)
    const { runInit, keySetJson } = await import('../src/cli/run-init.js')
    const { database, shown, survey, connection, file, text } = await runInit(flags)
    if (file === null) this.print(text)
    else if (!this.jsonEnabled()) {
      const [{ outcomeText }, { terminal }] = await Promise.all([
        import('../src/init/text.js'),
        import('../src/report/terminal.js'),
      ])
      const variable = connection.kind === 'variable' && !process.env[connection.name] ? connection.name : null
      this.print(
        outcomeText(terminal(this.layout()), {
          ...survey,
          file,
          database: `${database.name} on ${database.flavour || database.dialect} ${database.version}`,
          unset: variable === null ? null : { variable, url: shown },
          scan: flags.config === undefined ? 'scan' : `scan --config ${file}`,
        }),
      )
    }
    const { tables, unreadable, proposals } = survey
    const keySets = proposals.map(keySetJson)
    return { schemaVersion: 1, tool: this.tool, database, file, tables, unreadable, keySets, text }
  }
}
