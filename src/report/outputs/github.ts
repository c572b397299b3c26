import type { Severity } from '../../model/audit.js'
import { visible } from '../../model/visible.js'
import { plural } from '../../model/words.js'
import type { Report } from '../report.js'
import {
  type Found,
  gaps,
  headline,
  INCOMPLETE,
  keySetLabel,
  type OutputOptions,
  placeOf,
  standing,
  titleOf,
  worstFirst,
} from './common.js'
import { markdownWithin } from './markdown.js'

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' }

/** GitHub shows no more of a step, for each level. */
const SHOWN = 10
const SUMMARY = 1024 * 1024

/**
 * Workflow commands of GitHub Actions, worst first, at most ten of each level; the rest is in the job summary. What the
 * baseline accepts is only there.
 */
export function githubAnnotations(report: Report, options: OutputOptions): string {
  const found = worstFirst(report).filter(({ finding }) => finding.status !== 'known')
  const lines = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const own = found.filter(({ finding }) => finding.severity === severity)
    const all = [
      ...(severity === 'error' ? incomplete(report) : []),
      ...own.map((one) => annotation(one, report, options)),
    ]
    if (all.length <= SHOWN) return all
    const left = all.length - SHOWN + 1
    const more = `${plural(left, 'more finding', 'more findings')} of this level: see the summary of the job.`
    return [...all.slice(0, SHOWN - 1), command(COMMAND[severity], { title: 'goc-audit' }, more)]
  })
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** For $GITHUB_STEP_SUMMARY, which takes 1 MiB. */
export function githubSummary(report: Report, options: OutputOptions): string {
  return markdownWithin(SUMMARY, report, options)
}

function annotation({ finding, database }: Found, report: Report, options: OutputOptions): string {
  const place = placeOf(finding.location, options)
  const state = standing(finding)
  const title = `${titleOf(finding.rule, options.rules)}${state === '' ? '' : ` (${state})`}`
  return command(
    COMMAND[finding.severity],
    { title, ...(place && { file: visible(place.path), line: place.line, col: place.column }) },
    `${keySetLabel(finding.keySet, database, report)}: ${headline(finding.message)}`,
  )
}

function incomplete({ databases, several }: Report): string[] {
  return databases.flatMap((database) => {
    if (database.complete) return []
    const name = several ? `${visible(database.database.name)}: ` : ''
    return [command('error', { title: 'goc-audit: incomplete' }, `${name}${INCOMPLETE} ${gaps(database).join(' ')}`)]
  })
}

/** One line; the runner takes %25, %0D, %0A, and in properties %3A and %2C, back. */
function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::${name} ${list.join(',')}::${data(message)}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
