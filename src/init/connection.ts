import { relative } from 'node:path'
import type { Connection } from './file.js'

export interface Source {
  /** The completed URL, and the database's own directory where it is no server. */
  readonly target: { readonly url: string; readonly directory?: string }
  /** `--url` was given. */
  readonly given: boolean
  /** What `database.url` said in the configuration that was used, if that named the database. */
  readonly written: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How the file in `directory` shall say where to connect. A URL of a server never goes into it: it may hold a password. */
export function connectionFor({ target, given, written, env }: Source, directory: string): Connection {
  if (target.directory !== undefined) {
    const path = relative(directory, target.directory).replaceAll('\\', '/')
    const prefix = target.url.slice(0, -target.directory.length)
    const inside = path !== '' && !path.startsWith('..') && !/^([a-z]:|\/)/i.test(path)
    return { kind: 'url', url: inside ? `${prefix}./${path}` : target.url }
  }
  const variable = /^\$\{(\w+)\}$/.exec(written ?? '')?.[1]
  if (!given && variable !== undefined) return { kind: 'variable', name: variable }
  if (given || written !== undefined || env.DATABASE_URL) return { kind: 'variable', name: 'DATABASE_URL' }
  return { kind: 'standard' }
}
