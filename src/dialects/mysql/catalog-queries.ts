import type { Query, ServerInfo } from './driver.js'
import { quoteIdentifier, quoteLiteral } from './sql-text.js'

/**
 * The catalog in a fixed number of queries per database, whatever the number of tables. MariaDB opens every table of the
 * server unless the database is named as a constant, hence one query for each. Every column has an alias: MySQL returns
 * names in upper case. Comparisons may ignore case there; callers compare again.
 */

export interface Name {
  readonly schema: string
  readonly name: string
}

/** Rows carry the table that they belong to. */
export type Of<Row> = Row & Name & Record<string, unknown>

/** Without it MySQL answers with sizes of up to a day ago. A comment to MariaDB. */
const FRESH = '/*+ SET_VAR(information_schema_stats_expiry = 0) */'

/** One query over each database, for the tables named there. `%s` becomes the condition on schema and name. */
async function perSchema<Row>(query: Query, names: readonly Name[], sql: (within: Within) => string): Promise<Row[]> {
  const rows: Row[] = []
  for (const [schema, tables] of bySchema(names)) {
    const list = tables.map(quoteLiteral).join(', ')
    const within: Within = (schemaColumn, nameColumn) =>
      `${schemaColumn} = ${quoteLiteral(schema)} AND ${nameColumn} IN (${list})`
    rows.push(...((await query(sql(within))) as Row[]))
  }
  return rows
}

type Within = (schemaColumn: string, nameColumn: string) => string

/** Without names that no server accepts: information_schema can't even be asked for them. */
function bySchema(names: readonly Name[]): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { schema, name } of names) {
    if (/[\0\u{10000}-\u{10ffff}]/u.test(schema + name)) continue
    const group = groups.get(schema)
    if (group === undefined) groups.set(schema, [name])
    else group.push(name)
  }
  return groups
}

const list = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([alias, sql]) => `${sql} AS ${quoteIdentifier(alias)}`)
    .join(', ')

export interface RelationRow {
  readonly type: string
  readonly engine: string | null
  readonly rowFormat: string | null
  readonly rows: number | string | null
  readonly bytes: number | string | null
}

export const readRelationRows = (query: Query, names: readonly Name[]) =>
  perSchema<Of<RelationRow>>(
    query,
    names,
    (within) =>
      `SELECT ${FRESH} ${list({
        schema: 'TABLE_SCHEMA',
        name: 'TABLE_NAME',
        type: 'TABLE_TYPE',
        engine: 'ENGINE',
        rowFormat: 'ROW_FORMAT',
        rows: 'TABLE_ROWS',
        bytes: 'DATA_LENGTH',
      })} FROM information_schema.TABLES WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')}`,
  )

export interface ColumnRow {
  readonly column: string
  readonly type: string
  readonly baseType: string
  readonly nullable: 'YES' | 'NO'
  readonly default: string | null
  readonly extra: string
  readonly collation: string | null
  readonly expression: string | null
  /** Of our user, for this column. */
  readonly privileges: string
}

export const readColumnRows = (query: Query, names: readonly Name[]) =>
  perSchema<Of<ColumnRow>>(
    query,
    names,
    (within) =>
      `SELECT ${list({
        schema: 'TABLE_SCHEMA',
        name: 'TABLE_NAME',
        column: 'COLUMN_NAME',
        type: 'COLUMN_TYPE',
        baseType: 'DATA_TYPE',
        nullable: 'IS_NULLABLE',
        default: 'COLUMN_DEFAULT',
        extra: 'EXTRA',
        collation: 'COLLATION_NAME',
        expression: 'GENERATION_EXPRESSION',
        privileges: '`PRIVILEGES`',
      })} FROM information_schema.COLUMNS WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`,
  )

export interface IndexRow {
  readonly index: string
  readonly nonUnique: number | string
  readonly position: number | string
  readonly column: string | null
  readonly direction: string | null
  readonly prefix: number | string | null
  readonly type: string
  readonly cardinality: number | string | null
  readonly expression: string | null
  readonly ignored: 'YES' | 'NO'
}

export const readIndexRows = (query: Query, names: readonly Name[], { flavour }: Pick<ServerInfo, 'flavour'>) =>
  perSchema<Of<IndexRow>>(
    query,
    names,
    (within) =>
      `SELECT ${FRESH} ${list({
        schema: 'TABLE_SCHEMA',
        name: 'TABLE_NAME',
        index: 'INDEX_NAME',
        nonUnique: 'NON_UNIQUE',
        position: 'SEQ_IN_INDEX',
        column: 'COLUMN_NAME',
        direction: '`COLLATION`',
        prefix: 'SUB_PART',
        type: 'INDEX_TYPE',
        cardinality: 'CARDINALITY',
        expression: flavour === 'mysql' ? 'EXPRESSION' : 'NULL',
        ignored: flavour === 'mysql' ? "IF(IS_VISIBLE = 'NO', 'YES', 'NO')" : 'IGNORED',
      })} FROM information_schema.STATISTICS WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
  )

export interface PartitionRow {
  readonly partitions: number | string
  readonly method: string
  readonly expression: string | null
  readonly subexpression: string | null
}

export const readPartitionRows = (query: Query, names: readonly Name[]) =>
  perSchema<Of<PartitionRow>>(
    query,
    names,
    (within) =>
      `SELECT ${list({
        schema: 'TABLE_SCHEMA',
        name: 'TABLE_NAME',
        partitions: 'COUNT(*)',
        method: 'MIN(PARTITION_METHOD)',
        expression: 'MIN(PARTITION_EXPRESSION)',
        subexpression: 'MIN(SUBPARTITION_EXPRESSION)',
      })} FROM information_schema.PARTITIONS
      WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')} AND PARTITION_NAME IS NOT NULL
      GROUP BY TABLE_SCHEMA, TABLE_NAME`,
  )

export interface TriggerRow {
  readonly trigger: string
  readonly body: string
}

/** Shown to users with the TRIGGER privilege only. */
export const readTriggerRows = (query: Query, names: readonly Name[]) =>
  perSchema<Of<TriggerRow>>(
    query,
    names,
    (within) =>
      `SELECT ${list({
        schema: 'EVENT_OBJECT_SCHEMA',
        name: 'EVENT_OBJECT_TABLE',
        trigger: 'TRIGGER_NAME',
        body: 'ACTION_STATEMENT',
      })} FROM information_schema.TRIGGERS
      WHERE ${within('EVENT_OBJECT_SCHEMA', 'EVENT_OBJECT_TABLE')}
        AND ACTION_TIMING = 'BEFORE' AND EVENT_MANIPULATION = 'INSERT'
      ORDER BY EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, ACTION_ORDER`,
  )

export interface ViewRow {
  /** Empty without the SHOW VIEW privilege. */
  readonly definition: string | null
  readonly updatable: 'YES' | 'NO'
}

export const readViewRows = (query: Query, names: readonly Name[]) =>
  perSchema<Of<ViewRow>>(
    query,
    names,
    (within) =>
      `SELECT ${list({
        schema: 'TABLE_SCHEMA',
        name: 'TABLE_NAME',
        definition: 'VIEW_DEFINITION',
        updatable: 'IS_UPDATABLE',
      })} FROM information_schema.VIEWS WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')}`,
  )

export interface ForeignKeyRow extends Record<string, unknown> {
  readonly constraint: string
  readonly schema: string
  readonly name: string
  readonly column: string
  readonly targetSchema: string
  readonly targetName: string
  readonly target: string
}

/**
 * Foreign keys from and to the tables, a row per column. Children may be in any database, so that none is left out here;
 * a user sees those of tables on which it has some privilege.
 */
export async function readForeignKeyRows(query: Query, names: readonly Name[]): Promise<ForeignKeyRow[]> {
  const conditions = [...bySchema(names)].flatMap(([schema, tables]) => {
    const within = `IN (${tables.map(quoteLiteral).join(', ')})`
    return [
      `(TABLE_SCHEMA = ${quoteLiteral(schema)} AND TABLE_NAME ${within})`,
      `(REFERENCED_TABLE_SCHEMA = ${quoteLiteral(schema)} AND REFERENCED_TABLE_NAME ${within})`,
    ]
  })
  if (conditions.length === 0) return []
  return query<ForeignKeyRow>(
    `SELECT ${list({
      constraint: 'CONSTRAINT_NAME',
      schema: 'TABLE_SCHEMA',
      name: 'TABLE_NAME',
      column: 'COLUMN_NAME',
      targetSchema: 'REFERENCED_TABLE_SCHEMA',
      targetName: 'REFERENCED_TABLE_NAME',
      target: 'REFERENCED_COLUMN_NAME',
    })} FROM information_schema.KEY_COLUMN_USAGE
    WHERE REFERENCED_TABLE_NAME IS NOT NULL AND (${conditions.join(' OR ')})
    ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
  )
}

export interface RuleRow {
  readonly constraint: string
  readonly onDelete: string
  readonly onUpdate: string
}

/** Of the foreign keys that the tables named have. */
export const readRuleRows = (query: Query, children: readonly Name[]) =>
  perSchema<Of<RuleRow>>(
    query,
    children,
    (within) =>
      `SELECT ${list({
        schema: 'CONSTRAINT_SCHEMA',
        name: 'TABLE_NAME',
        constraint: 'CONSTRAINT_NAME',
        onDelete: 'DELETE_RULE',
        onUpdate: 'UPDATE_RULE',
      })} FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${within('CONSTRAINT_SCHEMA', 'TABLE_NAME')}`,
  )

/** Tables that our user may read by column. */
export const readGrantedByColumn = (query: Query, names: readonly Name[]) =>
  perSchema<Name & Record<string, unknown>>(
    query,
    names,
    (within) =>
      `SELECT DISTINCT ${list({ schema: 'TABLE_SCHEMA', name: 'TABLE_NAME' })}
      FROM information_schema.COLUMN_PRIVILEGES WHERE ${within('TABLE_SCHEMA', 'TABLE_NAME')}`,
  )

const SYSTEM = "('mysql', 'information_schema', 'performance_schema', 'sys')"

/** Every relation that a person could have meant; no sequences, which are listed among the tables. */
export function readAllNames(query: Query): Promise<(Name & { readonly type: string } & Record<string, unknown>)[]> {
  return query(
    `SELECT ${list({ schema: 'TABLE_SCHEMA', name: 'TABLE_NAME', type: 'TABLE_TYPE' })}
    FROM information_schema.TABLES
    WHERE TABLE_SCHEMA NOT IN ${SYSTEM} AND TABLE_TYPE <> 'SEQUENCE' ORDER BY TABLE_SCHEMA, TABLE_NAME`,
  )
}
