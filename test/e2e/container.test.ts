import { execFile } from 'node:child_process'
import { copyFile, cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { askedImage } from '../support/containers.js'
import { describeWith } from '../support/servers.js'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const docker = (args: readonly string[]) => run('docker', args as string[], { maxBuffer: 64 * 1024 * 1024 })

/**
 * An image with Node, which the Dockerfile's own base is where a registry can be reached:
 * GOC_AUDIT_TEST_IMAGES="node=node:22-alpine". Else this machine's Node on the Debian that test/provision has made.
 */
async function nodeImage(folder: string): Promise<string> {
  const asked = askedImage('node')
  if (asked !== undefined) return asked
  const npm = (await run('npm', ['root', '--global'])).stdout.trim()
  await copyFile(await realpath(process.execPath), join(folder, 'node'))
  await cp(join(npm, 'npm'), join(folder, 'npm'), { recursive: true })
  const authorities = process.env.NODE_EXTRA_CA_CERTS
  if (authorities) await copyFile(authorities, join(folder, 'authorities.pem'))
  await writeFile(
    join(folder, 'Dockerfile'),
    [
      'FROM goc-audit-mariadb:10.11',
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx',
      ...(authorities
        ? ['COPY authorities.pem /etc/authorities.pem', 'ENV NODE_EXTRA_CA_CERTS=/etc/authorities.pem']
        : []),
      'ENTRYPOINT []',
    ].join('\n'),
  )
  await docker(['build', '--quiet', '--tag', 'goc-audit-node:test', folder])
  return 'goc-audit-node:test'
}

describeWith(inject('tools').docker)('the image', () => {
  test('is built from the Dockerfile, runs as nobody, and scans', { timeout: 400_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goc-audit-image-'))
    try {
      const base = await nodeImage(folder)
      const tag = 'goc-audit:test'
      await docker(['build', '--network', 'host', '--build-arg', `NODE_IMAGE=${base}`, '--tag', tag, root])
      const start = ['run', '--rm', '--network', 'host', '--read-only', '--cap-drop', 'ALL']
      const user = await docker([...start, '--entrypoint', 'node', tag, '-p', 'process.getuid()'])
      expect(user.stdout.trim()).toBe('65532')
      expect((await docker([...start, tag, '--version'])).stdout).toMatch(/^goc-audit\//)
      expect((await docker([...start, tag, 'scan', '--help'])).stdout).toContain('Judge every key set')
      const failed = await docker([...start, tag]).catch((error: { code: number; stderr: string }) => error)
      expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no .goc-audit.yml') })
      // What it adds to Node: the product and its dependencies, no tools for building or testing.
      const size = async (name: string) =>
        Number((await docker(['image', 'inspect', '--format', '{{.Size}}', name])).stdout)
      expect((await size(tag)) - (await size(base))).toBeLessThan(60e6)
      const { stdout } = await docker([...start, '--entrypoint', 'ls', tag, '/opt/goc-audit/node_modules'])
      expect(stdout.split('\n')).toEqual(expect.arrayContaining(['pg', 'mysql2', 'yaml']))
      expect(stdout).not.toMatch(/^(typescript|vitest|testcontainers)$/m)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
