import { z } from 'zod'

/** The one source of the baseline file's form: its checks and schemas/baseline.schema.json are made from it. */

const count = z.int().min(0)

const entry = z
  .object({
    database: z.string().optional().meta({ description: 'As under `databases:`; absent where there is only one.' }),
    id: z.string().min(1).meta({ description: "The key set's id; of one declared for several schemas, its pattern." }),
    rules: z.array(z.string()).meta({ description: 'Whose findings are accepted.' }),
    protection: z.enum(['full', 'conditional', 'degraded', 'none', 'unknown']),
    hazards: z.array(z.enum(['lockout', 'write-mismatch', 'stale-retry', 'deadlock-prone'])).default([]),
    groups: count.nullable().meta({ description: 'Duplicate groups; null where they were not counted.' }),
    surplusRows: count.nullable(),
    divergentGroups: count.nullable(),
    schemas: z
      .record(z.string(), count)
      .optional()
      .meta({ description: 'Surplus rows by schema, of a key set that is declared for several schemas.' }),
  })
  .meta({ description: 'The accepted findings of one key set.' })

export const baselineSchema = z
  .object({
    schemaVersion: z.literal(1).meta({ description: 'Of this format.' }),
    keySets: z.array(entry),
  })
  .meta({
    title: 'goc-audit baseline',
    description: 'Accepted findings, as `goc-audit scan --update-baseline` writes them.',
  })

/** The text of schemas/baseline.schema.json. */
export function baselineJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(baselineSchema, { io: 'input', target: 'draft-7' }), null, 2)}\n`
}
