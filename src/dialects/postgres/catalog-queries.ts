/**
 * The catalog in a fixed number of queries, whatever the number of tables. Each takes `$1 oid[]` and returns one JSON
 * document per row. `to_jsonb(row) ->> 'column'` reads columns that only newer servers have, so that one text serves all.
 */

/** `$1` schemas (null: any in `$3`), `$2` names, `$3` schemas in scope → ord, oid, schema, name, kind. */
export const FIND_RELATIONS = `
  SELECT i.ord::int AS ord, c.oid::text AS id, n.nspname AS "schema", c.relname AS name, c.relkind AS kind,
         c.relname = i.name AS literal, has_schema_privilege(n.oid, 'USAGE') AS usage
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS i(schema, name, ord)
  JOIN pg_class c ON c.relname IN (i.name, lower(i.name)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE CASE WHEN i.schema IS NULL THEN n.nspname = ANY ($3::text[]) ELSE n.nspname = i.schema END
  ORDER BY i.ord, (c.relname = i.name) DESC, array_position($3::text[], n.nspname::text), n.nspname`

/** Every relation a person could have meant → schema, name. */
export const LIST_RELATIONS = `
  SELECT n.nspname AS "schema", c.relname AS name, c.relkind AS kind, c.relispartition AS partition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`

/** `$1` names → where relations of these names are, partitions left out. */
export const FIND_NAMES = `
  SELECT n.nspname AS "schema", c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`

export const RELATIONS = `
  WITH RECURSIVE tree(root, oid) AS (
    SELECT oid, oid FROM unnest($1::oid[]) AS t(oid)
    UNION
    SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
  ), size AS (
    SELECT tree.root,
           bool_and(c.reltuples >= 0 OR c.relkind = 'p') AS analysed,
           sum(greatest(c.reltuples, 0)) FILTER (WHERE c.relkind <> 'p')::float8 AS rows,
           sum(CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) ELSE 0 END)::float8 AS bytes
    FROM tree JOIN pg_class c ON c.oid = tree.oid GROUP BY tree.root
  )
  SELECT c.oid::text AS id, n.nspname AS "schema", c.relname AS name, c.relkind AS kind,
         c.relpersistence = 't' AS temporary, c.relispartition AS "isPartition",
         CASE WHEN size.analysed THEN size.rows END AS "estimatedRows", size.bytes AS bytes,
         (SELECT count(*)::int FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
           WHERE i.inhparent = c.oid AND NOT k.relispartition) AS "inheritanceChildren",
         (SELECT count(*)::int FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
           WHERE i.inhparent = c.oid AND k.relispartition) AS partitions,
         ARRAY(SELECT a.attname::text FROM pg_partition_tree(c.oid) AS part JOIN pg_partitioned_table p ON p.partrelid = part.relid
           CROSS JOIN unnest(p.partattrs::int2[]) WITH ORDINALITY AS k(attnum, ord)
           JOIN pg_attribute a ON a.attrelid = part.relid AND a.attnum = k.attnum
           WHERE c.relkind = 'p' GROUP BY 1 ORDER BY min(part.level), min(k.ord)) AS "partitionColumns",
         EXISTS (SELECT FROM pg_partition_tree(c.oid) AS part JOIN pg_partitioned_table p ON p.partrelid = part.relid
           WHERE c.relkind = 'p' AND p.partexprs IS NOT NULL) AS "partitionByExpression",
         c.relrowsecurity AS "rowSecurity",
         row_security_active(c.oid) AS "rowSecurityActive",
         has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
         CASE WHEN c.relkind = 'v' THEN (pg_relation_is_updatable(c.oid, false) & 8) <> 0 END AS insertable,
         (SELECT array_agg(DISTINCT d.refobjid::text) FROM pg_rewrite r
           JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
           WHERE r.ev_class = c.oid AND d.refobjid <> c.oid AND c.relkind = 'v') AS "readsFrom"
  FROM unnest($1::oid[]) AS t(oid)
  JOIN pg_class c ON c.oid = t.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN size ON size.root = c.oid`

export const COLUMNS = `
  WITH RECURSIVE base(oid, type, required) AS (
    SELECT t.oid, t.oid, false FROM pg_type t
      WHERE t.oid IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0)
    UNION
    SELECT base.oid, t.typbasetype, base.required OR t.typnotnull
      FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype = 'd'
  )
  SELECT a.attrelid::text AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         (a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint nn WHERE nn.contype = 'n' AND nn.conrelid = a.attrelid
            AND nn.conkey = ARRAY[a.attnum] AND NOT nn.convalidated)) OR base.required AS "notNull",
         a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) ~* '(nextval|uuid|ulid|cuid|nanoid|ksuid)', false) AS "generatesKey",
         CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
         CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS expression,
         CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
         CASE WHEN a.attcollation <> 0 AND a.attcollation <> 'pg_catalog."default"'::regcollation
              THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_namespace cn WHERE cn.oid = co.collnamespace) END AS collation,
         coalesce(co.collisdeterministic, true) AS deterministic,
         format_type(base.type, NULL) AS "baseType",
         bt.typtype IN ('e', 'r', 'm', 'c') OR EXISTS (
           SELECT FROM pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod AND am.amname IN ('btree', 'hash')
           WHERE o.opcdefault AND (o.opcintype = element.oid
             OR EXISTS (SELECT FROM pg_cast ca WHERE ca.castsource = element.oid AND ca.casttarget = o.opcintype AND ca.castmethod = 'b' AND ca.castcontext = 'i'))
         ) OR element.typtype IN ('e', 'r', 'm', 'c') AS "hasEquality",
         format_type(base.type, NULL) IN ('date', 'timestamp without time zone', 'timestamp with time zone') AS "isTimestamp",
         coalesce(pg_get_expr(d.adbin, d.adrelid) ~* '(now|clock_timestamp|transaction_timestamp|statement_timestamp)\\(|current_timestamp|current_date|localtimestamp', false) AS "defaultsToNow",
         has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable
  FROM pg_attribute a
  JOIN pg_class r ON r.oid = a.attrelid
  JOIN base ON base.oid = a.atttypid AND (SELECT typtype FROM pg_type WHERE oid = base.type) <> 'd'
  JOIN pg_type bt ON bt.oid = base.type
  JOIN pg_type element ON element.oid = CASE WHEN bt.typcategory = 'A' AND bt.typelem <> 0 THEN bt.typelem ELSE bt.oid END
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`

export const INDEXES = `
  WITH wanted AS (
    SELECT t.oid AS root, t.oid AS relation, false AS local FROM unnest($1::oid[]) AS t(oid)
    UNION ALL
    SELECT t.oid, part.relid, true FROM unnest($1::oid[]) AS t(oid)
      JOIN pg_class c ON c.oid = t.oid AND c.relkind = 'p', pg_partition_tree(t.oid) AS part WHERE part.level > 0
  )
  SELECT w.root::text AS relation, ic.relname AS name, n.nspname AS "schema", tc.relname AS "table",
         i.indisunique AS "unique", i.indisprimary AS "primary", i.indisexclusion AS exclusion,
         coalesce((to_jsonb(con) ->> 'conperiod')::bool, false) AS period,
         con.conname AS "constraint", NOT i.indimmediate AS deferrable,
         i.indisvalid AS valid, i.indisready AND i.indislive AS ready,
         coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS "nullsNotDistinct",
         am.amname AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate,
         CASE WHEN ic.relkind = 'I' THEN json_build_object(
           'partitions', (SELECT count(*) FROM pg_inherits x WHERE x.inhparent = i.indexrelid),
           'of', (SELECT count(*) FROM pg_inherits x WHERE x.inhparent = i.indrelid)) END AS attached,
         w.local AS "partitionLocal",
         i.indisclustered OR i.indisreplident OR EXISTS (
           SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid) AS pinned,
         (SELECT json_agg(json_build_object(
            'column', a.attname,
            'expression', CASE WHEN i.indkey[k - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k, false) END,
            'operator', op.oprname,
            'operatorClass', CASE WHEN NOT oc.opcdefault THEN oc.opcname END,
            'isDefault', CASE WHEN con.conexclop IS NOT NULL THEN
                EXISTS (SELECT FROM pg_amop e JOIN pg_opclass de ON de.opcfamily = e.amopfamily AND de.opcdefault
                  WHERE e.amopopr = op.oid AND e.amopstrategy = CASE WHEN de.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree') THEN 3 ELSE 1 END
                  AND de.opcmethod IN (SELECT oid FROM pg_am WHERE amname IN ('btree', 'hash')))
              ELSE oc.opcdefault OR EXISTS (SELECT FROM pg_opclass de JOIN pg_amop e ON e.amopfamily = de.opcfamily
                  AND e.amoplefttype = de.opcintype AND e.amoprighttype = de.opcintype AND e.amopstrategy = 3
                  WHERE de.opcdefault AND de.opcmethod = oc.opcmethod AND de.opcintype = oc.opcintype AND e.amopopr = op.oid) END,
            'sameCollation', a.attcollation IS NULL OR i.indcollation[k - 1] = a.attcollation,
            'collation', quote_ident(cn.nspname) || '.' || quote_ident(co.collname),
            'deterministic', coalesce(co.collisdeterministic, true)) ORDER BY k)
          FROM generate_series(1, i.indnkeyatts) AS k
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum <> 0
          JOIN pg_opclass oc ON oc.oid = i.indclass[k - 1]
          LEFT JOIN pg_operator op ON op.oid = coalesce(con.conexclop[k], (SELECT e.amopopr FROM pg_amop e
            WHERE e.amopfamily = oc.opcfamily AND e.amoplefttype = oc.opcintype AND e.amoprighttype = oc.opcintype
              AND e.amopstrategy = CASE am.amname WHEN 'hash' THEN 1 ELSE 3 END LIMIT 1))
          LEFT JOIN pg_collation co ON co.oid = i.indcollation[k - 1]
          LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace) AS parts
  FROM wanted w
  JOIN pg_index i ON i.indrelid = w.relation
  JOIN pg_class ic ON ic.oid = i.indexrelid
  JOIN pg_am am ON am.oid = ic.relam
  JOIN pg_class tc ON tc.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = ic.relnamespace
  LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u', 'x')
  WHERE NOT w.local OR ((i.indisunique OR i.indisexclusion)
    AND NOT EXISTS (SELECT FROM pg_inherits x WHERE x.inhrelid = i.indexrelid))
  ORDER BY w.root, ic.relname, n.nspname`

export const REFERENCES = `
  SELECT f.confrelid::text AS relation, f.conname AS name, n.nspname AS "schema", c.relname AS "table",
         (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, ord)
           JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum) AS "columns",
         (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, ord)
           JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum) AS "targetColumns",
         CASE f.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
              WHEN 'n' THEN 'set null' ELSE 'set default' END AS "onDelete",
         CASE f.confupdtype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
              WHEN 'n' THEN 'set null' ELSE 'set default' END AS "onUpdate",
         greatest(c.reltuples, 0)::float8 AS "estimatedRows",
         CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid)::float8 ELSE 0 END AS bytes
  FROM pg_constraint f
  JOIN pg_class c ON c.oid = f.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE f.contype = 'f' AND f.confrelid = ANY ($1::oid[]) AND f.conparentid = 0
  ORDER BY f.confrelid, n.nspname, c.relname, f.conname`

/** Row triggers that run before an INSERT and can change what is stored. */
export const INSERT_TRIGGERS = `
  SELECT t.tgrelid::text AS relation, t.tgname AS name, p.prosrc AS body
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE t.tgrelid = ANY ($1::oid[]) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND (t.tgtype & 7) = 7
  ORDER BY t.tgrelid, t.tgname`
