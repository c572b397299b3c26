import { Command } from '@oclif/core/command'
import { visibleJson } from '../model/visible.js'
import { describeFailure, type Failure, failureText } from './failure.js'
import { layout } from './output.js'

/** Could not run, or only in part. */
export const INCOMPLETE = 2

interface ErrorJson {
  readonly schemaVersion: 1
  readonly tool: { readonly name: string; readonly version: string }
  readonly error: Failure
}

/**
 * What all commands share: `--json`, exit codes and errors. Exit codes are 0, 1 (findings) and 2; an error of any kind
 * is 2, with and without `--json`.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  protected get tool(): { name: string; version: string } {
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
    process.stdout.write(`${visibleJson(JSON.stringify(json, null, 2))}\n`)
  }

  override toErrorJson(error: unknown): ErrorJson {
    return { schemaVersion: 1, tool: this.tool, error: describeFailure(error, this.id ?? '') }
  }

  // The one of oclif exits with 1 for any Error, loses codes under --json and prints stacks.
  protected override async catch(error: Error): Promise<void> {
    process.exitCode = INCOMPLETE
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error))
    else await this.#tell(error)
    if (process.env.DEBUG) process.stderr.write(`${error.stack}\n`)
  }

  async #tell(error: Error): Promise<void> {
    const { width, color } = layout(process.stderr, process.env)
    const { default: wrap } = await import('wrap-ansi')
    const label = color ? '\u001b[31mError:\u001b[39m' : 'Error:'
    const text = failureText(describeFailure(error, this.id ?? ''))
    process.stderr.write(`${wrap(`${label} ${text}`, width, { trim: false })}\n`)
  }
}
