import type { Table } from '../../model/catalog.js'
import type { TableStatistics } from '../../model/statistics.js'
import type { ReadTransaction } from './driver.js'

export async function readStatistics(
  _transaction: ReadTransaction,
  _tables: readonly Table[],
): Promise<readonly TableStatistics[]> {
  throw new Error('not written yet')
}
