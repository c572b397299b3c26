import { expect, test } from 'vitest'
import type { ServerInfo } from '../../../src/dialects/mysql/driver.js'
import { writeMismatches } from '../../../src/dialects/mysql/write-mismatch.js'
import type { Column } from '../../../src/model/catalog.js'
import type { ResolvedKeySet } from '../../../src/model/verdict.js'

const column = { name: 'b', type: 'varchar(5)', baseType: 'varchar', collation: 'utf8mb4_bin' } as Column

const told = async (bound: string, sqlMode: string) => {
  const table = { columns: [column], insertTriggers: [] }
  const resolved = { keySet: { boundAs: { b: bound } }, relation: { base: null }, table, parts: [{ column: 'b' }] }
  const server = { sqlMode, flavour: 'mysql' } as ServerInfo
  return (await writeMismatches({ server }, resolved as unknown as ResolvedKeySet)).map(({ detail }) => detail)
}

test('where sql_mode is not strict, what is too long is cut', async () => {
  expect(await told('varchar(9)', 'NO_ENGINE_SUBSTITUTION')).toEqual([
    expect.stringContaining('is cut without an error'),
  ])
  expect(await told('varchar(5)', '')).toEqual([])
})

test.each(['STRICT_TRANS_TABLES', 'NO_ZERO_DATE,STRICT_ALL_TABLES'])('where it is %s, it is refused', async (mode) => {
  expect(await told('varchar(9)', mode)).toEqual([])
})
