// A CRM in a schema of its own, with Objection: snake_case in the database, camelCase in the code.
import knex from 'knex'
import { knexSnakeCaseMappers, Model } from 'objection'
import { target } from '../traffic.mjs'

const { postgres, host, port, user, password, database, pool } = target()
export const db = knex({
  client: postgres ? 'pg' : 'mysql2',
  connection: { host, port, user, password, database },
  pool: { min: 2, max: pool },
  ...knexSnakeCaseMappers(),
})
/** On MySQL a schema is a database; the application has its tables in the one that it connects to. */
export const schema = postgres ? 'crm' : database

Model.knex(db)

const model = (name, columns, unique) => {
  const made = class extends Model {
    static tableName = `${schema}.${name}`
  }
  return Object.assign(made, { columns, unique })
}

export const Account = model('account', { domain: 'string', name: 'string' }, ['domain'])
export const Contact = model('contact', { account_id: 'integer', email: 'string', full_name: 'string' })
export const Label = model('label', { name: 'string', colour: 'string', archived_at: 'timestamp' })
export const ContactLabel = model('contact_label', { contact_id: 'integer', label_id: 'integer' })
export const Pipeline = model('pipeline', { account_id: 'integer', owner_id: 'integer', name: 'string' })
export const Consent = model('consent', { contact_id: 'integer', purpose: 'string', given: 'boolean' }, [
  'contact_id',
  'purpose',
])
export const ExternalRef = model('external_ref', { source: 'string', external_id: 'string', contact_id: 'integer' })
export const Quota = model('quota', { account_id: 'integer', month: 'string', used: 'integer' })
export const Visit = model('visit_day', { contact_id: 'integer', day: 'string', visits: 'integer' })

export const Note = model('note', { contact_id: 'integer', body: 'string' })
export const Task = model('task', { owner_id: 'integer', title: 'string', done: 'boolean' })
export const Activity = model('activity', { contact_id: 'integer', verb: 'string' })
export const ApiKey = model('api_key', { account_id: 'integer', secret: 'string' })
export const InviteCode = model('invite_code', { code: 'string', account_id: 'integer' })
export const Export = model('export_row', { account_id: 'integer', line: 'string' })
export const Deal = model('deal', { pipeline_id: 'integer', title: 'string', amount: 'integer' })

const all = [Account, Contact, Label, ContactLabel, Pipeline, Consent, ExternalRef, Quota, Visit, Note, Task, Activity]
const more = [ApiKey, InviteCode, Export, Deal]

export async function createTables() {
  if (postgres) await db.raw('create schema crm')
  for (const { tableName, columns, unique } of [...all, ...more])
    await db.schema.withSchema(schema).createTable(tableName.split('.')[1], (table) => {
      table.increments('id')
      for (const [name, type] of Object.entries(columns)) {
        const column = type === 'string' ? table.string(name, 120) : table[type](name)
        column.nullable()
      }
      table.timestamp('created_at').defaultTo(db.fn.now())
      if (unique) table.unique(unique, { indexName: `${tableName.split('.')[1]}_key` })
    })
}
