import type { Table } from '../../model/catalog.js'
import type { KeySet } from '../../model/keyset.js'
import type { ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'

export async function resolve(
  _transaction: ReadTransaction,
  _keySet: KeySet,
  _relation: Table,
): Promise<ResolvedKeySet> {
  throw new Error('not written yet')
}
