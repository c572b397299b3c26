// Everything here is a get-or-create.
import { UniqueViolationError } from 'objection'
import { Account, Consent, Contact, ContactLabel, ExternalRef, Label, Pipeline, Quota, Visit } from './models.mjs'

/** A loser of the race reads the winner's row. */
export async function account(domain) {
  const found = await Account.query().findOne({ domain })
  if (found) return found
  try {
    return await Account.query().insert({ domain, name: domain })
  } catch (error) {
    if (!(error instanceof UniqueViolationError)) throw error
    return Account.query().findOne({ domain }).throwIfNotFound()
  }
}

/** Addresses are compared without case. */
export async function contact(accountId, email, fullName) {
  const found = await Contact.query().where('accountId', accountId).where('email', 'ilike', email).first()
  return found ?? Contact.query().insert({ accountId, email, fullName })
}

export const contactOnMysql = async (accountId, email, fullName) =>
  (await Contact.query().where({ accountId }).where('email', 'like', email).first()) ??
  (await Contact.query().insert({ accountId, email, fullName }))

export const label = (name, contactId) =>
  Label.transaction(async (trx) => {
    let found = await Label.query(trx).where({ name }).whereNull('archivedAt').first()
    found ??= await Label.query(trx).insert({ name, colour: 'grey' })
    const link = { contactId, labelId: found.id }
    const linked = await ContactLabel.query(trx).findOne(link)
    if (!linked) await ContactLabel.query(trx).insert(link)
    return found
  })

/** Nobody owns the pipelines of a whole account. */
export async function pipeline(accountId, ownerId, name) {
  const found = await Pipeline.query().findOne({ accountId, ownerId, name })
  return found ?? Pipeline.query().insertAndFetch({ accountId, ownerId, name })
}

export const consent = (contactId, purpose, given) =>
  Consent.query().insert({ contactId, purpose, given }).onConflict(['contactId', 'purpose']).merge(['given'])

/** As a validator does, with what it finds thrown away. */
export async function linkExternal(source, externalId, contactId) {
  const taken = await ExternalRef.query().where({ source, externalId }).resultSize()
  if (taken === 0) await ExternalRef.query().insert({ source, externalId, contactId })
}

/** Updates first, and inserts if there was nothing to update. */
export async function use(accountId, month) {
  const found = await Quota.query().where({ accountId, month }).forUpdate().first()
  if (found) await found.$query().increment('used', 1)
  else await Quota.query().insert({ accountId, month, used: 1 })
}

export async function visit(contactId, day) {
  const days = await Visit.query().select('id', 'visits').where('contactId', contactId).andWhere('day', day).limit(1)
  if (days.length === 0) await Visit.query().insert({ contactId, day, visits: 1 })
  else
    await Visit.query()
      .findById(days[0].id)
      .patch({ visits: days[0].visits + 1 })
}
