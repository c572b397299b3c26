import { expect, test } from 'vitest'
import type { CountOptions } from '../../src/dialects/dialect.js'
import { postgres } from '../../src/dialects/postgres/index.js'
import type { DuplicateCounts, Duplicates } from '../../src/model/duplicates.js'
import type { KeySet } from '../../src/model/keyset.js'
import { type Database, withDatabase } from '../support/database.js'
import { forEachPostgres } from '../support/servers.js'

const plain: CountOptions = { exists: false, samples: 3, budget: null }

export function keySet(table: string, columns: readonly string[], changes: Partial<KeySet> = {}): KeySet {
  return {
    table: { name: table },
    parts: columns.map((name) =>
      name.startsWith('(') ? { kind: 'expression', sql: name.slice(1, -1) } : { kind: 'column', name },
    ),
    match: {},
    boundAs: {},
    idiom: 'select-insert',
    evidence: [{ kind: 'declared' }],
    ...changes,
    resolution: { survivor: 'oldest', merge: {}, divergent: 'stop', references: [], ...changes.resolution },
  }
}

export async function count(
  url: string,
  keySets: readonly KeySet[],
  options: Partial<CountOptions> = {},
): Promise<readonly Duplicates[]> {
  const session = await postgres.connect({ url, shown: url, schemas: ['public'] }, { statementTimeout: 30_000 })
  try {
    const [answer] = await session.readCatalog(keySets.slice(0, 1).map((each) => each.table))
    if (answer === undefined || !('table' in answer)) throw new Error('no such table')
    const resolved = []
    for (const each of keySets) resolved.push(await session.resolve(each, answer.table))
    return await session.countDuplicates(answer.table.base?.table ?? answer.table, resolved, { ...plain, ...options })
  } finally {
    await session.close()
  }
}

export async function countOne(
  database: Database,
  set: KeySet,
  options: Partial<CountOptions> = {},
): Promise<DuplicateCounts> {
  const [counts] = await count(database.url, [set], options)
  if (counts?.counted !== true) throw new Error(`not counted: ${JSON.stringify(counts)}`)
  return counts
}

forEachPostgres((server) => {
  test('groups, surplus rows, identical and divergent, stamps, samples and references', () =>
    withDatabase(
      server,
      `CREATE TABLE cart (id serial PRIMARY KEY, session_id text, total int, created_at timestamptz);
       CREATE TABLE item (id serial PRIMARY KEY, cart_id int REFERENCES cart);
       INSERT INTO cart (session_id, total, created_at) VALUES
         ('a', 1, '2024-01-01 10:00:00Z'), ('a', 1, '2024-01-01 10:00:00.4Z'), ('a', 1, '2024-01-02 10:00:00Z'),
         ('b', 1, '2024-01-03 10:00:00Z'), ('b', 2, '2024-01-05 10:00:00Z'),
         ('c', 1, '2023-01-01 10:00:00Z'), (NULL, 1, now()), (NULL, 1, now());
       INSERT INTO item (cart_id) VALUES (1), (2), (2), (3), (5), (6)`,
      async (database) => {
        expect(await countOne(database, keySet('cart', ['session_id']))).toEqual({
          counted: true,
          exact: true,
          nulls: 'excluded',
          groups: 2,
          surplusRows: 3,
          largestGroup: 3,
          identicalGroups: 1,
          divergentGroups: 1,
          constraintGroups: 2,
          constraintSurplusRows: 3,
          referencesToSurplus: 4,
          firstSeen: '2024-01-01T10:00:00+00:00',
          lastSeen: '2024-01-05T10:00:00+00:00',
          bornWithinSecond: 1,
          samples: [
            { key: { session_id: 'a' }, rows: 3, differingColumns: [] },
            { key: { session_id: 'b' }, rows: 2, differingColumns: ['total'] },
          ],
          notes: [],
        })
        const grouped = await countOne(database, keySet('cart', ['session_id'], { nulls: 'looked-up' }))
        expect(grouped).toMatchObject({ nulls: 'grouped', groups: 3, surplusRows: 4 })
      },
    ))
})
