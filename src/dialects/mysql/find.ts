import type { TableName } from '../../model/keyset.js'
import type { CatalogAnswer } from '../dialect.js'
import type { ReadTransaction } from './driver.js'

/** Names → tables, in the order asked. `schemas`: databases in which unqualified names are looked for. */
export async function readCatalog(
  _transaction: ReadTransaction,
  _names: readonly TableName[],
  _schemas: readonly string[],
): Promise<readonly CatalogAnswer[]> {
  throw new Error('not written yet')
}

/** Tables of the given databases; of every database of the user's where none is given. */
export async function listTables(_transaction: ReadTransaction, _schemas: readonly string[]): Promise<TableName[]> {
  throw new Error('not written yet')
}
