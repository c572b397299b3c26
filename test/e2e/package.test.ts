import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** Nobody who installs the product needs these. */
const ours = ['vitest', 'testcontainers', 'fast-check', 'ajv', 'typescript', '@biomejs', 'oclif']

const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'CHANGELOG.md', 'LICENSE']

test('the package installs and runs outside the repository, without test tools', { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'goc-audit-package-'))
  try {
    // Packing builds: in a copy, not under the feet of other tests.
    const copy = join(folder, 'repository')
    for (const part of ['src', 'commands', 'docs', 'schemas', ...files]) {
      await cp(join(root, part), join(copy, part), { recursive: true })
    }
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    const { stdout } = await run(npm, ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: copy })
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as {
      filename: string
      files: { path: string }[]
    }[]
    const paths = packed?.files.map((file) => file.path) ?? []
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/src/bin.js',
        'dist/commands/scan.js',
        'schemas/scan.schema.json',
        'oclif.manifest.json',
        'LICENSE',
        'README.md',
      ]),
    )
    expect(paths.filter((path) => /^(test|examples|src|commands|\.)/.test(path))).toEqual([])
    await writeFile(join(folder, 'package.json'), '{ "private": true }')
    await run(npm, ['install', '--no-audit', '--no-fund', join(folder, packed?.filename ?? '')], { cwd: folder })
    const installed = await readdir(join(folder, 'node_modules'))
    expect(installed.filter((name) => ours.includes(name))).toEqual([])
    expect(installed).toEqual(expect.arrayContaining(['pg', 'mysql2', 'yaml', 'kleur']))
    const bin = join(folder, 'node_modules/goc-audit/dist/src/bin.js')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect((await run(process.execPath, [bin, '--version'], { cwd: folder })).stdout).toContain(`goc-audit/${version}`)
    expect((await run(process.execPath, [bin, 'explain', 'missing-unique'], { cwd: folder })).stdout).toContain(
      'missing-unique',
    )
    const demo = await run(process.execPath, [bin, 'demo', '--json'], { cwd: folder })
    expect(JSON.parse(demo.stdout)).toBeTruthy()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
