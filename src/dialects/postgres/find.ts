import type { Table } from '../../model/catalog.js'
import type { TableName } from '../../model/keyset.js'
import type { CatalogAnswer } from '../dialect.js'
import { jsonRows, type RawView, readRelations } from './catalog.js'
import { FIND_NAMES, FIND_RELATIONS, LIST_RELATIONS } from './catalog-queries.js'
import type { Query, ReadTransaction } from './driver.js'
import { nearest } from './resolve.js'
import { prettyIdentifier } from './sql-text.js'
import { viewBase } from './views.js'

interface Found {
  readonly ord: number
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly literal: boolean
  readonly usage: boolean
}

interface Listed {
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly partition: boolean
}

const qualified = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

/** Names → tables, in the order asked. `schemas` empty: along the search path. */
export async function readCatalog(
  transaction: ReadTransaction,
  names: readonly TableName[],
  schemas: readonly string[],
): Promise<readonly CatalogAnswer[]> {
  const { query } = transaction
  const scope = schemas.length > 0 ? schemas : await searchPath(query)
  const rows = await jsonRows<Found>(query, FIND_RELATIONS, [
    names.map((name) => name.schema ?? null),
    names.map((name) => name.name),
    scope,
  ])
  const choices = names.map((_, at) => choose(rows.filter((row) => row.ord === at + 1)))
  const tables = await readAll(
    transaction,
    choices.flatMap((choice) => (choice.length === 1 ? choice.map((row) => row.id) : [])),
  )
  const listed = choices.some((choice) => choice.length === 0) ? await jsonRows<Listed>(query, LIST_RELATIONS, []) : []
  return choices.map((choice, at): CatalogAnswer => {
    const [only] = choice
    if (only === undefined) return { missing: 'not-found', candidates: suggestions(names[at], listed) }
    if (choice.length > 1) return { missing: 'ambiguous', candidates: choice.map(qualified) }
    const table = tables.get(only.id)
    return table === undefined ? { missing: 'not-found', candidates: [] } : { table }
  })
}

/** A name written in the right case wins over one that only matches in lower case. */
function choose(rows: readonly Found[]): readonly Found[] {
  const literal = rows.filter((row) => row.literal)
  return literal.length > 0 ? literal : rows
}

async function searchPath(query: Query): Promise<string[]> {
  const rows = await jsonRows<{ name: string }>(query, 'SELECT unnest(current_schemas(false)) AS name', [])
  return rows.map(({ name }) => name)
}

/** The relations and, for views, the tables under them. */
async function readAll(transaction: ReadTransaction, ids: readonly string[]): Promise<ReadonlyMap<string, Table>> {
  const tables = new Map<string, Table>()
  const views = new Map<string, RawView>()
  let open = [...new Set(ids)]
  while (open.length > 0) {
    const read = await readRelations(transaction.query, open)
    for (const [id, table] of read.tables) tables.set(id, table)
    for (const [id, raw] of read.views) views.set(id, raw)
    open = [...new Set([...read.views.values()].flatMap((view) => view.readsFrom))].filter((id) => !tables.has(id))
  }
  for (const id of innermostFirst(views)) {
    const [view, raw] = [tables.get(id), views.get(id)]
    if (view && raw) tables.set(id, { ...view, base: await viewBase(transaction, view, raw, tables) })
  }
  return tables
}

function innermostFirst(views: ReadonlyMap<string, RawView>): ReadonlySet<string> {
  const order = new Set<string>()
  const visit = (id: string) => {
    for (const under of views.get(id)?.readsFrom ?? []) if (!order.has(under)) visit(under)
    if (views.has(id)) order.add(id)
  }
  for (const id of views.keys()) visit(id)
  return order
}

function suggestions(name: TableName | undefined, listed: readonly Listed[]): string[] {
  if (name === undefined) return []
  const elsewhere = listed.filter((row) => row.name === name.name || row.name === name.name.toLowerCase())
  if (elsewhere.length > 0) return elsewhere.map(qualified)
  const near = nearest(name.name, [...new Set(listed.map((row) => row.name))])
  return near === null ? [] : listed.filter((row) => row.name === near).map(qualified)
}

/** Ordinary and partitioned tables of the given schemas; of every schema of the user's where none is given. */
export async function listTables(query: Query, schemas: readonly string[]): Promise<TableName[]> {
  const rows = await jsonRows<Listed>(query, LIST_RELATIONS, [])
  return rows
    .filter(
      (row) =>
        (schemas.length === 0 || schemas.includes(row.schema)) &&
        !row.partition &&
        (row.kind === 'r' || row.kind === 'p'),
    )
    .map(({ schema, name }) => ({ schema, name }))
}

/** Tables and views of these names, or of these in lower case, in whatever schema of the user's. */
export function findTables(query: Query, names: readonly string[]): Promise<TableName[]> {
  return jsonRows<{ schema: string; name: string }>(query, FIND_NAMES, [
    [...new Set(names.flatMap((name) => [name, name.toLowerCase()]))],
  ])
}
