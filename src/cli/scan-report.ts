import { historyDatabase } from '../audit/states.js'
import { appendRun, plotted, readHistory, trends } from '../history/index.js'
import type { HistoryOutcome, HistoryRun } from '../model/history.js'
import { plural } from '../model/words.js'
import { buildReport } from '../report/build.js'
import type { Report, Tool } from '../report/report.js'
import { writeSnapshot } from '../snapshot/index.js'
import type { RecordFlags } from './record-flags.js'
import { compareWithBaseline } from './run-baseline.js'
import type { ScanRun } from './run-scan.js'

/** How many scans before this one a trend is drawn over. */
const RUNS = 100

/** Keeps of a scan what is asked for, compares it with what was kept before, and reports both. Throws UserError. */
export async function scanReport(run: ScanRun, flags: RecordFlags, tool: Tool): Promise<Report> {
  if (flags.snapshot !== undefined) {
    const { time: takenAt, several, examined: databases } = run
    await writeSnapshot(flags.snapshot, { tool, takenAt, several, databases })
  }
  const compared = await compareWithBaseline(run, flags)
  const history = flags.history === undefined ? null : await recorded(run, flags.history, tool)
  return buildReport(run.audits, {
    tool,
    several: run.several,
    showValues: flags['show-values'],
    ...(compared && { baseline: compared.outcome, standing: compared.standing }),
    ...(history && { trends: history, history: plotted(history.runs) }),
  })
}

async function recorded(run: ScanRun, file: string, tool: Tool): Promise<HistoryOutcome> {
  const { runs, passedOver } = await readHistory(file, file, RUNS)
  const now: HistoryRun = {
    time: run.time,
    tool: tool.version,
    databases: run.audits.map((audit) => historyDatabase(audit, run.only.length > 0)),
  }
  // A snapshot that is read twice is one scan.
  const known = runs.some(({ time, databases }) => time === now.time && sameNames(databases, now.databases))
  if (!known) await appendRun(file, file, now)
  const before = runs.filter(({ time }) => time < now.time)
  return {
    file,
    runs: [...before, now],
    ...trends([...before, now]),
    notes:
      passedOver > 0 ? [`${plural(passedOver, 'line')} of it can't be read as a scan, and stayed out of account.`] : [],
  }
}

function sameNames(a: HistoryRun['databases'], b: HistoryRun['databases']): boolean {
  return a.map(({ name }) => name).join('\n') === b.map(({ name }) => name).join('\n')
}
