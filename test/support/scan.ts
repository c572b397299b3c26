import { type ScanRequest, scan } from '../../src/audit/scan.js'
import type { SessionOptions } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import type { Audit } from '../../src/model/audit.js'
import type { KeySet } from '../../src/model/keyset.js'

/** `table` or `schema.table` (simple names), columns, and whatever else the key set has. */
export function keySet(table: string, columns: readonly string[], more: Partial<KeySet> = {}): KeySet {
  const [schema, name] = table.includes('.') ? table.split('.') : [undefined, table]
  return {
    table: { name: name ?? table, ...(schema === undefined ? {} : { schema }) },
    parts: columns.map((column) => ({ kind: 'column', name: column })),
    match: {},
    boundAs: {},
    idiom: 'select-insert',
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] },
    evidence: [{ kind: 'declared' }],
    ...more,
  }
}

/** The whole pipeline on a connection of its own, as the commands run it. */
export async function scanUrl(
  url: string,
  keySets: readonly KeySet[],
  more: Partial<ScanRequest> & {
    readonly schemas?: readonly string[]
    readonly options?: Partial<SessionOptions>
  } = {},
): Promise<Audit> {
  const { schemas = [], options = {}, ...request } = more
  const session = await connect({ url, shown: 'the test database', schemas }, { statementTimeout: 60_000, ...options })
  try {
    const count = { exists: false, samples: 3, budget: null }
    return await scan({ session, keySets, ignores: [], only: [], count, today: '2026-01-01', ...request })
  } finally {
    await session.close()
  }
}
