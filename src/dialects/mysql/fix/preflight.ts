import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { conflicts, planTable } from './archive.js'
import { check, type Flavour, run, runAll, stop } from './blocks.js'
import { hasTable, isTable, sameText } from './catalog-sql.js'
import { canLose, relationOf, work } from './names.js'
import { tryUniqueness } from './trial.js'

const AGAIN = 'Let goc-audit write the migration again for this database.'

const expectedOf = ({ archive }: Plan): string => work(archive, 'goc_expected')
const actualOf = ({ archive }: Plan): string => work(archive, 'goc_actual')
export const preflightTables = (plan: Plan): string[] => [expectedOf(plan), actualOf(plan)]

/** Decides whether there is anything to do here, and refuses where the structure isn't the one that was planned for. */
export function preflight(plan: Plan, flavour: Flavour): Statement[] {
  return [
    ...readState(plan),
    ...check('Has another plan of this name run here?', otherPlan(plan), OTHER),
    ...countConflicts(plan),
    ...check(null, leftConflicts(), LEFT),
    {
      comment: 'Done already: nothing. Interrupted before the index was built: only that.',
      sql: `SET @goc_again = COALESCE(@goc_state = 'merged', 0), @goc_build = @goc_todo AND COALESCE(@goc_state <> 'done', 1), @goc_todo = @goc_todo AND COALESCE(@goc_state = 'undone', 1)`,
    },
    ...structure(plan),
    ...foreignKeys(plan),
    ...circumstances(plan),
    ...tryUniqueness(plan, flavour),
    ...stop(plan),
  ]
}

const OTHER = 'Undo it or run its cleanup file first, or give this plan another name with --name.'
const LEFT = 'Look at them in the conflict table of the archive, and run the cleanup file before this one.'

/** @goc_state and @goc_hash: of the plan of this name that has run here; NULL: none has. */
export function readState(plan: Plan): Statement[] {
  const name = quoteLiteral(plan.name)
  const of = (column: string) => `(SELECT ${column} FROM ${planTable(plan)} WHERE name = ${name})`
  return [
    { comment: 'Has this plan run here before?', sql: 'SET @goc_state = NULL, @goc_hash = NULL' },
    ...run(
      null,
      `SET @goc_state = ${of('state')}, @goc_hash = ${of('hash')}`,
      hasTable({ schema: plan.archive, name: 'plan' }),
    ),
  ]
}

const otherPlan = ({ name, hash }: Plan): string =>
  `SELECT CONCAT('another plan named ', ${quoteLiteral(name)}, ' has run here') AS text FROM DUAL WHERE @goc_hash <> ${quoteLiteral(hash)} AND @goc_state <> 'undone'`

function leftConflicts(): string {
  return `SELECT 'this plan was undone here, and rows that could not be restored are still in its archive' AS text
    FROM DUAL WHERE @goc_state = 'undone' AND @goc_conflicts > 0`
}

/** @goc_conflicts: what the way back has left. */
export const countConflicts = (plan: Plan): Statement[] => [
  { comment: null, sql: 'SET @goc_conflicts = 0' },
  ...run(
    null,
    `SET @goc_conflicts = (SELECT COUNT(*) FROM ${conflicts(plan)} WHERE plan = ${quoteLiteral(plan.name)})`,
    hasTable({ schema: plan.archive, name: 'conflict' }),
  ),
]

/** A column's type as plans have it. */
function typeSql(alias: string): string {
  const bare = `REGEXP_REPLACE(${alias}.COLUMN_TYPE, ' /[*]M?![0-9]+ COMPRESSED[*]/', '')`
  const collation = `${alias}.COLLATION_NAME`
  return `IF(${collation} IS NULL, ${bare}, CONCAT(${bare}, ' CHARACTER SET ', SUBSTRING_INDEX(${collation}, '_', 1), ' COLLATE ', ${collation}))`
}

/** Fills goc_expected and goc_actual with the columns of the plan's tables. */
export function readColumns(plan: Plan, condition: string): Statement[] {
  const columns =
    'goc_at int, name varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, type longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, PRIMARY KEY (goc_at, name)'
  const rows = plan.tables.flatMap((table, at) =>
    table.columns.map(({ name, type }) => `(${at}, ${quoteLiteral(name)}, ${quoteLiteral(type)})`),
  )
  const actual = plan.tables.map(
    (table, at) =>
      `SELECT ${at}, c.COLUMN_NAME, ${typeSql('c')} FROM information_schema.COLUMNS AS c WHERE ${isTable('c', table)}`,
  )
  return runAll(
    'Is this the database that the plan was made for? Only its structure counts, never the number of rows.',
    [
      ...preflightTables(plan).map((name) => `DROP TEMPORARY TABLE IF EXISTS ${name}`),
      ...preflightTables(plan).map((name) => `CREATE TEMPORARY TABLE ${name} (${columns}) ENGINE = InnoDB`),
      `INSERT INTO ${expectedOf(plan)} VALUES\n  ${rows.join(',\n  ')}`,
      `INSERT INTO ${actualOf(plan)}\n  ${actual.join('\n  UNION ALL ')}`,
    ],
    condition,
  )
}

const namesOf = (plan: Plan, column: string): string =>
  `ELT(${column} + 1, ${plan.tables.map((table) => quoteLiteral(relationOf(table))).join(', ')})`

const joined = (what: string): string => `GROUP_CONCAT(${what} SEPARATOR '; ')`

/** Columns that are planned for, and gone or of another type. */
export function lostColumns(plan: Plan): string {
  const what = `CONCAT(${namesOf(plan, 'e.goc_at')}, '.', e.name, ' is ', COALESCE(c.type, 'not there'), ', planned was ', e.type)`
  return `SELECT CONCAT('the tables are not as planned: ', ${joined(what)}) AS text
    FROM ${expectedOf(plan)} AS e LEFT JOIN ${actualOf(plan)} AS c ON c.goc_at = e.goc_at AND c.name = e.name
    WHERE NOT (c.type <=> e.type)`
}

function structure(plan: Plan): Statement[] {
  const build = '@goc_build'
  const missing = `SELECT CONCAT('there is no table ', ${joined('m.name')}) AS text FROM (
    SELECT DISTINCT ${namesOf(plan, 'e.goc_at')} AS name FROM ${expectedOf(plan)} AS e
    LEFT JOIN ${actualOf(plan)} AS c ON c.goc_at = e.goc_at WHERE c.goc_at IS NULL) AS m`
  const added = `SELECT CONCAT('the tables are not as planned: ', ${joined(`CONCAT(${namesOf(plan, 'c.goc_at')}, '.', c.name, ' is ', c.type, ', planned was no such column')`)}) AS text
    FROM ${actualOf(plan)} AS c LEFT JOIN ${expectedOf(plan)} AS e ON e.goc_at = c.goc_at AND e.name = c.name
    WHERE e.name IS NULL${ownColumns(plan)}`
  return [
    ...readColumns(plan, build),
    ...check(null, missing, AGAIN, build),
    ...check(null, lostColumns(plan), AGAIN, build),
    ...check(null, added, AGAIN, build),
    ...check('Rows are found again by their keys.', plan.tables.map(lostKey).join('\n    UNION ALL '), AGAIN, build),
  ]
}

/** What an interrupted run of this file has added already. */
function ownColumns({ uniqueness }: Plan): string {
  const own = uniqueness.flatMap(({ table, generatedColumns }) =>
    generatedColumns.map(({ name }) => `(c.goc_at = ${table} AND c.name = ${quoteLiteral(name)})`),
  )
  return own.length === 0 ? '' : ` AND NOT (${own.join(' OR ')})`
}

function lostKey(table: PlanTable): string {
  const text = `not as planned: the key (${table.primaryKey.map(quoteIdentifier).join(', ')}) of ${relationOf(table)}`
  const keys = `SELECT GROUP_CONCAT(s.COLUMN_NAME ORDER BY s.SEQ_IN_INDEX SEPARATOR ',') AS list
      FROM information_schema.STATISTICS AS s WHERE ${isTable('s', table)} AND s.NON_UNIQUE = 0
      GROUP BY s.INDEX_NAME HAVING SUM(s.SUB_PART IS NOT NULL OR s.NULLABLE = 'YES' OR s.COLUMN_NAME IS NULL) = 0`
  return `SELECT ${quoteLiteral(text)} AS text FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM (${keys}) AS k
      WHERE ${sameText('k.list', quoteLiteral(table.primaryKey.join(',')))})`
}

/** A foreign key that nobody planned for would act on rows that go. */
function foreignKeys(plan: Plan): Statement[] {
  const losing = plan.tables.filter(canLose)
  if (losing.length === 0) return []
  const list = (columns: readonly string[]) => `(${columns.join(', ')})`
  const expected = plan.references.flatMap(({ from, to, columns, targets, foreignKey }) => {
    const [child, parent] = [plan.tables[from], plan.tables[to]]
    if (foreignKey === null || child === undefined || parent === undefined) return []
    const text = `${child.schema}.${child.name} ${list(columns)} to ${parent.schema}.${parent.name} ${list(targets)}`
    return [`CAST(${quoteLiteral(text)} AS BINARY)`]
  })
  const columns = (name: string) => `GROUP_CONCAT(k.${name} ORDER BY k.ORDINAL_POSITION SEPARATOR ', ')`
  const what = `CONCAT(k.TABLE_SCHEMA, '.', k.TABLE_NAME, ' (', ${columns('COLUMN_NAME')}, ') to ', k.REFERENCED_TABLE_SCHEMA, '.', k.REFERENCED_TABLE_NAME, ' (', ${columns('REFERENCED_COLUMN_NAME')}, ')')`
  const found = `SELECT ${what} AS what FROM information_schema.KEY_COLUMN_USAGE AS k
      WHERE ${losing.map((table) => `(${isTable('k', table, 'REFERENCED_')})`).join(' OR ')}
      GROUP BY k.CONSTRAINT_SCHEMA, k.CONSTRAINT_NAME, k.TABLE_SCHEMA, k.TABLE_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME`
  const unknown = expected.length === 0 ? '' : ` WHERE CAST(f.what AS BINARY) NOT IN (${expected.join(', ')})`
  return check(
    'Would a foreign key that the plan does not know act on rows that go?',
    `SELECT CONCAT('foreign keys that the plan does not know: ', ${joined('f.what')}) AS text FROM (${found}) AS f${unknown}`,
    AGAIN,
  )
}

/** What would keep it from happening, or from being undone when it fails. */
function circumstances(plan: Plan): Statement[] {
  const engines = plan.tables.map(
    (table) =>
      `SELECT CONCAT(${quoteLiteral(relationOf(table))}, ' is kept by ', i.ENGINE) AS text FROM information_schema.TABLES AS i WHERE ${isTable('i', table)} AND i.ENGINE <> 'InnoDB'`,
  )
  const binlog = `SELECT CONCAT('the binary log has the format ', @@SESSION.binlog_format, ', so that replicas would run the statements anew') AS text
    FROM DUAL WHERE @@GLOBAL.log_bin = 1 AND @@SESSION.binlog_format <> 'ROW' AND COALESCE(@goc_audit_accept, '') NOT LIKE '%binlog%'`
  return [
    ...check(
      'Only InnoDB takes back what was done where something fails.',
      engines.join('\n    UNION ALL '),
      'ALTER TABLE … ENGINE = InnoDB first.',
    ),
    ...check(
      null,
      binlog,
      "Run it in a session with SET SESSION binlog_format = 'ROW'; or, where no replica reads the log, with SET @goc_audit_accept = 'binlog'.",
    ),
  ]
}
