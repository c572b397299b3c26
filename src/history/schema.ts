import { z } from 'zod'

/** The one source of a history line's form: its checks and schemas/history.schema.json are made from it. */

const count = z.int().min(0)

const keySet = z.object({
  id: z.string(),
  protection: z.enum(['full', 'conditional', 'degraded', 'none', 'unknown']),
  groups: count.nullable().meta({ description: 'Duplicate groups; null where they were not counted.' }),
  surplusRows: count.nullable(),
})

const database = z.object({
  name: z.string(),
  complete: z.boolean().meta({ description: 'False where something could not be looked at.' }),
  partial: z.boolean().default(false).meta({ description: 'Only some of the key sets were asked for.' }),
  keySets: z.array(keySet),
  findings: z.record(z.string(), count).meta({ description: 'How many of each rule; ignored ones left out.' }),
})

export const historySchema = z
  .object({
    schemaVersion: z.literal(1).meta({ description: 'Of this format.' }),
    time: z.iso.datetime(),
    tool: z.string().meta({ description: 'Version of goc-audit.' }),
    databases: z.array(database),
  })
  .meta({ title: 'goc-audit history', description: 'One line of the file of `goc-audit scan --history`: one scan.' })

/** The text of schemas/history.schema.json. */
export function historyJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(historySchema, { io: 'input', target: 'draft-7' }), null, 2)}\n`
}
