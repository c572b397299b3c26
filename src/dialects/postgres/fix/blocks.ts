import type { Plan } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { doBlock } from './names.js'

/** A step of the transaction: runs only where the preflight found something to do. */
export function step(comment: string, statements: readonly string[], declare: readonly string[] = []): Statement {
  const variables = declare.length === 0 ? '' : `DECLARE\n${declare.map((line) => `  ${line};`).join('\n')}\n`
  return {
    comment,
    sql: doBlock(`${variables}BEGIN
  IF current_setting('goc_audit.todo') <> 'yes' THEN RETURN; END IF;
${statements.map((sql) => indented(sql)).join('\n')}
END`),
  }
}

/** Statements of plpgsql end with a semicolon already; others get one. */
function indented(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `  ${sql};`
}

/** RAISE EXCEPTION with texts that hold anything. */
export function raise(message: string, hint: string): string {
  return `RAISE EXCEPTION USING MESSAGE = ${message}, HINT = ${quoteLiteral(hint)};`
}

/** The files of all plans run one after the other, since they share the archive's tables. */
export const oneAtATime = ({ archive }: Plan): string =>
  `  PERFORM pg_advisory_xact_lock(hashtextextended(${quoteLiteral(`goc-audit ${archive}`)}, 0));`

/** Settings of every transaction of ours. */
export function settings(plan: Plan): Statement[] {
  // First: a table of the user's with the name of a temporary one must not take its place.
  const path = ['pg_temp', ...plan.searchPath].map((name) => quoteLiteral(name)).join(', ')
  return [
    { comment: 'Names mean what they meant when this was written.', sql: `SET LOCAL search_path = ${path}` },
    {
      comment: 'Rows that row security hides make it fail instead of being left out.',
      sql: 'SET LOCAL row_security = off',
    },
    {
      comment: 'A number whose last digits are not printed would seem unchanged.',
      sql: 'SET LOCAL extra_float_digits = 1',
    },
    { comment: null, sql: 'SET LOCAL quote_all_identifiers = off' },
    { comment: null, sql: 'SET LOCAL jit = off' },
  ]
}
