import { Command } from '@oclif/core/command'
import type { Tool } from '../report/report.js'
import { layout, printJson } from './output.js'
import { reportFailure } from './report-failure.js'

/**
 * What all commands share: `--json`, exit codes and errors. Exit codes are 0, 1 (findings) and 2; an error of any kind
 * is 2, with and without `--json`.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  protected get tool(): Tool {
    return { name: this.config.bin, version: this.config.version }
  }

  /** On stdout, unless `--json` has it. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text)
  }

  protected layout(): { width: number; color: boolean } {
    return layout(process.stdout, process.env)
  }

  override logJson(json: unknown): void {
    printJson(json)
  }

  // The one of oclif exits with 1 for any Error, loses codes under --json and prints stacks.
  protected override async catch(error: Error): Promise<void> {
    await reportFailure(error, { command: this.id ?? '', tool: this.tool, json: this.jsonEnabled() })
  }
}
