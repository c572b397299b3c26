import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

const known = new Map<string, ValidateFunction>()

function compiled(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'))
  const validate =
    known.get(name) ?? new Ajv({ allErrors: true, allowUnionTypes: true, validateFormats: false }).compile(schema)
  known.set(name, validate)
  return validate
}

/** Errors of a value against one of the shipped schemas, as text; empty when it fits. */
export function schemaErrors(name: string, value: unknown): string[] {
  const validate = compiled(name)
  if (validate(JSON.parse(JSON.stringify(value)))) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
