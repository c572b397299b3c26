import type { RefusedKeySet } from '../model/fix.js'
import { quoted } from '../model/keyset-id.js'
import { plural } from '../model/words.js'
import { flow } from './fix-advice.js'
import type { FixReport, ReportedUndecided, ReportedUndecidedGroups } from './fix-report.js'
import { sampleLines } from './fix-text-samples.js'
import { tableName } from './fix-text-tables.js'
import type { Terminal } from './terminal.js'

/** What the plan leaves out until somebody decides, what it refuses, and what it doesn't know. */
export function decisionLines(report: FixReport, out: Terminal): string[][] {
  return [
    ...report.undecided.map((one) => undecidedLines(one, report.showsValues, out)),
    ...report.refused.map((one) => refusedLines(one, out)),
    suspectedLines(report, out),
  ]
}

function undecidedLines(undecided: ReportedUndecided, shows: boolean, out: Terminal): string[] {
  const { keySet, location, groups, problems } = undecided
  return [
    `${out.paint('undecided', 'yellow')} ${out.heading(keySet)}`,
    ...(location === null ? [] : [`  ${out.paint(`${location.file}:${location.line}:${location.column}`, 'dim')}`]),
    ...out.prose('Left out of the plan until somebody decides.', 2),
    ...groups.flatMap((each) => ['', ...groupsLines(each, shows, out)]),
    ...problemLines(problems, out),
    ...adviceLines(undecided, out),
  ]
}

function groupsLines(group: ReportedUndecidedGroups, shows: boolean, out: Terminal): string[] {
  const { columns, groups, rows, samples } = group
  const subject = `${plural(groups, 'duplicate group')} of ${tableName(group)} with ${plural(rows, 'row')}`
  return [
    ...out.prose(`${subject} ${groups === 1 ? 'differs' : 'differ'} in ${columns.join(', ')}.`, 2),
    ...sampleLines(samples, shows, out),
  ]
}

function problemLines(problems: readonly string[], out: Terminal): string[] {
  if (problems.length === 0) return []
  const todo = 'No policy decides that: change these rows first, or choose another survivor.'
  return ['', ...problems.flatMap((text) => out.item(`${text}.`)), ...out.prose(todo, 2)]
}

const POLICIES = 'keep (the survivor’s), latest, first-non-null, min, max, sum, or, and, concat'

function adviceLines({ advice, location }: ReportedUndecided, out: Terminal): string[] {
  if (advice.length === 0) return []
  const file = location?.file ?? 'the configuration'
  const targets = { 'key-set': `the key set at ${file}:${location?.line ?? '?'}`, keysets: `\`keysets\` of ${file}` }
  const whole = 'To keep the survivor’s values in all such groups, write `divergent: keep-survivor` instead.'
  return [
    '',
    `  ${out.heading('What to do')}`,
    ...out.prose('Say for each column which value wins, for instance:', 2),
    ...advice.flatMap(({ place, yaml }) => [...out.prose(`in ${targets[place]}`, 2), ...out.code(yaml, 4)]),
    ...out.prose(`Policies: ${POLICIES}.`, 2),
    ...(advice.some(({ yaml }) => yaml.startsWith('merge:')) ? out.prose(whole, 2) : []),
  ]
}

function refusedLines({ keySet, reason, advice }: RefusedKeySet, out: Terminal): string[] {
  return [
    `${out.paint('refused', 'red')} ${out.heading(keySet)}`,
    ...out.prose(`Left out: ${reason}${reason.endsWith('.') ? '' : '.'}`, 2),
    '',
    `  ${out.heading('What to do')}`,
    // Advice is sentences, or statements to run.
    ...(advice.endsWith(';') ? out.code(advice, 4) : out.prose(advice, 2)),
  ]
}

function suspectedLines({ suspected, plan, undecided }: FixReport, out: Terminal): string[] {
  if (suspected.length === 0 || (plan === null && undecided.length === 0)) return []
  const parents = [...new Set(suspected.map(({ to }) => to))]
  return [
    out.heading('Suspected references'),
    ...out.prose(
      'Nothing declares them, so they are left alone, and may point to rows that go. Where one does hold ids, add it to the key set of that table:',
      2,
    ),
    ...parents.flatMap((parent) => [
      ...out.prose(`to ${parent}:`, 2),
      ...out.code(
        `references:\n${suspected
          .filter(({ to }) => to === parent)
          .map((one) => `  - ${flow({ table: tableName(one), columns: [quoted(one.column)] })}`)
          .join('\n')}`,
        4,
      ),
    ]),
  ]
}
