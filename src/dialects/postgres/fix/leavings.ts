import type { Plan, PlanReference, PlanTable, PlanUniqueness } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { identifier } from '../sql-text.js'
import { step } from './blocks.js'
import { canLose, identifierList, mapOf, relationOf } from './names.js'

/** An index that has to go. Readers wait for that, so it is done in the last transaction, which is short. */
export interface Leaving {
  readonly table: PlanTable
  /** With its schema. */
  readonly index: string
}

export function leavingsOf(plan: Plan): Leaving[] {
  const helps = unindexed(plan).map(({ at, child }) => leaving(child, helpName(plan, at)))
  const lefts = plan.uniqueness.map((index, n) => leaving(plan.tables[index.table] as PlanTable, leftName(plan, n)))
  return [...helps, ...lefts]
}

const leaving = (table: PlanTable, name: string): Leaving => ({
  table,
  index: `${identifier(table.schema)}.${identifier(name)}`,
})

const helpName = ({ hash }: Plan, reference: number): string => `goc_help_${reference}_${hash.slice(0, 8)}`

/** What an interrupted build left behind under a name of ours. */
const leftName = ({ hash }: Plan, uniqueness: number): string => `goc_left_${uniqueness}_${hash.slice(0, 8)}`

/** Makes room for an index of the same name. */
export function setAside(plan: Plan, index: PlanUniqueness): string {
  const { schema } = plan.tables[index.table] as PlanTable
  const to = leftName(plan, plan.uniqueness.indexOf(index))
  return `ALTER INDEX ${identifier(schema)}.${identifier(index.name)} RENAME TO ${identifier(to)}`
}

/** Fewer rows than this are looked for without an index. */
const FEW = 10

interface Unindexed extends PlanReference {
  readonly at: number
  readonly child: PlanTable
}

/** Foreign keys whose column has no index: deleting a parent would read the whole child, for each parent again. */
function unindexed({ tables, references }: Plan): Unindexed[] {
  return references.flatMap((reference, at) => {
    const { from, to, foreignKey, indexed } = reference
    const child = tables[from]
    return foreignKey !== null && !indexed && child !== undefined && canLose(tables[to])
      ? [{ ...reference, at, child }]
      : []
  })
}

export function helpForeignKeys(plan: Plan): Statement[] {
  const missing = unindexed(plan)
  if (missing.length === 0) return []
  return [
    step(
      'These columns refer to rows that go, and have no index. One for a while saves reading the whole table for each of them.',
      missing.map(
        ({ at, child, to, columns }) => `  IF (SELECT count(*) FROM ${mapOf(to)}) > ${FEW} THEN
    CREATE INDEX ${identifier(helpName(plan, at))} ON ${relationOf(child)} (${identifierList(columns)});
  END IF;`,
      ),
    ),
  ]
}
