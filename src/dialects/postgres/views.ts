import type { Table, ViewBase } from '../../model/catalog.js'
import type { RawView } from './catalog.js'
import type { ReadTransaction } from './driver.js'
import { explain } from './oracle.js'
import { conjuncts, quoteIdentifier, unqualify } from './sql-text.js'

/** Scans that split a view's predicate between index and filter, or hide what an index implies, are switched off. */
const PLAIN_SCANS = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan', 'enable_tidscan']

/**
 * What a view shows of the one table it reads, taken from the plan of a SELECT over it.
 * Null where that isn't one table, or where the view takes no inserts: then it can't be judged by that table.
 */
export async function viewBase(
  transaction: ReadTransaction,
  view: Table,
  raw: RawView,
  tables: ReadonlyMap<string, Table>,
): Promise<ViewBase | null> {
  if (!raw.insertable || raw.readsFrom.length !== 1) return null
  const under = tables.get(raw.readsFrom[0] ?? '')
  const table = under?.base?.table ?? under
  if (table === undefined || (table.kind !== 'table' && table.kind !== 'partitioned-table')) return null
  if (table.kind === 'partitioned-table' || table.inheritanceChildren > 0) return null
  for (const setting of PLAIN_SCANS) await transaction.query(`SET LOCAL ${setting} = off`)
  await transaction.query('SET LOCAL max_parallel_workers_per_gather = 0')
  const columns = view.columns.map((column) => quoteIdentifier(column.name)).join(', ')
  const plan = await explain(
    transaction,
    `SELECT ${columns} FROM ${quoteIdentifier(view.schema)}.${quoteIdentifier(view.name)}`,
  )
  for (const setting of PLAIN_SCANS) await transaction.query(`SET LOCAL ${setting} = on`)
  if (plan instanceof Error || plan['Relation Name'] !== table.name || plan.Schema !== table.schema) return null
  const unqualified = (sql: string) => unqualify(sql, plan.Alias ?? table.name)
  const expressions = (plan.Output ?? []).map(unqualified)
  return {
    table,
    columns: Object.fromEntries(view.columns.map((column, at) => [column.name, expressions[at] ?? 'NULL'])),
    predicate:
      plan.Filter === undefined
        ? null
        : conjuncts(unqualified(plan.Filter))
            .map((part) => `(${part})`)
            .join(' AND '),
  }
}
