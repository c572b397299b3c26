import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { writeFiles } from '../../../src/cli/write-files.js'

const files = (['up', 'down'] as const).map((kind) => ({ path: `0001.${kind}.sql`, kind, text: `-- ${kind}\n` }))

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goc-audit-write-'))
  return () => rm(directory, { recursive: true, force: true })
})

const write = (to: string) => writeFiles(to, files, (path) => `shown:${path.slice(directory.length + 1)}`)

test('makes the directory, and writes all', async () => {
  await write(join(directory, 'a', 'b'))
  expect(await readFile(join(directory, 'a', 'b', '0001.up.sql'), 'utf8')).toBe('-- up\n')
  expect(await readdir(join(directory, 'a', 'b'))).toEqual(['0001.down.sql', '0001.up.sql'])
})

test('writes none where one is there', async () => {
  await writeFile(join(directory, '0001.down.sql'), 'mine')
  await expect(write(directory)).rejects.toThrow('shown:0001.down.sql exists already, so nothing was written.')
  expect(await readdir(directory)).toEqual(['0001.down.sql'])
  expect(await readFile(join(directory, '0001.down.sql'), 'utf8')).toBe('mine')
})

test('does not write through a link, not even one that leads nowhere', async () => {
  await symlink(join(directory, 'elsewhere'), join(directory, '0001.up.sql'))
  await expect(write(directory)).rejects.toThrow('exists already')
  expect(await readdir(directory)).toEqual(['0001.up.sql'])
})

test('leaves nothing behind where one can not be written', async () => {
  const tooLong = [...files, { path: `${'x'.repeat(300)}.sql`, kind: 'cleanup' as const, text: '' }]
  await expect(writeFiles(directory, tooLong, (path) => path)).rejects.toThrow("can't be written")
  expect(await readdir(directory)).toEqual([])
})

test('a file in the way of the directory is said to be', async () => {
  await mkdir(join(directory, 'a'))
  await writeFile(join(directory, 'a', 'b'), '')
  await expect(write(join(directory, 'a', 'b'))).rejects.toThrow("can't be written")
})
