import { plural } from '../model/words.js'
import type { FixReport, Outcome } from './fix-report.js'
import { decisionLines } from './fix-text-decisions.js'
import { filesLines } from './fix-text-files.js'
import { tableLines, tablesOverview } from './fix-text-tables.js'
import { type Color, type Terminal, type TextOptions, terminal } from './terminal.js'

/** `fix` for people. */
export function fixText(report: FixReport, options: TextOptions): string {
  const out = terminal(options)
  const blocks = [
    [title(report, out)],
    keySetTable(report, out),
    tablesOverview(report, out),
    ...report.tables.map((table) => tableLines(table, report, out)),
    ...decisionLines(report, out),
    listed('Warnings', report.plan === null ? [] : report.warnings, out),
    listed('When it runs', circumstances(report), out),
    summary(report, out),
    ...filesLines(report, out),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function title({ database }: FixReport, out: Terminal): string {
  const server = database.flavour || database.dialect
  return `${out.heading(database.name)} ${out.paint(`on ${server} ${database.version}`, 'dim')}`
}

const OUTCOMES: Readonly<Record<Outcome, { readonly text: string; readonly color: Color }>> = {
  fixed: { text: 'fixed', color: 'green' },
  protected: { text: 'protected already', color: 'dim' },
  undecided: { text: 'undecided: left out', color: 'yellow' },
  refused: { text: 'refused', color: 'red' },
}

function keySetTable({ keySets }: FixReport, out: Terminal): string[] {
  return out.table(
    [{ title: 'KEY SET' }, { title: 'IN THE PLAN' }],
    keySets.map(({ id, outcome }) => [id, OUTCOMES[outcome]]),
  )
}

function listed(heading: string, sentences: readonly string[], out: Terminal): string[] {
  if (sentences.length === 0) return []
  return [out.heading(heading), ...sentences.flatMap((one) => out.item(one))]
}

function circumstances({ plan, stall, tables, wording }: FixReport): string[] {
  if (plan === null) return []
  const limit = Number.isFinite(stall.limit) ? ` (--max-stall: ${seconds(stall.limit)})` : ''
  const attached = tables.some(({ changes }) => changes?.uniqueness.some(({ constraint }) => constraint))
  const time = `for about ${seconds(stall.seconds)}${limit}`
  return [
    stall.readersWait
      ? `The rows are merged and the indexes built under one lock, for which readers and writers of these tables wait: ${time}.`
      : `The rows are merged in one transaction, for which writers of these tables wait: ${time}. Readers don't${attached ? ', but for the moment in which the index becomes a constraint' : ''}.`,
    `Rows that go, values that change and which row went into which are kept in the ${wording.archivePlace} ${plan.archive}, personal data among them, until the cleanup file removes it.`,
  ]
}

function seconds(amount: number): string {
  return amount < 1 ? 'a second' : plural(Math.ceil(amount), 'second')
}

function summary({ plan, tables, keySets }: FixReport, out: Terminal): string[] {
  if (plan === null)
    return out.prose(
      keySets.every(({ outcome }) => outcome === 'protected')
        ? 'Nothing to fix: the database protects every key set already.'
        : 'There is no plan: no key set is left that could be fixed.',
    )
  const changes = tables.flatMap(({ changes: each }) => each ?? [])
  const removed = changes.reduce((sum, { removedRows }) => sum + removedRows, 0)
  const changed = changes.reduce((sum, { changedRows }) => sum + changedRows, 0)
  const unique = changes.reduce((sum, { uniqueness }) => sum + uniqueness.length, 0)
  return out.prose(
    `Plan ${plan.name} (${plan.hash.slice(0, 16)}) removes ${plural(removed, 'row')}, changes ${plural(changed, 'row')} and adds ${plural(unique, 'unique index', 'unique indexes')}. Counted over the rows as they are now; the migration counts anew.`,
  )
}
