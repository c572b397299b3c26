import { z } from 'zod'
import { configSchema } from './schema.js'

/** The text of schemas/config.schema.json, for editors: draft 7 is what the YAML language server reads best. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify(schema, null, 2)}\n`
}
