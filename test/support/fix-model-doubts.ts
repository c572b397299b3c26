import { isSameList, type ModelPlan, type ModelTable, valuesOf } from './fix-model-plan.js'
import { type Fates, fatesOf, type RowsByTable, rowsOf } from './fix-model-rows.js'
import type { Reference, Row } from './fix-schema.js'

/** Whether rows end up in a way that a fix may well refuse, for all that they could be merged. */
export function isQuestionable(plan: ModelPlan, fates: Fates, now: RowsByTable): boolean {
  return plan.tables.some((table) => {
    const isKept = (_: Row, at: number) => fatesOf(fates, table)[at]?.into === at
    const kept = rowsOf(now, table).filter(isKept)
    const toItself = table.references.filter(({ parent }) => parent === table.name)
    const incoming = plan.references.filter(({ parent }) => parent === table.name)
    return (
      toItself.some((reference) => hasCircle(reference, kept) && !hasCircle(reference, table.rows)) ||
      incoming.some(({ targets }) => takesOver(table, targets, kept, isKept))
    )
  })
}

/** Rows that are each other's ancestors. */
function hasCircle({ columns, targets }: Reference, rows: readonly Row[]): boolean {
  const parentOf = (row: Row) => rows.find((other) => isSameList(valuesOf(row, columns), valuesOf(other, targets)))
  return rows.some((row) => {
    let place = row
    for (let steps = 0; steps < rows.length; steps += 1) {
      const parent = parentOf(place)
      if (parent === undefined || parent === place) return false
      place = parent
    }
    return true
  })
}

/** A row that stays becomes what others know a removed row by, so that the removal may act on its own children. */
function takesOver(
  { rows }: ModelTable,
  targets: readonly string[],
  kept: readonly Row[],
  isKept: (row: Row, at: number) => boolean,
): boolean {
  const before = rows.filter(isKept).map((row) => valuesOf(row, targets))
  const removed = rows.filter((row, at) => !isKept(row, at)).map((row) => valuesOf(row, targets))
  return kept.some((row, at) => {
    const values = valuesOf(row, targets)
    return !isSameList(values, before[at] ?? []) && removed.some((each) => isSameList(each, values))
  })
}
