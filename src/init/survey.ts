import type { Session } from '../dialects/dialect.js'
import type { Table } from '../model/catalog.js'
import type { Proposal } from './proposal.js'
import { isAuditable, propose } from './propose.js'

/** What the database shows of an application's lookups. */
export interface Survey {
  /** Those with a table that was looked at, sorted. */
  readonly schemas: readonly string[]
  readonly tables: number
  /** `schema.table` of tables that our role may not read. */
  readonly unreadable: readonly string[]
  /** By table. */
  readonly proposals: readonly Proposal[]
}

/**
 * Reads the catalog and the planner's statistics, no row of any table. A fixed number of queries. What `fix` keeps in the
 * schema `archive` is no application's.
 */
export async function survey(session: Session, archive: string): Promise<Survey> {
  const names = (await session.listTables()).filter(({ schema }) => schema !== archive)
  const answers = await session.readCatalog(names)
  const found = answers.flatMap((answer) => ('table' in answer && isAuditable(answer.table) ? [answer.table] : []))
  const readable = found.filter((table) => table.unreadableColumns.length < table.columns.length)
  const statistics = await session.readStatistics(readable)
  const proposals = readable.flatMap((table, at) => {
    const known = statistics[at]
    return known === undefined ? [] : propose(table, known).filter((proposal) => isReadable(table, proposal))
  })
  const refused = names.filter((_, at) => missing(answers[at]) === 'no-privilege')
  return {
    schemas: [...new Set(readable.map((table) => table.schema))].sort(),
    tables: readable.length,
    unreadable: [...refused, ...found.filter((table) => !readable.includes(table))].map(
      ({ schema, name }) => `${schema}.${name}`,
    ),
    proposals,
  }
}

function missing(answer: Awaited<ReturnType<Session['readCatalog']>>[number] | undefined): string | null {
  return answer !== undefined && 'missing' in answer ? answer.missing : null
}

function isReadable(table: Table, { keySet }: Proposal): boolean {
  return !keySet.parts.some((part) => part.kind === 'column' && table.unreadableColumns.includes(part.name))
}
