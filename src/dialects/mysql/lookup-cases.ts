import type { Table } from '../../model/catalog.js'
import type { LookupCase, LookupPart, ResolvedKeySet } from '../../model/verdict.js'
import type { ReadTransaction } from './driver.js'
import { contradictory } from './oracle.js'
import { fixedColumn } from './resolve.js'
import { conjuncts, quoteIdentifier } from './sql-text.js'

/** More cases than this aren't told apart; the rest of the lookup is then judged as a whole. */
const MAX_CASES = 16

export interface Case extends LookupCase {
  /** What is true of every row that the lookup means in this case, spelled. */
  readonly premises: readonly string[]
}

/**
 * The lookup's meaning in parts that one index may cover and another not: looked-up columns being NULL or not, equal to a
 * constant or not, wherever some index holds only rows of which that is true.
 */
export function lookupCases({ table, parts, predicate }: ResolvedKeySet, conditions: readonly string[]): Case[] {
  const always = parts.flatMap((part, at) => (part.nullLookedUp === 'always' ? [at] : []))
  const notNull = parts.flatMap((part) =>
    part.nullLookedUp === 'never' && part.column !== null && part.match !== 'like'
      ? [`${quoteIdentifier(part.column)} IS NOT NULL`]
      : [],
  )
  let cases: Case[] = [{ label: null, nullParts: always, premises: [...conjuncts(predicate), ...notNull] }]
  for (const [at, part] of parts.entries()) {
    const splits = caseSplits(part, at, table.columns, conditions)
    if (splits.length < 2 || cases.length * splits.length > MAX_CASES) continue
    cases = cases.flatMap((known) =>
      splits.map((split) => ({
        label: known.label === null ? split.label : `${known.label} and ${split.label}`,
        nullParts: [...known.nullParts, ...split.nullParts],
        premises: [...known.premises, ...split.premises],
      })),
    )
  }
  return cases
}

/** Without the cases that the lookup's own predicate excludes: nothing has to protect them. */
export async function livingCases(
  transaction: ReadTransaction,
  table: Table,
  cases: readonly Case[],
): Promise<readonly Case[]> {
  if (cases.length < 2) return cases
  const living: Case[] = []
  for (const one of cases) if (!(await contradictory(transaction, table, one.premises))) living.push(one)
  return living.length === 0 ? cases : living
}

function caseSplits(
  part: LookupPart,
  at: number,
  columns: Table['columns'],
  conditions: readonly string[],
): { label: string; nullParts: number[]; premises: string[] }[] {
  const sql = part.column === null ? `(${part.label})` : quoteIdentifier(part.column)
  const values: { label: string; nullParts: number[]; premises: string[] }[] = []
  if (part.nullLookedUp === 'always') return []
  if (part.origin === 'declared' && part.column !== null && part.match === 'exact') {
    const constants = [
      ...new Set(
        conditions.flatMap((condition) => {
          const fixed = fixedColumn(condition, columns)
          const inner = fixedColumn(condition.replace(' <> ', ' = '), columns)
          return [fixed, inner].flatMap((found) =>
            found?.column === part.column && !found.isNull ? [found.constant] : [],
          )
        }),
      ),
    ]
    if (constants.length > 0 && constants.length < 6) {
      for (const constant of constants)
        values.push({ label: `${sql} = ${constant}`, nullParts: [], premises: [`${sql} = ${constant}`] })
      values.push({
        label: `any other ${sql}`,
        nullParts: [],
        premises: [...constants.map((constant) => `${sql} <> ${constant}`)],
      })
    }
  }
  if (part.nullLookedUp !== 'also') return values
  if (values.length === 0) values.push({ label: `${sql} IS NOT NULL`, nullParts: [], premises: [`${sql} IS NOT NULL`] })
  return [...values, { label: `${sql} IS NULL`, nullParts: [at], premises: [`${sql} IS NULL`] }]
}
