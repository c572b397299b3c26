import type { Table } from '../../../model/catalog.js'
import type { KeySetFacts, PlanFacts, Refusal, TableFacts, UniqueIndex } from '../../../model/plan-facts.js'
import type { LookupPart, ResolvedKeySet } from '../../../model/verdict.js'
import { jsonRows } from '../catalog.js'
import type { Query, ReadTransaction } from '../driver.js'
import { prettyIdentifier } from '../sql-text.js'
import { hashedName, type IndexDefinition, indexesFor, keySqlFor } from '../uniqueness.js'
import { closure, declaredOf, isDeclared, labelOf } from './closure.js'
import { type Consequences, refusalOf, warningsOf } from './consequences.js'
import { CONSEQUENCES, PUBLISHES_ALL, SUSPECTED, TAKEN_NAMES } from './facts-queries.js'
import { generatedColumns, uniqueKeysOf } from './unique-keys.js'
import { WAY } from './way.js'

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
  const names = await indexNames(query, keySets, server.version)
  const path = await jsonRows<{ name: string }>(query, 'SELECT unnest(current_schemas(false)) AS name', [])
  return {
    searchPath: path.map(({ name }) => name),
    tables: tables.map((table) => tableFacts(table, consequences.get(table.id), at)),
    keySets: keySets.map(({ resolved, refusal }): KeySetFacts => {
      const table = at.get(labelOf(resolved.table)) ?? -1
      return {
        resolved,
        table,
        key: keySqlFor(resolved),
        uniqueness:
          refusal ??
          indexesFor(resolved, server.version).map((index) =>
            toUnique(resolved, index, names.get(index.name, resolved)),
          ),
      }
    }),
    declared,
    suspected: suspected.filter((one) => !declared.some((known) => isDeclared(one, known, tables))),
    warnings: warningsOf(
      tables,
      consequences,
      publishesAll.map(({ name }) => name),
    ),
    way: WAY,
  }
}

/** `at`: positions of the tables by their labels. */
function tableFacts(table: Table, consequences: Consequences | undefined, at: ReadonlyMap<string, number>): TableFacts {
  const refused = refusalOf(table, consequences)
  return {
    table,
    generated: generatedColumns(table),
    uniqueKeys: uniqueKeysOf(table),
    children: table.references.flatMap((reference) => {
      const child = at.get(labelOf({ schema: reference.schema, name: reference.table }))
      return child === undefined ? [] : [{ child, reference }]
    }),
    outgoing: consequences?.outgoing ?? [],
    refusal: refused === null ? null : { refused, advice: 'Its rows have to be merged by hand.' },
  }
}

/** The name of an index for a key set: with a hash at its end where something else or another key set has it. */
interface IndexNames {
  get(name: string, of: ResolvedKeySet): string
}

async function indexNames(
  query: Query,
  keySets: readonly { readonly resolved: ResolvedKeySet }[],
  version: number,
): Promise<IndexNames> {
  const wanted = keySets.flatMap(({ resolved }) =>
    indexesFor(resolved, version).map(({ name }) => ({ name, resolved })),
  )
  const taken = await jsonRows<{ schema: string; name: string; leftoverOf: string | null }>(query, TAKEN_NAMES, [
    wanted.map(({ resolved }) => resolved.table.schema),
    wanted.map(({ name }) => name),
  ])
  const owner = new Map<string, string>()
  return {
    get(name, { table, id }) {
      const place = JSON.stringify([table.schema, name])
      // An invalid index of that name is what an interrupted build left behind, and goes.
      const foreign = taken.some(
        (each) => each.schema === table.schema && each.name === name && each.leftoverOf !== table.id,
      )
      const first = owner.get(place) ?? id
      owner.set(place, first)
      return foreign || first !== id ? hashedName(name, id) : name
    },
  }
}

function toUnique(resolved: ResolvedKeySet, index: IndexDefinition, name: string): UniqueIndex {
  const { table } = resolved
  const constraint = index.attachable && table.partitioning === null
  const { members, nullsNotDistinct, predicate } = index
  return {
    name,
    members,
    generatedColumns: [],
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
