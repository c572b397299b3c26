import { z } from 'zod'
import { catalogTable } from './schema-catalog.js'
import { storedKeySet } from './schema-keysets.js'

/** The one source of a snapshot's form: what is written passes through it, so that nothing else can get in. */

const database = z.object({
  name: z.string().nullable().meta({ description: 'As under `databases:`; null where there is only one.' }),
  database: z.object({ name: z.string(), dialect: z.string(), flavour: z.string(), version: z.string() }),
  complete: z.boolean(),
  tables: z.array(catalogTable).meta({ description: 'Numbers elsewhere are places in this list.' }),
  keySets: z.array(storedKeySet),
  notAnalysed: z.array(z.object({ reason: z.string(), count: z.int(), example: z.string() })),
  notes: z.array(z.string()),
  failures: z.array(z.string()),
})

export const snapshotSchema = z
  .object({
    schemaVersion: z.literal(1).meta({ description: 'Of this format.' }),
    tool: z.object({ name: z.string(), version: z.string() }),
    takenAt: z.iso.datetime(),
    several: z.boolean().meta({ description: 'All of `databases:` were scanned.' }),
    databases: z.array(database),
  })
  .meta({ title: 'goc-audit snapshot', description: 'What `goc-audit scan --snapshot` saw; no values of rows.' })

export type StoredSnapshot = z.output<typeof snapshotSchema>
export type StoredDatabase = StoredSnapshot['databases'][number]

/** The text of schemas/snapshot.schema.json. */
export function snapshotJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(snapshotSchema, { io: 'input', target: 'draft-7' }), null, 2)}\n`
}
