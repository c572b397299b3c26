import { type FixRequest, planFix } from '../../src/audit/fix.js'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import { fileText } from '../../src/emitters/sql-text.js'
import type { Fix } from '../../src/model/fix.js'
import type { KeySet } from '../../src/model/keyset.js'
import type { Script } from '../../src/model/script.js'
import type { Database } from './database.js'

export interface Fixed {
  readonly fix: Fix
  readonly up: string
  readonly down: string
  readonly cleanup: string
}

/** Plans over the database as it is; the texts are empty where nothing is to be done. */
export async function planFor(
  url: string,
  keySets: readonly KeySet[],
  more: Partial<FixRequest> & { readonly schemas?: readonly string[] } = {},
): Promise<Fixed> {
  const { schemas = [], ...request } = more
  const session = await connect({ url, shown: 'the test database', schemas }, { statementTimeout: 60_000 })
  try {
    return await planWith(session, keySets, request)
  } finally {
    await session.close()
  }
}

export async function planWith(
  session: Session,
  keySets: readonly KeySet[],
  more: Partial<FixRequest> = {},
): Promise<Fixed> {
  const fix = await planFix({
    session,
    keySets,
    only: [],
    name: null,
    archive: 'goc_audit',
    limits: { maxSurplus: null, maxGroup: 1000 },
    maxStall: 30,
    ...more,
  })
  const text = (kind: 'up' | 'down' | 'cleanup') => (fix.script === null ? '' : textOf(fix.script, kind))
  return { fix, up: text('up'), down: text('down'), cleanup: text('cleanup') }
}

const textOf = (script: Script, kind: 'up' | 'down' | 'cleanup'): string => fileText(script.header, script[kind])

/** The server's message, hint included; empty where the script ran through. */
export async function run(database: Database, sql: string): Promise<string> {
  try {
    await database.script(sql)
    return ''
  } catch (error) {
    // The transaction that the file began is still open.
    await database.script('ROLLBACK')
    return errorText(error)
  }
}

export function errorText(error: unknown): string {
  const { message, hint = '' } = error as Error & { hint?: string }
  return `${message}${hint === '' ? '' : ` ${hint}`}`
}
