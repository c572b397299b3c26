// Nothing here is a get-or-create, though most of it reads and writes.
import { randomBytes } from 'node:crypto'
import {
  Appointment,
  AuditEntry,
  Blocked,
  OpeningHour,
  of,
  PasswordReset,
  Patient,
  Prescription,
  Reminder,
  Visit,
} from './entities.mjs'

export async function book(patientId, doctorId) {
  const { id } = await of(Appointment).save({ patientId, doctorId, state: 'booked' })
  await of(Reminder).save({ patientId })
  return of(Appointment).findOneBy({ id })
}

/** Everything that was written about it is shown above the form. */
export async function writeNote(appointmentId, body) {
  await of(Visit).find({ where: { appointmentId }, order: { id: 'ASC' } })
  await of(Visit).save({ appointmentId, body })
}

export async function prescribe(patientId, drug) {
  await of(Prescription).findBy({ patientId })
  await of(Prescription).insert({ patientId, drug })
}

export async function login(email) {
  const found = await of(Patient).findOneBy({ email })
  if (found) await of(AuditEntry).insert({ patientId: found.id, action: 'login' })
}

export const history = (patientId) => of(AuditEntry).find({ where: { patientId }, order: { id: 'DESC' }, take: 10 })

export async function forgot(patientId) {
  const token = randomBytes(16).toString('hex')
  await of(PasswordReset).insert({ patientId, token })
  return token
}

export async function reset(token) {
  const found = await of(PasswordReset).findOneBy({ token })
  if (found) await of(PasswordReset).remove(found)
}

export async function remind() {
  for (const { id } of await of(Reminder).find({ where: { sent: false }, order: { id: 'ASC' }, take: 2 }))
    await of(Reminder).update(id, { sent: true })
}

export async function openOn(doctorId, weekdays) {
  await of(OpeningHour).delete({ doctorId })
  await of(OpeningHour).insert(weekdays.map((weekday) => ({ doctorId, weekday })))
}

export const isBlocked = (address) => of(Blocked).existsBy({ address })

export const block = (address) => of(Blocked).insert({ address })

export const busiest = () =>
  of(Appointment)
    .createQueryBuilder('a')
    .innerJoin(Patient, 'p', 'p.id = a.patientId')
    .where('a.state = :state', { state: 'booked' })
    .select('a.doctorId', 'doctorId')
    .addSelect('count(*)', 'visits')
    .groupBy('a.doctorId')
    .getRawMany()
