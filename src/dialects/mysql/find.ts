import { closest, distance } from 'fastest-levenshtein'
import type { Table } from '../../model/catalog.js'
import type { TableName } from '../../model/keyset.js'
import type { CatalogAnswer } from '../dialect.js'
import { keyOf, readRelations } from './catalog.js'
import { type Name, readAllNames, readRelationRows, type ViewRow } from './catalog-queries.js'
import type { ReadTransaction } from './driver.js'
import { prettyIdentifier, quoteRelation } from './sql-text.js'
import { readsFrom, viewBase } from './views.js'

const qualified = ({ schema, name }: Name): string => `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

/** Not in this list of missing names: each costs a statement to find out why. */
const MOST_ASKED = 50

/** Names → tables, in the order asked. `schemas`: databases in which unqualified names are looked for. */
export async function readCatalog(
  transaction: ReadTransaction,
  names: readonly TableName[],
  schemas: readonly string[],
): Promise<readonly CatalogAnswer[]> {
  const { query, server } = transaction
  const meant = names.map((name): Name[] =>
    (name.schema === undefined ? schemas : [name.schema]).map((schema) => ({ schema, name: name.name })),
  )
  const rows = await readRelationRows(query, unique(meant.flat(), server))
  const existing = new Map(
    rows.flatMap((row) => (row.type === 'SEQUENCE' ? [] : [[keyOf(row, server), row] as [string, Name]])),
  )
  const choices = meant.map((candidates) =>
    unique(candidates, server).flatMap((one) => existing.get(keyOf(one, server)) ?? []),
  )
  const tables = await readAll(
    transaction,
    choices.flatMap((choice) => (choice.length === 1 ? choice : [])),
  )
  const missing = choices.some((choice) => choice.length === 0)
  const listed = missing ? await readAllNames(query) : []
  const refused = await refusedNames(transaction, meant.filter((_, at) => choices[at]?.length === 0).flat())
  return choices.map((choice, at): CatalogAnswer => {
    const [only] = choice
    if (choice.length > 1) return { missing: 'ambiguous', candidates: choice.map(qualified) }
    const table = only && tables.get(keyOf(only, server))
    if (table !== undefined) return { table }
    const candidates = suggestions(names[at], listed)
    const hidden = meant[at]?.some((name) => refused.has(keyOf(name, server))) ?? false
    return { missing: hidden ? 'no-privilege' : 'not-found', candidates }
  })
}

function unique(names: readonly Name[], server: ReadTransaction['server']): Name[] {
  return [...new Map(names.map((name) => [keyOf(name, server), name])).values()]
}

/** Denied to our user, whether or not they exist: with rights in the database, the server would say that they don't. */
async function refusedNames(
  { attempt, server }: ReadTransaction,
  names: readonly Name[],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>()
  for (const name of names.slice(0, MOST_ASKED)) {
    const answer = await attempt(`SELECT 1 FROM ${quoteRelation(name)} LIMIT 0`)
    if ('error' in answer && [1142, 1044].includes(answer.error.errno ?? 0)) refused.add(keyOf(name, server))
  }
  return refused
}

/** The relations and, for views, the tables under them. */
async function readAll(transaction: ReadTransaction, names: readonly Name[]): Promise<ReadonlyMap<string, Table>> {
  const { server } = transaction
  const tables = new Map<string, Table>()
  const views = new Map<string, ViewRow>()
  let open = unique(names, server)
  while (open.length > 0) {
    const read = await readRelations(transaction, open)
    for (const [key, table] of read.tables) tables.set(key, table)
    for (const [key, view] of read.views) views.set(key, view)
    const under = [...read.views.values()].flatMap((view) => readsFrom(view) ?? [])
    open = unique(under, server).filter((name) => !tables.has(keyOf(name, server)))
  }
  for (const key of innermostFirst(views, server)) {
    const [view, row] = [tables.get(key), views.get(key)]
    if (view === undefined || row === undefined) continue
    const base = viewBase(view, row, (name) => tables.get(keyOf(name, server)))
    tables.set(key, { ...view, base, ...(row.definition ? {} : { partlyHidden: true }) })
  }
  return tables
}

function innermostFirst(views: ReadonlyMap<string, ViewRow>, server: ReadTransaction['server']): ReadonlySet<string> {
  const order = new Set<string>()
  const visit = (key: string) => {
    const row = views.get(key)
    const under = row && readsFrom(row)
    if (row === undefined || order.has(key)) return
    if (under) visit(keyOf(under, server))
    order.add(key)
  }
  for (const key of views.keys()) visit(key)
  return order
}

function suggestions(name: TableName | undefined, listed: readonly Name[]): string[] {
  if (name === undefined) return []
  const elsewhere = listed.filter((row) => row.name === name.name)
  if (elsewhere.length > 0) return elsewhere.map(qualified)
  const near = nearest(name.name, [...new Set(listed.map((row) => row.name))])
  return near === null ? [] : listed.filter((row) => row.name === near).map(qualified)
}

/** The known name that a mistyped one most likely stands for; null where nothing is close. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const folded = new Map(known.map((one) => [one.toLowerCase(), one]))
  const candidate = closest(name.toLowerCase(), [...folded.keys()])
  return distance(name.toLowerCase(), candidate) <= Math.max(2, Math.floor(name.length / 3))
    ? (folded.get(candidate) ?? null)
    : null
}

/** Tables of the given databases; of every database of the user's where none is given. */
export async function listTables({ query, server }: ReadTransaction, schemas: readonly string[]): Promise<TableName[]> {
  const within = new Set(schemas.map((schema) => keyOf({ schema, name: '' }, server)))
  const rows = await readAllNames(query)
  return rows
    .filter(
      ({ schema, type }) =>
        !type.endsWith('VIEW') && (within.size === 0 || within.has(keyOf({ schema, name: '' }, server))),
    )
    .map(({ schema, name }) => ({ schema, name }))
}

/** Tables and views of these names, or of these in lower case, in whatever database of the user's. */
export async function findTables(query: ReadTransaction['query'], names: readonly string[]): Promise<TableName[]> {
  const wanted = new Set(names.flatMap((name) => [name, name.toLowerCase()]))
  const rows = await readAllNames(query)
  return rows.filter(({ name }) => wanted.has(name)).map(({ schema, name }) => ({ schema, name }))
}
