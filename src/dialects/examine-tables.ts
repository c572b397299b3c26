import type { Table } from '../model/catalog.js'
import type { Check } from '../model/check.js'
import type { TableName } from '../model/keyset.js'
import type { CatalogAnswer } from './dialect.js'

/** How a dialect names the reader and what it may be granted. */
export interface Grants {
  /** `The role "audit"` */
  readonly who: string
  /** Statements that let it read the table. */
  read(table: TableName): readonly string[]
}

/** Whether the tables of the key sets can be read: one check for each that can't, or one for all. */
export function tableChecks(names: readonly TableName[], answers: readonly CatalogAnswer[], grants: Grants): Check[] {
  const found = answers.flatMap((answer, at) => {
    const name = names[at]
    if (name === undefined) return []
    return 'table' in answer ? readable(answer.table, grants) : [absent(name, answer, grants)]
  })
  if (found.some(({ state }) => state === 'missing') || names.length === 0) return found
  return [{ ...base, state: 'ok', what: 'Every table of the key sets can be read.', todo: [] }, ...found]
}

const base = { id: 'tables', for: 'scan' } as const

function absent(name: TableName, answer: Exclude<CatalogAnswer, { table: Table }>, grants: Grants): Check {
  const shown = name.schema === undefined ? name.name : `${name.schema}.${name.name}`
  if (answer.missing === 'ambiguous')
    return {
      ...base,
      state: 'missing',
      what: `"${shown}" is ambiguous: it exists as ${answer.candidates.join(' and ')}.`,
      todo: ['Write the schema in front of the name.'],
    }
  return {
    ...base,
    state: 'missing',
    what: `${grants.who} finds no table "${shown}" that it may read.`,
    todo: ['Check the name in the configuration; if it is right:', ...indented(grants.read(name))],
  }
}

function readable(table: Table, grants: Grants): Check[] {
  const shown = `${table.schema}.${table.name}`
  const hidden = table.unreadableColumns
  const checks: Check[] = []
  if (hidden.length > 0 && hidden.length === table.columns.length)
    checks.push({
      ...base,
      state: 'missing',
      what: `${grants.who} may not read "${shown}".`,
      todo: indented(grants.read({ schema: table.schema, name: table.name })),
    })
  else if (hidden.length > 0)
    checks.push({
      ...base,
      id: 'columns',
      state: 'advice',
      what: `${grants.who} may not read ${hidden.join(', ')} of "${shown}": whether rows of a group differ there is not seen.`,
      todo: indented(grants.read({ schema: table.schema, name: table.name })),
    })
  if (table.rowSecurity === 'filters')
    checks.push({
      ...base,
      id: 'row-security',
      state: 'missing',
      what: `Row security may hide rows of "${shown}" from ${grants.who.replace(/^The/, 'the')}, so that its duplicate rows can't be counted.`,
      todo: ['Connect as a role that sees every row (BYPASSRLS), or give it a policy that lets it.'],
    })
  return checks
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)
