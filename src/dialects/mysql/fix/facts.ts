import type { Table } from '../../../model/catalog.js'
import { UserError } from '../../../model/errors.js'
import type { DeclaredReference } from '../../../model/keyset.js'
import type { OutgoingReference } from '../../../model/plan.js'
import type { KeySetFacts, PlanFacts, Refusal, TableFacts } from '../../../model/plan-facts.js'
import type { ResolvedKeySet } from '../../../model/verdict.js'
import { keyOf, toForeignKeys } from '../catalog.js'
import { readForeignKeyRows } from '../catalog-queries.js'
import type { ReadTransaction, ServerInfo } from '../driver.js'
import { spellCondition } from '../expressions.js'
import { requireColumn } from '../resolve.js'
import { keySqlFor } from '../uniqueness.js'
import { closure, declaredOf, findNamed, isDeclared, labelOf } from './closure.js'
import { type Consequences, firmCircles, refusalOf, warningsOf } from './consequences.js'
import { readAllColumns, readableTables, readLogSettings, readRowTriggers } from './facts-queries.js'
import { suspectedReferences } from './suspects.js'
import { uniqueIndexes } from './unique-indexes.js'
import { declared, generatedColumns, rowKeyOf, uniqueKeysOf } from './unique-keys.js'
import { wayOf } from './way.js'

/** `refusal`: why nothing can make a key set unique, or null. */
export async function readPlanFacts(
  transaction: ReadTransaction,
  keySets: readonly { readonly resolved: ResolvedKeySet; readonly refusal: Refusal | null }[],
  schemas: readonly string[],
): Promise<PlanFacts> {
  const { server } = transaction
  const found = await closure(
    transaction,
    keySets.map(({ resolved }) => resolved),
    schemas,
  )
  const outgoing = await readOutgoing(transaction, found)
  const tables = found.map((table, at) =>
    declared(
      table,
      rowKeyOf(
        table,
        (outgoing[at] ?? []).map(({ columns }) => columns),
      ),
    ),
  )
  const settled: ResolvedKeySet[] = []
  for (const { resolved } of keySets) settled.push(await settle(transaction, resolved, tables))
  const references = settled.flatMap((resolved) => declaredOf(resolved, tables, server))
  const all = await consequencesOf(transaction, tables, outgoing)
  const log = await readLogSettings(transaction)
  const asked = await readAllColumns(transaction.query, [
    ...new Set([...tables.map(({ schema }) => schema), ...schemas]),
  ])
  const indexesOf = uniqueIndexes(server)
  return {
    // Names of functions mean the server's own everywhere: others need their database in front.
    searchPath: [],
    tables: [...tables.keys()].map((at) => tableFacts(tables, at, all[at] as Consequences, server)),
    keySets: keySets.map(({ resolved, refusal }, at): KeySetFacts => {
      const known = settled[at] as ResolvedKeySet
      return {
        resolved: known,
        table: tables.indexOf(known.table),
        key: keySqlFor(resolved),
        uniqueness: refusal ?? indexesOf(resolved),
      }
    }),
    declared: references,
    suspected: suspectedReferences(asked, [...new Set(settled.map(({ table }) => table))]).filter(
      (one) => !references.some((known) => isDeclared(one, known, tables)),
    ),
    warnings: warningsOf(
      tables.map((table, at) => [table, all[at] as Consequences]),
      log,
    ),
    way: wayOf(server, log),
  }
}

/** With the table as the plan knows it, and with references by the names that the catalog has. */
async function settle(
  transaction: ReadTransaction,
  resolved: ResolvedKeySet,
  tables: readonly Table[],
): Promise<ResolvedKeySet> {
  const { keySet, table } = resolved
  const references: DeclaredReference[] = []
  for (const reference of keySet.resolution.references) {
    const child = findNamed(tables, reference.table, transaction.server)
    references.push(child === undefined ? reference : await settleReference(transaction, reference, child))
  }
  return {
    ...resolved,
    table: tables.find(({ id }) => id === table.id) ?? table,
    keySet: { ...keySet, resolution: { ...keySet.resolution, references } },
  }
}

async function settleReference(
  transaction: ReadTransaction,
  reference: DeclaredReference,
  child: Table,
): Promise<DeclaredReference> {
  const { location } = reference.table
  const real = (name: string) => requireColumn(child, name, location).name
  const where = reference.where === undefined ? undefined : await spellCondition(transaction, child, reference.where)
  if (where instanceof Error) {
    throw new UserError(
      `The database does not accept \`where\` in \`references\` for ${labelOf(child)}: ${where.message}.`,
      { code: 'sql-rejected', location, cause: where },
    )
  }
  return {
    ...reference,
    table: { ...reference.table, schema: child.schema, name: child.name },
    columns: reference.columns.map(real),
    merge: Object.fromEntries(Object.entries(reference.merge).map(([name, policy]) => [real(name), policy])),
    ...(where === undefined ? {} : { where }),
  }
}

/** By position of the table: its own foreign keys. */
async function readOutgoing(
  { query, server }: ReadTransaction,
  tables: readonly Table[],
): Promise<OutgoingReference[][]> {
  const keys = toForeignKeys(await readForeignKeyRows(query, tables))
  return tables.map((table) =>
    keys
      .filter(({ child }) => keyOf(child, server) === keyOf(table, server))
      .map(({ columns, parent, targetColumns }) => ({
        columns,
        schema: parent.schema,
        table: parent.name,
        targets: targetColumns,
      })),
  )
}

async function consequencesOf(
  transaction: ReadTransaction,
  tables: readonly Table[],
  outgoing: readonly (readonly OutgoingReference[])[],
): Promise<Consequences[]> {
  const { query, server } = transaction
  const readable = await readableTables(transaction, tables)
  const triggers = await readRowTriggers(query, [...new Set(tables.map(({ schema }) => schema))])
  const at = new Map(tables.map((table, position) => [keyOf(table, server), position]))
  const circles = firmCircles(
    tables,
    outgoing.map((references) =>
      references.map((each) => ({
        ...each,
        to: at.get(keyOf({ schema: each.schema, name: each.table }, server)) ?? -1,
      })),
    ),
  )
  return tables.map((table, position) => ({
    triggers: triggers.filter((each) => keyOf(each, server) === keyOf(table, server)).map(({ trigger }) => trigger),
    readable: readable.has(table),
    outgoing: outgoing[position] ?? [],
    circle: circles[position] ?? null,
  }))
}

function tableFacts(
  tables: readonly Table[],
  at: number,
  consequences: Consequences,
  server: Pick<ServerInfo, 'lowerCaseTableNames'>,
): TableFacts {
  const table = tables[at] as Table
  return {
    table,
    generated: generatedColumns(table),
    uniqueKeys: uniqueKeysOf(table),
    children: table.references.flatMap((reference) => {
      const child = tables.findIndex(
        (each) => keyOf(each, server) === keyOf({ schema: reference.schema, name: reference.table }, server),
      )
      return child < 0 ? [] : [{ child, reference }]
    }),
    outgoing: consequences.outgoing,
    refusal: refusalOf(table, consequences),
  }
}
