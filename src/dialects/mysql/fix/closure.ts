import type { Column, Table } from '../../../model/catalog.js'
import { UserError } from '../../../model/errors.js'
import type { DeclaredReference } from '../../../model/keyset.js'
import type { DeclaredReferenceFacts, SuspectedReference } from '../../../model/plan-facts.js'
import type { ResolvedKeySet } from '../../../model/verdict.js'
import { keyOf } from '../catalog.js'
import type { ReadTransaction, ServerInfo } from '../driver.js'
import { readCatalog } from '../find.js'
import { prettyIdentifier, sameName } from '../sql-text.js'

export const labelOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

/** The key sets' tables and whatever references them, transitively; declared references included. */
export async function closure(
  transaction: ReadTransaction,
  keySets: readonly ResolvedKeySet[],
  schemas: readonly string[],
): Promise<Table[]> {
  const { server } = transaction
  const found = new Map(keySets.map(({ table }) => [keyOf(table, server), table]))
  const wanted = new Map<string, DeclaredReference['table']>()
  const look = (table: Table) => {
    for (const { schema, table: name } of table.references)
      wanted.set(keyOf({ schema, name }, server), { schema, name })
  }
  for (const keySet of keySets) {
    look(keySet.table)
    for (const { table } of keySet.keySet.resolution.references)
      wanted.set(keyOf({ schema: table.schema ?? '', name: table.name }, server), table)
  }
  while (wanted.size > 0) {
    const names = [...wanted].flatMap(([key, name]) => (found.has(key) ? [] : [name]))
    wanted.clear()
    const answers = names.length === 0 ? [] : await readCatalog(transaction, names, schemas)
    for (const [at, answer] of answers.entries()) {
      if (!('table' in answer)) throw missingReference(names[at], answer.candidates)
      const key = keyOf(answer.table, server)
      if (found.has(key)) continue
      found.set(key, answer.table)
      look(answer.table)
    }
  }
  return [...found.values()]
}

function missingReference(name: DeclaredReference['table'] | undefined, candidates: readonly string[]): UserError {
  const written = [name?.schema, name?.name].filter((part) => part !== undefined).join('.')
  return new UserError(`There is no table "${written}", which \`references\` names.`, {
    code: 'table-missing',
    location: name?.location,
    suggestions:
      candidates.length === 0 ? ['Check its name in `references`.'] : [`Did you mean ${candidates.join(' or ')}?`],
  })
}

/** `tables`: as the plan knows them; the key set's references have the catalog's names. */
export function declaredOf(
  { keySet, table }: ResolvedKeySet,
  tables: readonly Table[],
  server: Pick<ServerInfo, 'lowerCaseTableNames'>,
): DeclaredReferenceFacts[] {
  return keySet.resolution.references.flatMap((reference) => {
    const child = findNamed(tables, reference.table, server)
    const { columns, where = null } = reference
    if (child === undefined || isForeignKey(table, child, columns, server)) return []
    if (columns.length !== table.primaryKey.length) {
      throw new UserError(
        `\`references\` names ${columns.length} columns of ${labelOf(child)}, but the primary key of ${labelOf(table)} has ${table.primaryKey.length}.`,
        {
          code: 'reference-mismatch',
          location: reference.table.location,
          suggestions: ['Name the columns that hold the primary key, in its order.'],
        },
      )
    }
    const asText = columns.some(
      (name, at) => !areComparable(columnOf(child, name), columnOf(table, table.primaryKey[at] ?? '')),
    )
    return [
      { child: tables.indexOf(child), columns, to: tables.indexOf(table), targets: table.primaryKey, where, asText },
    ]
  })
}

const columnOf = ({ columns }: Table, name: string): Column | undefined =>
  columns.find((column) => column.name === name)

/** The table that a reference of the configuration means. */
export const findNamed = (
  tables: readonly Table[],
  name: DeclaredReference['table'],
  server: Pick<ServerInfo, 'lowerCaseTableNames'>,
): Table | undefined =>
  tables.find(
    (table) => keyOf(table, server) === keyOf({ schema: name.schema ?? table.schema, name: name.name }, server),
  )

const INTEGER = /^(tinyint|smallint|mediumint|int|bigint)$/

/** Whether `=` compares them by their own type: otherwise it would convert both to floating-point numbers, for instance. */
function areComparable(one: Column | undefined, other: Column | undefined): boolean {
  if (one === undefined || other === undefined) return false
  if (INTEGER.test(one.baseType) && INTEGER.test(other.baseType)) return true
  return one.baseType === other.baseType && one.collation === other.collation
}

/** A declared reference may only say how children of a foreign key are merged. */
function isForeignKey(
  parent: Table,
  child: Table,
  columns: readonly string[],
  server: Pick<ServerInfo, 'lowerCaseTableNames'>,
): boolean {
  return parent.references.some(
    (key) =>
      keyOf({ schema: key.schema, name: key.table }, server) === keyOf(child, server) &&
      key.columns.length === columns.length &&
      columns.every((name) => key.columns.some((column) => sameName(column, name))),
  )
}

export function isDeclared(
  { schema, table, column }: SuspectedReference,
  known: DeclaredReferenceFacts,
  tables: readonly Table[],
): boolean {
  const child = tables[known.child]
  return child?.schema === schema && child.name === table && known.columns.includes(column)
}
