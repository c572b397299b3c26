import type { Table } from '../../../model/catalog.js'
import { UserError } from '../../../model/errors.js'
import type { DeclaredReference } from '../../../model/keyset.js'
import type {
  DeclaredReferenceFacts,
  KeySetFacts,
  PlanFacts,
  Refusal,
  TableFacts,
  UniqueIndex,
} from '../../../model/plan-facts.js'
import type { LookupPart, ResolvedKeySet } from '../../../model/verdict.js'
import { jsonRows } from '../catalog.js'
import type { ReadTransaction } from '../driver.js'
import { readCatalog } from '../find.js'
import { requireColumn } from '../resolve.js'
import { prettyIdentifier } from '../sql-text.js'
import { type IndexDefinition, indexesFor, keySqlFor } from '../uniqueness.js'
import { CONSEQUENCES, PUBLISHES_ALL, SUSPECTED } from './facts-queries.js'
import { uniqueKeysOf } from './unique-keys.js'

interface Consequences {
  readonly relation: string
  readonly rules: readonly string[]
  readonly triggers: readonly string[]
  readonly matviews: readonly string[]
  readonly publications: readonly string[]
  readonly noIdentity: boolean
  readonly partitionReferences: readonly string[]
  readonly outgoing: TableFacts['outgoing']
}

export const labelOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${prettyIdentifier(schema)}.${prettyIdentifier(name)}`

/** `uniqueness` says of each key set why nothing can make it unique, or null. */
export async function readPlanFacts(
  transaction: ReadTransaction,
  keySets: readonly { readonly resolved: ResolvedKeySet; readonly refusal: Refusal | null }[],
  server: { readonly version: number; readonly schemas: readonly string[] },
): Promise<PlanFacts> {
  const { query } = transaction
  const tables = await closure(
    transaction,
    keySets.map(({ resolved }) => resolved),
    server.schemas,
  )
  const ids = tables.map(({ id }) => id)
  const consequences = new Map(
    (await jsonRows<Consequences>(query, CONSEQUENCES, [ids])).map((each) => [each.relation, each]),
  )
  const at = new Map(tables.map((table, position) => [labelOf(table), position]))
  const declared = keySets.flatMap(({ resolved }) => declaredOf(resolved, tables))
  const suspected = await jsonRows<PlanFacts['suspected'][number]>(query, SUSPECTED, [
    keySets.map(({ resolved }) => resolved.table.id),
  ])
  const publishesAll = await jsonRows<{ name: string }>(query, PUBLISHES_ALL, [])
  const path = await jsonRows<{ name: string }>(query, 'SELECT unnest(current_schemas(false)) AS name', [])
  return {
    searchPath: path.map(({ name }) => name),
    tables: tables.map((table): TableFacts => {
      const more = consequences.get(table.id)
      return {
        table,
        uniqueKeys: uniqueKeysOf(table),
        children: table.references.flatMap((reference) => {
          const child = at.get(labelOf({ schema: reference.schema, name: reference.table }))
          return child === undefined ? [] : [{ child, reference }]
        }),
        outgoing: more?.outgoing ?? [],
        refusal: refusalOf(table, more),
      }
    }),
    keySets: keySets.map(({ resolved, refusal }): KeySetFacts => {
      const table = at.get(labelOf(resolved.table)) ?? -1
      return {
        resolved,
        table,
        key: keySqlFor(resolved),
        uniqueness: refusal ?? indexesFor(resolved, server.version).map((index) => toUnique(resolved, index)),
      }
    }),
    declared,
    suspected: suspected.filter((one) => !declared.some((known) => isDeclared(one, known, tables))),
    warnings: warningsOf(
      tables,
      consequences,
      publishesAll.map(({ name }) => name),
    ),
  }
}

/** The key sets' tables and whatever references them, transitively; declared references included. */
async function closure(
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

function declaredOf({ keySet, table }: ResolvedKeySet, tables: readonly Table[]): DeclaredReferenceFacts[] {
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

function isDeclared(
  { schema, table, column }: PlanFacts['suspected'][number],
  known: DeclaredReferenceFacts,
  tables: readonly Table[],
): boolean {
  const child = tables[known.child]
  return child?.schema === schema && child.name === table && known.columns.includes(column)
}

function toUnique(resolved: ResolvedKeySet, index: IndexDefinition): UniqueIndex {
  const { table } = resolved
  const constraint = index.attachable && table.partitioning === null
  const { name, members, nullsNotDistinct, predicate } = index
  return {
    name,
    members,
    nullsNotDistinct,
    predicate,
    constraint,
    model: {
      schema: table.schema,
      table: table.name,
      name,
      members: resolved.parts
        .filter((part) => part.origin === 'declared' && part.nullLookedUp !== 'always')
        .map((part) => memberOf(part)),
      predicate,
      nullsNotDistinct,
      constraint,
    },
  }
}

function memberOf({ column, match, label }: LookupPart) {
  if (column === null) return { expression: label }
  return match === 'binary'
    ? { expression: `${prettyIdentifier(column)} COLLATE "C"` }
    : { column, fold: foldOf(match) }
}

const foldOf = (match: LookupPart['match']): 'lower' | 'upper' | null =>
  match === 'lower' || match === 'upper' ? match : null

function refusalOf(table: Table, more: Consequences | undefined): string | null {
  const name = labelOf(table)
  const [rule] = more?.rules ?? []
  const [reference] = more?.partitionReferences ?? []
  if (table.kind !== 'table' && table.kind !== 'partitioned-table')
    return `${name} is a ${table.kind.replace('-', ' ')}`
  if (table.temporary) return `${name} is temporary`
  if (table.isPartition) return `${name} is a partition: its rows are referenced through the partitioned table`
  if (table.rowSecurity === 'filters') return `row security hides rows of ${name} from this role`
  if (table.unreadableColumns.length > 0)
    return `this role may not read ${table.unreadableColumns.map((column) => prettyIdentifier(column)).join(', ')} of ${name}`
  if (rule !== undefined) return `the rule ${prettyIdentifier(rule)} on ${name} changes what UPDATE or DELETE does`
  if (reference !== undefined) return `a foreign key points to a single partition of ${name}: ${reference}`
  const odd = table.columns.find((column) => column.name.startsWith('goc_'))
  return odd === undefined
    ? null
    : `${name} has a column ${prettyIdentifier(odd.name)}, and names that begin with goc_ are used by the migration`
}

function warningsOf(
  tables: readonly Table[],
  consequences: ReadonlyMap<string, Consequences>,
  publishesAll: readonly string[],
): string[] {
  const each = tables.flatMap((table) => {
    const { triggers = [], matviews = [], publications = [], noIdentity = false } = consequences.get(table.id) ?? {}
    const name = labelOf(table)
    return [
      ...(triggers.length > 0
        ? [`Triggers of ${name} fire for every row that changes or goes: ${triggers.join(', ')}.`]
        : []),
      ...matviews.map((view) => `${view} shows the old rows of ${name} until REFRESH MATERIALIZED VIEW ${view}.`),
      ...(publications.length > 0
        ? [
            `${name} is published (${publications.join(', ')}): its subscribers receive the changed and removed rows, but not the unique index; run the last step there too.`,
          ]
        : []),
      ...(publications.length > 0 && noIdentity
        ? [
            `${name} is published without a replica identity, so that rows can't be changed or removed: ALTER TABLE ${name} REPLICA IDENTITY FULL.`,
          ]
        : []),
    ]
  })
  const all = publishesAll.map(
    (name) =>
      `The publication ${prettyIdentifier(name)} is FOR ALL TABLES, so that the archive is published too and a subscriber without its tables stops: create them there first (the up file names them), or leave the archive out.`,
  )
  return [...each, ...all]
}
