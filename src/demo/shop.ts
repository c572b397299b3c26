import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../model/errors.js'

/** Where the demo's database and its configuration file live. */
export interface Shop {
  readonly directory: string
  readonly data: string
  readonly config: string
  /** False where the user asked to keep it. */
  readonly temporary: boolean
  /** What we put there; a directory of the user's stays. */
  remove(): Promise<void>
}

export const keySets = `keysets:
  - table: cart
    columns: [session_id]
    idiom: select-insert`

const configText = `# The shop of \`goc-audit demo\`: its code looks a cart up by session_id before it inserts one.
version: 1
database:
  url: pglite://./data # beside this file
${keySets}
`

/** Makes the directory, in the system's temporary one unless `keep` names it. Throws UserError if that is in use. */
export async function makeShop(keep?: string): Promise<Shop> {
  const directory = keep === undefined ? await mkdtemp(join(tmpdir(), 'goc-audit-demo-')) : resolve(keep)
  if (keep !== undefined) await makeEmpty(directory)
  const data = join(directory, 'data')
  const config = join(directory, '.goc-audit.yml')
  await writeFile(config, configText)
  const temporary = keep === undefined
  return {
    directory,
    data,
    config,
    temporary,
    remove: async () => {
      const paths = temporary ? [directory] : [data, config, join(directory, 'migrations')]
      for (const path of paths) await rm(path, { recursive: true, force: true })
    },
  }
}

async function makeEmpty(directory: string): Promise<void> {
  // Not recursive: where nothing can be made at all, as under /proc, that never ends.
  const made = mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await made
    .then(() => readdir(directory))
    .catch((error: unknown) => {
      throw new UserError(
        `The directory ${directory} can't be made: ${error instanceof Error ? error.message : error}`,
        {
          code: 'demo-directory',
          suggestions: ['Name another one after --keep.'],
          cause: error,
        },
      )
    })
  if (found.length === 0) return
  throw new UserError(`The directory ${directory} isn't empty.`, {
    code: 'demo-directory-not-empty',
    suggestions: ['Name a new or an empty one after --keep, so that nothing of yours is overwritten.'],
  })
}
