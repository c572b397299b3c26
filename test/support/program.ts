import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Looked for along the path; null where there is none. On Debian, test/provision lays them ready. */
export function program(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
