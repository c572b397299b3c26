import { z } from 'zod'

/** The one source of `.goc-audit.yml`: types, defaults, errors and schemas/config.schema.json are made from it. */

const text = z.string().min(1)

const tableName = text.meta({
  description: 'A table, with its schema where needed: `shop.cart`. Quoted as in SQL where needed: `shop."a.b"`.',
  examples: ['cart', 'shop.cart', 'shop."Cart Item"'],
})

const columnName = text.meta({ description: 'The name of a column, quoted as in SQL where needed.' })

const mergePolicy = z.enum(['keep', 'first-non-null', 'min', 'max', 'sum', 'or', 'and', 'concat', 'latest'])

const merge = z
  .record(columnName, mergePolicy)
  .default({})
  .meta({ description: "By column: how the survivor's value is made from those of its group." })

const reference = z
  .strictObject({
    table: tableName,
    columns: z.array(columnName).min(1).meta({ description: 'The columns that hold the key of the audited table.' }),
    where: text.optional().meta({ description: 'Which of its rows refer to the audited table, in SQL.' }),
    merge,
  })
  .meta({ description: 'A reference that no foreign key declares, or what to do with children that collide.' })

const keySet = z
  .strictObject({
    table: tableName,
    columns: z
      .array(text)
      .min(1)
      .meta({
        description: "What the application looks up: names, or expressions in parentheses: `(data->>'id')`.",
        examples: [['session_id'], ['tenant_id', '(lower(email))']],
      }),
    where: text.optional().meta({ description: "The lookup's fixed predicate, in the database's own SQL." }),
    match: z
      .record(columnName, z.enum(['exact', 'lower', 'upper', 'like', 'binary']))
      .default({})
      .meta({ description: 'By column: how it is compared. Others are compared by their own equality (exact).' }),
    bound_as: z
      .record(columnName, text)
      .default({})
      .meta({ description: "By column: the type that the driver binds, where it differs from the column's." }),
    nulls: z
      .enum(['looked-up', 'never'])
      .optional()
      .meta({ description: 'Whether the application looks up NULLs. Not assumed unless something shows it.' }),
    isolation: z
      .enum(['read-committed', 'repeatable-read', 'serializable'])
      .optional()
      .meta({ description: "The isolation level of the application's transactions, where known." }),
    idiom: z
      .enum(['select-insert', 'insert-first', 'upsert', 'validator', 'not-exists', 'unknown'])
      .default('select-insert')
      .meta({ description: 'How the application gets or creates.' }),
    survivor: text.default('oldest').meta({
      description:
        'The row of a duplicate group that is kept: oldest (lowest primary key), newest (highest), most-complete, most-referenced, or an ORDER BY list.',
      examples: ['oldest', 'newest', 'most-complete', 'most-referenced', 'updated_at DESC, id'],
    }),
    merge,
    divergent: z
      .enum(['stop', 'keep-survivor'])
      .default('stop')
      .meta({ description: 'What to do with a group whose rows differ in a column that has no merge policy.' }),
    references: z.array(reference).default([]),
  })
  .meta({ description: 'What one place in the application looks up before it inserts.' })

const schemas = z
  .array(text)
  .min(1)
  .optional()
  .meta({ description: 'Schemas in which tables without a schema are looked for. Default: the search path.' })

const passwordCommand = text
  .optional()
  .meta({ description: 'A shell command that prints the password; run once per connection.' })

const url = text.meta({
  description:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
    'postgresql:// or mysql://user@host:port/database, or pglite://DIR. ${NAME} and ${NAME:-default} are replaced.',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
  examples: ['${DATABASE_URL}', 'postgresql://audit@localhost/shop', 'mysql://audit@localhost/shop', 'pglite://./data'],
})

const database = z.strictObject({ url: url.optional(), schemas, password_command: passwordCommand })

const namedDatabase = z.strictObject({
  name: text.meta({ description: 'How `--database` and the report call it.' }),
  url,
  schemas,
  password_command: passwordCommand,
})

const log = z.strictObject({
  path: text.meta({ description: 'Path or pattern, from the directory of this file.' }),
  log_format: text.default('auto'),
})

const ignore = z
  .strictObject({
    keyset: text.meta({ description: "A key set's id as the report prints it; `*` and `?` as in `--only`." }),
    rule: text.optional().meta({ description: 'Only findings of this rule. Default: of every rule.' }),
    reason: text.meta({ description: 'Why it is accepted.' }),
    until: z.iso.date().optional().meta({ description: 'The last day on which it holds.' }),
  })
  .meta({ description: 'Findings that are accepted.' })

export const configSchema = z
  .strictObject({
    version: z.literal(1).default(1).meta({ description: 'Of this format.' }),
    database: database.optional().meta({ description: 'Where to connect, unless --url says it.' }),
    databases: z.array(namedDatabase).min(1).optional().meta({ description: 'Several, in place of `database`.' }),
    keysets: z.array(keySet).default([]),
    logs: z.array(log).default([]).meta({ description: 'Query logs that `discover` reads.' }),
    archive: z
      .strictObject({ schema: text.default('goc_audit') })
      .prefault({})
      .meta({ description: 'Where `fix` keeps removed rows.' }),
    ignore: z.array(ignore).default([]),
    baseline: text.optional().meta({ description: 'The file of accepted findings, from the directory of this file.' }),
    fail_on: z
      .enum(['error', 'warning', 'note'])
      .default('error')
      .meta({ description: '`scan` exits with 1 for findings of this severity and above.' }),
  })
  .meta({ title: 'goc-audit configuration', description: 'What `.goc-audit.yml` may hold.' })

export type RawConfig = z.output<typeof configSchema>
export type RawKeySet = RawConfig['keysets'][number]

/** The words that `survivor` knows; anything else is an ORDER BY list. */
export const survivorWords = ['oldest', 'newest', 'most-complete', 'most-referenced'] as const
