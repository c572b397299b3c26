// A clinic that takes bookings, with TypeORM's own names: table and columns in camelCase.
import { DataSource, EntitySchema } from 'typeorm'
import { target } from '../traffic.mjs'

const { postgres, host, port, user, password, database, pool } = target()

const text = (more = {}) => ({ type: 'varchar', length: 120, ...more })
const int = (more = {}) => ({ type: 'int', ...more })
const nothing = { nullable: true }

function entity(name, columns, uniques = []) {
  return new EntitySchema({
    name,
    columns: {
      id: { type: 'int', primary: true, generated: true },
      createdAt: { type: 'timestamp', createDate: true },
      ...columns,
    },
    uniques: uniques.map((each) => ({ columns: each })),
  })
}

export const Patient = entity('Patient', { email: text(), insuranceNumber: text(nothing), name: text(nothing) })
export const Doctor = entity('Doctor', { licence: text(), name: text() }, [['licence']])
export const Slot = entity('Slot', { doctorId: int(), startsAt: text(), state: text() })
export const Allergy = entity('Allergy', { patientId: int(), substance: text() }, [['patientId', 'substance']])
export const Contact = entity('EmergencyContact', { patientId: int(), relation: text(nothing), phone: text() })
export const Tag = entity('Tag', { name: text(), deletedAt: { type: 'timestamp', deleteDate: true, ...nothing } })
export const Referral = entity('Referral', { patientId: int(), doctorId: int(), reason: text() })
export const Ward = entity('Ward', { code: text(), beds: int() })
export const Reading = entity('Reading', { patientId: int(), kind: text(), value: int() }, [['patientId', 'kind']])
export const Insurer = entity('Insurer', { name: text() })

export const Appointment = entity('Appointment', { patientId: int(), doctorId: int(), state: text() })
export const Prescription = entity('Prescription', { patientId: int(), drug: text() })
export const AuditEntry = entity('AuditEntry', { patientId: int(), action: text() })
export const PasswordReset = entity('PasswordReset', { token: text(), patientId: int() })
export const Reminder = entity('Reminder', { patientId: int(), sent: { type: 'boolean', default: false } })
export const OpeningHour = entity('OpeningHour', { doctorId: int(), weekday: int() })
export const Blocked = entity('BlockedAddress', { address: text() })
export const Visit = entity('VisitNote', { appointmentId: int(), body: text() })

export const source = new DataSource({
  type: postgres ? 'postgres' : 'mysql',
  host,
  port,
  username: user,
  password,
  database,
  poolSize: pool,
  entities: [
    ...[Patient, Doctor, Slot, Allergy, Contact, Tag, Referral, Ward, Reading, Insurer, Appointment, Prescription],
    ...[AuditEntry, PasswordReset, Reminder, OpeningHour, Blocked, Visit],
  ],
})
export const onPostgres = postgres
export const of = (schema) => source.getRepository(schema)
