import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = fileURLToPath(new URL('..', import.meta.url))

export type ServerKind = 'postgres' | 'mysql' | 'mariadb'

/** One entry of an applications.json; see README.md. */
export interface Application {
  readonly name: string
  /** Of applications.json, where the commands run. */
  readonly folder: string
  readonly servers: readonly ServerKind[]
  readonly create: readonly [string, ...string[]]
  readonly work: readonly [string, ...string[]]
  readonly environment?: Readonly<Record<string, string>>
  /** What must be there for it to run, below `folder`. */
  readonly needs?: string
  /** Versions of PostgreSQL (major) and of MariaDB's image, where not the newest. */
  readonly postgres?: number
  readonly mariadb?: string
  readonly linePrefix?: string
  /** Also once through PgBouncer. */
  readonly bouncer?: boolean
}

/** All that any applications.json names and `only` lets through, in the order of their folders. */
export async function applications(only = '*'): Promise<Application[]> {
  const folders = (await readdir(here)).sort().map((each) => join(here, each))
  const found: Application[] = []
  for (const folder of folders.filter((each) => existsSync(join(each, 'applications.json')))) {
    const listed = JSON.parse(await readFile(join(folder, 'applications.json'), 'utf8')) as Omit<
      Application,
      'folder'
    >[]
    found.push(...listed.map((each) => ({ ...each, folder })))
  }
  return found.filter(({ name }) => wild(name, only))
}

/** `node-*,django-library` */
export const wild = (name: string, globs: string): boolean => globs.split(',').some((glob) => matches(name, glob))

function matches(name: string, glob: string): boolean {
  const pattern = glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${pattern}$`).test(name)
}
