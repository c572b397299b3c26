import type { Remedy } from '../../model/audit.js'
import type { Facts, ResolvedKeySet } from '../../model/verdict.js'
import { prettyIdentifier } from './sql-text.js'
import { type IndexDefinition, indexesFor, keyPartsOf, NAME_BYTES } from './uniqueness.js'

const RUN_ALONE =
  'run each statement by itself, outside a transaction; a CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind: drop it before you try again'

/** How uniqueness can be had for a key set, in the user's own names. `serverVersion` as in server_version_num. */
export function suggest(resolved: ResolvedKeySet, facts: Facts, serverVersion: number): Remedy {
  const { table } = resolved
  if (facts.unjudgeable !== null) return { kind: 'none', sql: [], note: null }
  const untyped = keyPartsOf(resolved)
    .map((part) => table.columns.find((column) => column.name === part.column))
    .find((column) => column !== undefined && !column.hasEquality)
  if (untyped !== undefined) {
    return {
      kind: 'none',
      sql: [],
      note: `${untyped.name} is of type ${untyped.type}, which has no equality: it can't be compared, grouped or made unique. Store it as ${untyped.baseType === 'json' ? 'jsonb' : 'another type'}, or look up an expression over it such as (${untyped.name}::text)`,
    }
  }
  const relation = `${prettyIdentifier(table.schema)}.${prettyIdentifier(table.name)}`
  if (table.inheritanceChildren > 0)
    return sideTable(resolved, `A unique index on ${relation} does not see the rows of the tables that inherit from it`)
  const indexes = indexesFor(resolved, serverVersion)
  if (table.partitioning !== null) return partitioned(resolved, facts, relation, indexes)
  return onTable(resolved, facts, relation, indexes)
}

function onTable(
  resolved: ResolvedKeySet,
  facts: Facts,
  relation: string,
  indexes: readonly IndexDefinition[],
): Remedy {
  const leftovers = facts.indexes
    .filter(({ index: found }) => found.unique && !found.valid && found.attached === null)
    .map(
      ({ index: found }) =>
        `DROP INDEX CONCURRENTLY ${prettyIdentifier(found.schema)}.${prettyIdentifier(found.name)};`,
    )
  const [first] = indexes
  const creates = indexes.map(
    (index) => `CREATE UNIQUE INDEX CONCURRENTLY ${prettyIdentifier(index.name)} ON ${definition(relation, index)};`,
  )
  const sql = [...leftovers, ...creates]
  if (first === undefined || indexes.length > 1) {
    return {
      kind: 'partial',
      sql,
      note: 'before PostgreSQL 15 a unique index takes every NULL for a different value, so that values and NULL need an index each',
    }
  }
  if (!first.attachable) return { kind: resolved.predicate === null ? 'expression' : 'partial', sql, note: RUN_ALONE }
  const name = prettyIdentifier(first.name)
  return {
    kind: first.nullsNotDistinct ? 'nulls-not-distinct' : 'plain',
    sql: [...sql, `ALTER TABLE ${relation} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name};`],
    note: RUN_ALONE,
  }
}

/** `shop.cart (tenant_id, lower(email)) NULLS NOT DISTINCT WHERE …` */
function definition(relation: string, { members, nullsNotDistinct, predicate }: IndexDefinition): string {
  return `${relation} (${members})${nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}${predicate === null ? '' : ` WHERE ${predicate}`}`
}

function partitioned(
  resolved: ResolvedKeySet,
  facts: Facts,
  relation: string,
  indexes: readonly IndexDefinition[],
): Remedy {
  const { table, parts } = resolved
  const partition = table.partitioning
  const exact = parts.filter((part) => part.match === 'exact').map((part) => part.column)
  const missing = (partition?.columns ?? []).filter((column) => !exact.includes(column))
  if (partition?.byExpression === true)
    return sideTable(resolved, `${relation} is partitioned by an expression, so no unique constraint is possible on it`)
  if (missing.length > 0)
    return sideTable(
      resolved,
      `${relation} is partitioned by ${missing.join(', ')}, which the lookup doesn't contain, so no unique constraint on it can span the partitions`,
    )
  const begun = facts.indexes.find(
    ({ index: found, parts: compared }) =>
      found.unique && found.attached !== null && !found.valid && compared.every((fact) => fact.relation === 'same'),
  )
  const sql = indexes.flatMap((each) => {
    const index = prettyIdentifier(begun?.index.name ?? each.name)
    const create = begun === undefined ? [`CREATE UNIQUE INDEX ${index} ON ONLY ${definition(relation, each)};`] : []
    return [
      ...create,
      `-- for each partition p that has no such index attached:`,
      `-- CREATE UNIQUE INDEX CONCURRENTLY ${index}_p ON ${definition('p', each)};`,
      `-- ALTER INDEX ${prettyIdentifier(table.schema)}.${index} ATTACH PARTITION ${index}_p;`,
    ]
  })
  return {
    kind: 'partitioned',
    sql,
    note: 'the parent index becomes valid, and the guarantee whole, with the last partition attached',
  }
}

/** A table of keys: its primary key is what the audited table can't have. */
function sideTable(resolved: ResolvedKeySet, why: string): Remedy {
  const { table, parts } = resolved
  const columns = parts.flatMap((part) => {
    const column = table.columns.find((candidate) => candidate.name === part.column)
    return part.origin === 'declared' && column !== undefined ? [column] : []
  })
  const name = `${prettyIdentifier(table.schema)}.${prettyIdentifier(`${table.name}_key`.slice(0, NAME_BYTES))}`
  const list = columns.map((column) => `${prettyIdentifier(column.name)} ${column.type}`).join(', ')
  return {
    kind: 'side-table',
    sql: [
      `CREATE TABLE ${name} (${list}, PRIMARY KEY (${columns.map((column) => prettyIdentifier(column.name)).join(', ')}));`,
    ],
    note: `${why}. Use a side table of keys: INSERT INTO ${name} first, in the same transaction, and let its primary key decide who creates the row`,
  }
}
