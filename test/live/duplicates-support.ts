import type { CountOptions } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import type { Table } from '../../src/model/catalog.js'
import type { DuplicateCounts, Duplicates } from '../../src/model/duplicates.js'
import type { KeySet, Resolution } from '../../src/model/keyset.js'

export interface KeySetChanges extends Partial<Omit<KeySet, 'resolution'>> {
  readonly resolution?: Partial<Resolution>
}

/** A key set on a table (`schema.name` or `name`); columns in parentheses are expressions. */
export function keySet(table: string, columns: readonly string[], changes: KeySetChanges = {}): KeySet {
  const [schema, name] = table.includes('.') ? table.split('.') : [undefined, table]
  return {
    table: { ...(schema === undefined ? {} : { schema }), name: name as string },
    parts: columns.map((column) =>
      column.startsWith('(') ? { kind: 'expression', sql: column.slice(1, -1) } : { kind: 'column', name: column },
    ),
    match: {},
    boundAs: {},
    idiom: 'select-insert',
    evidence: [{ kind: 'declared' }],
    ...changes,
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [], ...changes.resolution },
  }
}

export interface Circumstances extends Partial<CountOptions> {
  /** Milliseconds. */
  readonly timeout?: number
  /** What the catalog said, changed: to have a small table counted as a large one. */
  readonly table?: Partial<Table>
  /** Runs between reading the catalog and counting. */
  readonly meanwhile?: () => Promise<unknown>
}

/** As another's session would, from the names to the counts; key sets of one table. */
export async function count(
  url: string,
  keySets: readonly KeySet[],
  { timeout = 30_000, table: changes = {}, meanwhile, ...options }: Circumstances = {},
): Promise<readonly Duplicates[]> {
  const schemas = url.startsWith('mysql') ? [] : ['public']
  const session = await connect({ url, shown: url, schemas }, { statementTimeout: timeout })
  try {
    const [answer] = await session.readCatalog(keySets.slice(0, 1).map((each) => each.table))
    if (answer === undefined || !('table' in answer)) throw new Error(`no table: ${JSON.stringify(answer)}`)
    const resolved = []
    for (const each of keySets) resolved.push(await session.resolve(each, answer.table))
    await meanwhile?.()
    const table = { ...(answer.table.base?.table ?? answer.table), ...changes }
    const tables = resolved.map((each) => ({ ...each, table }))
    return await session.countDuplicates(table, tables, { exists: false, samples: 3, budget: null, ...options })
  } finally {
    await session.close()
  }
}

export async function countOne(url: string, set: KeySet, circumstances?: Circumstances): Promise<DuplicateCounts> {
  const [counts] = await count(url, [set], circumstances)
  if (counts?.counted !== true) throw new Error(`not counted: ${JSON.stringify(counts)}`)
  return counts
}

/** Makes a table be counted as one with too many rows to look at them all. */
export const large: Pick<Circumstances, 'table'> = { table: { estimatedRows: 10_000_000 } }
