import { quoted } from '../model/keyset-id.js'
import type { PlanUniqueness } from '../model/plan.js'
import { number, plural } from '../model/words.js'
import type { FixReport, Repoint, ReportedTable, TableChanges } from './fix-report.js'
import { sampleLines } from './fix-text-samples.js'
import type { Cell, Terminal } from './terminal.js'

/** Per table how many rows go, change, stay, and are left alone because nobody decided. */
export function tablesOverview({ tables }: FixReport, out: Terminal): string[] {
  const touched = tables.filter(isTouched)
  const others = tables.filter((table) => !isTouched(table)).map(tableName)
  const head = ['TABLE', 'ROWS', 'REMOVED', 'CHANGED', 'UNTOUCHED', 'STOPPED']
  const table =
    touched.length === 0
      ? []
      : out.table(
          head.map((title, at) => (at === 0 ? { title } : { title, right: true })),
          touched.map((each) => [tableName(each), ...counts(each)]),
        )
  const rest = others.length === 0 ? [] : out.prose(`No row changes in ${others.join(', ')}.`)
  return [...table, ...(table.length > 0 && rest.length > 0 ? [''] : []), ...rest]
}

const isTouched = ({ changes, stoppedRows }: ReportedTable): boolean =>
  stoppedRows > 0 || (changes !== null && changes.removedRows + changes.changedRows > 0)

export const tableName = ({ schema, table }: { readonly schema: string; readonly table: string }): string =>
  `${quoted(schema)}.${quoted(table)}`

function counts({ changes, stoppedRows }: ReportedTable): Cell[] {
  const stopped: Cell = { text: number(stoppedRows), color: stoppedRows > 0 ? 'yellow' : 'dim' }
  if (changes === null) return ['', '', '', '', stopped]
  const { rows, removedRows, changedRows } = changes
  return [
    number(rows),
    { text: number(removedRows), color: removedRows > 0 ? 'red' : 'dim' },
    { text: number(changedRows), color: changedRows > 0 ? 'yellow' : 'dim' },
    number(rows - removedRows - changedRows),
    stopped,
  ]
}

/** One table: what goes and why, what changes, what keeps it unique then, and how that looks in some groups. */
export function tableLines(table: ReportedTable, { showsValues }: FixReport, out: Terminal): string[] {
  const { changes } = table
  if (changes === null) return []
  const facts = [
    ...removals(changes),
    ...merges(changes),
    ...changes.repoints.flatMap(repointed),
    ...changes.uniqueness.map(unique),
  ]
  if (facts.length === 0) return []
  return [
    out.heading(tableName(table)),
    ...facts.flatMap((fact) => out.item(fact)),
    ...sampleLines(changes.samples, showsValues, out),
  ]
}

function removals({ keys, removedRows, groups, largestGroup }: TableChanges): string[] {
  if (removedRows === 0) return []
  const all = `${plural(removedRows, 'surplus row')} in ${plural(groups, 'duplicate group')} ${removedRows === 1 ? 'goes' : 'go'}; the largest group has ${plural(largestGroup, 'row')}.`
  return [all, ...keys.flatMap(removalBy)]
}

function removalBy({ kind, label, survivor, rows }: TableChanges['keys'][number]): string[] {
  if (rows === 0) return []
  const key = kind === 'declared' ? label : `the unique index ${quoted(label)}, in which they collide once repointed`
  return [`${number(rows)} by ${key}: ${survivorWords(survivor)} of each group survives.`]
}

const SURVIVORS: Readonly<Record<string, string>> = {
  oldest: 'the oldest row (lowest primary key)',
  newest: 'the newest row (highest primary key)',
  'most-complete': 'the row with the fewest NULLs',
  'most-referenced': 'the row that most others refer to',
}

function survivorWords(survivor: string): string {
  return Object.hasOwn(SURVIVORS, survivor) ? (SURVIVORS[survivor] ?? '') : `the first row by ${survivor}`
}

function merges({ merge, removedRows }: TableChanges): string[] {
  if (removedRows === 0) return []
  return merge.map(({ column, policy, implicit }) => {
    const why = implicit ? ' (not asked for: a creation stamp keeps the earliest)' : ''
    return `${quoted(column)}: ${policy} of the group${why}.`
  })
}

function repointed({ columns, to, foreignKey, rows }: Repoint): string[] {
  if (rows === 0) return []
  const how = foreignKey === null ? 'declared in `references`' : `foreign key ${quoted(foreignKey)}`
  const names = columns.map(quoted).join(', ')
  return [
    `${plural(rows, 'row')} ${rows === 1 ? 'is' : 'are'} repointed to the survivor in ${tableName(to)}: ${names} (${how}).`,
  ]
}

function unique({ name, members, generatedColumns, predicate, nullsNotDistinct, constraint }: PlanUniqueness): string {
  const kind = constraint ? 'constraint' : 'index'
  const nulls = nullsNotDistinct ? ' nulls not distinct' : ''
  const where = predicate === null ? '' : ` where ${predicate}`
  const added = generatedColumns.map((column) => quoted(column.name))
  const columns =
    added.length === 0 ? '' : `, with ${plural(added.length, 'generated column')} for it, ${added.join(', ')},`
  return `From then on the unique ${kind} ${quoted(name)} on (${members})${nulls}${where}${columns} forbids new ones.`
}
