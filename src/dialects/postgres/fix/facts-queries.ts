/** Queries of the facts that `fix` needs beside the catalog; each returns rows of one JSON document, as in ../catalog-queries.ts. */

/** `$1` oid[] → what else happens to rows of a table when they are changed or removed. */
export const CONSEQUENCES = `
  SELECT c.oid::text AS relation,
         ARRAY(SELECT format('%I of type %s', a.attname, format_type(a.atttypid, NULL)) FROM pg_attribute a
           JOIN pg_type t ON t.oid = a.atttypid
           JOIN pg_type base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
           JOIN pg_type element ON element.oid = CASE WHEN base.typcategory = 'A' AND base.typelem <> 0 THEN base.typelem ELSE base.oid END
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND element.typtype = 'b'
             AND NOT pg_type_is_visible(element.oid) ORDER BY a.attnum) AS "hiddenTypes",
         ARRAY(SELECT r.rulename::text FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '4')
           AND r.rulename <> '_RETURN' ORDER BY 1) AS rules,
         ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
           AND t.tgenabled <> 'D' AND (t.tgtype & 24) <> 0 ORDER BY 1) AS triggers,
         ARRAY(SELECT DISTINCT format('%I.%I', vn.nspname, v.relname) FROM pg_depend d
           JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
           JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'm' JOIN pg_namespace vn ON vn.oid = v.relnamespace
           WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid ORDER BY 1) AS matviews,
         ARRAY(SELECT p.pubname::text FROM pg_publication p WHERE p.puballtables
           OR EXISTS (SELECT FROM pg_publication_rel x WHERE x.prpubid = p.oid AND x.prrelid = c.oid) ORDER BY 1) AS publications,
         c.relreplident = 'n' OR (c.relreplident = 'd' AND NOT EXISTS (
           SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)) AS "noIdentity",
         ARRAY(SELECT format('%I on %I.%I', f.conname, fn.nspname, fc.relname) FROM pg_partition_tree(c.oid) part
           JOIN pg_constraint f ON f.confrelid = part.relid AND f.contype = 'f' AND f.conparentid = 0
           JOIN pg_class fc ON fc.oid = f.conrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
           WHERE part.level > 0 ORDER BY 1) AS "partitionReferences",
         ARRAY(SELECT format('%I on %I.%I', f.conname, fn.nspname, fc.relname) FROM pg_constraint f
           JOIN pg_class fc ON fc.oid = f.conrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
           WHERE f.confrelid = c.oid AND f.contype = 'f' AND (to_jsonb(f) ->> 'conperiod')::bool ORDER BY 1) AS "periodReferences",
         (SELECT coalesce(json_agg(json_build_object(
            'columns', (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, ord)
              JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
            'schema', pn.nspname, 'table', pc.relname,
            'targets', (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, ord)
              JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)) ORDER BY f.conname), '[]')
          FROM pg_constraint f JOIN pg_class pc ON pc.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
          WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conparentid = 0
            AND coalesce((to_jsonb(f) ->> 'conenforced')::bool, true)) AS outgoing
  FROM pg_class c WHERE c.oid = ANY ($1::oid[])`

/** Publications that every table is in, also one that does not exist yet. */
export const PUBLISHES_ALL = `SELECT pubname::text AS name FROM pg_publication WHERE puballtables ORDER BY 1`

/** `$1` oid[] of tables with a primary key of one column → columns elsewhere named after them, without a foreign key. */
export const SUSPECTED = `
  WITH target AS (
    SELECT c.oid, n.nspname, c.relname, format_type(a.atttypid, NULL) AS type,
           regexp_replace(lower(c.relname), 'ies$', 'y') AS singular
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE c.oid = ANY ($1::oid[])
  )
  SELECT DISTINCT n.nspname AS "schema", c.relname AS "table", a.attname AS "column",
         quote_ident(t.nspname) || '.' || quote_ident(t.relname) AS "to"
  FROM target t
  JOIN pg_attribute a ON a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  WHERE NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey))
    AND (
      (format_type(a.atttypid, NULL) = t.type OR (format_type(a.atttypid, NULL) ~ '^(smallint|integer|bigint)$' AND t.type ~ '^(smallint|integer|bigint)$'))
      AND lower(a.attname) IN (lower(t.relname) || '_id', t.singular || '_id', regexp_replace(t.singular, 's$', '') || '_id',
                               regexp_replace(t.singular, '^.*_', '') || '_id', lower(t.relname) || 'id')
      OR lower(a.attname) ~ '_id$' AND EXISTS (
        SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND NOT k.attisdropped
          AND lower(k.attname) IN (regexp_replace(lower(a.attname), '_id$', '_type'), 'content_type_id') AND k.attnum <> a.attnum)
      AND lower(a.attname) <> 'content_type_id'
    )
  ORDER BY 1, 2, 3, 4`

/** `$1` schemas, `$2` names → those that some relation has; of which table it is an invalid index, if it is one. */
export const TAKEN_NAMES = `
  SELECT DISTINCT w.schema, w.name, CASE WHEN NOT i.indisvalid THEN i.indrelid::text END AS "leftoverOf"
  FROM unnest($1::text[], $2::text[]) AS w(schema, name)
  JOIN pg_namespace n ON n.nspname = w.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
  LEFT JOIN pg_index i ON i.indexrelid = c.oid`
