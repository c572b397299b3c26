import { resolve } from 'node:path'
import type { Script } from '../model/script.js'
import type { Emitter } from './emitter.js'
import { entriesOf, nextNumber, safeName } from './files.js'
import { fileText } from './sql-text.js'

const kinds = ['up', 'down', 'cleanup'] as const

/** Plain SQL, for `psql -v ON_ERROR_STOP=1 -f` and for whatever runs SQL files. */
export const sql: Emitter = {
  name: 'sql',
  directory: 'migrations/goc-audit',
  async emit(script: Script, { workingDirectory, out }) {
    const directory = resolve(workingDirectory, out ?? sql.directory)
    const existing = await entriesOf(directory)
    const number = nextNumber(existing.map(({ name }) => Number.parseInt(/^\d+/.exec(name)?.[0] ?? '0', 10)))
    const files = kinds.map((kind) => ({
      path: `${number}_goc_audit_${safeName(script.name)}.${kind}.sql`,
      kind,
      text: fileText(script.header, script[kind]),
    }))
    return { directory, files, notes: [] }
  },
}
