import { entryLines, list, scalar } from '../config/entry.js'
import type { DatabaseInfo } from '../model/audit.js'
import { visible } from '../model/visible.js'
import type { Proposal } from './proposal.js'

/** How the file says where to connect; it never holds a password. */
export type Connection =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** PGHOST and its like, which need no line. */
  | { readonly kind: 'standard' }

export interface FileContents {
  readonly database: DatabaseInfo
  readonly connection: Connection
  /** Where an editor finds the JSON Schema of the file, relative to it; null where it isn't installed there. */
  readonly editorSchema: string | null
  readonly schemas: readonly string[]
  readonly proposals: readonly Proposal[]
}

/** The text of `.goc-audit.yml`. */
export function fileText(contents: FileContents): string {
  const { proposals } = contents
  const active = proposals.filter((each) => each.strength !== 'weak')
  const sections = [
    section('suspect', contents, proposals),
    section('guaranteed', contents, proposals),
    section('weak', contents, proposals),
  ]
  const opening = active.length === 0 ? 'keysets: [] # none found; add yours in place of the brackets' : 'keysets:'
  return [...head(contents), ...explanation, opening, ...sections.flat(), ...settings, ''].join('\n')
}

function head({ database, connection, editorSchema, schemas }: FileContents): string[] {
  const from = `database ${visible(database.name)} (${database.flavour || database.dialect} ${database.version})`
  return [
    ...(editorSchema === null ? [] : [`# yaml-language-server: $schema=${editorSchema}`]),
    '# What the application looks up before it inserts, for `goc-audit scan`.',
    `# Written by \`goc-audit init\` from ${from}.`,
    '# It is yours now: check it, change it, commit it.',
    'version: 1',
    '',
    'database:',
    ...connectionLines(connection),
    '  # Where table names without a schema are looked for.',
    `  schemas: ${list(schemas.map(literal))}`,
    '',
  ]
}

function connectionLines(connection: Connection): string[] {
  switch (connection.kind) {
    case 'url':
      return [`  url: ${scalar(literal(connection.url))}`]
    case 'variable':
      return ['  # From the environment, so that no password stands here.', `  url: \${${connection.name}}`]
    case 'standard':
      return ['  # The connection comes from PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, or from DATABASE_URL.']
  }
}

const explanation = [
  '# A key set is what one place in the code looks up before it inserts: get_or_create(session=...),',
  '# find_or_create_by(session: ...), or a SELECT and then an INSERT if it found nothing.',
  '# Only `table` and `columns` are needed. The other fields, where they apply:',
  '#   where: deleted_at IS NULL     the fixed condition of the lookup, in SQL',
  '#   match: { email: lower }       compared as lower(email); or upper, like, binary; default: exact',
  '#   nulls: looked-up              the lookup asks for NULL too; or never',
  "#   bound_as: { email: text }     the driver sends another type than the column's",
  '#   isolation: repeatable-read    of the transactions that look up and insert; or read-committed, serializable',
  '#   idiom: insert-first           or upsert, validator, not-exists; default: select-insert',
  '# and, for merging the duplicate rows that exist:',
  '#   survivor: oldest              the row to keep; or newest, most-complete, most-referenced, an ORDER BY list',
  '#   merge: { quantity: sum }      its values; or first-non-null, min, max, or, and, concat, latest; default: keep',
  '#   divergent: keep-survivor      where rows differ in a column without a merge; default: stop',
  '#   references:                   who refers to it without a foreign key',
  '#     - { table: audit_log, columns: [cart_id] }',
]

const settings = [
  '',
  '# Findings that you accept, by the key set that the report prints:',
  '# ignore:',
  '#   - { keyset: public.event(kind), rule: missing-unique, reason: append-only by design, until: 2030-01-01 }',
  '',
  '# From which severity on `scan` exits with 1: error, warning or note.',
  '# fail_on: error',
]

const titles = {
  suspect: [
    'Suspects: they look like keys, and nothing keeps them unique.',
    'Remove those that no code looks up before it inserts.',
  ],
  guaranteed: ['Unique today, so probably looked up. `scan` tells you when that stops being true.'],
  weak: ['Less likely. Remove the "# " in front of an entry to have it checked.'],
} satisfies Record<Proposal['strength'], readonly string[]>

function section(strength: Proposal['strength'], contents: FileContents, all: readonly Proposal[]): string[] {
  const chosen = all.filter((proposal) => proposal.strength === strength)
  if (chosen.length === 0) return []
  const mark = strength === 'weak' ? '# ' : ''
  const entries = chosen.flatMap(({ keySet, why }) => [
    '',
    `  # ${visible(why)}`,
    ...entryLines(contents.schemas.length === 1 ? { ...keySet, schema: undefined } : keySet).map(
      (line) => `  ${mark}${line}`,
    ),
  ])
  return ['', ...titles[strength].map((line) => `  # ${line}`), ...entries]
}

/** Where the file may refer to variables: `${` as itself. */
const literal = (text: string): string => text.replaceAll('${', () => '$${')
