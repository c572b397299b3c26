import { parse } from '@oclif/core/parser'
import { type DemoResult, runDemo } from '../demo/run.js'
import { buildReport } from '../report/build.js'
import { type ScanJson, type ScanManyJson, scanJson } from '../report/json.js'
import type { Tool } from '../report/report.js'
import { type TextOptions, terminal } from '../report/terminal.js'
import { scanText } from '../report/text.js'
import { connectionFlags, countFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { Progress } from './progress.js'
import { runScan } from './run-scan.js'

export interface DemoContext {
  readonly keep: string | undefined
  readonly tool: Tool
  readonly layout: TextOptions
  print(text: string): void
}

/** The demo, with `scan` exactly as its command runs it. */
export async function demo(
  context: DemoContext,
): Promise<{ readonly result: DemoResult<ScanJson | ScanManyJson>; readonly complete: boolean }> {
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    progress.clear()
    process.stderr.write(text)
  })
  let complete = false
  try {
    const result = await runDemo({
      keep: context.keep,
      tool: context.tool,
      out: terminal(context.layout),
      signal: interrupt.signal,
      progress: (text) => progress.show(text),
      print: (text) => {
        progress.clear()
        context.print(text)
      },
      audit: async (config) => {
        // From here on the scan listens itself.
        interrupt.dispose()
        const { flags } = await parse([], { flags: { ...countFlags, ...connectionFlags } })
        const { audits, several } = await runScan({ ...flags, config }, [])
        const report = buildReport(audits, { tool: context.tool, several, showValues: false })
        complete = report.complete
        return { text: scanText(report, context.layout), json: scanJson(report) }
      },
    })
    return { result, complete }
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}
