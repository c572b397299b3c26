import type { Table } from '../../model/catalog.js'
import type { ColumnStatistics, TableStatistics } from '../../model/statistics.js'
import { byRelation, jsonRows } from './catalog.js'
import type { Query } from './driver.js'

/** pg_stats shows a role only the columns that it may read. A partitioned table's own values are the inherited ones. */
const COLUMN_STATISTICS = `
  SELECT c.oid::text AS relation, s.attname AS "column", s.null_frac::float8 AS "nullFraction",
         s.avg_width AS "averageWidth",
         CASE WHEN s.null_frac = 1 OR s.n_distinct = 0 THEN NULL
              WHEN s.n_distinct < 0 THEN least(1, -s.n_distinct / (1 - s.null_frac))
              WHEN c.reltuples > 0 THEN least(1, s.n_distinct / (c.reltuples * (1 - s.null_frac)))
         END::float8 AS distinctness
  FROM unnest($1::oid[]) AS t(oid)
  JOIN pg_class c ON c.oid = t.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.inherited = (c.relkind = 'p')`

const FOREIGN_KEYS = `
  SELECT f.conrelid::text AS relation,
         (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, ord)
           JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum) AS "columns"
  FROM pg_constraint f
  WHERE f.contype = 'f' AND f.conrelid = ANY ($1::oid[])
  ORDER BY f.conrelid, f.conname`

type Of<Row> = Row & { readonly relation: string }

/** In the order of `tables`, in two queries. */
export async function readStatistics(query: Query, tables: readonly Table[]): Promise<readonly TableStatistics[]> {
  const ids = tables.map((table) => table.id)
  const columns = await jsonRows<Of<ColumnStatistics>>(query, COLUMN_STATISTICS, [ids])
  const foreignKeys = await jsonRows<Of<{ readonly columns: readonly string[] }>>(query, FOREIGN_KEYS, [ids])
  const columnsOf = byRelation(columns)
  const keysOf = byRelation(foreignKeys)
  return tables.map((table) => ({
    estimatedRows: table.estimatedRows,
    columns: columnsOf.get(table.id) ?? [],
    foreignKeys: (keysOf.get(table.id) ?? []).map((key) => key.columns),
  }))
}
