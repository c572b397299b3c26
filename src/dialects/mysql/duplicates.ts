import type { Table } from '../../model/catalog.js'
import type { Duplicates } from '../../model/duplicates.js'
import type { ResolvedKeySet } from '../../model/verdict.js'
import type { CountOptions } from '../dialect.js'
import type { MysqlDriver } from './driver.js'

export async function countDuplicates(
  _driver: MysqlDriver,
  _table: Table,
  _keySets: readonly ResolvedKeySet[],
  _options: CountOptions,
): Promise<readonly Duplicates[]> {
  throw new Error('not written yet')
}
