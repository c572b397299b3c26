import { parse } from '@oclif/core/parser'
import { type DemoCommands, type DemoResult, runDemo } from '../demo/run.js'
import { UserError } from '../model/errors.js'
import { buildReport } from '../report/build.js'
import { buildFixReport } from '../report/fix-build.js'
import { fixJson } from '../report/fix-json.js'
import type { FixReport } from '../report/fix-report.js'
import { fixText } from '../report/fix-text.js'
import { filesLines } from '../report/fix-text-files.js'
import { scanJson } from '../report/json.js'
import type { Tool } from '../report/report.js'
import { type TextOptions, terminal } from '../report/terminal.js'
import { scanText } from '../report/text.js'
import { fixExitCode, scanExitCode } from './exit-code.js'
import { connectionFlags, countFlags, planFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { Progress } from './progress.js'
import { runFix } from './run-fix.js'
import { runScan } from './run-scan.js'

export interface DemoContext {
  readonly keep: string | undefined
  readonly tool: Tool
  readonly layout: TextOptions
  print(text: string): void
}

/** The demo, with `scan` and `fix` exactly as their commands run them. */
export async function demo(context: DemoContext): Promise<DemoResult> {
  const progress = new Progress(process.stderr)
  const interrupt = onInterrupt((text) => {
    // While a command listens too, it says so itself.
    if (process.listenerCount('SIGINT') > 1) return
    progress.clear()
    process.stderr.write(text)
  })
  try {
    return await runDemo({
      keep: context.keep,
      tool: context.tool,
      out: terminal(context.layout),
      signal: interrupt.signal,
      commands: commandsFor(context),
      progress: (text) => progress.show(text),
      print: (text) => {
        progress.clear()
        context.print(text)
      },
    })
  } finally {
    interrupt.dispose()
    progress.clear()
  }
}

function commandsFor({ tool, layout }: DemoContext): DemoCommands {
  const fix = (args: readonly string[], render: (report: FixReport) => string) => async (directory: string) => {
    const report = await inside(directory, () => planned(args, tool))
    return { text: render(report), json: fixJson(report), exitCode: fixExitCode(report) }
  }
  return {
    scan: async (directory) => {
      const report = await inside(directory, () => scanned(tool))
      return { text: scanText(report, layout), json: scanJson(report), exitCode: scanExitCode(report, 'error') }
    },
    fix: fix(['--show-values'], (report) => fixText(report, layout)),
    emit: fix(['--emit-migration'], (report) => writtenText(report, layout)),
  }
}

async function scanned(tool: Tool) {
  const { flags } = await parse([], { flags: { ...countFlags, ...connectionFlags } })
  const { audits, several } = await runScan(flags, [])
  const report = buildReport(audits, { tool, several, showValues: false })
  if (!report.complete)
    throw new UserError(audits.flatMap(({ failures }) => failures).join('\n'), { code: 'incomplete' })
  return report
}

async function planned(args: readonly string[], tool: Tool): Promise<FixReport> {
  const { flags } = await parse([...args], {
    flags: { ...planFlags, ...connectionFlags, 'show-values': countFlags['show-values'] },
  })
  const { fix, ...planned } = await runFix(flags)
  return buildFixReport(fix, { ...planned, tool, showValues: flags['show-values'] })
}

/** The end of what the command prints: what comes before it is the plan. */
function writtenText(report: FixReport, layout: TextOptions): string {
  const blocks = filesLines(report, terminal(layout))
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

/** Paths are looked for, and shown, as from there. */
async function inside<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd()
  process.chdir(directory)
  try {
    return await work()
  } finally {
    process.chdir(before)
  }
}
