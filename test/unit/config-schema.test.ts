import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/index.js'
import { configJsonSchema } from '../../src/config/json-schema.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = await readFile(`${root}/.goc-audit.yml`, 'utf8')
const shipped = await readFile(`${root}/schemas/config.schema.json`, 'utf8')

const ajv = new Ajv({ strict: false })
;(addFormats as unknown as (to: Ajv) => void)(ajv)
const accepts = ajv.compile(JSON.parse(shipped) as object)

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
}

/** Paths of all keys that the schema knows, and of all that the data uses. */
function known({ properties = {}, items }: SchemaNode, path = ''): string[] {
  const own = Object.entries(properties).flatMap(([key, node]) => [`${path}${key}`, ...known(node, `${path}${key}.`)])
  return items ? [...own, ...known(items, path)] : own
}

function used(data: unknown, path = ''): string[] {
  if (Array.isArray(data)) return data.flatMap((item) => used(item, path))
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([key, value]) => [`${path}${key}`, ...used(value, `${path}${key}.`)])
}

test('the shipped schema is the one of the code (npm run schemas writes it)', () => {
  expect(shipped).toBe(configJsonSchema())
})

describe('the commented example', () => {
  test('is accepted by the loader', async () => {
    const config = await loadConfig({ cwd: root, env: {} })
    expect(config.keySets.map(({ table }) => table.name)).toEqual(['session', 'cart'])
    expect(config.keySets[1]).toMatchObject({
      table: { schema: 'shop', name: 'cart' },
      where: 'deleted_at IS NULL',
      match: { email: 'lower' },
      boundAs: { tenant_id: 'bigint' },
      nulls: 'looked-up',
      isolation: 'repeatable-read',
      resolution: {
        merge: { quantity: 'sum', last_seen: 'max', note: 'first-non-null' },
        references: [
          { table: { name: 'audit_log' }, columns: ['object_id'], where: "content_type = 'cart'", merge: {} },
          { table: { name: 'cart_item' }, columns: ['cart_id'], merge: { quantity: 'sum' } },
        ],
      },
    })
  })

  test('is accepted by the shipped schema', () => {
    expect(accepts(parse(example)), ajv.errorsText(accepts.errors)).toBe(true)
  })

  test('shows every field', () => {
    // Those that exclude each other or print a secret stand there as comments.
    const uncommented = example.replaceAll(/^( *)# (?=(databases:| {2}- \{ name:|password_command:))/gm, '$1')
    const seen = new Set(used(parse(uncommented)))
    const missing = known(JSON.parse(shipped) as SchemaNode).filter((path) => !seen.has(path))
    expect(missing).toEqual(
      ['databases.password_command', 'keysets.references.merge'].filter((path) => !seen.has(path)),
    )
  })
})

test('docs/configuration.md has every key', async () => {
  const docs = await readFile(`${root}/docs/configuration.md`, 'utf8')
  const keys = known(JSON.parse(shipped) as SchemaNode).map((path) => path.split('.').at(-1) ?? '')
  expect(keys.filter((key) => !docs.includes(`\`${key}\``) && !docs.includes(`${key}:`))).toEqual([])
})

test.each([
  { keysets: [{ table: 'a', columns: [] }] },
  { keysets: [{ table: 'a', columns: ['x'], colour: 1 }] },
  { ignore: [{ keyset: 'a' }] },
  { ignore: [{ keyset: 'a', reason: 'b', until: 'soon' }] },
  { version: 2 },
])('the shipped schema refuses %j', (data) => {
  expect(accepts(data)).toBe(false)
})
