// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import { Account, Activity, ApiKey, Contact, Deal, Export, InviteCode, Note, schema, Task } from './models.mjs'

/** All notes are shown beside the form. */
export async function note(contactId, body) {
  const notes = await Note.query().where({ contactId })
  const made = await Note.query().insertAndFetch({ contactId, body })
  return [...notes, made]
}

/** What somebody has done is shown while it is recorded what they do. */
export const act = (contactId, verb) => Activity.query().insert({ contactId, verb })
export const timeline = (contactId) => Activity.query().where({ contactId }).orderBy('id', 'desc').limit(10)

export async function nextTask(ownerId) {
  const task = await Task.query().where({ ownerId, done: false }).orderBy('id').first()
  if (task) await task.$query().patch({ done: true })
}

export const plan = (ownerId, title) => Task.query().insert({ ownerId, title, done: false })

/** On each request; keys are made elsewhere. */
export const authenticate = (secret) => ApiKey.query().findOne({ secret })
export const newKey = (accountId) => ApiKey.query().insert({ accountId, secret: randomBytes(12).toString('hex') })

export async function invite(accountId) {
  const code = randomBytes(6).toString('hex')
  await InviteCode.query().insert({ accountId, code })
  return code
}

export async function accept(code) {
  const found = await InviteCode.query().findOne({ code })
  if (found) await InviteCode.query().deleteById(found.id)
}

export async function exportAll(accountId, lines) {
  await Export.query().delete().where({ accountId })
  await Export.query()
    .insert(lines.map((line) => ({ accountId, line })))
    .catch(async () => {
      for (const line of lines) await Export.query().insert({ accountId, line })
    })
}

/** Only to say that it is known; whoever asks inserts nothing. */
export const isKnown = async (email) => (await Contact.query().where({ email }).resultSize()) > 0

/** The board: deals of a pipeline, and a new one. */
export async function deal(pipelineId, title, amount) {
  await Deal.query().where({ pipelineId }).orderBy('amount')
  await Deal.query().insert({ pipelineId, title, amount })
}

export const biggest = () =>
  Account.query()
    .alias('a')
    .join(`${schema}.contact as c`, 'c.account_id', 'a.id')
    .where('c.full_name', 'like', 'A%')
    .select('a.name')
    .limit(5)
