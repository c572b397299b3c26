import { Config } from '@oclif/core/config'
import { flush } from '@oclif/core/flush'
import { run } from '@oclif/core/run'
import { settings } from '@oclif/core/settings'
import { reportFailure } from './report-failure.js'

/** Runs the command line of this process; `entry` is the URL of the file that was started. */
export async function start(entry: string): Promise<void> {
  // Otherwise a development run would quietly execute whatever was compiled last.
  settings.enableAutoTranspile = false
  // Else oclif asks for the user's entry, and a container that runs as a bare number has none.
  if (process.platform !== 'win32') process.env.SHELL ??= '/bin/sh'
  const config = await Config.load(entry)
  const argv = process.argv.slice(2)
  try {
    await run(argv, config)
    flush()
  } catch (error) {
    if (exitsQuietly(error)) return
    const tool = { name: config.bin, version: config.version }
    await reportFailure(error, { command: '', tool, json: argv.includes('--json') })
  }
}

// How oclif leaves after printing help.
function exitsQuietly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT'
}
