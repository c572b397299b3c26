import { writeFileSync } from 'node:fs'
import { configJsonSchema } from './json-schema.js'

/** `npm run schemas`: writes the shipped JSON Schema to the path given. */
const [, , path = 'schemas/config.schema.json'] = process.argv
writeFileSync(path, configJsonSchema())
