// Everything here is a get-or-create.
import { ILike, IsNull } from 'typeorm'
import {
  Allergy,
  Contact,
  Doctor,
  Insurer,
  of,
  Patient,
  Reading,
  Referral,
  Slot,
  source,
  Tag,
  Ward,
} from './entities.mjs'

export async function patient(email, name) {
  const found = await of(Patient).findOneBy({ email: ILike(email) })
  return found ?? of(Patient).save({ email, name })
}

/** A loser of the race reads the winner's row. */
export async function doctor(licence, name) {
  const found = await of(Doctor).findOne({ where: { licence } })
  if (found) return found
  try {
    return await of(Doctor).save({ licence, name })
  } catch {
    return of(Doctor).findOneByOrFail({ licence })
  }
}

/** Taken while nobody else looks, or so it was meant. */
export const hold = (doctorId, startsAt) =>
  source.transaction(async (manager) => {
    const found = await manager.findOne(Slot, { where: { doctorId, startsAt }, lock: { mode: 'pessimistic_write' } })
    if (!found) await manager.insert(Slot, { doctorId, startsAt, state: 'held' })
  })

/** With MySQL, `upsert` of a repository asks for an id that it doesn't get. */
export const allergy = (patientId, substance) =>
  of(Allergy)
    .createQueryBuilder()
    .insert()
    .values({ patientId, substance })
    .orUpdate(['substance'], ['patientId', 'substance'])
    .updateEntity(false)
    .execute()

/** Not everybody says who it is. */
export async function emergencyContact(patientId, relation, phone) {
  const found = await of(Contact).findOneBy({ patientId, relation: relation ?? IsNull() })
  if (found) return of(Contact).save({ ...found, phone })
  return of(Contact).save({ patientId, relation, phone })
}

/** Tags are soft-deleted. */
export async function tag(name) {
  const found = await of(Tag).findOneBy({ name })
  return found ?? of(Tag).save(of(Tag).create({ name }))
}

export async function refer(patientId, doctorId, reason) {
  const query = of(Referral).createQueryBuilder('r').where('r.patientId = :patientId', { patientId })
  const found = await query.andWhere('r.doctorId = :doctorId', { doctorId }).getOne()
  if (!found) await of(Referral).createQueryBuilder().insert().values({ patientId, doctorId, reason }).execute()
}

export async function ward(code, beds) {
  if (await of(Ward).existsBy({ code })) return false
  await of(Ward).insert({ code, beds })
  return true
}

/** Inserts, and reads what was there if that failed. */
export async function reading(patientId, kind, value) {
  try {
    await of(Reading).insert({ patientId, kind, value })
  } catch {
    const found = await of(Reading).findOneByOrFail({ patientId, kind })
    await of(Reading).update(found.id, { value })
  }
}

export async function insurer(name) {
  if ((await of(Insurer).countBy({ name })) === 0) await of(Insurer).save({ name })
}
