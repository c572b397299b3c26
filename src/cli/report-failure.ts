import type { Tool } from '../report/report.js'
import { INCOMPLETE } from './exit-code.js'
import type { Failure } from './failure.js'
import { layout, printJson } from './output.js'

/** What a failed command prints with `--json`; schemas/error.schema.json. */
export interface ErrorJson {
  readonly schemaVersion: 1
  readonly tool: Tool
  readonly error: Failure
}

interface Circumstances {
  /** Empty where there is no such command. */
  readonly command: string
  readonly tool: Tool
  readonly json: boolean
}

/** Prints an error of any kind and sets the exit code. A stack is shown only with DEBUG set. */
export async function reportFailure(error: unknown, { command, tool, json }: Circumstances): Promise<void> {
  process.exitCode = INCOMPLETE
  const { describeFailure, failureText, withoutSecrets } = await import('./failure.js')
  const failure = describeFailure(error, command)
  if (json) printJson({ schemaVersion: 1, tool, error: failure } satisfies ErrorJson)
  else process.stderr.write(failureText(failure, layout(process.stderr, process.env)))
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${withoutSecrets(error.stack ?? '')}\n`)
}
