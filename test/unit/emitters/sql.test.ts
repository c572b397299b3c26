import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emitters } from '../../../src/emitters/index.js'
import type { Script } from '../../../src/model/script.js'
import { directoryWith, phase, script } from './samples.js'

async function emit(from: Script, files: Readonly<Record<string, string>> = {}, out: string | null = null) {
  const workingDirectory = await directoryWith(files)
  return { workingDirectory, ...(await emitters.sql.emit(from, { workingDirectory, out })) }
}

const paths = async (...args: Parameters<typeof emit>) => (await emit(...args)).files.map(({ path }) => path)

test('every emitter goes by its own name', () => {
  expect(Object.entries(emitters).map(([name, emitter]) => name === emitter.name)).not.toContain(false)
})

test('three files in a directory that need not exist', async () => {
  const { workingDirectory, directory, files, notes } = await emit(script())
  expect(directory).toBe(join(workingDirectory, 'migrations/goc-audit'))
  expect(files.map(({ path, kind }) => [path, kind])).toEqual([
    ['0001_goc_audit_cart_session.up.sql', 'up'],
    ['0001_goc_audit_cart_session.down.sql', 'down'],
    ['0001_goc_audit_cart_session.cleanup.sql', 'cleanup'],
  ])
  expect(notes).toEqual([])
})

test('the number is one after the highest there, whatever it belongs to', async () => {
  const files = { 'db/0009_carts.sql': '', 'db/12_x.down.sql': '', 'db/readme.md': '', 'db/a_99.sql': '' }
  expect(await paths(script(), files, 'db')).toContain('0013_goc_audit_cart_session.up.sql')
})

test('numbers may be times', async () => {
  const files = { 'db/20260102030405_carts.sql': '' }
  expect(await paths(script(), files, 'db')).toContain('20260102030406_goc_audit_cart_session.up.sql')
})

test.each([
  ['cart.session "x"/../y', '0001_goc_audit_cart_session__x_____y.up.sql'],
  ['Körbe_日本', '0001_goc_audit_Körbe_日本.up.sql'],
  ['é'.repeat(60), `0001_goc_audit_${'é'.repeat(40)}.up.sql`],
])('the name %s is made safe', async (name, path) => {
  expect((await paths(script({ name })))[0]).toBe(path)
})

test('a whole file', async () => {
  const up: Script['up'] = [
    {
      title: 'Merge',
      comment: ['Row by row,', 'then all.'],
      transaction: 'own',
      statements: [
        { comment: 'Nobody may write.\nReaders may read.', sql: 'LOCK TABLE shop_cart IN SHARE ROW EXCLUSIVE MODE' },
        { comment: null, sql: "SELECT 'a;\n\tb'" },
      ],
    },
    {
      title: 'Constrain',
      comment: [],
      transaction: 'outside',
      statements: [
        { comment: 'Online.', sql: 'CREATE UNIQUE INDEX CONCURRENTLY u ON shop_cart (session)' },
        { comment: null, sql: 'ANALYZE shop_cart' },
      ],
    },
  ]
  const { files } = await emit(script({ up }))
  expect(files[0]?.text).toBe(`-- Merges the duplicate rows of shop_cart.
--
-- It takes a minute.

-- Merge
--
-- Row by row,
-- then all.

BEGIN ISOLATION LEVEL READ COMMITTED;

-- Nobody may write.
-- Readers may read.
LOCK TABLE shop_cart IN SHARE ROW EXCLUSIVE MODE;

SELECT 'a;
	b';

COMMIT;

-- Constrain

-- Online.
CREATE UNIQUE INDEX CONCURRENTLY u ON shop_cart (session);
ANALYZE shop_cart;
`)
})

test('down and cleanup have their own statements', async () => {
  const { files } = await emit(script())
  expect(files[1]?.text).toContain('\nINSERT INTO shop_cart SELECT * FROM goc_audit.cart;\n')
  expect(files[2]?.text).toContain('\nDROP TABLE goc_audit.cart;\n')
})

test('no name can end a comment', async () => {
  const up = [{ ...phase('Merge "a\rDROP TABLE b"', 'SELECT 1'), comment: ['\u2028\u202e', 'x\r\nDROP TABLE c'] }]
  const { files } = await emit(script({ up, header: ['a\nDROP TABLE d'] }))
  const lines = files[0]?.text.split(/[\r\n\u2028]/).filter((line) => line !== '' && !line.startsWith('--')) ?? []
  expect(lines).toEqual(['BEGIN ISOLATION LEVEL READ COMMITTED;', 'SELECT 1;', 'COMMIT;'])
})

test('the same script gives the same bytes', async () => {
  const [one, two] = [await emit(script()), await emit(script())]
  expect(one.files).toEqual(two.files)
})
