import { drive, lostRace, main } from '../traffic.mjs'
import * as desk from './desk.mjs'
import { Doctor, of, Patient, source } from './entities.mjs'
import * as services from './services.mjs'

const NAMES = ['Ali Demir', 'Birgit Vos', "Cian O'Dea", 'Diya Rao', 'Émile Petit']
const patient = (n) => n.int(1, 30)
const doctor = (n) => n.int(1, 8)
const mail = (n) => n.pick([(x) => x, (x) => x.toUpperCase()])(`new${n.int(1, 140)}@example.org`)

async function create() {
  await source.initialize()
  await source.synchronize()
  for (let number = 1; number <= 30; number++) {
    await of(Patient).save({ email: `patient${number}@example.org`, name: NAMES[number % 5] })
    if (number <= 8) await of(Doctor).save({ licence: `L-${number}`, name: NAMES[number % 5] })
  }
}

const actions = [
  (n) => services.patient(mail(n), n.pick(NAMES)),
  (n) => services.doctor(`L-${n.int(1, 150)}`, n.pick(NAMES)),
  (n) => services.hold(doctor(n), `2026-11-${n.int(10, 29)}T09:00`),
  (n) => services.allergy(patient(n), n.pick(['nuts', 'latex', 'penicillin', 'pollen'])),
  (n) =>
    services.emergencyContact(patient(n), n.pick([null, null, 'mother', 'partner']), `+44 20 7946 0${n.int(100, 999)}`),
  (n) => services.tag(n.pick(['urgent', 'child', 'recall', 'private']) + n.int(1, 25)),
  (n) => services.refer(patient(n), doctor(n), 'second opinion'),
  (n) => services.ward(`W${n.int(1, 140)}`, n.int(2, 20)),
  (n) => services.reading(patient(n), n.pick(['pulse', 'weight', 'height']), n.int(40, 190)),
  (n) => services.insurer(`Insurer ${n.int(1, 140)}`),
  (n) => desk.book(patient(n), doctor(n)),
  (n) => desk.writeNote(n.int(1, 40), `Feels better ${n.int(1, 999)}`),
  (n) => desk.prescribe(patient(n), n.pick(['ibuprofen', 'aspirin', 'zinc'])),
  (n) => desk.login(`patient${patient(n)}@example.org`),
  (n) => desk.history(patient(n)),
  async (n) => {
    const token = await desk.forgot(patient(n))
    if (n.chance(0.6)) await desk.reset(token)
  },
  () => desk.remind(),
  (n) => n.chance(0.4) && desk.openOn(doctor(n), [1, 2, 4]),
  (n) => desk.isBlocked(`192.0.2.${n.int(1, 60)}`),
  (n) => n.chance(0.1) && desk.block(`192.0.2.${n.int(1, 60)}`),
  () => desk.busiest(),
]

const races = [
  (n) => services.patient(`race${n.int(1, 9999)}@example.org`, 'Twice'),
  (n) => services.doctor(`R-${n.int(1, 9999)}`, 'Twice'),
  (n) => services.hold(n.int(1000, 9999), '2026-12-01T09:00'),
  (n) => services.ward(`R${n.int(1, 9999)}`, 2),
]

const work = async () => {
  await source.initialize()
  await drive(actions, races, { expected: lostRace })
}
await main({ create, work, close: () => source.destroy() })
