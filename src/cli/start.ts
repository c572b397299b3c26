import { execute } from '@oclif/core/execute'
import { settings } from '@oclif/core/settings'

/** Runs the command line of this process; `entry` is the URL of the file that was started. */
export async function start(entry: string): Promise<void> {
  // Otherwise a development run would quietly execute whatever was compiled last.
  settings.enableAutoTranspile = false
  await execute({ dir: entry })
}
