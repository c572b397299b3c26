import type { Table } from '../../../model/catalog.js'
import { UserError } from '../../../model/errors.js'
import type { DeclaredReference } from '../../../model/keyset.js'
import type { DeclaredReferenceFacts, SuspectedReference } from '../../../model/plan-facts.js'
import type { ResolvedKeySet } from '../../../model/verdict.js'
import type { ReadTransaction } from '../driver.js'
import { readCatalog } from '../find.js'
import { requireColumn } from '../resolve.js'
import { prettyIdentifier } from '../sql-text.js'

export const labelOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

/** The key sets' tables and whatever references them, transitively; declared references included. */
export async function closure(
  transaction: ReadTransaction,
  keySets: readonly ResolvedKeySet[],
  schemas: readonly string[],
): Promise<Table[]> {
  const found = new Map(keySets.map(({ table }) => [labelOf(table), table]))
  const wanted = new Map<string, { readonly name: DeclaredReference['table']; readonly from: ResolvedKeySet | null }>()
  const look = (table: Table) => {
    for (const { schema, table: name } of table.references)
      wanted.set(labelOf({ schema, name }), { name: { schema, name }, from: null })
  }
  for (const keySet of keySets) {
    look(keySet.table)
    for (const { table } of keySet.keySet.resolution.references)
      wanted.set(`${table.schema ?? ''}.${table.name}`, { name: table, from: keySet })
  }
  while (wanted.size > 0) {
    const names = [...wanted.values()].filter(
      ({ name }) => name.schema === undefined || !found.has(labelOf({ schema: name.schema, name: name.name })),
    )
    wanted.clear()
    const answers =
      names.length === 0
        ? []
        : await readCatalog(
            transaction,
            names.map(({ name }) => name),
            schemas,
          )
    for (const [at, answer] of answers.entries()) {
      if (!('table' in answer)) throw missingReference(names[at]?.name, answer.candidates)
      if (found.has(labelOf(answer.table))) continue
      found.set(labelOf(answer.table), answer.table)
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

export function declaredOf({ keySet, table }: ResolvedKeySet, tables: readonly Table[]): DeclaredReferenceFacts[] {
  const to = tables.findIndex((each) => each.id === table.id)
  return keySet.resolution.references.flatMap((reference) => {
    const child = tables.findIndex(
      ({ schema, name }) =>
        name === reference.table.name && (reference.table.schema === undefined || schema === reference.table.schema),
    )
    const childTable = tables[child]
    if (childTable === undefined) return []
    const columns = reference.columns.map((name) => requireColumn(childTable, name, reference.table.location))
    for (const name of Object.keys(reference.merge)) requireColumn(childTable, name, reference.table.location)
    if (isForeignKey(table, childTable, reference)) return []
    if (columns.length !== table.primaryKey.length) {
      throw new UserError(
        `\`references\` names ${columns.length} columns of ${labelOf(childTable)}, but the primary key of ${labelOf(table)} has ${table.primaryKey.length}.`,
        {
          code: 'reference-mismatch',
          location: reference.table.location,
          suggestions: ['Name the columns that hold the primary key, in its order.'],
        },
      )
    }
    const types = table.primaryKey.map((name) => table.columns.find((column) => column.name === name)?.baseType)
    return [
      {
        child,
        columns: reference.columns,
        to,
        targets: table.primaryKey,
        where: reference.where ?? null,
        asText: columns.some(({ baseType }, at) => baseType !== types[at]),
      },
    ]
  })
}

/** A declared reference may only say how children of a foreign key are merged. */
function isForeignKey(parent: Table, child: Table, { columns }: DeclaredReference): boolean {
  return parent.references.some(
    (key) =>
      key.table === child.name &&
      key.schema === child.schema &&
      key.columns.length === columns.length &&
      columns.every((name) => key.columns.includes(name)),
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
