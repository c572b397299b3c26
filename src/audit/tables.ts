import type { CatalogAnswer, Session } from '../dialects/dialect.js'
import type { Table } from '../model/catalog.js'
import { UserError } from '../model/errors.js'
import type { KeySet, TableName } from '../model/keyset.js'
import { keySetId, schemaInIds } from '../model/keyset-id.js'
import { selects } from '../rules/index.js'

export interface Wanted {
  readonly session: Session
  readonly keySets: readonly KeySet[]
  /** Patterns of `--only`; empty: every key set. */
  readonly only: readonly string[]
  /** As configured, patterns (`tenant_*`) among them. */
  readonly schemas: readonly string[]
}

export interface Found {
  readonly found: readonly { readonly keySet: KeySet; readonly relation: Table }[]
  readonly failures: readonly { readonly error: UserError; readonly subject: string }[]
}

/** Key sets with their relation; those left out by `--only` are gone. */
export async function findTables({ session, keySets: declared, only, schemas }: Wanted): Promise<Found> {
  const keySets = await spread(declared, schemas, session)
  const answers = await session.readCatalog(keySets.map((keySet) => keySet.table))
  const ids = keySets.map((keySet, at) => idOf(keySet, answers[at]))
  const wanted = (id: string) => only.length === 0 || only.some((pattern) => selects(pattern, id))
  if (!ids.some(wanted)) throw onlyMatchesNothing(only, ids)
  const asked = keySets.flatMap((keySet, at) => {
    const [answer, id] = [answers[at], ids[at] ?? '']
    return answer === undefined || !wanted(id) ? [] : [{ keySet, answer, id }]
  })
  return {
    found: asked.flatMap(({ keySet, answer }) => ('table' in answer ? [{ keySet, relation: answer.table }] : [])),
    failures: asked.flatMap(({ keySet, answer, id }) =>
      'table' in answer ? [] : [{ error: missingTable(keySet, answer), subject: id }],
    ),
  }
}

/** `ids`: of all key sets that there are. */
export function onlyMatchesNothing(only: readonly string[], ids: readonly string[]): UserError {
  return new UserError(`No key set matches ${only.map((pattern) => `--only ${pattern}`).join(' ')}.`, {
    code: 'only-matches-nothing',
    suggestions: [`The key sets are: ${ids.join(', ')}.`],
  })
}

/** With a pattern among the schemas, a table without a schema means the table of this name in each of them. */
async function spread(keySets: readonly KeySet[], schemas: readonly string[], session: Session): Promise<KeySet[]> {
  if (!schemas.some((schema) => /[*?]/.test(schema))) return [...keySets]
  const open = keySets.filter(({ table }) => table.schema === undefined)
  const places = await session.findTables([...new Set(open.map(({ table }) => table.name))])
  const within = places.filter(({ schema }) => schemas.some((pattern) => glob(pattern).test(schema ?? '')))
  const written = new Set(keySets.flatMap((keySet) => (keySet.table.schema === undefined ? [] : [declaredId(keySet)])))
  return keySets.flatMap((keySet) => {
    if (keySet.table.schema !== undefined) return [keySet]
    const copies = named(keySet.table.name, within).map((place): KeySet => {
      return { ...keySet, table: { ...keySet.table, ...place }, spread: true }
    })
    // What is written out for one schema may differ in how it is matched with the rest, and is scanned as it is.
    return copies.length === 0 ? [keySet] : copies.filter((copy) => !written.has(declaredId(copy)))
  })
}

/** A name written in the right case wins over one that only matches in lower case, schema by schema. */
function named(name: string, places: readonly TableName[]): TableName[] {
  const exact = places.filter((place) => place.name === name)
  const has = new Set(exact.map(({ schema }) => schema))
  const folded = places.filter((place) => place.name === name.toLowerCase() && !has.has(place.schema))
  return [...exact, ...folded]
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (character) => {
    if (character === '*') return '.*'
    return character === '?' ? '.' : `\\${character}`
  })
  return new RegExp(`^${source}$`, 'su')
}

function declaredId(keySet: KeySet): string {
  return keySetId({ ...keySet, schema: keySet.table.schema, table: keySet.table.name })
}

function idOf(keySet: KeySet, answer: CatalogAnswer | undefined): string {
  const found = answer !== undefined && 'table' in answer ? answer.table : undefined
  return keySetId({
    schema: found === undefined ? keySet.table.schema : schemaInIds(found),
    table: found?.name ?? keySet.table.name,
    parts: keySet.parts,
    match: keySet.match,
    where: keySet.where,
  })
}

function missingTable(keySet: KeySet, answer: Exclude<CatalogAnswer, { table: Table }>): UserError {
  const written = keySet.table.schema === undefined ? keySet.table.name : `${keySet.table.schema}.${keySet.table.name}`
  const location = keySet.table.location ?? keySet.location
  if (answer.missing === 'ambiguous') {
    return new UserError(`"${written}" is ambiguous: it exists as ${answer.candidates.join(' and ')}.`, {
      code: 'table-ambiguous',
      location,
      suggestions: ['Write the schema in front of the name.'],
    })
  }
  const [first, ...rest] = answer.candidates
  const where = keySet.table.schema === undefined ? ' in the schemas in scope' : ''
  if (answer.missing === 'no-privilege') {
    return new UserError(`There is no table or view "${written}"${where} that this user may read.`, {
      code: 'table-forbidden',
      location,
      suggestions: ['Check the name, or grant the user SELECT on it.'],
    })
  }
  return new UserError(`There is no table or view "${written}"${where}.`, {
    code: 'table-missing',
    location,
    suggestions:
      first === undefined
        ? ['Check the name, and that you are connected to the right database.']
        : [`Did you mean ${[first, ...rest].join(' or ')}?`],
  })
}
